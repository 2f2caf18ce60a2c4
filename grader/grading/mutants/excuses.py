"""Survivors that a person has looked at: ``reference/<package>/equivalent-mutants.yaml``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError, field_validator

from grader.spec import document as yaml_document
from grader.spec.document import DocumentError
from grader.spec.faults import Fault, SpecFaultsError, explain
from grader.spec.models import FileName, Model

FILE = "equivalent-mutants.yaml"


class Excuse(Model):
    """Mutants of one line that are no fault of the cases, and why."""

    file: FileName = "solution.py"
    within: str = Field("", description="The function, as in Adam.step; empty outside of all.")
    line: str = Field(min_length=1, description="The line as it is, without the space around it.")
    becomes: tuple[str, ...] = Field(
        min_length=1, description="What the line is in the mutants, one or several."
    )
    reason: str = Field(min_length=20, description="Why no case can or should tell them apart.")

    @field_validator("becomes", mode="before")
    @classmethod
    def _several(cls, value: Any) -> Any:
        return [value] if isinstance(value, str) else value

    @field_validator("line", "becomes")
    @classmethod
    def _stripped(cls, value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(_lines(each) for each in value)
        return _lines(value)


def _lines(text: str) -> str:
    return "\n".join(line.strip() for line in text.split("\n") if line.strip())


class _Excuses(Model):
    mutants: tuple[Excuse, ...]


@dataclass(frozen=True, slots=True)
class Excused:
    """One mutant that is excused."""

    file: str
    scope: str
    line: str
    becomes: str
    reason: str
    at: int  # the line of the YAML file


def read(path: Path) -> tuple[Excused, ...]:
    """Return what a file excuses; nothing if there is no such file.

    Raises SpecFaultsError with every fault of the file.
    """
    if not path.is_file():
        return ()
    try:
        document = yaml_document.read(path)
    except (DocumentError, OSError) as error:
        raise SpecFaultsError([Fault(path, getattr(error, "line", 1), "", str(error))]) from None
    try:
        excuses = _Excuses.model_validate(document.data or {}).mutants
    except ValidationError as error:
        raise SpecFaultsError(explain(error, _Excuses, path, document)) from None
    return tuple(_each(excuses, document))


def _each(excuses: tuple[Excuse, ...], document: yaml_document.Document) -> Iterator[Excused]:
    for number, excuse in enumerate(excuses):
        for place, becomes in enumerate(excuse.becomes):
            at = document.line(("mutants", number, "becomes", place))
            reason = " ".join(excuse.reason.split())
            yield Excused(excuse.file, excuse.within, excuse.line, becomes, reason, at)
