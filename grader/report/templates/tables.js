"use strict";
// Sorts and filters the table of students; without it the table is read as it stands.
const table = document.getElementById("table");
if (table) {
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];
  const inWords = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
  heads.forEach((head, column) => {
    const button = head.querySelector("button");
    if (!button) return;
    const numbers = "numbers" in head.dataset;
    const valueOf = (row) => {
      const text = row.cells[column].textContent.trim();
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

  const field = document.getElementById("search");
  const state = document.getElementById("state");
  const found = document.querySelector(".found");
  const rows = [...body.rows];
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const mistakes = [...document.querySelectorAll("[data-mistake]")].map((each) => each.dataset.mistake);
  const texts = rows.map((row) => {
    const made = (row.dataset.made ?? "").split(" ").map((number) => mistakes[number]);
    return plain([row.cells[0].textContent, ...made].join(" "));
  });
  const stateOf = (row) => {
    if (row.classList.contains("attention")) return "attention";
    return row.cells[2].textContent ? "review" : "graded";
  };
  const filter = () => {
    const words = plain(field.value).split(/\s+/);
    let shown = 0;
    rows.forEach((row, place) => {
      const fits = words.every((word) => texts[place].includes(word));
      row.hidden = !fits || (state.value !== "" && state.value !== stateOf(row));
      if (!row.hidden) shown += 1;
    });
    found.textContent = shown < rows.length ? `${shown} of ${rows.length} shown` : "";
  };
  field.addEventListener("input", filter);
  state.addEventListener("change", filter);
  filter(); // a browser may keep what was typed over a reload
}
