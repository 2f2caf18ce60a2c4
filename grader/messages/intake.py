"""Sentences about what was handed in, and about faults of the grader."""

from __future__ import annotations

EMPTY_SUBMISSION = "The submission is empty."
CUT = "# … the rest is not shown"


def no_solution(alike: list[str]) -> str:
    """Return the note on a submission without solution.py; `alike` may have been meant."""
    if not alike:
        return "There is no solution.py."
    return (
        f"There is no solution.py; found {', '.join(alike)}. "
        "Only solution.py, or solution.ipynb in its place, is run."
    )


def same_name(name: str) -> str:
    """Return the note on a folder whose name cannot be told from another's."""
    return f"A second folder {name} was ignored: both names read the same; rename one."


def unknown_mark(name: str) -> str:
    """Return the note on marks for somebody who handed nothing in."""
    return f"There are marks for {name}, but no submission of that name."


def link_ignored(name: str) -> str:
    """Return the note on a symbolic link."""
    return f"{name} is a link and was not followed; hand in the file itself."


def stray_file(name: str) -> str:
    """Return the note on a file among the folders of students."""
    return f"{name} was ignored: it is a file, and a submission is a folder."


def not_a_file(name: str) -> str:
    """Return the note on a pipe, a device or the like."""
    return f"{name} was ignored: it is not a regular file."


def cannot_read(name: str, why: str) -> str:
    """Return the note on something that the operating system refuses."""
    return f"{name} cannot be read: {why}."


def not_read(name: str, why: str) -> str:
    """Return the sentence for a file whose text makes no sense."""
    return f"{name} cannot be read: {why}."


def too_large(name: str, size_bytes: int, limit_bytes: int) -> str:
    """Return the sentence for a file beyond the limit."""
    return f"{name} has {mib(size_bytes)} MiB and was not read; at most {mib(limit_bytes)} are."


def too_much(name: str, limit_bytes: int) -> str:
    """Return the sentence for a file that makes a submission too large."""
    return f"{name} was not read: the submission has more than {mib(limit_bytes)} MiB."


def too_many_files(limit: int) -> str:
    """Return the note on files beyond the number that is read."""
    return f"The submission has more than {limit} files and folders; the others were not read."


def too_deep(name: str) -> str:
    """Return the note on a folder that lies too deep."""
    return f"{name} was not read: it lies too many folders deep."


def mib(size_bytes: int) -> str:
    """Return a size in MiB, with one decimal where it is small."""
    size = size_bytes / 2**20
    return f"{size:.0f}" if size >= 10 or size == int(size) else f"{size:.1f}"


def grader_fault(detail: str) -> str:
    """Return the sentence for a fault that is ours."""
    return (
        "The grader failed here, not the submission; nothing was taken off, and it is tried again "
        f"next time. ({detail})"
    )
