"""The written answers of a submission: `answers.yaml`, read without trust."""

from __future__ import annotations

from collections.abc import Mapping
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
        data = document.parse(raw.decode("utf-8-sig")).data
    except UnicodeDecodeError:
        return Answers(problem=messages.not_read(FILE, "it is not UTF-8"))
    except (DocumentError, RecursionError) as error:
        line = getattr(error, "line", 1)
        return Answers(problem=messages.not_read(FILE, f"line {line}: {error}"))
    if data is None:
        return Answers()
    if not isinstance(data, dict):
        return Answers(problem=messages.not_read(FILE, "expected lines of the form key: answer"))
    return Answers(dict(_flat(data, "")))


def _flat(data: Mapping[str, Any], prefix: str) -> list[tuple[str, Any]]:
    pairs: list[tuple[str, Any]] = []
    for key, value in data.items():
        if isinstance(value, dict):
            pairs += _flat(value, f"{prefix}{key}-")
        else:
            pairs.append((f"{prefix}{key}", value))
    return pairs
