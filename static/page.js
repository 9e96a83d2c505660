// Small helps that pages can do without: focus on the first thing to mend, and a warning before unsaved words are lost.
document.addEventListener("DOMContentLoaded", () => {
  document.getElementById("loi")?.focus();
  for (const form of document.querySelectorAll("form[data-guard]")) {
    let changed = false;
    form.addEventListener("input", () => { changed = true; });
    form.addEventListener("submit", () => { changed = false; });
    window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
  }
  for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => window.print());
});
