"""The shape of `assignment.yaml` and of a problem's YAML, and the base of every kind's fields.

Unknown keys are refused everywhere.  A kind adds its own fields in a subclass of `Part` (see
`grader/kinds/`); numbers that are points are exact fractions from the first moment on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
    model_validator,
)

from grader.records import Limits

Path: TypeAlias = tuple[str | int, ...]
"""Where in a file a value stands: keys and list indices from the top."""


def exact_points(value: object) -> Fraction:
    """Return what is written as points, exactly.  Raises ValueError if it is no such number.

    0.1 in YAML means one tenth, not the nearest double: it goes through its decimal text.
    """
    if isinstance(value, Fraction):
        return value
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    # Not every text that Fraction takes: "1e999999999" would keep it busy for hours.
    if number or (isinstance(value, str) and re.fullmatch(_POINTS, value)):
        try:
            return Fraction(str(value))
        except (ValueError, ZeroDivisionError):
            pass
    raise ValueError("expected a number such as 2, 2.5 or 5/9")


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
    if isinstance(value, str) and re.fullmatch(_PYTHON_NAME, value):
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


_POINTS = r"-?[0-9]{1,20}(\.[0-9]{1,20}|/[0-9]{1,20})?"
IDENTIFIER = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
_PYTHON_NAME = r"^[A-Za-z_]\w*$"
_FILE_NAME = r"^[\w-]+\.py$"
FORMS = {
    IDENTIFIER.pattern: "small letters, digits and single dashes, as in q3-gradient",
    _PYTHON_NAME: "the name of a Python function or class, as in q3_gradient",
    _FILE_NAME: "the name of a Python file, as in solution.py",
}
"""What each pattern of a text below means, in words."""

Points: TypeAlias = Annotated[
    Fraction,
    BeforeValidator(exact_points),
    Field(ge=0),
    PlainSerializer(str),
    WithJsonSchema(
        {
            "description": "Points as a number, or as a fraction in quotes: 2, 2.5, '5/9'.",
            "anyOf": [{"type": "number", "minimum": 0}, {"type": "string"}],
        }
    ),
]
Identifier: TypeAlias = Annotated[
    str,
    Field(
        pattern=IDENTIFIER.pattern,
        description="Small letters, digits and single dashes: q3-gradient.",
    ),
]
PythonName: TypeAlias = Annotated[
    str, Field(pattern=_PYTHON_NAME, description="The name of a Python function or class.")
]
FileName: TypeAlias = Annotated[
    str,
    Field(pattern=_FILE_NAME, description="A Python file in the submission: solution.py."),
]
Seconds: TypeAlias = Annotated[float, Field(gt=0, le=3600)]
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


class Model(BaseModel):
    """The base of everything that is read from YAML: frozen, and strict about keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class LimitsSpec(Model):
    """What a submission may use; what is left out keeps its default."""

    wall_s: Seconds = Field(10, description="Seconds for all calls of one part together.")
    memory_mib: int = Field(1024, ge=16, le=65536, description="Memory of the process, in MiB.")
    output_kib: int = Field(64, ge=0, le=4096, description="How much printed text is kept, in KiB.")

    def record(self) -> Limits:
        """Return the limits as the sandbox takes them."""
        return Limits(self.wall_s, self.memory_mib, self.output_kib)


class Tolerance(Model):
    """How close a number has to be; without it, one table by dtype decides."""

    decimals: int | None = Field(None, ge=0, le=15, description="Right to so many decimals.")
    rtol: float | None = Field(None, ge=0, lt=1)
    atol: float | None = Field(None, ge=0)

    @model_validator(mode="after")
    def _one_way(self) -> Tolerance:
        if self.decimals is not None and (self.rtol is not None or self.atol is not None):
            raise ValueError("expected either decimals, or rtol and atol, not both")
        return self


class Mistake(Model):
    """A known wrong answer: a reference function that makes it, and what to tell the student."""

    name: Identifier
    function: PythonName = Field(description="A function of the reference that makes the mistake.")
    says: str = Field(min_length=10, description="What went wrong, in a sentence or two.")
    credit: Points = Field(
        Fraction(0), lt=1, description="The share of the part's points that it still earns."
    )


