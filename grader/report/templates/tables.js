"use strict";
// Sorts and filters the tables; without it they are read as they stand.
for (const table of document.querySelectorAll("table.students")) {
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];
  const inWords = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
  heads.forEach((head, column) => {
    const button = head.querySelector("button");
    if (!button) return;
    const numbers = "numbers" in head.dataset;
    const valueOf = (row) => {
      const cell = row.cells[column];
      const text = cell.dataset.value ?? cell.textContent.trim();
      return numbers ? Number(text) : text;
    };
    button.addEventListener("click", () => {
      const turned = head.getAttribute("aria-sort") === "ascending";
      const sign = turned ? -1 : 1;
      const keyed = [...body.rows].map((row) => [valueOf(row), row]);
      keyed.sort(([a], [b]) => sign * (numbers ? a - b : inWords.compare(a, b)));
      body.append(...keyed.map(([, row]) => row));
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", turned ? "descending" : "ascending");
    });
  });
}
for (const field of document.querySelectorAll("input[data-table]")) {
  const rows = [...document.getElementById(field.dataset.table).tBodies[0].rows];
  const found = field.parentElement.querySelector(".found");
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const texts = rows.map((row) =>
    plain([row.cells[0].textContent, row.cells[3].textContent, row.dataset.find ?? ""].join(" ")));
  const filter = () => {
    const wanted = plain(field.value).split(/\s+/);
    let shown = 0;
    rows.forEach((row, place) => {
      row.hidden = !wanted.every((word) => texts[place].includes(word));
      if (!row.hidden) shown += 1;
    });
    found.textContent = field.value ? `${shown} of ${rows.length} shown` : "";
  };
  field.addEventListener("input", filter);
  filter(); // a browser may keep the text of the field over a reload
}
