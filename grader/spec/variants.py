"""Numbers that are drawn for the words of a part, and parts that differ from student to student.

A part is filled in before it is planned or judged: what stands for a number gives way to it, and
the right answer is computed from it.  From there on it is a part like any other.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, ClassVar, Literal, Self, TypeAlias

from pydantic import BaseModel, BeforeValidator, Field, ValidationError, model_validator

from grader.errors import CourseError
from grader.spec import secret as secrets
from grader.spec.models import Model, Part, Path, PythonName
from grader.spec.reference import Reference

PER_STUDENT = "per-student"
MOST_DECIMALS = 9
_PLACE = re.compile(r"\{\{ *([A-Za-z_]\w*) *\}\}")  # the innermost braces of \frac{{{a}}}{2}


def _number(value: Any) -> Any:
    """Return a number or a word as it is.  Raises ValueError for anything else."""
    plain = isinstance(value, int | float | str) and not isinstance(value, bool)
    if not plain:
        raise ValueError("expected a number, or a word in quotes")
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("expected a finite number")
    return value


Drawn: TypeAlias = Annotated[int | float | str, BeforeValidator(_number)]
"""A number of a part, or a word that is drawn in the same way."""
Whole: TypeAlias = Annotated[int, Field(ge=-(2**63), lt=2**63)]


class WholeNumbers(Model):
    """Whole numbers from low to high, both included."""

    low: Whole
    high: Whole
    without: tuple[Whole, ...] = Field((), description="Those that are left out, such as [0].")

    @model_validator(mode="after")
    def _some(self) -> WholeNumbers:
        if self.low > self.high:
            raise ValueError(f"expected low <= high, found {self.low} and {self.high}")
        if not self.count:
            raise ValueError("no number is left; expected one that is not under 'without'")
        return self

    @property
    def left_out(self) -> list[int]:
        """The numbers of the range that are not drawn, from the least."""
        return sorted({number for number in self.without if self.low <= number <= self.high})

    @property
    def count(self) -> int:
        """How many numbers there are to choose from."""
        return self.high - self.low + 1 - len(self.left_out)


class DecimalNumbers(Model):
    """Numbers with so many decimals from low to high, both included."""

    low: float = Field(ge=-1e9, le=1e9)
    high: float = Field(ge=-1e9, le=1e9)
    decimals: int = Field(ge=0, le=MOST_DECIMALS)

    @property
    def steps(self) -> tuple[int, int]:
        """The least and the most in units of the last decimal."""
        unit = 10**self.decimals
        low, high = (Fraction(str(end)) * unit for end in (self.low, self.high))
        return math.ceil(low), math.floor(high)

    @model_validator(mode="after")
    def _some(self) -> DecimalNumbers:
        low, high = self.steps
        if max(abs(low), abs(high)) > 10**15:
            raise ValueError("expected numbers of at most 15 digits")
        if low > high:
            raise ValueError(
                f"no number with {self.decimals} decimals lies from {self.low:g} to {self.high:g}"
            )
        return self


class NumberSpec(Model):
    """How a number of a part is drawn; exactly one key is given."""

    integers: WholeNumbers | None = None
    uniform: DecimalNumbers | None = None
    choice: tuple[Drawn, ...] | None = Field(None, min_length=1, description="One of these.")
    value: Drawn | None = Field(None, description="The same for all.")

    @model_validator(mode="after")
    def _exactly_one(self) -> NumberSpec:
        given = [name for name in type(self).model_fields if getattr(self, name) is not None]
        if len(given) != 1:
            found = " and ".join(given) or "none"
            raise ValueError(
                f"expected exactly one of integers, uniform, choice, value; found {found}"
            )
        return self

    @property
    def has_words(self) -> bool:
        """Whether something else than a number may be drawn."""
        return any(isinstance(value, str) for value in (*(self.choice or ()), self.value))

    def drawn(self, seed: int) -> int | float | str:
        """Return the number for a seed, which has far more bits than there are numbers.

        Computed here and not by a random generator, whose numbers may be others in a later version
        than those that a student was given.
        """
        if self.value is not None:
            return self.value
        if self.choice is not None:
            return self.choice[seed % len(self.choice)]
        if self.uniform is not None:
            low, high = self.uniform.steps
            return float(Fraction(low + seed % (high - low + 1), 10**self.uniform.decimals))
        assert self.integers is not None  # noqa: S101  (there is exactly one)
        number = self.integers.low + seed % self.integers.count
        for left_out in self.integers.left_out:
            number += left_out <= number
        return number


Numbers: TypeAlias = Mapping[str, int | float | str]
"""The numbers of a part by name, as its reference and the student's function get them."""


