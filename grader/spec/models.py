"""The shape of `assignment.yaml` and of a problem's YAML, and the base of every kind's fields.

Unknown keys are refused everywhere.  A kind adds its own fields in a subclass of `Part` (see
`grader/kinds/`); numbers that are points are exact fractions from the first moment on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Annotated, ClassVar, TypeAlias

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
from grader.spec.dates import Attempts, Due, Extensions, GraceMinutes, LateSpec, TimeZone

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


_POINTS = r"-?[0-9]{1,20}(\.[0-9]{1,20}|/[0-9]{1,20})?"
IDENTIFIER = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
PYTHON_NAME = r"^[A-Za-z_]\w*$"
_FILE_NAME = r"^[\w-]+\.py$"
FORMS = {
    IDENTIFIER.pattern: "small letters, digits and single dashes, as in q3-gradient",
    PYTHON_NAME: "the name of a Python function or class, as in q3_gradient",
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
    str, Field(pattern=PYTHON_NAME, description="The name of a Python function or class.")
]
FileName: TypeAlias = Annotated[
    str,
    Field(pattern=_FILE_NAME, description="A Python file in the submission: solution.py."),
]
Seconds: TypeAlias = Annotated[float, Field(gt=0, le=3600)]


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

    def own_faults(self) -> Iterator[tuple[Path, str]]:
        """Yield what does not fit together within the part, and where: each has its own line."""
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
    due: Due = None
    time_zone: TimeZone = None
    grace_minutes: GraceMinutes = 0
    late: LateSpec | None = Field(None, description="What lateness costs; nothing, if left out.")
    extensions: Extensions = {}
    attempts: Attempts = "last"
    problems: tuple[Identifier, ...] = Field(
        min_length=1, description="The problems in order; each has a file <problem>.yaml."
    )


PartModels: TypeAlias = Mapping[str, type[Part]]
"""The kinds that a course can use, by name."""
