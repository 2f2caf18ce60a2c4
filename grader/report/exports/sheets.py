"""Cells of a CSV file that a spreadsheet shows and does not run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

# A cell that begins with one of these is a formula to a spreadsheet, quoted or not; some take the
# wide forms of East Asian keyboards too, and a blank before them.
_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")  # noqa: RUF001


def harmless(text: str) -> str:
    """Return a text with an apostrophe before it if a spreadsheet would run it as a formula.

    >>> harmless("=1+1"), harmless(" @SUM(A1)"), harmless("ada")
    ("'=1+1", "' @SUM(A1)", 'ada')
    """
    runs = text.startswith(_STARTS_FORMULA) or text.lstrip().startswith(_STARTS_FORMULA)
    return f"'{text}" if runs else text


def csv_text(rows: Iterable[Sequence[str]], delimiter: str = ",", end: str = "\n") -> str:
    """Return rows as CSV; a cell with a comma, a quote or a line break stands in quotes."""
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter, lineterminator=end).writerows(rows)
    return stream.getvalue()
