"""The sentences of this topic, to the letter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from grader.messages import calls

from .catalogue import Sentence, check

SENTENCES: Sequence[Sentence] = [
    ("all_right", (1,), {}, "Right."),
    ("all_right", (50,), {}, "Right in all 50 cases."),
    ("some_right", (3, 50), {}, "(3 of 50 cases are right.)"),
    ("at_line", ("solution.py", 7), {}, " in line 7 of solution.py"),
    ("one_line", ("a\n  b\tc",), {}, "a b c"),
    ("one_line", ("abcdef", 3), {}, "abc …"),
    (
        "raised",
        ("f", "ValueError", "no", " in line 7 of solution.py"),
        {},
        "f stopped with ValueError in line 7 of solution.py: no.",
    ),
    ("raised", ("f", "ValueError", "", ""), {}, "f stopped with ValueError."),
    ("raised", ("f", "E", "It ends here.", ""), {}, "f stopped with E: It ends here."),
    (
        "not_imported",
        ("solution.py", "SyntaxError", "invalid syntax", " in line 1 of solution.py"),
        {},
        (
            "solution.py cannot be imported; it stops with SyntaxError in line 1 of solution.py: "
            "invalid syntax."
        ),
    ),
    (
        "not_imported",
        ("solution.py", "ImportError", "attempted relative import with no known parent", ""),
        {},
        (
            "solution.py cannot be imported; it stops with ImportError: attempted relative import "
            "with no known parent. The files are no package: import one from another without the "
            "dot."
        ),
    ),
    (
        "raised",
        ("f", "ModuleNotFoundError", "No module named 'a.b'; 'a' is not a package", ""),
        {},
        (
            "f stopped with ModuleNotFoundError: No module named 'a.b'; 'a' is not a package. "
            "a.b is neither installed where this ran nor a file of the submission: hand it in, or "
            "do without it."
        ),
    ),
    ("import_advice", ("ValueError", "No module named 'a'"), {}, ""),
    ("import_advice", ("ImportError", "cannot import name 'a'"), {}, ""),
    ("not_data", ("f", "a set"), {}, "f returned something that is not data: a set."),
    (
        "not_data",
        ("f", "a value of type set is not data"),
        {},
        (
            "f returned something that is not data: a value of type set is not data. "
            "Numbers, text, lists, tuples, NumPy arrays and torch tensors are."
        ),
    ),
    (
        "not_data",
        ("f", ""),
        {},
        "f returned something that is not data: what it returned cannot be compared.",
    ),
    ("not_there_yet", ("f",), {}, "Not there yet: f still raises NotImplementedError."),
    ("missing", ("solution.py has no f",), {}, "solution.py has no f."),
    ("missing", ("has no f; is g meant?",), {}, "has no f; is g meant?"),
    ("missing", ("",), {}, "Not found in the submission."),
    ("has_no", ("solution.py", "f"), {}, "solution.py has no f"),
    ("timed_out", ("f", "It had 10 s."), {}, "f did not finish in time. It had 10 s."),
    ("out_of_memory", ("f", ""), {}, "f used more memory than it may."),
    ("died", ("f", "Exit code 3."), {}, "f ended the process in which it ran. Exit code 3."),
    (
        "not_run",
        ("",),
        {},
        "Not run: an earlier case of this part used up its limits.",
    ),
    ("not_run", ("it was late",), {}, "It was late."),
    ("as_sentence", ("still running",), {}, "Still running."),
    ("as_sentence", ("",), {}, ""),
    ("not_run", ("Not run.",), {}, "Not run."),
    (
        "changed_inputs",
        (["x", "y"],),
        {},
        "Note: the call changes its input x and y in place.",
    ),
]
CONSTANTS: Mapping[str, str] = {
    "ORDINARY_CASES": "Ordinary inputs",
    "NOT_YET": "It counts once the ordinary inputs are right.",
    "DATA": ("Numbers, text, lists, tuples, NumPy arrays and torch tensors are."),
    "NO_DOT": ("The files are no package: import one from another without the dot."),
    "ASSERTION": ("An assertion of the test does not hold."),
    "NOTHING_VISIBLE": ("All cases of this part are hidden; it is judged when it is graded."),
    "ONLY_HIDDEN": ("The cases shown below are right, but hidden ones are not."),
    "NONE_SHOWN": ("The cases of this part are hidden, and not all of them are right."),
    "NOT_GRADED": ("Not graded yet."),
}


def test_every_sentence_reads_like_this() -> None:
    check(calls, SENTENCES, CONSTANTS)
