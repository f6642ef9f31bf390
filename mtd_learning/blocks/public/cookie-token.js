/* In a host that guards forms by a cookie (Django's way), carry the cookie's token over. */
"use strict";
document.addEventListener("submit", function (event) {
  const found = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie);
  const form = event.target;
  if (!found || form.elements.csrfmiddlewaretoken) { return; }
  const field = document.createElement("input");
  field.type = "hidden";
  field.name = "csrfmiddlewaretoken";
  field.value = decodeURIComponent(found[1]);
  form.append(field);
});
