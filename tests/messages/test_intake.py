"""The sentences of this topic, to the letter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from grader.messages import intake

from .catalogue import Sentence, check

SENTENCES: Sequence[Sentence] = [
    (
        "unknown_mark",
        ("eve",),
        {},
        "There are marks for eve, but no submission of that name.",
    ),
    ("link_ignored", ("a",), {}, "a is a link and was not followed; hand in the file itself."),
    ("stray_file", ("a",), {}, "a was ignored: it is a file, and a submission is a folder."),
    ("not_a_file", ("a",), {}, "a was ignored: it is not a regular file."),
    ("cannot_read", ("a", "Permission denied"), {}, "a cannot be read: Permission denied."),
    ("not_read", ("a", "it is not UTF-8"), {}, "a cannot be read: it is not UTF-8."),
    (
        "too_large",
        ("a", 5 * 2**20, 2**20),
        {},
        "a has 5 MiB and was not read; at most 1 are.",
    ),
    ("too_much", ("a", 2**20), {}, "a was not read: the submission has more than 1 MiB."),
    (
        "too_many_files",
        (100,),
        {},
        "The submission has more than 100 files and folders; the others were not read.",
    ),
    ("no_solution", ([],), {}, "There is no solution.py."),
    (
        "no_solution",
        (["Solution.py", "sol.py"],),
        {},
        (
            "There is no solution.py; found Solution.py, sol.py. Only solution.py, or "
            "solution.ipynb in its place, is run."
        ),
    ),
    (
        "same_name",
        ("ada",),
        {},
        "A second folder ada was ignored: both names read the same; rename one.",
    ),
    ("too_deep", ("a",), {}, "a was not read: it lies too many folders deep."),
    ("mib", (2**20 * 3 // 2,), {}, "1.5"),
    ("mib", (2**20 * 12,), {}, "12"),
    (
        "grader_fault",
        ("no memory",),
        {},
        (
            "The grader failed here, not the submission; nothing was taken off, and it is tried "
            "again next time. (no memory)"
        ),
    ),
]
CONSTANTS: Mapping[str, str] = {
    "EMPTY_SUBMISSION": ("The submission is empty."),
    "CUT": ("# … the rest is not shown"),
}


def test_every_sentence_reads_like_this() -> None:
    check(intake, SENTENCES, CONSTANTS)
