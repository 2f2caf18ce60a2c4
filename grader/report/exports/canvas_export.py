"""The CSV file that Canvas exports: who is in it, and in which columns."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass

from grader.errors import UsageError
from grader.report.exports.sheets import harmless
from grader.spec.faults import suggestion

SUMS = (
    "Current Score",
    "Current Points",
    "Current Grade",
    "Final Score",
    "Final Points",
    "Final Grade",
    "Override Score",
    "Override Grade",
    "Override Status",
)
"""A column with one of these in its name is a sum that Canvas makes itself."""

_KEYS = ("ID", "SIS User ID", "SIS Login ID")
_NUMBERED = re.compile(r"(?s)(.*)\s\((\d+)\)")


@dataclass(slots=True)
class CanvasExport:
    """Its rows, all of the same length, with the header first; cells may be changed."""

    rows: list[list[str]]
    delimiter: str

    @property
    def header(self) -> list[str]:
        """The names of the columns."""
        return self.rows[0]

    @property
    def section(self) -> int:
        """The last of the columns that say who a student is."""
        return next(place for place, name in enumerate(self.header) if "Section" in name)

    def points_row(self) -> list[str]:
        """Return the row of maxima.  Raises UsageError if there is none."""
        for row in self.rows[1:]:
            if "Points Possible" in row[0]:
                return row
        raise UsageError(
            "the Canvas export has no row 'Points Possible'; export the gradebook again in Canvas"
        )

    def assignment(self, chosen: str, title: str) -> int:
        """Return the column of an assignment: the chosen one, or the one with its title.

        Raises UsageError if it is not there, or there twice.
        """
        maxima = self.points_row()
        columns = {
            place: name
            for place, name in enumerate(self.header)
            if place > self.section
            and not re.search("|".join(SUMS), name)
            and "read only" not in maxima[place]
            and (maxima[place].strip() or _NUMBERED.fullmatch(name))  # or else it holds notes
        }
        wanted = chosen or title
        found = [place for place, name in columns.items() if wanted in _names(name)]
        if len(found) == 1:
            return found[0]
        known = ", ".join(repr(name) for name in columns.values()) or "none"
        if found:
            raise UsageError(
                f"the Canvas export has {len(found)} columns for {wanted!r}; name one of them with "
                f"--column: {known}"
            )
        raise UsageError(
            f"the Canvas export has no column for {wanted!r}; it has {known}"
            f"{suggestion(wanted, columns.values())}; name one with --column, or leave out "
            "--update for a file from which Canvas makes a new assignment"
        )

    def student(self, name: str) -> int | None:
        """Return the row of a student by ID, SIS User ID or SIS Login ID; None if there is none.

        Upper and lower case matter only where they tell two students apart.
        """
        for same in (str, str.casefold):
            found = [
                place
                for place, row in enumerate(self.rows)
                if place and any(same(key) == same(name) for key in self._keys(row))
            ]
            if len(found) == 1:
                return found[0]
            if found:
                raise UsageError(
                    f"{name!r} is more than one student of the Canvas export: "
                    + " and ".join(repr(self.rows[place][0]) for place in found)
                )
        return None

    def _keys(self, row: list[str]) -> list[str]:
        columns = [place for place, name in enumerate(self.header) if name in _KEYS]
        return [row[place].strip() for place in columns if row[place].strip()]

    def disarm(self) -> None:
        """Make what students chose to be called harmless in a spreadsheet.

        Canvas finds them by ID all the same; a row without one stays as it is.
        """
        number = self.header.index("ID")
        for row in self.rows[1:]:
            if row[number].strip():
                for place in range(self.section + 1):
                    row[place] = harmless(row[place])


def _names(header: str) -> set[str]:
    numbered = _NUMBERED.fullmatch(header)
    return {header, *numbered.groups()} if numbered else {header}


def read(content: bytes) -> CanvasExport:
    """Return an exported gradebook.  Raises UsageError if the file is none."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(
            f"the Canvas export is not UTF-8 at byte {error.start}; give the file as Canvas wrote "
            "it, not saved again by a spreadsheet"
        ) from None
    first = text.split("\n", 1)[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise UsageError(f"the Canvas export is not CSV: {error}") from None
    rows = [row for row in rows if any(row)]
    header = rows[0] if rows else []
    named = bool(header) and ("Student" in header[0] or "LastName" in header[0])
    if not named or "ID" not in header or not any("Section" in name for name in header):
        raise UsageError(
            f"the Canvas export begins with the columns {', '.join(header[:5]) or '(none)'}; "
            "expected Student, ID, …, Section, as Canvas exports its gradebook"
        )
    width = max(map(len, rows))
    return CanvasExport([row + [""] * (width - len(row)) for row in rows], delimiter)
