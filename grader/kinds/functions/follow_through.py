"""Follow-through: what follows correctly from an earlier wrong quantity keeps its credit.

Quantities are visited in order, each by a rule from the inputs and from earlier quantities.  One
that is not right is held against what its rule gives from the student's own earlier quantities.
That alone would be too kind: from zeros everything follows, and from constants written down once
much does.  So three things are asked for beside it.

- *Substance.*  A quantity that is zero (or within the tolerance of zero) where the right one is not
  proves nothing: nothing follows from it, and it follows from nothing.  One that vanishes in a few
  cases may do so by chance, behind a relu for one; half of the cases have to show it.
- *Life.*  A quantity that follows has to vary between the cases where the right one varies.  A
  constant can still be the honest consequence of an earlier slip (3 dz1 where dz1 was taken for 1);
  it counts if a later quantity that varies follows from it.
- *Form.*  Only finite real numbers of the right shape are followed from; the right quantity takes
  the place of any other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from grader.compare.closeness import Closeness, Difference, Tolerance, bounds, compare
from grader.errors import CourseError

_SUBSTANCE = 0.5  # the share of the cases in which a wrong quantity has to be more than zero
_ABOVE = 100  # how many times the tolerance is no longer near zero: a step shows to one percent
_DIGITS = 6  # significant ones, by which two values are told apart


class Known(Mapping[str, Any]):
    """What a rule may use of the earlier quantities; it remembers what was asked for."""

    def __init__(self, values: Mapping[str, np.ndarray]) -> None:
        self._values = values
        self.used: dict[str, None] = {}

    def __getitem__(self, name: str) -> Any:
        value = self._values[name]
        self.used[name] = None
        return value.copy() if value.ndim else value.item()

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


@dataclass(frozen=True, slots=True)
class Span:
    """What a rule gives: a value, or at a kink all between its two one-sided values."""

    low: np.ndarray
    high: np.ndarray

    def nearest(self, value: np.ndarray) -> np.ndarray:
        """Return the value of the span that is nearest to another, entry by entry."""
        nearest: np.ndarray = np.clip(value, self.low, self.high)
        return nearest


Rule = Callable[..., Any]
"""rule(name, known, *inputs): a number or an array, or at a kink a pair of one-sided values."""


def apply(
    rule: Rule, name: str, known: Mapping[str, np.ndarray], inputs: Mapping[str, Any]
) -> tuple[Span, tuple[str, ...]]:
    """Return what a rule gives for a quantity, and the names of the quantities that it used."""
    recorded = Known(known)
    copies = [np.copy(v) if isinstance(v, np.ndarray) else v for v in inputs.values()]
    with np.errstate(all="ignore"):
        found = rule(name, recorded, *copies)
    sides = found if isinstance(found, tuple) else (found, found)
    left, right = (np.asarray(side, dtype=np.float64) for side in sides)
    return Span(np.minimum(left, right), np.maximum(left, right)), tuple(recorded.used)


@dataclass(frozen=True, slots=True)
class Case:
    """One case: its inputs, and what is expected of every quantity, in the order of the visit."""

    inputs: Mapping[str, Any]
    values: Mapping[str, np.ndarray]
    spans: Mapping[str, Span]
    conditioning: Mapping[str, Mapping[str, np.ndarray]]
    sources: Mapping[str, tuple[str, ...]]  # the earlier quantities that each rule uses


def expect(
    rule: Rule,
    values: Mapping[str, np.ndarray],
    conditioning: Mapping[str, Mapping[str, np.ndarray]],
    inputs: Mapping[str, Any],
) -> Case:
    """Return a case whose rule, chained from the right values, was held against them.

    Raises CourseError where the rule disagrees with the values, or uses what comes later.
    """
    spans, sources = {}, {}
    for number, (name, value) in enumerate(values.items()):
        span, used = apply(rule, name, values, inputs)
        late = [other for other in used if other not in list(values)[:number]]
        if late:
            raise CourseError(f"the rule for {name} uses {late[0]}, which is not before it")
        written = span.nearest(value) if span.low.shape == value.shape else span.low
        agreement = compare(written, value, tolerance=_Tight())
        if not agreement.right:
            raise CourseError(
                f"the rule for {name} disagrees with automatic differentiation: {agreement.message}"
            )
        spans[name], sources[name] = span, used
    return Case(dict(inputs), dict(values), spans, conditioning, sources)


@dataclass(frozen=True, slots=True)
class _Tight:
    decimals: int | None = None
    rtol: float | None = 1e-9
    atol: float | None = 1e-9


@dataclass(frozen=True, slots=True)
class Answer:
    """What a student gave in one case, by quantity; one that is missing is not there."""

    given: Mapping[str, Any]
    dtype: str


@dataclass(slots=True)
class Trail:
    """How one quantity fared in all cases."""

    name: str
    state: str = "right"  # right, follows, wrong, missing, open
    results: list[Closeness] = field(default_factory=list)  # against the right value
    passed: list[bool] = field(default_factory=list)  # right, or following, in each case
    bases: list[Span] = field(default_factory=list)  # what follows from the student's own
    known: list[Mapping[str, np.ndarray]] = field(default_factory=list)  # and from what
    origins: set[str] = field(default_factory=set)  # wrong ones that it follows from

    @property
    def credited(self) -> bool:
        """Whether it earns its share."""
        return self.state in {"right", "follows"}


def judge(
    rule: Rule | None,
    cases: Sequence[Case],
    answers: Sequence[Answer],
    *,
    tolerance: Tolerance | None,
    columns: bool = False,
) -> dict[str, Trail]:
    """Return how each quantity fared, in the order of the visit.

    Without a rule nothing is followed: what is not right behind one that is not right is left open.
    """
    names = list(cases[0].values)
    results = {
        name: [
            _against(case, name, answer, case.spans[name], tolerance, columns=columns)
            for case, answer in zip(cases, answers, strict=True)
        ]
        for name in names
    }
    usable = {
        name: _substantial(name, cases, answers, found, tolerance)
        for name, found in results.items()
    }
    own = [
        {
            name: _own(results[name][number], case.values[name], usable=usable[name])
            for name in names
        }
        for number, case in enumerate(cases)
    ]
    trails: dict[str, Trail] = {}
    for name in names:
        trails[name] = _trail(
            rule, name, cases, answers, results[name], own, trails, tolerance, columns=columns
        )
        if not usable[name] and trails[name].state == "follows":
            trails[name].state = "wrong"
        earlier = [trail for trail in trails.values() if trail.name != name]
        if rule is None and any(trail.state != "right" for trail in earlier):
            trails[name].state = trails[name].state.replace("wrong", "open")
    _require_life(trails, cases)
    return trails


def _against(
    case: Case,
    name: str,
    answer: Answer,
    span: Span,
    tolerance: Tolerance | None,
    *,
    columns: bool,
) -> Closeness:
    """Compare with the right value, or with the nearest of those that a kink leaves open."""
    if name not in answer.given:
        return Closeness(Difference.NOT_NUMBERS)

    def compared(expected: np.ndarray) -> Closeness:
        return compare(
            answer.given[name],
            expected,
            tolerance=tolerance,
            conditioning=case.conditioning[name],
            columns=columns,
            dtype=answer.dtype,
        )

    found = compared(case.values[name])
    seen = found.observed
    open_ = bool(np.any(span.low != span.high)) or span is not case.spans[name]
    shaped = seen is not None and seen.shape == span.low.shape and seen.dtype.kind == "f"
    if found.right or not open_ or not shaped or seen is None:
        return found
    other = compared(span.nearest(seen))
    return other if other.right else found


def _substantial(
    name: str,
    cases: Sequence[Case],
    answers: Sequence[Answer],
    results: Sequence[Closeness],
    tolerance: Tolerance | None,
) -> bool:
    """Whether a quantity is more than zero in enough of the cases in which the right one is."""
    seen = there = 0
    for case, answer, result in zip(cases, answers, results, strict=True):
        right, value = case.values[name], result.observed
        rtol, atol = bounds(tolerance, answer.dtype)
        near_zero = _ABOVE * (atol + rtol * np.abs(right))
        if not np.any(np.abs(right) > near_zero):
            continue
        there += 1
        if value is not None and value.shape == right.shape:
            seen += bool(np.any(np.abs(value) > near_zero))
    return seen >= _SUBSTANCE * there


def _own(result: Closeness, right: np.ndarray, *, usable: bool) -> np.ndarray:
    """Return the student's own quantity, or the right one where nothing follows from the own."""
    value = result.observed
    if value is None or not usable or value.shape != right.shape or value.dtype.kind != "f":
        return right
    return value if np.all(np.isfinite(value)) else right