class Part(Model):
    """A part of a problem, with the fields that every kind has."""

    id: Identifier
    kind: str
    title: str = Field(min_length=1)
    points: Points
    statement: str = Field("", description="What is asked, in Markdown with $formulas$.")
    hint: str = Field("", description="Shown beside a wrong answer.")
    wall_s: Seconds | None = Field(None, description="Seconds for all calls of this part.")
    bonus: bool = Field(False, description="Its points come on top of the assignment's total.")

    reference_fields: ClassVar[tuple[str, ...]] = ()
    built_in_mistakes: ClassVar[tuple[str, ...]] = ()

    @property
    def source_file(self) -> str:
        """The file of the submission that this part looks at; empty for written answers."""
        return ""

    def reference_names(self) -> Iterator[tuple[Path, str]]:
        """Yield where the part names functions of the reference, and the names."""
        for field in self.reference_fields:
            name = getattr(self, field)
            if name is not None:
                yield (field,), name

    def needed_parts(self) -> Iterator[tuple[Path, str]]:
        """Yield where the part names other parts of its problem, and their ids."""
        yield from ()

    def point_shares(self) -> tuple[Fraction, ...]:
        """Return the shares that must add up to the part's points; none if it is not divided."""
        return ()

    def known_mistakes(self) -> tuple[str, ...]:
        """Return the names of the mistakes that a verdict on this part may bear."""
        return tuple(dict.fromkeys((*declared_mistakes(self), *self.built_in_mistakes)))


def declared_mistakes(model: object) -> Iterator[str]:
    """Yield the names of the mistakes that a part declares, in itself or in what it is made of."""
    if isinstance(model, BaseModel):
        for field in type(model).model_fields:
            value = getattr(model, field)
            if field == "mistakes":
                yield from (mistake.name for mistake in value)
            else:
                yield from declared_mistakes(value)
    elif isinstance(model, Mapping):
        yield from declared_mistakes(tuple(model.values()))
    elif isinstance(model, (tuple, list)):
        for item in model:
            yield from declared_mistakes(item)


class Problem(Model):
    """One YAML file: a problem, its statement, and its parts in order."""

    problem: Identifier
    title: str = Field(min_length=1)
    statement: str = ""
    reference: PythonName | None = Field(
        None, description="The reference module of this problem, without .py."
    )
    parts: tuple[Part, ...] = Field(min_length=1)


class AssignmentSpec(Model):
    """`assignment.yaml`."""

    assignment: Identifier
    title: str = Field(min_length=1)
    points: Points = Field(description="What all parts add up to; it is checked.")
    statement: str = ""
    reference: PythonName | None = Field(
        None, description="The package below reference/; the assignment's name with _ by default."
    )
    seed: int = Field(0, ge=0, description="Where the random inputs start.")
    limits: LimitsSpec = LimitsSpec()
    data: dict[Identifier, str] = Field(
        default_factory=dict,
        description="Files or folders with data, by name; relative to the assignment's folder.",
    )
    problems: tuple[Identifier, ...] = Field(
        min_length=1, description="The problems in order; each has a file <problem>.yaml."
    )


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
            raise ValueError(
                f"expected exactly one of normal, uniform, integers, value; found {found}"
            )
        return self

    def size_names(self) -> set[str]:
        """Return the names of the sizes that the shape, or the largest integer, is given by."""
        shape: tuple[Any, ...] = self.normal or ()
        if self.uniform is not None:
            shape = self.uniform.shape
        if self.integers is not None:
            shape = (*self.integers.shape, self.integers.high)
        return {length for length in shape if isinstance(length, str)}


class CaseGroup(Model):
    """Hidden cases with points of their own, such as arguments for which exp overflows.

    They earn their points only where the other cases of the part are right.
    """

    name: str = Field(min_length=1, description="What is tried, as the report calls it.")
    points: Points
    inputs: dict[str, InputSpec] = Field(
        description="Those that are drawn in another way than in the other cases."
    )
    count: int = Field(10, ge=1, le=10_000, description="Random cases.")


class Cases(Model):
    """How many random cases are drawn, and how many of all cases students see."""

    count: int = Field(20, ge=0, le=10_000, description="Random cases.")
    visible: int = Field(3, ge=0, description="The first so many cases are shown to students.")


class FunctionPart(Part):
    """A part that calls one function of the submission."""

    function: PythonName = Field(description="The function that the student writes.")
    file: FileName = "solution.py"
    inputs: dict[str, InputSpec] = Field(
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

    def reference_names(self) -> Iterator[tuple[Path, str]]:
        """Yield the functions that the part and its mistakes name."""
        yield from super().reference_names()
        for index, mistake in enumerate(self.mistakes):
            yield ("mistakes", index, "function"), mistake.function


PartModels: TypeAlias = Mapping[str, type[Part]]
"""The kinds that a course can use, by name."""
