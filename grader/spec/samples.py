"""What a sample submission declares that it gets: `expect.yaml`, checked against the assignment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path as FilePath

from pydantic import ValidationError

from grader.records import Status
from grader.spec import document as yaml_document
from grader.spec.document import DocumentError
from grader.spec.faults import Fault, SpecFaultsError, explain, path_text, suggestion
from grader.spec.loader import Assignment
from grader.spec.models import Model, Path, Points

EXPECT_NAME = "expect.yaml"


class Expected(Model):
    """What a part of a sample has to get; a mistake is compared only where one is declared."""

    status: Status
    points: Points
    mistake: str | None = None

    def fits(self, found: Verdict) -> bool:
        """Whether a verdict is the declared one."""
        named = "mistake" not in self.model_fields_set or self.mistake == found.mistake
        return named and (self.status, self.points) == (found.status, found.points)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a part of a submission got, as far as an `expect.yaml` speaks of it."""

    status: Status
    points: Fraction
    mistake: str | None = None

    def __str__(self) -> str:
        """Return the verdict as `expect.yaml` writes it."""
        mistake = f", mistake: {self.mistake}" if self.mistake else ""
        return f"{{status: {self.status}, points: {self.points}{mistake}}}"


@dataclass(frozen=True, slots=True)
class Difference:
    """A part of a sample that got something else than it declares."""

    part: str
    found: str
    declared: str


class Expectation(Model):
    """An `expect.yaml`: every part of the assignment, and what it has to get."""

    parts: dict[str, Expected]


def differences(
    declared: Mapping[str, Expected], found: Mapping[str, Verdict]
) -> tuple[Difference, ...]:
    """Return where a sample got something else than it declares, in the order of its parts."""
    misses = []
    for part, expected in declared.items():
        verdict = found.get(part)
        if verdict is None or not expected.fits(verdict):
            wanted = Verdict(expected.status, expected.points, expected.mistake)
            misses.append(Difference(part, str(verdict or "no result"), str(wanted)))
    surplus = [part for part in found if part not in declared]
    return (*misses, *(Difference(part, str(found[part]), "nothing") for part in surplus))


def check(assignment: Assignment, submissions: FilePath) -> list[Fault]:
    """Return the faults of every `expect.yaml` among the submissions of an assignment."""
    faults: list[Fault] = []
    for file in sorted(submissions.glob(f"*/{EXPECT_NAME}")):
        try:
            read(file, assignment)
        except SpecFaultsError as error:
            faults += error.faults
    return faults


def read(file: FilePath, assignment: Assignment) -> dict[str, Expected]:
    """Return what an `expect.yaml` declares, by part.

    Raises SpecFaultsError for a file that does not fit the assignment.
    """
    try:
        document = yaml_document.read(file)
    except (DocumentError, OSError) as error:
        raise SpecFaultsError([Fault(file, getattr(error, "line", 1), "", str(error))]) from None
    try:
        parts = Expectation.model_validate(document.data).parts
    except ValidationError as error:
        raise SpecFaultsError(explain(error, Expectation, file, document)) from None
    faults = [
        Fault(file, document.line(path), path_text(path), says)
        for path, says in _misfits(parts, assignment)
    ]
    if faults:
        raise SpecFaultsError(faults)
    return parts


def _misfits(parts: dict[str, Expected], assignment: Assignment) -> list[tuple[Path, str]]:
    worth = assignment.part_points()
    mistakes = {part.id: part.known_mistakes() for part in assignment.parts}
    found: list[tuple[Path, str]] = []
    for part, expected in parts.items():
        if part not in worth:
            found.append((("parts", part), f"unknown part {part!r}{suggestion(part, worth)}"))
            continue
        if expected.points > worth[part]:
            says = f"found {expected.points}; expected at most {worth[part]}, the part's points"
            found.append((("parts", part, "points"), says))
        named, known = expected.mistake, mistakes.get(part, ())
        if named is not None and named not in known:
            says = f"the part knows no mistake {named!r}{suggestion(named, known)}"
            found.append((("parts", part, "mistake"), says))
    found += [(("parts",), f"{part!r} is missing") for part in worth if part not in parts]
    return found
