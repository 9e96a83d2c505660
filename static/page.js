// Small helps that pages can do without: focus on the first thing to mend, and a warning before unsaved words are lost.
document.addEventListener("DOMContentLoaded", () => {
  document.getElementById("loi")?.focus();
  for (const form of document.querySelectorAll("form[data-guard]")) {
    let changed = false;
    form.addEventListener("input", () => { changed = true; form.dataset.changed = "1"; });
    form.addEventListener("submit", () => { changed = false; delete form.dataset.changed; });
    window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
  }
  // On a phone the entries of the navigation are folded; without this file they all stand open.
  const menu = document.querySelector(".nav > .menu");
  menu?.addEventListener("click", () => menu.setAttribute("aria-expanded", menu.getAttribute("aria-expanded") === "false"));
  for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => window.print());
});
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
