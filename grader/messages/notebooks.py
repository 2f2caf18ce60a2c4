"""Sentences about notebooks: how one is read, what of it is left out, and why one is refused.

A code cell has the number that Jupyter shows beside it after "Restart Kernel and Run All Cells":
code cells count from 1, and empty ones don't count.
"""

from __future__ import annotations

from grader.messages.intake import too_large as too_large_file

SAVE_AGAIN = "Open it in Jupyter, clear all outputs, save it, and hand in the saved file."
IN_PYTHON = "What a solution needs has to stand in it as Python."
EMPTY = f"the file is empty. {SAVE_AGAIN}"
UTF_16 = "it is UTF-16; save it as UTF-8"
NESTED = f"it is nested too deeply for a notebook. {SAVE_AGAIN}"
NO_CELLS = f"it is JSON, but has no list of cells, as a notebook has. {SAVE_AGAIN}"
ODD_CELLS = f"its cells are not what Jupyter saves. {SAVE_AGAIN}"


def place(file: str, line: int, cell: int = 0) -> str:
    """Return where something stands: in a file, or in a cell of a notebook."""
    return f"{file}, cell {cell}, line {line}" if cell else f"{file}, line {line}"


def line_of(file: str, line: int, cell: int = 0) -> str:
    """Return the same for use inside a sentence."""
    return f"cell {cell}, line {line} of {file}" if cell else f"line {line} of {file}"


def stands_in(file: str, module: str) -> str:
    """Return the note on a notebook that is graded."""
    return (
        f"{file} counts as {module}: its code cells, from the first to the last. Cell 3 is the one "
        "that has [3] beside it after Restart Kernel and Run All Cells."
    )


def not_counted(file: str, module: str) -> str:
    """Return the note on a notebook beside a Python file of the same name."""
    return f"{file} was not read: {module} was handed in too, and {module} counts."


# ---- what is left out ----------------------------------------------------------------------------


def line_left_out(file: str, cell: int, line: int, text: str) -> str:
    """Return the note on a magic, a shell line or a question to Jupyter."""
    return f"{place(file, line, cell)} was left out, as only Jupyter understands it: {text}"


def magic_left_out(file: str, cell: int, line: int, text: str) -> str:
    """Return the note on the magic of a cell whose code stays."""
    return f"{place(file, line, cell)} was left out, the code below it was not: {text}"


def timing_left_out(file: str, cell: int, line: int, text: str) -> str:
    """Return the note on a magic in front of a statement that stays."""
    return f"{place(file, line, cell)}: the statement counts, the magic in front does not: {text}"


def cell_left_out(file: str, cell: int, line: int, text: str) -> str:
    """Return the note on a cell in another language, or for a magic that is not known."""
    return f"{place(file, line, cell)}: the whole cell was left out, as it is no Python: {text}"


def await_left_out(file: str, cell: int, line: int, text: str) -> str:
    """Return the note on `await` outside of a function."""
    return (
        f"{place(file, line, cell)} was left out, as await outside of a function works in Jupyter "
        f"only: {text}"
    )


def display_replaced(file: str, cell: int, line: int, text: str) -> str:
    """Return the note on an import of what displays something."""
    return f"{place(file, line, cell)}: what this imports shows nothing here: {text}"


def more_left_out(file: str, count: int) -> str:
    """Return the note on what is not listed."""
    lines = "1 more line was" if count == 1 else f"{count} more lines were"
    return f"{file}: {lines} left out. {IN_PYTHON}"


# ---- why a notebook is refused -------------------------------------------------------------------


def too_large(file: str, size_bytes: int, limit_bytes: int) -> str:
    """Return the sentence for a notebook beyond the limit."""
    return f"{too_large_file(file, size_bytes, limit_bytes)} {SAVE_AGAIN}"


def not_json(line: int, text: str) -> str:
    """Return what is wrong with a file that is no JSON; `text` is how the line begins."""
    shown = f": {text}" if text else ""
    return f"line {line} is not what Jupyter saves{shown}. {SAVE_AGAIN}"


def cut_short(line: int) -> str:
    """Return what is wrong with a file whose end is missing."""
    return f"it stops in line {line}, in the middle of the notebook. {SAVE_AGAIN}"


def conflict(line: int) -> str:
    """Return what is wrong with a file that git could not merge."""
    return f"line {line} is a mark of git's, for a conflict that nobody resolved. {SAVE_AGAIN}"


def other_language(language: str) -> str:
    """Return what is wrong with a notebook for another kernel."""
    return f"it is a notebook for {language}; expected one for Python"


def odd_source(cell: int) -> str:
    """Return what is wrong with a code cell whose code is no text."""
    return f"the code of cell {cell} is no text. {SAVE_AGAIN}"


def null_byte(cell: int, line: int) -> str:
    """Return what is wrong with a cell that has a null byte."""
    return f"cell {cell}, line {line} has a null byte; delete it"


def too_many_cells(limit: int) -> str:
    """Return what is wrong with a notebook that has thousands of cells."""
    return f"it has more than {limit} cells"


def too_much_code(limit_kib: int) -> str:
    """Return what is wrong with a notebook that is nearly all code, or data in it."""
    return f"its code has more than {limit_kib} KiB; put data in a file of its own"
