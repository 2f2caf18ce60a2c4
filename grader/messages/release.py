"""Sentences of a release: the check of what is there, the sheet for answers, the statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

THERE = "There; it is judged when it is graded."
NOT_FOLLOWED = (
    "Wrong quantities behind it are not judged here; graded, what follows from your own keeps its "
    "credit."
)
WAITS_FOR_EARLIER = "Not judged here: it may follow from an earlier one that is wrong."


def handed_in(read: Mapping[str, str]) -> str:
    """Return what is said of a part of which everything is there."""
    if not read:
        return "Handed in; judged when it is graded."
    told = "; ".join(f"{key} as {read_as}" for key, read_as in read.items())
    return f"Handed in; judged when it is graded. Read: {told}."


def not_callable(name: str, file: str) -> str:
    """Return the sentence for a name of a file that is no function."""
    return f"{name} in {file} cannot be called; expected a function or a class."


# ---- what an answer looks like -------------------------------------------------------------------

TEXT = "a text"
YES = "yes"


def expression(names: Sequence[str]) -> str:
    """Return what an expression looks like."""
    return f"an expression in {listed(names)}"


def order(names: Sequence[str]) -> str:
    """Return what an order of growth looks like."""
    return f"an order in {listed(names)}, written O(…)"


def condition(names: Sequence[str]) -> str:
    """Return what a condition on sizes looks like."""
    return f"a comparison of {listed(names)}, with <, <=, > or >="


def number(least: float | None = None, most: float | None = None) -> str:
    """Return what a number looks like, and how large it may be."""
    if least is None or most is None:
        return "a number"
    return f"a number from {least:g} to {most:g}"


def numbers(count: int) -> str:
    """Return what several numbers look like."""
    return f"{count} numbers in order, as a list"


def share() -> str:
    """Return what a share looks like."""
    return "a share, such as 0.25 or 25 %"


def choice(choices: Sequence[str]) -> str:
    """Return what one of several choices looks like."""
    return " or ".join(choices) if len(choices) == 2 else f"one of {', '.join(choices)}"


def optional(form: str) -> str:
    """Return the form of an answer that may be left out."""
    return f"{form}; it may stay empty"


def or_file(form: str, patterns: Sequence[str]) -> str:
    """Return the form of an answer that may be handed in as a file."""
    return f"{form}, or a file: {', '.join(patterns)}"


def listed(names: Sequence[str]) -> str:
    """Return names as they stand in a sentence."""
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


# ---- the sheet for answers -----------------------------------------------------------------------

SHEET = (
    "Your written answers. Write each one behind the colon of its key; what stays empty counts as "
    "not answered. Longer texts stand below the key, after a vertical bar, with two spaces before "
    "each line."
)


def comment(asks: str, form: str) -> str:
    """Return what stands above a key of answers.yaml."""
    asked = asks.strip()
    if asked.endswith(("?", "!", ")")):
        return f"{asked} Expected: {form}."
    return f"{asked.rstrip('.:')}: {form}."


# ---- the statements ------------------------------------------------------------------------------

BY_ITSELF = "It is checked automatically."
BY_PERSON = "A person reads it."
PARTLY_BY_PERSON = "Known answers are judged automatically; a person reads any other."
NO_POINTS = "no points"
BONUS = "extra"


def write_code(names: Sequence[str], file: str) -> str:
    """Return what is to be written where, in Markdown."""
    quoted = [f"`{name}`" for name in names]
    return f"Write {listed(quoted)} in `{file}`." if quoted else f"Write it in `{file}`."


def write_answer(key: str, form: str) -> str:
    """Return what stands under a key of answers.yaml, in Markdown."""
    return f"Answer under `{key}` in `answers.yaml`: {form}."


def hand_in_files(patterns: Sequence[str], key: str) -> str:
    """Return where a text or a file goes, in Markdown."""
    quoted = ", ".join(f"`{pattern}`" for pattern in patterns)
    return f"Hand in a file ({quoted}), or a text under `{key}` in `answers.yaml`."


# ---- the first page ------------------------------------------------------------------------------


def commands(problem: str) -> str:
    """Return the part of README.md about checking one's own work."""
    return f"""\
## Commands

With the grader installed, run these in this folder. Nothing is sent anywhere.

    grader check            # everything
    grader check {problem:<10} # one problem
    grader check --watch    # again, whenever you save

`self-check.json` holds the cases that `grader check` tries; nothing in it is for you to change.
What is asked stands in `statement.html`, and the same in `statement.md`.
"""


def first_page(title: str) -> str:
    """Return the beginning of README.md where the course has written none."""
    return f"# {title}\n\nThis folder is what you start from and what you hand in.\n"
