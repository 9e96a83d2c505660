// Small helps that pages can do without: focus on the first thing to mend, and a warning before unsaved words are lost.
document.addEventListener("DOMContentLoaded", () => {
  document.getElementById("loi")?.focus();
  for (const form of document.querySelectorAll("form[data-guard]")) {
    form.addEventListener("input", () => { form.dataset.changed = "1"; });
    form.addEventListener("submit", () => { delete form.dataset.changed; });
    window.addEventListener("beforeunload", (event) => { if ("changed" in form.dataset) event.preventDefault(); });
  }
  // On a phone the entries of the navigation are folded; without this file they all stand open.
  const menu = document.querySelector(".nav > .menu");
  menu?.addEventListener("click", () => menu.setAttribute("aria-expanded", menu.getAttribute("aria-expanded") === "false"));
  for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => window.print());
});
// Where one paper is written in several forms, sending one of them first keeps what was typed in the others.
let keeping = false;
document.addEventListener("submit", async (event) => {
  const sent = event.target;
  if (event.defaultPrevented || !sent.closest("main") || event.submitter?.classList.contains("risk")) return;
  const unsaved = [...document.querySelectorAll("form[data-keep][data-changed]")].filter((form) => form !== sent);
  if (!keeping && unsaved.length === 0) return;
  event.preventDefault();
  if (keeping) return;
  keeping = true;
  let refused = null;
  for (const form of unsaved) if (!await keep(form)) refused ??= form;
  keeping = false;
  if (refused === null) return sent.requestSubmit(event.submitter);
  if (sent.hasAttribute("data-guard")) sent.dataset.changed = "1";
  tell(refused);
});
async function keep(form) {
  for (let tenths = 0; form.dataset.changed === "sent" && tenths < 50; tenths += 1) await new Promise((done) => { setTimeout(done, 100); });
  if (!("changed" in form.dataset)) return true;
  try {
    const answer = await fetch(form.action, { method: "post", body: new FormData(form), redirect: "manual" });
    if (answer.type !== "opaqueredirect") return false;
  } catch { return false; }
  delete form.dataset.changed;
  return true;
}
// What a form sends by itself while one types is kept too, unless more was typed meanwhile.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.matches("form[data-guard][data-changed]") && !event.defaultPrevented) event.target.dataset.changed = "sent";
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (!event.target.matches("form[data-guard][data-changed='sent']")) return;
  if (event.detail.successful) delete event.target.dataset.changed; else event.target.dataset.changed = "1";
});
function tell(form) {
  form.querySelector(":scope > [role=alert]")?.remove();
  const said = document.createElement("p");
  Object.assign(said, { className: "notice bad", tabIndex: -1, textContent: form.dataset.keep });
  said.setAttribute("role", "alert");
  form.prepend(said);
  said.focus();
}
// Whoever follows the secretary is not carried away from words that they have not saved.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.classList.contains("lead") && document.querySelector("[data-holds-lead][data-changed]")) event.preventDefault();
});
// A link with data-key is also followed by that key, except while something is being filled in.
document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (event.target.closest("input, select, textarea, [contenteditable]")) return;
  document.querySelector(`a[data-key="${CSS.escape(event.key)}"]`)?.click();
});
