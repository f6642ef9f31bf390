// Niceties only: every page works without this file.

// After sending, start where the answer is: the error summary, or what a block says to it.
// Only after the browser has gone to the fragment, because that takes the focus away again.
addEventListener("load", () => setTimeout(() => {
  const block = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
  const said = document.querySelector("[data-focus]") ?? (block && block.querySelector(".result, .errors, .is-missing, .turn:target > .chosen"));
  if (!said) return;
  said.tabIndex = -1;
  said.focus();
}));

// A menu closes when the reader turns to something else.
for (const menu of document.querySelectorAll("details.menu")) {
  for (const turn of ["click", "focusin"]) {
    document.addEventListener(turn, (event) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  }
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
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
    line.dispatchEvent(new Event("input", { bubbles: true }));
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

// A form[data-autosave] is kept a moment after the last key, and at once when its writer turns
// away; its [data-saved] element says so. What is sent is what changed since, one post at a time.
// A post names its window: what was saved in another one since is not replaced unseen.
const QUIET = 1200;
const AGAIN = 20000;
const PATIENCE = 15000;
const here = Math.random().toString(36).slice(2);
let warned = false, anyway = false;
const drafts = [...document.querySelectorAll("form[data-autosave]")].map((form) => {
  const says = form.querySelector("[data-saved]");
  says.tabIndex = -1;
  const filledIn = () => new URLSearchParams(new FormData(form)).toString();
  let sent = filledIn(), waiting = 0, sending = null, handedOver = false, refused = false;
  const isNew = () => !handedOver && filledIn() !== sent;
  // A paste that is too long is cut without a word.
  const isFull = () => [...form.elements].some((one) => one.maxLength > 0 && one.value.length >= one.maxLength);
  const say = (words, failed) => {
    const span = says.querySelector("span");
    if (span.textContent !== words) span.textContent = words; // the same is not said twice
    says.classList.toggle("failed", failed);
  };
  const post = async () => {
    sent = filledIn();
    refused = false;
    const body = new FormData(form);
    body.append("window", here);
    let { failed, signedOut } = says.dataset;
    try {
      const reply = await fetch(form.dataset.autosave, {
        method: "POST",
        body,
        headers: { Accept: "application/json" },
        keepalive: true, // goes on when the page is left
        signal: AbortSignal.timeout?.(PATIENCE),
      });
      const told = reply.status === 401 ? { error: signedOut } : await reply.json();
      if (!reply.ok) {
        refused = reply.status < 500;
        if (refused) failed = told.error;
        throw new Error(failed);
      }
      const saved = says.dataset.saved.replace("{time}", told.time);
      say(isFull() ? `${saved}. ${says.dataset.full}` : saved, false);
      warned = false;
      return true;
    } catch {
      sent = null;
      say(failed, true);
      if (!refused) waiting = setTimeout(save, AGAIN);
      return false;
    } finally {
      sending = null;
    }
  };
  const save = async () => {
    clearTimeout(waiting);
    if (sending) await sending;
    return isNew() ? (sending ??= post()) : true;
  };
  const leave = () => {
    clearTimeout(waiting);
    if (isNew() && !refused) sending = post();
  };
  form.addEventListener("input", () => {
    handedOver = refused = false;
    clearTimeout(waiting);
    waiting = setTimeout(save, QUIET);
  });
  addEventListener("pagehide", leave);
  document.addEventListener("visibilitychange", () => document.hidden && leave());
  return {
    says,
    // What a form that is being sent must wait for, if anything: nothing may be overtaken.
    before: (other) => {
      const mine = other === form;
      // A line that lost what was saved would lose what is sent, too.
      if (!anyway && (mine ? sent === null && !refused : isNew() || sending)) return save();
      if (!mine) return null;
      clearTimeout(waiting);
      handedOver = true;
      return anyway ? null : sending?.then(() => true);
    },
  };
});

// Continue, or another language: first what was written is kept. Where that fails it is said, and
// who presses once more goes on without.
document.addEventListener("submit", async (event) => {
  const { target: form, submitter } = event;
  const waits = drafts.map((draft) => draft.before(form)).filter(Boolean);
  if (!waits.length) return;
  event.preventDefault();
  if ((await Promise.all(waits)).includes(false) && !warned) {
    warned = true;
    drafts.find((draft) => draft.says.classList.contains("failed")).says.focus();
    return;
  }
  anyway = true;
  form.requestSubmit(submitter);
  anyway = false;
});

// Another language comes as another page: what is typed but not sent goes along, passwords apart.
// Forms that save themselves are saved instead; a list of languages follows the page.
const typed = () => document.querySelectorAll("main form:not([data-autosave]) :is(input, select, textarea)[id]:not([type=password], [type=hidden], [name$=language])");
const isBox = (field) => ["checkbox", "radio"].includes(field.type);
document.querySelector(".menu form")?.addEventListener("submit", () => {
  sessionStorage.setItem("typed", JSON.stringify([...typed()].map((one) => [one.id, isBox(one) ? one.checked : one.value])));
});
const kept = new Map(JSON.parse(sessionStorage.getItem("typed")));
sessionStorage.removeItem("typed");
for (const field of typed()) {
  const part = isBox(field) ? "checked" : "value";
  if (!kept.has(field.id) || field[part] === kept.get(field.id)) continue;
  field[part] = kept.get(field.id);
  field.closest("details")?.setAttribute("open", "");
}
