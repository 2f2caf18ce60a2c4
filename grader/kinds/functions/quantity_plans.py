"""What the kind `quantities` is asked in YAML, and what is expected of each case."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any, ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from grader.compare import arrays
from grader.compare.closeness import compare
from grader.compare.conditioning import conditioning
from grader.errors import CourseError
from grader.kinds.base import Planning
from grader.kinds.functions import follow_through, intermediates
from grader.kinds.functions.follow_through import Case
from grader.spec.functions import FunctionPart
from grader.spec.models import Mistake, Points, PythonName


class QuantityMistake(Mistake):
    """A known wrong form of one quantity: function(known, *inputs), of the earlier quantities."""

    quantity: str = Field(description="The quantity that it is about; dz1 is the tangent of z1.")
    credit: Points = Field(
        Fraction(0), lt=1, description="The share of the quantity's points that it still earns."
    )


class QuantitiesPart(FunctionPart):
    """Quantities in the order of the visit, each worth an equal share."""

    kind: Literal["quantities"]
    of: PythonName = Field(description="A torch function that returns the quantities as a dict.")
    wants: Literal["values", "tangents", "adjoints"] = Field(
        "values",
        description="tangents: each value with its derivative by an input (forward mode); "
        "adjoints: the derivatives of the output by each quantity (reverse mode).",
    )
    along: str | None = Field(None, description="For tangents: the input, a number.")
    output: str | None = Field(None, description="For adjoints: the quantity that is derived.")
    quantities: tuple[str, ...] = Field(min_length=1, description="In the order of the visit.")
    optional: tuple[str, ...] = Field((), description="Judged where given, worth nothing.")
    rule: PythonName = Field(
        description="rule(name, known, *inputs) of the reference: a quantity from earlier ones."
    )
    form: Literal["dict", "rows"] = Field(
        "dict", description="rows: an array with a row for each quantity, in their order."
    )
    mistakes: tuple[QuantityMistake, ...] = ()

    reference_fields: ClassVar[tuple[str, ...]] = ("of", "rule")

    @property
    def steps(self) -> tuple[str, ...]:
        """What earns a share, in the order of the visit; with tangents: z1, dz1, z2, dz2."""
        return self._with_tangents(self.quantities)

    @property
    def all_steps(self) -> tuple[str, ...]:
        """The steps, with those that are optional at the end."""
        return (*self.steps, *self._with_tangents(self.optional))

    def _with_tangents(self, names: Sequence[str]) -> tuple[str, ...]:
        if self.wants != "tangents":
            return tuple(names)
        return tuple(step for name in names for step in (name, f"d{name}"))

    def label(self, step: str) -> str:
        """Return how a step is called in a report: dz1/dw1 for the tangent dz1."""
        named = step in self.quantities or step in self.optional
        return step if self.wants != "tangents" or named else f"{step}/d{self.along}"

    @model_validator(mode="after")
    def _whole(self) -> QuantitiesPart:
        for field, mode in (("along", "tangents"), ("output", "adjoints")):
            if (getattr(self, field) is not None) != (self.wants == mode):
                needs = "expected" if self.wants == mode else "expected nothing for"
                raise ValueError(f"wants is {self.wants}; {needs} {field}")
        if self.along is not None and self.along not in self.inputs:
            raise ValueError(f"along names {self.along!r}; the inputs are {', '.join(self.inputs)}")
        steps = self.all_steps
        twice = [step for number, step in enumerate(steps) if step in steps[:number]]
        if twice:
            raise ValueError(f"{twice[0]!r} stands twice among the quantities")
        if self.groups:
            raise ValueError("this kind has no groups; every quantity has a share of its own")
        for mistake in self.mistakes:
            if mistake.quantity not in steps:
                raise ValueError(
                    f"the mistake {mistake.name!r} is about {mistake.quantity!r}; "
                    f"expected one of {', '.join(steps)}"
                )
        return self


def expect(
    part: QuantitiesPart, planning: Planning, inputs: Mapping[str, Any], rng: np.random.Generator
) -> Case:
    """Return a case with every quantity derived, after the rule was held against it.

    Raises CourseError, with the case, for a fault of the reference.
    """
    function = planning.reference.function(part.of)
    rule = planning.reference.function(part.rule)

    def by_rule(**given: Any) -> np.ndarray:
        return _joined(chained(part, rule, given, {}))

    call = arrays.call_text(part.of, dict(inputs))
    try:
        right = _derived(part, function, inputs)
        if any(not np.all(np.isfinite(value)) for value in right.values()):
            raise CourseError("the reference gives numbers that are not finite")  # noqa: TRY301
        case = follow_through.expect(rule, right, {}, inputs)
        # Around the case the rule will do, which was just held against automatic derivatives.
        moves = conditioning(by_rule, inputs, by_rule(**inputs), rng)
    except CourseError as error:
        raise CourseError(f"{part.id}: {error}, for {call}") from None
    except Exception as error:
        raise CourseError(f"{part.id}: the reference fails for {call}: {error!r}") from error
    apart = {dtype: _parted(moved, right) for dtype, moved in moves.items()}
    each = {name: {dtype: apart[dtype][name] for dtype in apart} for name in right}
    return replace(case, conditioning=each)


def chained(
    part: QuantitiesPart,
    rule: follow_through.Rule,
    inputs: Mapping[str, Any],
    wrong: Mapping[str, Callable[..., Any]],
) -> dict[str, np.ndarray]:
    """Return every quantity from those before it: by the rule, or by a function that is wrong."""
    known: dict[str, np.ndarray] = {}

    def step_of(name: str, *arguments: Any) -> Any:
        return wrong[name](*arguments) if name in wrong else rule(name, *arguments)

    for step in part.all_steps:
        span, _ = follow_through.apply(step_of, step, known, inputs)
        known[step] = span.low
    return known


def _derived(
    part: QuantitiesPart, function: Any, inputs: Mapping[str, Any]
) -> dict[str, np.ndarray]:
    if part.wants == "adjoints":
        found = intermediates.adjoints(function, inputs, str(part.output))
    else:
        found = intermediates.values(function, inputs)
    if part.wants == "tangents":
        slopes = intermediates.tangents(function, inputs, str(part.along))
        found |= {f"d{name}": slope for name, slope in slopes.items()}
    return {step: found[step] for step in part.all_steps}


def _joined(values: Mapping[str, np.ndarray]) -> np.ndarray:
    return np.concatenate([value.reshape(-1) for value in values.values()])


def _parted(joined: np.ndarray, like: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    ends = np.cumsum([value.size for value in like.values()])[:-1]
    pieces = np.split(joined, ends)
    return {
        name: piece.reshape(value.shape)
        for (name, value), piece in zip(like.items(), pieces, strict=True)
    }


def tell_apart(part: QuantitiesPart, planning: Planning, cases: Sequence[Case]) -> None:
    """Refuse a declared mistake that no case tells from the right answer."""
    for mistake in part.mistakes:
        function = planning.reference.function(mistake.function)
        name = mistake.quantity
        try:
            wrong = [mistaken(function, case.values, case) for case in cases]
        except Exception as error:
            says = f"{part.id}: the mistake {mistake.name!r} fails: {error!r}"
            raise CourseError(says) from error
        if all(
            compare(value, case.spans[name].nearest(value), tolerance=part.tolerance).right
            if value.shape == case.values[name].shape
            else False
            for value, case in zip(wrong, cases, strict=True)
        ):
            raise CourseError(
                f"{part.id}: the mistake {mistake.name!r} equals the right answer in every case"
            )


def mistaken(function: Any, known: Mapping[str, np.ndarray], case: Case) -> np.ndarray:
    """Return what a declared mistake makes of the earlier quantities."""
    span, _ = follow_through.apply(
        lambda _, *arguments: function(*arguments), "", known, case.inputs
    )
    return span.low
