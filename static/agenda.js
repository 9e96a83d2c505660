// Rows of an agenda are put in order by dragging; the numbers beside them and the keys do the same without a script.
for (const table of document.querySelectorAll("table[data-order]")) {
  const body = table.tBodies[0];
  const form = document.getElementById(table.dataset.order);
  let moved = null;
  for (const row of body.rows) row.draggable = true;
  body.addEventListener("dragstart", (event) => {
    moved = event.target.closest("tr");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", "");
  });
  body.addEventListener("dragover", (event) => {
    const over = event.target.closest("tr");
    if (!moved || !over || over === moved) return;
    event.preventDefault();
    const box = over.getBoundingClientRect();
    body.insertBefore(moved, event.clientY > box.top + box.height / 2 ? over.nextSibling : over);
  });
  body.addEventListener("drop", (event) => event.preventDefault());
  body.addEventListener("dragend", () => {
    if (!moved) return;
    moved = null;
    [...body.rows].forEach((row, number) => { row.querySelector("input.place").value = number + 1; });
    form.requestSubmit();
  });
}
