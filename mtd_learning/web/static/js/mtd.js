// Niceties only: every page works without this file.

// After sending, start where the answer is: the error summary, or what a block says to it.
// Only after the browser has gone to the fragment, because that takes the focus away again.
addEventListener("load", () => setTimeout(() => {
  const block = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
  const said = document.querySelector("[data-focus]") ?? (block && block.querySelector(".result, .errors, .is-missing"));
  if (!said) return;
  said.tabIndex = -1;
  said.focus();
}));

// A menu closes when the reader turns to something else.
for (const menu of document.querySelectorAll("details.menu")) {
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

// form[data-autosave] is sent while one writes; its [data-saved] element says so.
for (const form of document.querySelectorAll("form[data-autosave]")) {
  const says = form.querySelector("[data-saved]");
  let waiting = 0;
  const save = async () => {
    try {
      const reply = await fetch(form.action, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        redirect: "manual",
      });
      const kept = reply.ok || reply.type === "opaqueredirect";
      const time = new Date().toLocaleTimeString(document.documentElement.lang, { timeStyle: "short" });
      if (says) says.textContent = kept ? says.dataset.saved.replace("{time}", time) : says.dataset.failed ?? "";
    } catch {
      if (says) says.textContent = says.dataset.failed ?? "";
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(save, 1200);
  });
  form.addEventListener("submit", () => clearTimeout(waiting));
}
