"""The YAML fields of the kind `cost`: algorithms, what they may cost, what else is asked."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from typing import Annotated, Literal

from pydantic import Field, model_validator

from grader.expressions import algebra
from grader.expressions.tree import ExpressionError
from grader.kinds.costs.cost_measures import QUANTITIES
from grader.kinds.written.formulas import (
    AcceptedFormula,
    ConditionAnswer,
    ExpressionAnswer,
    Formula,
    KnownFormula,
    SizeName,
)
from grader.kinds.written.written_numbers import NumberAnswer
from grader.spec.models import FileName, Identifier, Model, Part, Path, Points, PythonName
from grader.tracing.polynomials import Polynomial

CODE_SHARES = ("value", "growth")
"""What is judged of an algorithm without looking at the written answers."""

Extent = SizeName | Annotated[int, Field(ge=1, le=1000)]


class Growth(Model):
    """How fast the costs may grow."""

    at_most: Formula = Field(description="An expression in the sizes: n^2 + nm.")
    points: Points


class Declared(Model):
    """A cost that students declare, under <part>-<algorithm>-<quantity> in answers.yaml."""

    best: Formula = Field(description="The best known cost; right too where code needs less.")
    points: Points
    mistakes: tuple[KnownFormula, ...] = ()


class Algorithm(Model):
    """A function that students write, what it computes, and what it may cost."""

    name: Identifier | None = Field(None, description="Needed where there is more than one.")
    function: PythonName = Field(description="The function that the student writes.")
    of: PythonName | None = Field(
        None, description="The reference function; by default the one of the same name."
    )
    inputs: dict[str, tuple[Extent, ...] | SizeName] = Field(
        min_length=1,
        description="The arguments in order: [n, m] is an array of random floats, [] a float, and "
        "a name alone is that size.",
    )
    points: Points = Field(description="For right values.")
    growth: Growth
    multiplications: Declared
    memory: Declared

    @property
    def expected(self) -> str:
        """The reference function."""
        return self.of or self.function

    def declared(self, quantity: str) -> Declared:
        """Return what is declared of a quantity."""
        return self.memory if quantity == "memory" else self.multiplications

    def label(self, what: str) -> str:
        """Return what a check of this algorithm is called, which is also its component."""
        return f"{self.name}-{what}" if self.name else what


class NumbersItem(NumberAnswer):
    """Numbers that are asked for beside the costs."""

    id: Identifier
    points: Points


class ConditionItem(Model):
    """A condition on the sizes that is asked for beside the costs."""

    id: Identifier
    points: Points
    answer: Formula
    alternatives: tuple[AcceptedFormula, ...] = ()
    mistakes: tuple[KnownFormula, ...] = ()

    def wanted(self, names: tuple[str, ...]) -> ConditionAnswer:
        """Return the answer that is right.  Raises ValueError for one that cannot be read."""
        return ConditionAnswer(
            names=names,
            answer=self.answer,
            alternatives=self.alternatives,
            mistakes=self.mistakes,
        )


class CostPart(Part):
    """Algorithms, what they are declared to cost, and what else is asked about that."""

    kind: Literal["cost"]
    file: FileName = "solution.py"
    sizes: dict[SizeName, Annotated[int, Field(ge=1, le=50)]] = Field(
        min_length=1,
        max_length=3,
        description="The smallest sizes that are tried; 3 or more keep temporaries from "
        "dominating: {n: 3, m: 2}.",
    )
    degree: int = Field(
        3, ge=1, le=4, description="Costs are looked for as polynomials of this degree."
    )
    cases: int = Field(
        8,
        ge=1,
        le=100,
        description="Sizes in a row at which values are tried, besides some that are far out.",
    )
    algorithms: tuple[Algorithm, ...] = Field(min_length=1)
    numbers: tuple[NumbersItem, ...] = ()
    conditions: tuple[ConditionItem, ...] = ()

    @property
    def source_file(self) -> str:
        """The file with the student's functions."""
        return self.file

    @property
    def names(self) -> tuple[str, ...]:
        """The sizes by name."""
        return tuple(self.sizes)

    @property
    def others(self) -> tuple[NumbersItem | ConditionItem, ...]:
        """What is asked for beside the costs."""
        return (*self.numbers, *self.conditions)

    @model_validator(mode="after")
    def _consistent(self) -> CostPart:
        shares = (*CODE_SHARES, *QUANTITIES)
        labels = [algorithm.label(share) for algorithm in self.algorithms for share in shares]
        ids = [*labels, *(item.id for item in self.others)]
        twice = [name for number, name in enumerate(ids) if name in ids[:number]]
        if twice:
            raise ValueError(f"the name of {twice[0]!r} stands twice")
        for algorithm in self.algorithms:
            used = {name for shape in algorithm.inputs.values() for name in _names_in(shape)}
            unknown = sorted(used - set(self.sizes))
            if unknown:
                raise ValueError(
                    f"found the size {unknown[0]!r}; sizes has {', '.join(self.sizes)}"
                )
            self.limit(algorithm)
            for quantity in QUANTITIES:
                self.wanted(algorithm, quantity)
        for item in self.conditions:
            item.wanted(self.names)
        return self

    def wanted(self, algorithm: Algorithm, quantity: str) -> ExpressionAnswer:
        """Return the best known cost.  Raises ValueError unless it is a polynomial."""
        return _best_known(self.names, algorithm.declared(quantity))

    def limit(self, algorithm: Algorithm) -> Polynomial:
        """Return how fast an algorithm may grow.  Raises ValueError unless it is a polynomial."""
        return _polynomial(self.names, algorithm.growth.at_most)

    def reference_names(self) -> Iterator[tuple[Path, str]]:
        """Yield the functions that give the values."""
        for place, algorithm in enumerate(self.algorithms):
            yield ("algorithms", place, "of" if algorithm.of else "function"), algorithm.expected

    def point_shares(self) -> tuple[Fraction, ...]:
        """Return the points of everything that is judged."""
        shares = []
        for algorithm in self.algorithms:
            declared = [algorithm.declared(quantity).points for quantity in QUANTITIES]
            shares += [algorithm.points, algorithm.growth.points, *declared]
        return (*shares, *(item.points for item in self.others))


@lru_cache(maxsize=256)  # asked for again and again, for every submission
def _best_known(names: tuple[str, ...], declared: Declared) -> ExpressionAnswer:
    _polynomial(names, declared.best)
    return ExpressionAnswer(names=names, answer=declared.best, mistakes=declared.mistakes)


@lru_cache(maxsize=256)
def _polynomial(names: tuple[str, ...], written: str) -> Polynomial:
    try:
        tree = ExpressionAnswer(names=names, answer=written).read(written)
        found = algebra.polynomial(tree, names)
    except ExpressionError as error:
        raise ValueError(f"{written!r}: {error.says}") from None
    if not found:
        raise ValueError(f"expected a polynomial in {', '.join(names)}; found {written!r}")
    return found


def _names_in(shape: tuple[str | int, ...] | str) -> Iterator[str]:
    if isinstance(shape, str):
        yield shape
    else:
        yield from (extent for extent in shape if isinstance(extent, str))