def _trail(
    rule: Rule | None,
    name: str,
    cases: Sequence[Case],
    answers: Sequence[Answer],
    results: Sequence[Closeness],
    own: Sequence[Mapping[str, np.ndarray]],
    earlier: Mapping[str, Trail],
    tolerance: Tolerance | None,
    *,
    columns: bool,
) -> Trail:
    trail = Trail(name, results=list(results))
    for number, (case, answer) in enumerate(zip(cases, answers, strict=True)):
        before = {other: own[number][other] for other in earlier}
        base, right = case.spans[name], results[number].right
        passed = right
        if not right and rule is not None and name in answer.given:
            base = _base(rule, name, before, case)
            passed = _against(case, name, answer, base, tolerance, columns=columns).right
        if passed and not right:
            tainted = [s for s in case.sources[name] if earlier[s].state != "right"]
            trail.origins.update(tainted)
        trail.passed.append(passed)
        trail.bases.append(base)
        trail.known.append(before)
    if not all(trail.passed):
        absent = all(name not in answer.given for answer in answers)
        trail.state = "missing" if absent else "wrong"
    elif trail.origins:
        trail.state = "follows"
    return trail


def _base(rule: Rule, name: str, before: Mapping[str, np.ndarray], case: Case) -> Span:
    """Return what follows from the student's own quantities, where that is defined."""
    try:
        base, _ = apply(rule, name, before, case.inputs)
    except Exception:  # noqa: BLE001  (a rule may stop at numbers that the reference never has)
        return case.spans[name]
    sound = base.low.shape == case.values[name].shape and bool(
        np.all(np.isfinite(base.low)) and np.all(np.isfinite(base.high))
    )
    return base if sound else case.spans[name]


def _require_life(trails: Mapping[str, Trail], cases: Sequence[Case]) -> None:
    """Take back what only follows as a constant from a constant."""
    confirmed: set[str] = set()
    for name, trail in reversed(list(trails.items())):
        if trail.state != "follows":
            continue
        if name in confirmed or _varies(trail, cases):
            confirmed.update(trail.origins)
        else:
            trail.state = "wrong"


def _varies(trail: Trail, cases: Sequence[Case]) -> bool:
    seen = {_mark(result.observed) for result in trail.results}
    there = {_mark(case.values[trail.name]) for case in cases}
    return len(there) == 1 or len(seen) >= max(2, len(there) / 2)


def _mark(value: np.ndarray | None) -> str:
    """Return a text that is the same for values that agree to some digits.

    It is about which numbers there are, and not how many: ones are ones in any shape.
    """
    if value is None:
        return ""
    numbers = {f"{number:.{_DIGITS - 1}e}" for number in value.reshape(-1)[:50].tolist()}
    return "|".join(sorted(numbers))
