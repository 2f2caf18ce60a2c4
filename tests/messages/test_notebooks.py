"""The sentences of this topic, to the letter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from grader.messages import notebooks

from .catalogue import Sentence, check

FILE = "solution.ipynb"
AGAIN = "Open it in Jupyter, clear all outputs, save it, and hand in the saved file."
SENTENCES: Sequence[Sentence] = [
    ("place", ("solution.py", 7), {}, "solution.py, line 7"),
    ("place", (FILE, 2), {"cell": 3}, "solution.ipynb, cell 3, line 2"),
    ("line_of", ("solution.py", 7), {}, "line 7 of solution.py"),
    ("line_of", (FILE, 2, 3), {}, "cell 3, line 2 of solution.ipynb"),
    (
        "stands_in",
        (FILE, "solution.py"),
        {},
        (
            "solution.ipynb counts as solution.py: its code cells, from the first to the last. "
            "Cell 3 is the one that has [3] beside it after Restart Kernel and Run All Cells."
        ),
    ),
    (
        "not_counted",
        (FILE, "solution.py"),
        {},
        "solution.ipynb was not read: solution.py was handed in too, and solution.py counts.",
    ),
    (
        "line_left_out",
        (FILE, 3, 2, "!ls"),
        {},
        "solution.ipynb, cell 3, line 2 was left out, as only Jupyter understands it: !ls",
    ),
    (
        "magic_left_out",
        (FILE, 3, 1, "%%time"),
        {},
        "solution.ipynb, cell 3, line 1 was left out, the code below it was not: %%time",
    ),
    (
        "timing_left_out",
        (FILE, 3, 1, "%time f()"),
        {},
        (
            "solution.ipynb, cell 3, line 1: the statement counts, the magic in front does not: "
            "%time f()"
        ),
    ),
    (
        "cell_left_out",
        (FILE, 3, 1, "%%bash"),
        {},
        "solution.ipynb, cell 3, line 1: the whole cell was left out, as it is no Python: %%bash",
    ),
    (
        "await_left_out",
        (FILE, 3, 1, "await f()"),
        {},
        (
            "solution.ipynb, cell 3, line 1 was left out, as await outside of a function works in "
            "Jupyter only: await f()"
        ),
    ),
    (
        "display_replaced",
        (FILE, 3, 1, "from IPython.display import HTML"),
        {},
        (
            "solution.ipynb, cell 3, line 1: what this imports shows nothing here: from "
            "IPython.display import HTML"
        ),
    ),
    (
        "more_left_out",
        (FILE, 1),
        {},
        (
            "solution.ipynb: 1 more line was left out. What a solution needs has to stand in it as "
            "Python."
        ),
    ),
    (
        "more_left_out",
        (FILE, 12),
        {},
        (
            "solution.ipynb: 12 more lines were left out. What a solution needs has to stand in it "
            "as Python."
        ),
    ),
    (
        "too_large",
        (FILE, 30 << 20, 20 << 20),
        {},
        f"solution.ipynb has 30 MiB and was not read; at most 20 are. {AGAIN}",
    ),
    ("not_json", (1, ""), {}, f"line 1 is not what Jupyter saves. {AGAIN}"),
    ("not_json", (4, "<html>"), {}, f"line 4 is not what Jupyter saves: <html>. {AGAIN}"),
    ("cut_short", (4,), {}, f"it stops in line 4, in the middle of the notebook. {AGAIN}"),
    (
        "conflict",
        (4,),
        {},
        f"line 4 is a mark of git's, for a conflict that nobody resolved. {AGAIN}",
    ),
    ("other_language", ("R",), {}, "it is a notebook for R; expected one for Python"),
    ("odd_source", (3,), {}, f"the code of cell 3 is no text. {AGAIN}"),
    ("null_byte", (3, 2), {}, "cell 3, line 2 has a null byte; delete it"),
    ("too_many_cells", (5000,), {}, "it has more than 5000 cells"),
    (
        "too_much_code",
        (512,),
        {},
        "its code has more than 512 KiB; put data in a file of its own",
    ),
]
CONSTANTS: Mapping[str, str] = {
    "SAVE_AGAIN": AGAIN,
    "IN_PYTHON": "What a solution needs has to stand in it as Python.",
    "EMPTY": f"the file is empty. {AGAIN}",
    "UTF_16": "it is UTF-16; save it as UTF-8",
    "NESTED": f"it is nested too deeply for a notebook. {AGAIN}",
    "NO_CELLS": f"it is JSON, but has no list of cells, as a notebook has. {AGAIN}",
    "ODD_CELLS": f"its cells are not what Jupyter saves. {AGAIN}",
}


def test_every_sentence_reads_like_this() -> None:
    check(notebooks, SENTENCES, CONSTANTS)
