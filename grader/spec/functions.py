"""Parts that call one function of the submission: its arguments, how they are drawn, its cases."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from grader.spec.models import (
    PYTHON_NAME,
    FileName,
    Mistake,
    Model,
    Path,
    Points,
    PythonName,
    Tolerance,
)
from grader.spec.reference import Reference
from grader.spec.variants import Numbers as OwnNumbers
from grader.spec.variants import VariedPart


def _numbers(value: Any) -> Any:
    """Return a number or nested lists of numbers as they are.  Raises ValueError for others."""
    if _shape(value) is None:
        raise ValueError("expected a number, or nested lists of numbers with rows of equal length")
    return value


def _shape(value: Any) -> tuple[int, ...] | None:
    if isinstance(value, list):
        shapes = {_shape(item) for item in value}
        if not shapes:
            return (0,)
        (inner,) = shapes if len(shapes) == 1 else (None,)
        return None if inner is None else (len(value), *inner)
    return () if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _dimension(value: Any) -> Any:
    """Return the length of an axis as it is written.  Raises ValueError if it is none."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_ENTRIES:
        return value
    if isinstance(value, str) and re.fullmatch(PYTHON_NAME, value):
        return value
    raise ValueError(f"expected a whole number from 0 to {MOST_ENTRIES} or the name of a size")


def _range(value: Any) -> Any:
    """Return the least and the most of a size.  Raises ValueError for anything else."""
    whole = isinstance(value, (list, tuple)) and all(type(end) is int for end in value)
    if not whole or len(value) != 2:
        raise ValueError("expected two whole numbers, the least and the most: [1, 5]")
    low, high = value
    if not 0 <= low <= high <= MOST_ENTRIES:
        raise ValueError(f"expected 0 <= low <= high <= {MOST_ENTRIES}, found {low} and {high}")
    return value


MOST_ENTRIES = 100_000  # along one axis
Dimension: TypeAlias = Annotated[
    int | str,
    BeforeValidator(_dimension),
    WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 0}, {"type": "string"}]}),
]
"""The length of an axis: a number, or the name of one of the part's sizes."""
Shape: TypeAlias = tuple[Dimension, ...]
SizeRange: TypeAlias = Annotated[tuple[int, int], BeforeValidator(_range)]
"""The least and the most of a size that is drawn anew for every case."""
Numbers: TypeAlias = Annotated[float | list[Any], BeforeValidator(_numbers)]
WholeNumber: TypeAlias = Annotated[int, Field(ge=-(2**63), lt=2**63)]  # what NumPy draws


class UniformSpec(Model):
    """Numbers spread evenly over [low, high)."""

    low: float = Field(allow_inf_nan=False)
    high: float = Field(allow_inf_nan=False)
    shape: Shape = ()
    signs: Literal["as-is", "both"] = Field(
        "as-is", description="both: each number gets a random sign."
    )

    @model_validator(mode="after")
    def _ordered(self) -> UniformSpec:
        if not self.low < self.high:
            raise ValueError(f"expected low < high, found {self.low:g} and {self.high:g}")
        return self


class IntegersSpec(Model):
    """Whole numbers from low to high, both included."""

    low: WholeNumber
    high: WholeNumber | PythonName = Field(description="A number, or the name of a size.")
    shape: Shape = ()

    @model_validator(mode="after")
    def _ordered(self) -> IntegersSpec:
        if isinstance(self.high, int) and self.low > self.high:
            raise ValueError(f"expected low <= high, found {self.low} and {self.high}")
        return self


class InputSpec(Model):
    """How one argument is drawn; exactly one key is given."""

    normal: Shape | None = Field(None, description="Standard normal, of this shape.")
    uniform: UniformSpec | None = None
    integers: IntegersSpec | None = None
    value: Numbers | None = Field(None, description="The same for every case.")

    @model_validator(mode="after")
    def _exactly_one(self) -> InputSpec:
        given = [name for name in type(self).model_fields if getattr(self, name) is not None]
        if len(given) != 1:
            found = " and ".join(given) or "none"
            known = ", ".join(type(self).model_fields)
            raise ValueError(f"expected exactly one of {known}; found {found}")
        return self

    def size_names(self) -> set[str]:
        """Return the names of the sizes that the shape, or the largest integer, is given by."""
        shape: tuple[Any, ...] = self.normal or ()
        if self.uniform is not None:
            shape = self.uniform.shape
        if self.integers is not None:
            shape = (*self.integers.shape, self.integers.high)
        return {length for length in shape if isinstance(length, str)}


class ArgumentSpec(InputSpec):
    """How one argument of a part is drawn; it may be one of the part's numbers."""

    number: PythonName | None = Field(None, description="One of the numbers of the part.")

    def filled_in(self, numbers: OwnNumbers) -> ArgumentSpec:
        """Return the specification with a number in place of its name; a whole one stays whole."""
        if self.number is None:
            return self
        number = numbers[self.number]
        if isinstance(number, int):
            return ArgumentSpec(integers=IntegersSpec(low=number, high=number))
        return ArgumentSpec(value=float(number))


