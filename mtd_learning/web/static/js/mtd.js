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

// An ordering question gets buttons that move a line; the lists of places stay and go along.
for (const order of document.querySelectorAll("[data-order]")) {
  const says = order.querySelector("[aria-live]");
  const lines = () => [...order.querySelectorAll(".opt")];
  const words = (line) => line.querySelector("label").textContent.trim();
  // As they stand now: each line at the place chosen for it, the others in what is left.
  const standing = () => {
    const all = lines(), placed = [];
    for (const line of all) {
      const place = line.querySelector("select").value - 1;
      if (place >= 0) placed[place] ??= line;
    }
    const rest = all.filter((line) => !placed.includes(line));
    return all.map((_, place) => placed[place] ?? rest.shift());
  };
  const move = (line, by, button) => {
    const now = standing();
    const from = now.indexOf(line);
    const to = Math.min(Math.max(from + by, 0), now.length - 1);
    now.splice(to, 0, ...now.splice(from, 1));
    now.forEach((one, place) => {
      one.querySelector("select").value = place + 1;
      order.insertBefore(one, says);
    });
    button.focus();
    says.textContent = `${words(line)}: ${order.dataset.place.replace("{place}", to + 1)}`;
  };
  if (lines().every((line) => line.querySelector("select").value)) order.prepend(...standing());
  for (const line of lines()) {
    const moves = document.createElement("div");
    moves.className = "moves";
    for (const [sign, by, does] of [["↑", -1, order.dataset.up], ["↓", 1, order.dataset.down]]) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn quiet";
      button.textContent = sign;
      button.setAttribute("aria-label", `${does} ${words(line)}`);
      button.addEventListener("click", () => move(line, by, button));
      moves.append(button);
    }
    line.append(moves);
  }
}