class VariedPart(Part):
    """A part that may have numbers of its own, and may differ from student to student."""

    variant: Literal["per-student"] | None = Field(
        None, description="per-student: whatever is drawn is drawn for each student."
    )
    numbers: dict[PythonName, NumberSpec] = Field(
        default_factory=dict, description="Numbers for {{a}} in the statement, by name."
    )

    worded: ClassVar[tuple[str, ...]] = ("statement", "hint", "mistakes")

    @property
    def draws(self) -> bool:
        """Whether anything of the part is drawn at all."""
        return bool(self.numbers)

    @property
    def answer_is_drawn(self) -> bool:
        """Whether the right answer to be written down follows from numbers that are drawn."""
        return False

    def right_answer(self) -> Any:
        """Return what stands in answers.yaml if it is right; for parts that are filled in."""
        raise NotImplementedError

    def numbers_used(self) -> Iterator[tuple[Path, str]]:
        """Yield where the part uses one of its numbers other than in words, and its name."""
        yield from ()

    def own_faults(self) -> Iterator[tuple[Path, str]]:
        """Yield what does not fit together, and where."""
        yield from super().own_faults()
        if self.variant is not None and not self.draws:
            yield ("variant",), "nothing of this part is drawn; expected numbers, or no variant"
        if not self.numbers:
            return
        for name in _names(self.title):
            says = "a title is the same for all; expected it in the statement"
            yield ("title",), f"found {{{{{name}}}}}; {says}"
        places = [(path, name) for path, text in self._words() for name in _names(text)]
        places += self.numbers_used()
        for path, name in places:
            if name not in self.numbers:
                known = ", ".join(self.numbers)
                yield path, f"no number is called {name!r}; expected one of {known}"
        used = {name for _, name in places}
        for name in self.numbers:
            if name not in used:
                says = f"it is used nowhere; expected {{{{{name}}}}} in the statement"
                yield ("numbers", name), says

    def _words(self) -> Iterator[tuple[Path, str]]:
        for field in self.worded:
            yield from _texts((field,), getattr(self, field, ""))

    def filled_in(self, numbers: Numbers, reference: Reference) -> Self:
        """Return the part with its numbers in place of their names, and all that follows from them.

        Raises CourseError for numbers that the part or its reference cannot take.
        """
        del reference
        if not self.numbers:
            return self
        changes: dict[str, Any] = {
            name: _filled(getattr(self, name), numbers)
            for name in self.worded
            if hasattr(self, name)
        }
        fixed = {name: NumberSpec(value=number) for name, number in numbers.items()}
        return self.model_copy(update={**changes, "numbers": fixed})

    def made_of(self, **fields: Any) -> Self:
        """Return the part with other fields, checked as if they stood in the YAML.

        Raises CourseError.
        """
        given = {name: getattr(self, name) for name in type(self).model_fields}
        try:
            return type(self).model_validate({**given, **fields})
        except ValidationError as error:
            found = [each["msg"].removeprefix("Value error, ") for each in error.errors()]
            drawn = ", ".join(f"{name} = {spec.value}" for name, spec in self.numbers.items())
            where = f" for {drawn}" if drawn else ""
            raise CourseError(
                f"{self.id}: what the reference gives{where}: {'; '.join(found)}"
            ) from None

    def computed(self, function: str, reference: Reference) -> Any:
        """Return what a function of the reference makes of the numbers of a part that is filled in.

        Raises CourseError if it fails.
        """
        numbers = {name: spec.value for name, spec in self.numbers.items()}
        try:
            found = reference.function(function)(**numbers)
        except CourseError:
            raise
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            given = ", ".join(f"{name}={value!r}" for name, value in numbers.items())
            raise CourseError(
                f"{self.id}: the reference fails for {function}({given}): {error!r}"
            ) from error
        return found.tolist() if hasattr(found, "tolist") else found


def is_per_student(part: Part) -> bool:
    """Return whether a part is another one for every student."""
    return isinstance(part, VariedPart) and part.variant == PER_STUDENT


def needs_secret(part: Part) -> bool:
    """Return whether what is right for a part follows from the secret of a course that has one.

    Without it other numbers would be asked for than those that students were given.
    """
    return isinstance(part, VariedPart) and (part.variant is not None or bool(part.numbers))


def student_of(submission: str) -> str:
    """Return whose submission an id is of: `ada` for `ada` and for the attempt `ada/attempt-2`."""
    return submission.partition("/")[0]


def numbers_of(
    part: Part, *, secret: bytes | None, assignment: str, seed: int, student: str
) -> dict[str, int | float | str]:
    """Return the numbers of a part by name; `student` counts for a part that is per student.

    They follow from the secret, or from the seed alone for a course without one.
    """
    if not isinstance(part, VariedPart):
        return {}
    whose = student if is_per_student(part) else None
    return {
        # No part has a slash in its id, so these are no seeds of its cases, nor of another part's.
        name: spec.drawn(
            secrets.derived(secret or b"", assignment, seed, f"{part.id}/{name}", whose)
        )
        for name, spec in part.numbers.items()
    }


def filled(statement: str, numbers: Numbers) -> str:
    """Return a text with numbers in place of {{a}}; names that are not among them stay."""
    return _PLACE.sub(
        lambda place: text(numbers[place[1]]) if place[1] in numbers else place[0], statement
    )


def named(statement: str, numbers: Sequence[str] | Mapping[str, Any]) -> str:
    """Return a text with the names a, b in place of {{a}}, {{b}}: for those who have no numbers."""
    return _PLACE.sub(lambda place: place[1] if place[1] in numbers else place[0], statement)


def text(number: float | str) -> str:
    """Return a number as a statement shows it: 3, 0.25, never 1e-05 or 2.0."""
    if not isinstance(number, float):
        return str(number)
    plain = f"{Decimal(repr(number)):f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _names(statement: str) -> list[str]:
    return _PLACE.findall(statement)


def _texts(path: Path, value: Any) -> Iterator[tuple[Path, str]]:
    """Yield the texts in a field and where they stand."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, (tuple, list)):
        for index, item in enumerate(value):
            yield from _texts((*path, index), item)
    elif isinstance(value, BaseModel):
        for name in _WORDED:
            yield from _texts((*path, name), getattr(value, name, ""))


_WORDED = ("says", "note")  # of mistakes and of answers that are accepted as well


def _filled(value: Any, numbers: Numbers) -> Any:
    """Return a field with the numbers in all its texts."""
    fill: Callable[[Any], Any] = lambda item: _filled(item, numbers)  # noqa: E731
    if isinstance(value, str):
        return filled(value, numbers)
    if isinstance(value, tuple):
        return tuple(map(fill, value))
    if isinstance(value, BaseModel):
        given = [name for name in _WORDED if hasattr(value, name)]
        return value.model_copy(update={name: fill(getattr(value, name)) for name in given})
    return value
