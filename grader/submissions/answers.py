"""The written answers of a submission: `answers.yaml`, read without trust."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from grader import messages
from grader.spec import document
from grader.spec.document import DocumentError

FILE = "answers.yaml"


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers by key, or why there are none."""

    given: Mapping[str, Any] = field(default_factory=dict)
    problem: str = ""


def read(files: Mapping[str, bytes]) -> Answers:
    """Return the answers among a submission's files.

    The file is flat: part id, or part id, a dash and the component.  A nested mapping is read as if
    it had been written flat.
    """
    raw = files.get(FILE)
    if raw is None:
        return Answers()
    try:
        data = document.decode(raw).data
    except DocumentError as error:
        return Answers(problem=messages.intake.not_read(FILE, f"line {error.line}: {error}"))
    if data is None:
        return Answers()
    if not isinstance(data, dict):
        return Answers(problem=messages.intake.not_read(FILE, "expected lines of the form key: answer"))
    given: dict[str, Any] = {}
    for key, value in _flat(data, ""):
        if key in given:
            return Answers(problem=messages.intake.not_read(FILE, f"there are two answers for {key}"))
        given[key] = value
    return Answers(given)


def _flat(data: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    for key, value in data.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}-")
        else:
            yield f"{prefix}{key}", value
