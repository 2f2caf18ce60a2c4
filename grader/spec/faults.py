"""Faults of a course's files, each with its file, line and path, all of them at once."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from grader.errors import CourseError
from grader.spec.document import Document
from grader.spec.models import Path


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing that is wrong with a file of the course."""

    file: FilePath
    line: int
    path: str
    message: str

    def __str__(self) -> str:
        """Return ``file:line: path: what was found, what was expected``."""
        where = f"{self.file}:{self.line}: "
        return f"{where}{self.path}: {self.message}" if self.path else f"{where}{self.message}"


class SpecFaultsError(CourseError):
    """A course whose files cannot be used; `faults` has every one that was found."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(faults))
        super().__init__("\n".join(map(str, self.faults)))


def path_text(path: Path) -> str:
    """Return a path as it is read aloud: parts[2].points."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def suggestion(word: str, known: Iterable[str]) -> str:
    """Return "; did you mean 'points'?", or nothing if no known word is close."""
    close = difflib.get_close_matches(word, list(known), n=1)
    return f"; did you mean {close[0]!r}?" if close else ""


def explain(
    error: ValidationError,
    model: type[BaseModel],
    file: FilePath,
    document: Document,
    base: Path = (),
) -> list[Fault]:
    """Return the faults behind a pydantic error, in words that name what was found."""
    faults = []
    for detail in error.errors(include_url=False):
        location: Path = tuple(step for step in detail["loc"] if step not in _NOISE)
        path = (*base, *location)
        kind, found = detail["type"], detail["input"]
        if kind == "extra_forbidden":
            name = str(location[-1])
            known = _keys_at(model, location[:-1])
            message = (
                f"unknown key {name!r}; expected one of {', '.join(known)}{suggestion(name, known)}"
            )
        elif kind == "missing":
            message = "missing; expected a value"
        else:
            message = f"found {_shown(found)}; {_expected(kind, detail['msg'], detail.get('ctx'))}"
        faults.append(Fault(file, document.line(path), path_text(path), message))
    return faults


# Steps that pydantic adds for its own unions; nobody wrote them.
_NOISE = frozenset({"float", "int", "str", "list[any]", "function-before", "constrained-str"})


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return f"keys {', '.join(map(str, value)) or '(none)'}"
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _expected(kind: str, message: str, context: Mapping[str, Any] | None) -> str:
    if kind in {"value_error", "assertion_error"}:
        return re.sub(r"^(Value|Assertion) error, ", "", message)
    if kind == "string_pattern_mismatch":
        return f"expected text of the form {(context or {}).get('pattern', '')}"
    expected = re.sub(r"^Input should be ", "expected ", message)
    return expected if expected != message else f"expected otherwise: {message}"


def _keys_at(model: type[BaseModel], path: Path) -> list[str]:
    """Return the keys that are known at a path below a model."""
    current: Any = model
    for step in path:
        if isinstance(step, str) and _is_model(current) and step in current.model_fields:
            current = current.model_fields[step].annotation
        current = _model_within(current) or current
    return list(current.model_fields) if _is_model(current) else []


def _model_within(annotation: Any) -> Any:
    if _is_model(annotation):
        return annotation
    for argument in get_args(annotation):
        found = _model_within(argument)
        if found is not None:
            return found
    return None


def _is_model(value: Any) -> bool:
    return isinstance(value, type) and issubclass(value, BaseModel)
