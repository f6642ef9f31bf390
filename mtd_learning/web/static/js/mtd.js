// Niceties only: every page works without this file.

// After sending, start where the answer is: the error summary or the result.
document.querySelector("[data-focus]")?.focus();

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

// ol[data-order]: each item holds a select with its place; buttons move the items instead.
for (const list of document.querySelectorAll("ol[data-order]")) {
  const number = () => {
    for (const [place, item] of [...list.children].entries()) {
      item.querySelector("select").value = String(place + 1);
      const [up, down] = item.querySelectorAll(".moves button");
      up.disabled = place === 0;
      down.disabled = place === list.children.length - 1;
    }
  };
  const arrow = (item, words, path, move) => {
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("aria-label", `${words}: ${item.querySelector("[data-words]")?.textContent.trim() ?? ""}`);
    button.innerHTML = `<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="${path}"/></svg>`;
    button.addEventListener("click", () => {
      move(item);
      number();
      (button.disabled ? item.querySelector(".moves button:enabled") : button).focus();
    });
    return button;
  };
  const byPlace = (a, b) => a.querySelector("select").value - b.querySelector("select").value;
  list.append(...[...list.children].sort(byPlace));
  for (const item of list.children) {
    const moves = document.createElement("div");
    moves.className = "moves";
    moves.append(
      arrow(item, list.dataset.up, "m6 14 6-6 6 6", (it) => it.previousElementSibling?.before(it)),
      arrow(item, list.dataset.down, "m6 10 6 6 6-6", (it) => it.nextElementSibling?.after(it)),
    );
    const place = item.querySelector("select");
    (place.closest("[data-place]") ?? place).hidden = true;
    item.append(moves);
  }
  number();
}
