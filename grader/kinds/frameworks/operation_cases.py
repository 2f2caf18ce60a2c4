"""The cases of the kind `operation`: calls alone, pairs of calls under way at once, and kinks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar, Literal, TypeAlias

import numpy as np
from pydantic import Field, model_validator

from grader import messages
from grader.compare import arrays
from grader.compare.conditioning import conditioning
from grader.errors import CourseError
from grader.kinds.base import Planning
from grader.kinds.functions.automatic import Arrays, forward_value, several, vjp
from grader.kinds.functions.drawn import DrawnPart
from grader.kinds.functions.groups import Case
from grader.spec.models import Mistake, Path, Points, PythonName

_SIDE = 1e-9  # how far from a kink its one-sided derivatives are taken

Share: TypeAlias = Literal["products", "interleaved", "untouched"]


class OperationMistake(Mistake):
    """A known wrong operation; `function` takes the inputs and grad, and gives the product."""

    forward: PythonName | None = Field(
        None, description="The reference function of its forward; by default the right one."
    )


class OperationPart(DrawnPart):
    """A class with forward and backward that a framework calls on the class itself."""

    kind: Literal["operation"]
    function: PythonName = Field(description="The class that the student writes.")
    of: PythonName = Field(description="A torch function of the reference, of all inputs.")
    kinks: tuple[float, ...] = Field(
        (), description="Inputs at which either one-sided derivative is right, entry by entry."
    )
    shares: dict[Share, Points] = Field(description="Points: products, interleaved, untouched.")
    mistakes: tuple[OperationMistake, ...] = ()

    reference_fields: ClassVar[tuple[str, ...]] = ("of",)
    built_in_mistakes: ClassVar[tuple[str, ...]] = (
        "state-outside-context",
        "changes-input",
        "changes-gradient",
        "changes-output",
    )

    def reference_names(self) -> Iterator[tuple[Path, str]]:
        """Yield the function, and those of the mistakes."""
        yield from super().reference_names()
        for index, mistake in enumerate(self.mistakes):
            if mistake.forward:
                path: Path = ("mistakes", index, "forward")
                yield path, mistake.forward

    def point_shares(self) -> tuple[Fraction, ...]:
        """Return the points of each share."""
        return tuple(self.shares.values())

    @model_validator(mode="after")
    def _every_share(self) -> OperationPart:
        if set(self.shares) != {"products", "interleaved", "untouched"}:
            found = ", ".join(sorted(self.shares)) or "none"
            raise ValueError(f"expected shares for products, interleaved, untouched; found {found}")
        return self


@dataclass(frozen=True, slots=True)
class Alone:
    """A call of forward and backward, and what is expected."""

    case: Case
    kinks: tuple[np.ndarray, ...]  # for each input, where it is at a kink
    sides: tuple[tuple[np.ndarray, np.ndarray], ...]  # the least and the largest right product


@dataclass(frozen=True, slots=True)
class Pair:
    """Two calls under way at once, and maybe a third that goes forward first and never back.

    `mixed` has, for each of the two, the calls of the others of its shape with its own gradient.
    """

    idle: Mapping[str, Any] | None
    first: Case
    second: Case
    backwards: bool  # whether the second goes back before the first
    mixed: tuple[tuple[Case, ...], tuple[Case, ...]]

    @property
    def calls(self) -> tuple[dict[str, Any], ...]:
        """The calls as the probe makes them, the idle one first."""
        both = call_of(self.first), call_of(self.second)
        if self.idle is None:
            return both
        return ({"inputs": dict(self.idle), "grad": self.first.arguments["grad"]}, *both)

    @property
    def back(self) -> list[int]:
        """The numbers of the calls that go back, in order."""
        first = len(self.calls) - 2
        return [first + 1, first] if self.backwards else [first, first + 1]


def call_of(case: Case) -> dict[str, Any]:
    """Return the inputs and the incoming gradient of a call, as a probe gets them."""
    inputs = {name: value for name, value in case.arguments.items() if name != "grad"}
    return {"inputs": inputs, "grad": case.arguments["grad"]}


def alone(
    part: OperationPart,
    planning: Planning,
    function: Callable[..., Any],
    inputs: Mapping[str, Any],
    grad: np.ndarray,
    rng: np.random.Generator,
) -> Alone:
    """Return what is expected of forward and backward for these inputs and this gradient."""
    names = list(inputs)
    arguments = {**inputs, "grad": grad}

    def both(**values: Any) -> Arrays:
        cotangent = values.pop("grad")
        return (
            *forward_value(function)(**values),
            *vjp(function, values, names, cotangent),
        )

    expected = both(**arguments)
    if not all(np.all(np.isfinite(array)) for array in expected):
        call = arrays.call_text(part.function, arguments)
        raise CourseError(f"{part.id}: the reference gives {expected} for {call}")
    moved = tuple(
        conditioning(
            lambda at=at, **values: both(**values)[at], arguments, array, rng, rounding=True
        )
        for at, array in enumerate(expected)
    )
    kinks = tuple(np.isin(np.asarray(value), part.kinks) for value in inputs.values())
    wrong = {
        mistake.name: _wrong(planning, mistake, arguments, expected, kinks)
        for mistake in part.mistakes
    }
    labels = [messages.products.BACKWARD]
    if len(names) > 1:
        labels = [messages.products.backward_by(name) for name in names]
    outputs = (messages.products.FORWARD, *labels)
    case = Case("", part.function, arguments, outputs, expected, moved, wrong)
    return Alone(case, kinks, _sides(function, inputs, grad, kinks))


def _sides(
    function: Callable[..., Any],
    inputs: Mapping[str, Any],
    grad: np.ndarray,
    kinks: Sequence[np.ndarray],
) -> tuple[tuple[np.ndarray, np.ndarray], ...]:
    names = list(inputs)
    left, right = (
        vjp(
            function,
            {
                name: np.where(at, value + side, value)
                for (name, value), at in zip(inputs.items(), kinks, strict=True)
            },
            names,
            grad,
        )
        for side in (-_SIDE, _SIDE)
    )
    return tuple(
        (np.minimum(one, other), np.maximum(one, other))
        for one, other in zip(left, right, strict=True)
    )


def _wrong(
    planning: Planning,
    mistake: OperationMistake,
    arguments: Mapping[str, Any],
    expected: Arrays,
    kinks: Sequence[np.ndarray],
) -> Arrays | None:
    """Return value and products of a mistake; at a kink they are not told from the right ones."""
    inputs = {name: value for name, value in arguments.items() if name != "grad"}
    product = several(planning.reference.function(mistake.function))(**arguments)
    value = expected[:1]
    if mistake.forward:
        value = several(planning.reference.function(mistake.forward))(**inputs)
    return (*value, *_without_kinks(product, expected[1:], kinks))


def _without_kinks(
    products: Sequence[np.ndarray], expected: Sequence[np.ndarray], kinks: Sequence[np.ndarray]
) -> Arrays:
    return tuple(
        np.where(at, right, array) if array.shape == right.shape == at.shape else array
        for array, right, at in zip(products, expected, kinks, strict=True)
    )


def turned(
    case: tuple[Mapping[str, Any], np.ndarray], rng: np.random.Generator
) -> tuple[dict[str, Any], np.ndarray]:
    """Return a case of the same shapes with other numbers: the inputs back to front."""
    inputs, grad = case
    return {n: np.flip(np.asarray(v)).copy() for n, v in inputs.items()}, rng.normal(
        size=grad.shape
    )


def pair(
    part: OperationPart,
    function: Callable[..., Any],
    first: tuple[Mapping[str, Any], np.ndarray],
    second: tuple[Mapping[str, Any], np.ndarray],
    *,
    backwards: bool,
    idle: bool,
) -> Pair:
    """Return what is expected of two calls under way at once, and maybe a third."""
    third = {name: np.roll(np.asarray(value), 1) for name, value in first[0].items()}
    others = ((second, (third, first[1])), (first, (third, first[1])))
    mixed = tuple(
        tuple(
            _only_products_of(part, function, inputs, grad)
            for inputs, like in group
            if like.shape == grad.shape
        )
        for (_, grad), group in zip((first, second), others, strict=True)
    )
    return Pair(
        third if idle else None,
        _only_products_of(part, function, *first),
        _only_products_of(part, function, *second),
        backwards,
        (mixed[0], mixed[1]),
    )


def _only_products_of(
    part: OperationPart, function: Callable[..., Any], inputs: Mapping[str, Any], grad: np.ndarray
) -> Case:
    names = list(inputs)
    outputs = tuple(map(messages.products.by_input, names)) if len(names) > 1 else ()
    expected = vjp(function, inputs, names, grad)
    nothing = tuple(
        {dtype: np.zeros(a.shape) for dtype in ("float64", "float32")} for a in expected
    )
    return Case("", part.function, {**inputs, "grad": grad}, outputs, expected, nothing)
