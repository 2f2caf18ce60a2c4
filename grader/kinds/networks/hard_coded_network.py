"""`hard_coded_network`: weights written by hand, tried on every input of a finite domain.

A network that is wrong in double precision is evaluated once more, exactly: right in either way is
right.  It is the network that is judged, never a single weight.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from grader import messages, values
from grader.errors import CourseError
from grader.kinds import outcomes, releases
from grader.kinds.base import Example, Judging, Kind, PartPlan, Planning, Released
from grader.kinds.networks.interval_networks import (
    Layer,
    NetworkPart,
    NotANetworkError,
    Outputs,
    affordable,
    evaluate,
    evaluate_exactly,
    network,
)
from grader.records import Call, CaseReport, Observation, Outcome, PartResult, Status

_SHOWN = 3  # inputs on which the network is wrong


@dataclass(frozen=True, slots=True)
class Expected:
    """The domain, the right outputs, and what known wrong networks do."""

    rows: np.ndarray
    wanted: np.ndarray
    mistakes: tuple[Outputs, ...]


class HardCodedNetwork(Kind[NetworkPart]):
    """`hard_coded_network`: judged on every input; the weights themselves may be any."""

    name = "hard_coded_network"
    model = NetworkPart
    exhaustive = True
    expects = str

    def plan(self, part: NetworkPart, planning: Planning) -> PartPlan:
        """Compute the right output of every input, and what the known mistakes give."""
        rows = part.domain.rows()
        wanted = np.asarray(planning.reference.function(part.target)(rows), dtype=bool)
        if wanted.shape != (len(rows),) or wanted.all() or not wanted.any():
            raise CourseError(f"{part.id}: {part.target} does not tell two kinds of inputs apart")
        own = getattr(planning.reference.loaded, part.function, None)
        if own is not None and not np.array_equal(_run(part, own, rows).output, wanted):
            raise CourseError(f"{part.id}: the network of the reference is wrong")
        mistakes = []
        for mistake in part.mistakes:
            found = _run(part, planning.reference.function(mistake.function), rows)
            if np.array_equal(found.output, wanted):
                raise CourseError(f"{part.id}: the mistake {mistake.name!r} is a right network")
            mistakes.append(found)
        call = Call(part.function)
        return PartPlan((call,), (Expected(rows, wanted, tuple(mistakes)),))

    def judge(
        self,
        part: NetworkPart,
        plan: PartPlan,
        observations: Sequence[Observation],
        judging: Judging,
    ) -> PartResult:
        """Run the network on every input, and say where and how it is wrong."""
        del judging
        expected: Expected = plan.expected[0]
        (observation,) = observations
        if observation.outcome is not Outcome.RETURNED:
            return outcomes.failed_call(part, observation, part.function, part.file)
        try:
            layers = network(part, observation.value)
            affordable(layers, len(expected.rows))
        except NotANetworkError as error:
            return _result(part, Status.WRONG, str(error), hint=part.hint, cases_total=1)
        found = evaluate(layers, expected.rows)
        if not np.array_equal(found.output, expected.wanted):
            exact = evaluate_exactly(layers, expected.rows)
            if exact is not None and _errors(exact, expected) < _errors(found, expected):
                found = exact
        if not _errors(found, expected):
            says = messages.networks.right(len(expected.rows))
            return _result(
                part, Status.CORRECT, says, points=part.points, cases_total=1, cases_right=1
            )
        return _wrong(part, layers, found, expected)

    def released(self, part: NetworkPart, planning: Planning) -> Released:
        """Return the right output of every input, as a text of digits: the statement says them."""
        plan = self.plan(part, planning)
        wanted = "".join("01"[int(output)] for output in plan.expected[0].wanted)
        names = ("function", "file", "form", "hidden", "interval", "domain")
        found = releases.fields(part, (*names, "where_one", "where_zero"))
        return Released(found, replace(plan, expected=(wanted,)))

    def taken_back(self, fields: Mapping[str, Any]) -> NetworkPart:
        """Return the part of a release; the function that tells the inputs apart is withheld."""
        return self.model.model_validate({**fields, "target": releases.WITHHELD})

    def completed(self, part: NetworkPart, plan: PartPlan) -> PartPlan:
        """Return the plan with every input of the domain beside its right output."""
        rows, (digits,) = part.domain.rows(), plan.expected
        if len(digits) != len(rows) or set(digits) != {"0", "1"}:
            raise CourseError(f"{part.id}: expected {len(rows)} outputs, each 0 or 1")
        wanted = np.array([digit == "1" for digit in digits])
        return replace(plan, expected=(Expected(rows, wanted, ()),))

    def mistaken(self, part: NetworkPart, plan: PartPlan, planning: Planning) -> Sequence[Example]:
        """Return the weights of each declared mistake."""
        del plan
        made = [planning.reference.function(mistake.function)() for mistake in part.mistakes]
        return [
            Example(mistake.name, (Observation(Outcome.RETURNED, values.plain(weights)),))
            for mistake, weights in zip(part.mistakes, made, strict=True)
        ]


def _result(part: NetworkPart, status: Status, summary: str, **given: Any) -> PartResult:
    points = given.pop("points", Fraction(0))
    return PartResult(part.id, status, points, part.points, summary, **given)


def _run(part: NetworkPart, function: Callable[..., Any], rows: np.ndarray) -> Outputs:
    try:
        return evaluate(network(part, values.plain(function())), rows)
    except NotANetworkError as error:
        raise CourseError(f"{part.id}: {error}") from error


# ---- saying what is wrong ------------------------------------------------------------------------


def _errors(found: Outputs, expected: Expected) -> int:
    return int(np.count_nonzero(found.output != expected.wanted))


def _wrong(
    part: NetworkPart, layers: Sequence[Layer], found: Outputs, expected: Expected
) -> PartResult:
    # The inputs are no cases, some of which are hidden: all are known, and those shown are wrong.
    wrong = found.output != expected.wanted
    count = messages.networks.wrong_count(int(wrong.sum()), len(wrong))
    reports = tuple(
        _report(part, number, layers, found, expected, int(at))
        for number, at in enumerate(_examples(wrong, expected.wanted), start=1)
    )
    shown = {"hint": part.hint, "cases_total": len(reports), "visible": reports}
    for mistake, made in zip(part.mistakes, expected.mistakes, strict=True):
        if _same_idea(found, made):
            points = part.points * mistake.credit
            status = Status.PARTIAL if points else Status.WRONG
            says = f"{' '.join(mistake.says.split())} {count}"
            return _result(part, status, says, points=points, mistake=mistake.name, **shown)
    told = [count, *_by_output(part, found, expected), reports[0].message]
    return _result(part, Status.WRONG, " ".join(told), **shown)


def _by_output(part: NetworkPart, found: Outputs, expected: Expected) -> list[str]:
    """Return how a network does where 1 is right, and where 0 is."""
    if not found.output.any():
        return [messages.networks.ALWAYS_ZERO]
    if found.output.all():
        return [messages.networks.ALWAYS_ONE]
    told = []
    for wanted, which in ((True, part.where_one), (False, part.where_zero)):
        among = expected.wanted == wanted
        count = int((among & (found.output != wanted)).sum())
        told.append(messages.networks.by_class(count, int(among.sum()), which, int(wanted)))
    return told


def _examples(wrong: np.ndarray, wanted: np.ndarray) -> list[int]:
    """Return the first inputs on which a network is wrong; both ways if it is wrong in both."""
    missed, false = (np.flatnonzero(wrong & (wanted == side)).tolist() for side in (True, False))
    first = [side[0] for side in (missed, false) if side]
    rest = [at for at in sorted(missed[:_SHOWN] + false[:_SHOWN]) if at not in first]
    return (first + rest)[:_SHOWN]


def _report(
    part: NetworkPart,
    number: int,
    layers: Sequence[Layer],
    found: Outputs,
    expected: Expected,
    at: int,
) -> CaseReport:
    row = messages.networks.row_text(expected.rows[at])
    output, wanted = int(found.output[at]), int(expected.wanted[at])
    hidden = [messages.networks.row_text(layer[at]) for layer in found.hidden]
    bounds = (f"{float(bound[0]):.6g}" for bound in (layers[-1].low, layers[-1].high))
    inside = messages.networks.inside(hidden, f"{found.total[at]:.6g}", *bounds)
    says = f"{messages.networks.first_wrong(row, output, wanted)} {inside}"
    call = f"{part.function}()  # x = {row}"
    return CaseReport(number, False, call, str(output), str(wanted), says)


def _same_idea(found: Outputs, made: Outputs) -> bool:
    """Whether a network makes a known mistake and not only the same errors.

    Its hidden units are those of the mistaken network in some order, and what its output unit gets
    is the same up to a positive factor.
    """
    if not np.array_equal(found.output, made.output) or len(found.hidden) != len(made.hidden):
        return False
    for mine, theirs in zip(found.hidden, made.hidden, strict=True):
        if mine.shape != theirs.shape or _columns(mine) != _columns(theirs):
            return False
    largest = int(np.argmax(np.abs(made.total)))
    if not made.total[largest]:
        return not found.total.any()
    factor = found.total[largest] / made.total[largest]
    near = np.allclose(found.total, factor * made.total, rtol=1e-9, atol=1e-9)
    return bool(factor > 0 and near)


def _columns(units: np.ndarray) -> list[bytes]:
    return sorted(np.ascontiguousarray(column).tobytes() for column in units.T)
