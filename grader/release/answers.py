"""`answers.yaml` of a release: every key that is asked for, each with a comment.

Where the starter has one, all of it stays; what is missing is added.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator

from grader import messages
from grader.errors import CourseError
from grader.release.sheets import Sheet, form
from grader.spec import document
from grader.spec.asked import Asked
from grader.spec.document import Document, DocumentError

FILE = "answers.yaml"
_WIDTH = 98


def completed(sheet: Sheet, started: str | None) -> str | None:
    """Return the file, with what the course has begun; None if nothing is to be written into it.

    Raises CourseError if what was begun is no YAML.
    """
    questions = [
        (problem.title, _comment(part.title, asked), asked)
        for problem in sheet.problems
        for part in problem.parts
        for asked in part.answers
    ]
    if not questions:
        return started
    text = started if started is not None else _lines(messages.release.SHEET) + "\n"
    places = _places(text)
    lines = text.splitlines(keepends=True)
    comments: dict[int, str] = {}
    title = ""
    added = []
    for problem, comment, asked in questions:
        at = places.get(asked.key)
        if at is None:
            added += ["", *([f"# {problem}"] if problem != title else []), comment, f"{asked.key}:"]
            title = problem
        elif not _commented(lines[at - 1]):
            indent = re.match(r"\s*", lines[at - 1])
            before = indent[0] if indent else ""
            comments[at] = textwrap.indent(comment, before)
    end = "\r\n" if "\r\n" in text else "\n"
    made = ""
    for number, line in enumerate(lines, 1):
        if number in comments:
            made += comments[number].replace("\n", end) + end
        made += line
    if made and not made.endswith(end):
        made += end
    return made + "".join(line + end for line in "\n".join(added).split("\n")) if added else made


def _comment(title: str, asked: Asked) -> str:
    return _lines(messages.release.comment(asked.asks or title, form(asked)))


def _lines(comment: str) -> str:
    wrapped = textwrap.wrap(comment, _WIDTH, break_long_words=False, break_on_hyphens=False)
    return "\n".join(f"# {line}" for line in wrapped)


def _commented(line: str) -> bool:
    """Whether a key has a comment on its own line."""
    return " #" in line


def _places(text: str) -> dict[str, int]:
    """Return the keys that a file has, however they are nested, each with its line."""
    try:
        found = document.parse(text)
    except DocumentError as error:
        says = f"the starter's {FILE}, line {error.line}: {error}"
        raise CourseError(says) from None
    if found.data is None:
        return {}
    if not isinstance(found.data, dict):
        raise CourseError(f"the starter's {FILE}: {messages.written.KEYS_EXPECTED}")
    return dict(_flat(found, (), found.data))


def _flat(
    found: Document, path: tuple[str | int, ...], data: dict[str, object]
) -> Iterator[tuple[str, int]]:
    for key, value in data.items():
        here = (*path, key)
        yield "-".join(map(str, here)), found.line(here)
        if isinstance(value, dict):
            yield from _flat(found, here, value)
