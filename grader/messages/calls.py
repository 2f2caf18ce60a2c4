"""Sentences about how a call ended."""

from __future__ import annotations

import re

NOT_GRADED = "Not graded yet."
ASSERTION = "An assertion of the test does not hold."
NOTHING_VISIBLE = "All cases of this part are hidden; it is judged when it is graded."
ONLY_HIDDEN = "The cases shown below are right, but hidden ones are not."
DATA = "Numbers, text, lists, tuples, NumPy arrays and torch tensors are."
NO_DOT = "The files are no package: import one from another without the dot."
ORDINARY_CASES = "Ordinary inputs"
NOT_YET = "It counts once the ordinary inputs are right."
NONE_SHOWN = "The cases of this part are hidden, and not all of them are right."


def all_right(cases: int) -> str:
    """Return the summary of a part that is right."""
    return "Right." if cases == 1 else f"Right in all {cases} cases."


def some_right(right: int, total: int) -> str:
    """Return how many cases are right."""
    return f"({right} of {total} cases are right.)"


def at_line(file: str, line: int) -> str:
    """Return where in the submission something happened."""
    return f" in line {line} of {file}"


def not_there_yet(function: str) -> str:
    """Return the sentence for a function that still raises NotImplementedError."""
    return f"Not there yet: {function} still raises NotImplementedError."


def one_line(message: str, limit: int = 300) -> str:
    """Return the text of an exception as one line, for a summary."""
    text = " ".join(message.split())
    return text if len(text) <= limit else f"{text[:limit].rstrip()} …"


def raised(function: str, error: str, message: str, at: str) -> str:
    """Return the sentence for an exception."""
    detail = f": {one_line(message)}" if message else ""
    says = f"{function} stopped with {error}{at}{detail}".rstrip(".") + "."
    return f"{says} {import_advice(error, message)}".strip()


def not_imported(file: str, error: str, message: str, at: str) -> str:
    """Return the sentence for a file that cannot be imported."""
    detail = f": {one_line(message)}" if message else ""
    says = f"{file} cannot be imported; it stops with {error}{at}{detail}".rstrip(".") + "."
    return f"{says} {import_advice(error, message)}".strip()


def import_advice(error: str, message: str) -> str:
    """Return what to do about an import that failed; nothing for any other exception."""
    missing = re.match(r"No module named '([\w.]{1,100})'", message)
    if error == "ModuleNotFoundError" and missing:
        return (
            f"{missing[1]} is neither installed where this ran nor a file of the submission: "
            "hand it in, or do without it."
        )
    return NO_DOT if error == "ImportError" and "relative import" in message else ""


def not_data(function: str, message: str) -> str:
    """Return the sentence for a result that cannot be compared."""
    detail = one_line(message) or "what it returned cannot be compared"
    says = f"{function} returned something that is not data: {detail}."
    return f"{says} {DATA}" if detail.startswith("a value of type ") else says


def missing(detail: str) -> str:
    """Return the sentence for a file or function that is not there."""
    text = detail or "Not found in the submission"
    return text if text.endswith((".", "?", "!")) else f"{text}."


def has_no(file: str, name: str) -> str:
    """Return what is missing, where nothing may be said of what is there."""
    return f"{file} has no {name}"


def timed_out(function: str, detail: str) -> str:
    """Return the sentence for a call beyond its time."""
    return f"{function} did not finish in time. {as_sentence(detail)}".strip()


def out_of_memory(function: str, detail: str) -> str:
    """Return the sentence for a call beyond its memory."""
    return f"{function} used more memory than it may. {as_sentence(detail)}".strip()


def died(function: str, detail: str) -> str:
    """Return the sentence for a call that ended the process."""
    return f"{function} ended the process in which it ran. {as_sentence(detail)}".strip()


def not_run(detail: str) -> str:
    """Return the sentence for a call that was not made."""
    return as_sentence(detail) or "Not run: an earlier case of this part used up its limits."


def as_sentence(text: str) -> str:
    """Return a remark with a capital in front and a full stop behind it."""
    return f"{text[0].upper()}{text[1:].rstrip('.')}." if text else ""


def changed_inputs(names: list[str]) -> str:
    """Return the note for arguments that were changed in place."""
    return f"Note: the call changes its input {' and '.join(names)} in place."
