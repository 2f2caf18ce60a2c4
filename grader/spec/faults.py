"""Faults of a course's files, each with its file, line and path, all of them at once."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path as FilePath
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, RootModel, ValidationError
from pydantic_core import ErrorDetails

from grader.errors import CourseError
from grader.spec.document import Document
from grader.spec.models import FORMS, Path


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
        if isinstance(step, int):
            text += f"[{step}]"
        elif _PLAIN.fullmatch(step):
            text += f".{step}" if text else step
        else:
            text += f"[{shown(step)}]"
    return text


_PLAIN = re.compile(r"[\w-]{1,60}")


def suggestion(word: str, known: Iterable[str]) -> str:
    """Return "; did you mean 'points'?", or nothing if no known word is close."""
    close = difflib.get_close_matches(word, list(known), n=1)
    return f"; did you mean {close[0]!r}?" if close else ""


def shown(value: Any) -> str:
    """Return a value from YAML as a message shows it: on one line, long ones cut."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, Mapping):
        text = f"keys {', '.join(map(str, value)) or '(none)'}"
        text = text if text.isprintable() else ascii(text)[1:-1]
    else:
        text = repr(value)
    return text if len(text) <= 60 else f"{text[:59]}…"


def explain(
    error: ValidationError,
    model: type[BaseModel],
    file: FilePath,
    document: Document,
    base: Path = (),
) -> list[Fault]:
    """Return the faults behind a pydantic error, in words that name what was found.

    `base` is where in the document the data stands that the model was tried on.
    """
    faults: list[Fault] = []
    expected: dict[Path, list[str]] = {}
    for detail in error.errors(include_url=False):
        if detail["type"] == "too_short" and len(detail["input"]) >= detail["ctx"]["min_length"]:
            continue  # there are enough items, but they have faults, which are told already
        path = _written((*base, *detail["loc"]), document, detail["type"])
        line = document.line(path)
        if detail["type"] == "extra_forbidden":
            known = _keys_at(model, path[len(base) : -1])
            name = str(path[-1])
            says = f"unknown key {shown(name)}; expected one of {', '.join(known)}"
            faults.append(Fault(file, line, path_text(path), says + suggestion(name, known)))
        elif detail["type"] == "missing":
            faults.append(Fault(file, line, path_text(path), "missing; expected a value"))
        elif path in expected:
            # Another branch of a union: one fault that names them all.
            expected[path].append(_expected(detail).removeprefix("expected "))
            says = f"found {shown(detail['input'])}; {' or '.join(expected[path])}"
            faults[-1] = Fault(file, line, path_text(path), says)
        else:
            expected[path] = [_expected(detail)]
            says = expected[path][0]
            if not (detail["type"] == "value_error" and isinstance(detail["input"], Mapping)):
                says = f"found {shown(detail['input'])}; {says}"
            faults.append(Fault(file, line, path_text(path), says))
    return faults


def _written(path: Path, document: Document, kind: str) -> Path:
    """Return the steps of a path that stand in the file; pydantic adds some for its own unions."""
    here = document.data
    kept: list[str | int] = []
    for number, step in enumerate(path):
        inside = (isinstance(here, dict) and step in here) or (
            isinstance(here, list) and isinstance(step, int) and step < len(here)
        )
        if inside:
            here = here[step]
        if inside or (kind == "missing" and number == len(path) - 1):
            kept.append(step)
    return tuple(kept)


def _expected(detail: ErrorDetails) -> str:
    kind, message, context = detail["type"], detail["msg"], detail.get("ctx", {})
    if kind == "value_error":
        return message.removeprefix("Value error, ")
    if kind == "string_pattern_mismatch":
        pattern = str(context.get("pattern"))
        return f"expected {FORMS.get(pattern, f'text of the form {pattern}')}"
    if kind in {"literal_error", "enum"}:
        words = str(context.get("expected"))
        known = re.findall(r"'(.*?)'", words)
        return f"expected {words}{suggestion(str(detail['input']), known)}"
    if kind == "string_type" and isinstance(detail["input"], (bool, int, float)):
        return "expected text; put it in quotes"
    if kind in _WORDS:
        limit = next((context[name] for name in _LIMITS if name in context), None)
        if isinstance(limit, float) and limit.is_integer():
            limit = int(limit)
        words = _WORDS[kind].format(limit)
        return f"expected {words.removesuffix('s') if limit == 1 else words}"
    return re.sub(r"^Input should be ", "expected ", message)


_LIMITS = ("ge", "gt", "le", "lt", "min_length", "max_length")
_WORDS = {
    "bool_parsing": "true or false",
    "bool_type": "true or false",
    "decimal_max_digits": "a number with fewer digits",
    "decimal_parsing": "a number",
    "decimal_type": "a number",
    "dict_type": "keys and values",
    "finite_number": "a finite number",
    "float_parsing": "a number",
    "float_type": "a number",
    "greater_than": "more than {}",
    "greater_than_equal": "at least {}",
    "int_from_float": "a whole number",
    "int_parsing": "a whole number",
    "int_type": "a whole number",
    "less_than": "less than {}",
    "less_than_equal": "at most {}",
    "list_type": "a list",
    "model_type": "keys and values",
    "string_too_short": "at least {} characters",
    "string_type": "text",
    "too_long": "at most {} items",
    "too_short": "at least {} items",
    "tuple_type": "a list",
}


def _keys_at(model: type[BaseModel], path: Path) -> list[str]:
    """Return the keys that are known at a path below a model."""
    choices: list[Any] = [model]
    for step in path:
        choices = [inner for choice in choices for inner in _below(choice, step)]
    return [name for choice in choices if _is_model(choice) for name in choice.model_fields]


def _below(annotation: Any, step: str | int) -> list[Any]:
    """Return the annotations that can describe what stands at one step below an annotated value."""
    if _is_model(annotation):
        if issubclass(annotation, RootModel):
            return _below(annotation.model_fields["root"].annotation, step)
        field = annotation.model_fields.get(str(step))
        return _alternatives(field.annotation) if field else []
    arguments = get_args(annotation)
    if get_origin(annotation) is dict:
        return _alternatives(arguments[1])
    if get_origin(annotation) in {tuple, list}:
        return _alternatives(arguments[0])
    return []


def _alternatives(annotation: Any) -> list[Any]:
    if get_origin(annotation) is Annotated:
        return _alternatives(get_args(annotation)[0])
    if get_origin(annotation) in {Union, UnionType}:
        return [inner for each in get_args(annotation) for inner in _alternatives(each)]
    return [annotation]


def _is_model(value: Any) -> bool:
    return isinstance(value, type) and issubclass(value, BaseModel)