class CaseGroup(Model):
    """Hidden cases with points of their own, such as arguments for which exp overflows.

    They earn their points only where the other cases of the part are right.
    """

    name: str = Field(min_length=1, description="What is tried, as the report calls it.")
    points: Points
    inputs: dict[str, ArgumentSpec] = Field(
        description="Those that are drawn in another way than in the other cases."
    )
    count: int = Field(10, ge=1, le=10_000, description="Random cases.")


class Cases(Model):
    """How many random cases are drawn, and how many of all cases students see."""

    count: int = Field(20, ge=0, le=10_000, description="Random cases.")
    visible: int = Field(3, ge=0, description="The first so many cases are shown to students.")


class FunctionPart(VariedPart):
    """A part that calls one function of the submission."""

    function: PythonName = Field(description="The function that the student writes.")
    file: FileName = "solution.py"
    inputs: dict[str, ArgumentSpec] = Field(
        default_factory=dict, description="The arguments, in the order of the signature."
    )
    cases: Cases = Cases()
    sizes: dict[PythonName, SizeRange] = Field(
        default_factory=dict,
        description="Lengths of axes, drawn for every case and used in shapes: {n: [1, 5]}.",
    )
    also: tuple[dict[str, Numbers], ...] = Field(
        (), description="Cases of your own; they come first."
    )
    groups: tuple[CaseGroup, ...] = Field(
        (), description="Hidden cases with a share of the part's points."
    )
    tolerance: Tolerance = Tolerance()
    shapes: Literal["exact", "columns"] = Field(
        "exact", description="columns: (n,1) and (1,n) are accepted for (n,), with a note."
    )
    mistakes: tuple[Mistake, ...] = ()

    @property
    def source_file(self) -> str:
        """The file with the student's function."""
        return self.file

    @model_validator(mode="after")
    def _own_cases_match(self) -> FunctionPart:
        for case in self.also:
            if set(case) != set(self.inputs):
                found, wanted = (", ".join(sorted(x)) or "nothing" for x in (case, self.inputs))
                raise ValueError(f"a case under 'also' gives {found}; expected {wanted}")
        return self

    @model_validator(mode="after")
    def _groups_fit(self) -> FunctionPart:
        for group in self.groups:
            unknown = [name for name in group.inputs if name not in self.inputs]
            if unknown:
                raise ValueError(
                    f"the group {group.name!r} draws {unknown[0]}; the inputs are "
                    f"{', '.join(self.inputs) or 'none'}"
                )
        share = sum((group.points for group in self.groups), Fraction(0))
        if self.groups and not share < self.points:
            raise ValueError(
                f"the groups have {share} of {self.points} points; expected fewer, since the other "
                "cases need some"
            )
        return self

    @model_validator(mode="after")
    def _sizes_known(self) -> FunctionPart:
        for inputs in (self.inputs, *(group.inputs for group in self.groups)):
            for name, spec in inputs.items():
                unknown = sorted(spec.size_names() - set(self.sizes))
                if unknown:
                    raise ValueError(
                        f"the input {name} has the size {unknown[0]}; the sizes are "
                        f"{', '.join(self.sizes) or 'none'}"
                    )
        return self

    @model_validator(mode="after")
    def _some_case(self) -> FunctionPart:
        # Without a case every submission would be right.
        if self.inputs and not self.cases.count and not self.also:
            raise ValueError("it has no case; expected a count above 0, or cases under 'also'")
        return self

    @property
    def draws(self) -> bool:
        """Whether anything of the part is drawn at all."""
        return bool(self.numbers or self.inputs)

    def _arguments(self) -> Iterator[tuple[Path, str]]:
        """Yield where an argument is one of the numbers, and which."""
        groups = [(("groups", at, "inputs"), group.inputs) for at, group in enumerate(self.groups)]
        for path, inputs in (("inputs",), self.inputs), *groups:
            for name, spec in inputs.items():
                if spec.number is not None:
                    yield (*path, name, "number"), spec.number

    def numbers_used(self) -> Iterator[tuple[Path, str]]:
        """Yield the arguments that are numbers of the part."""
        yield from super().numbers_used()
        yield from self._arguments()

    def own_faults(self) -> Iterator[tuple[Path, str]]:
        """Yield what does not fit together, and where."""
        yield from super().own_faults()
        for path, name in self._arguments():
            if not self.numbers:
                yield path, f"found {name!r}; the part has no numbers"
            elif name in self.numbers and self.numbers[name].has_words:
                yield path, f"{name} may be a word; expected a number"

    def filled_in(self, numbers: OwnNumbers, reference: Reference) -> Self:
        """Return the part with its numbers in its words and among its arguments."""
        part = super().filled_in(numbers, reference)
        if not self.numbers:
            return part

        def known(inputs: dict[str, ArgumentSpec]) -> dict[str, ArgumentSpec]:
            return {name: spec.filled_in(numbers) for name, spec in inputs.items()}

        groups = tuple(
            group.model_copy(update={"inputs": known(group.inputs)}) for group in part.groups
        )
        return part.model_copy(update={"inputs": known(part.inputs), "groups": groups})

    def reference_names(self) -> Iterator[tuple[Path, str]]:
        """Yield the functions that the part and its mistakes name."""
        yield from super().reference_names()
        for index, mistake in enumerate(self.mistakes):
            yield ("mistakes", index, "function"), mistake.function
