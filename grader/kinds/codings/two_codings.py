"""`two_codings`: one function of a number, coded twice, with two derivatives by autograd.

Two variants are asked for.  Of a function that jumps, autograd gives whatever derivative its coding
has, such as 0 and 2 at the same point.  Of a differentiable one there is a true derivative, and
still two codings that autograd differentiates differently.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from grader import messages
from grader.kinds import outcomes, releases
from grader.kinds.base import Judging, Kind, PartPlan, Planning, Released
from grader.kinds.codings.coding_figures import figures
from grader.kinds.codings.coding_parts import Share, TwoCodingsPart
from grader.kinds.codings.coding_records import STEPS, Coding, Seen, read
from grader.kinds.codings.coding_refusals import refusal
from grader.kinds.codings.coding_slopes import FAR, POWERS, RATIOS, Slopes, slopes_at
from grader.kinds.codings.coding_stops import failed, stopped
from grader.kinds.written.written import Manual, as_manual
from grader.records import Call, Check, Observation, Outcome, PartResult, Status
from grader.spec.models import Part

PROBE = "grader.probes.codings:codings"

_SAME = 1e-9  # of the values, relative to them or to 1: single precision constants differ more
_SLOPE = 1e-6  # of derivatives
_WINDOW = 2.0  # around the point, in which the functions are drawn
_NUMBERS = 1e-37  # what is nearer to 0 may overflow on its way, or vanish in single precision


class TwoCodings(Kind[TwoCodingsPart]):
    """`two_codings`: same values, a stated continuity, and different derivatives by autograd."""

    name = "two_codings"
    model = TwoCodingsPart
    probes = (PROBE,)

    def plan(self, part: TwoCodingsPart, planning: Planning) -> PartPlan:
        """Choose points near and far, also as close to the point as numbers are."""
        rng = planning.rng(part)
        steps = 2.0 ** -np.arange(0, 41)
        if part.asks == "smooth":
            fine = [2.0**-power * ratio for power in POWERS for ratio in RATIOS]
            far = [2.0**-power * ratio for power in FAR for ratio in RATIOS[:3]]
            steps = np.concatenate([steps, fine, far])
        decimal = 10.0 ** -np.arange(0, 13)
        offsets = np.concatenate(
            [steps, -steps, decimal, -decimal, np.linspace(-_WINDOW, _WINDOW, 161),
             np.linspace(-5, 5, 101)]
        )  # fmt: skip
        grid = np.concatenate(
            [
                np.linspace(-10, 10, 81),
                np.arange(-20.0, 21.0),
                rng.normal(scale=3, size=part.count),
                *([-far, far] for far in (30.0, 50.0, 70.0, 1e2, 2e2, 500.0, 1e3, 1e4, 1e6)),
            ]
        )
        arguments = {
            "functions": list(part.functions),
            "point": part.point,
            "offsets": offsets,
            "grid": grid,
            "generic": rng.normal(scale=3, size=40),
            "steps": list(STEPS),
        }
        return PartPlan((Call(part.functions[0], arguments, PROBE),), (None,))

    def tried(self, call: Call) -> int:
        """Return how many points are drawn at which the derivatives are compared."""
        drawn = np.asarray(call.arguments["generic"])
        return len(drawn)

    def judge(
        self,
        part: TwoCodingsPart,
        plan: PartPlan,
        observations: Sequence[Observation],
        judging: Judging,
    ) -> PartResult:
        """Judge the values, then the continuity, then the derivatives."""
        del plan
        (observation,) = observations
        if judging.mark is not None:
            return Manual().judge(as_manual(part, part.rubric, part.hint), PartPlan(), (), judging)
        if observation.outcome is not Outcome.RETURNED:
            return outcomes.failed_call(part, observation, part.functions[0], part.file)
        answer = observation.value if isinstance(observation.value, dict) else {}
        early = stopped(part, answer, judging)
        if early is not None:
            return early
        seen = read(part.functions, answer)
        if seen is None:
            return failed(part, Status.WRONG, messages.codings.NOT_READABLE)
        reasons = [refusal(coding, judging.sources, part.file) for coding in seen.codings]
        refused = next((found for found in reasons if found and not found.by_person), None)
        if refused is not None:
            result = failed(part, Status.REFUSED, refused.says, refused.mistake)
        else:
            judge = _judge_jump if part.asks == "jump" else _judge_smooth
            result = _not_finite(part, seen) or judge(part, seen)
            doubt = next((found for found in reasons if found), None)
            if doubt is not None and result.points:
                result = _pending(part, doubt.says)
        return replace(result, figures=figures(seen, _WINDOW, part.derivatives))

    def released(self, part: TwoCodingsPart, planning: Planning) -> Released:
        """Return the fields: points are drawn where they are read, from a public seed."""
        del planning
        names = ("file", "functions", "point", "asks", "derivatives", "shares", "count")
        return Released(releases.fields(part, names))


def _pending(part: Part, says: str) -> PartResult:
    return PartResult(part.id, Status.PENDING, Fraction(0), part.points, says, cases_total=1)


# ---- judging -------------------------------------------------------------------------------------


def _not_finite(part: TwoCodingsPart, seen: Seen) -> PartResult | None:
    """Return the result of a coding without a value somewhere not too far out."""
    near = (abs(seen.x) <= 10 + abs(seen.x0)) & ((abs(seen.x) >= _NUMBERS) | (seen.x == seen.x0))
    for coding in seen.codings:
        missing = near & ~np.isfinite(coding.values)
        if missing.any():
            at = _nearest(missing, seen)
            says = messages.codings.not_finite(
                coding.name, float(seen.x[at]), float(coding.values[at])
            )
            return failed(part, Status.WRONG, says)
    return None


def _nearest(where: np.ndarray, seen: Seen) -> int:
    return int(np.argmin(np.where(where, abs(seen.x - seen.x0), np.inf)))


def _difference(seen: Seen) -> str:
    """Return where the two codings are different functions; empty if they are the same."""
    first, second = (coding.values for coding in seen.codings)
    with np.errstate(invalid="ignore", over="ignore"):
        scale = np.maximum(1.0, np.maximum(abs(first), abs(second)))
        same = (first == second) | (abs(first - second) <= _SAME * scale)
    # Far out both may overflow: what is infinite or NaN for both there is not compared.
    same |= ~np.isfinite(first) & ~np.isfinite(second)
    same |= (abs(seen.x) < _NUMBERS) & (seen.x != seen.x0)
    if same.all():
        return ""
    at = _nearest(~same, seen)
    return messages.codings.different(
        [coding.name for coding in seen.codings],
        float(seen.x[at]),
        [float(first[at]), float(second[at])],
        int((~same).sum()),
        len(same),
    )


def _slope_fault(coding: Coding, seen: Seen, wanted: float | None) -> tuple[str, str]:
    """Return what is wrong with a derivative at the point and the mistake's name; both empty."""
    at = seen.at
    state, slope = float(coding.states[at]), float(coding.slopes[at])
    if state != 0:
        why = messages.codings.NUMBER_RESULT if state == 2 else messages.codings.CONSTANT_RESULT
        if state == 4:
            why = messages.codings.no_operation(coding.says)
        return messages.codings.no_derivative(coding.name, seen.x0, why), "no-graph"
    if not np.isfinite(slope):
        return messages.codings.not_finite_derivative(coding.name, seen.x0, slope), ""
    if wanted is not None and not abs(slope - wanted) <= _SLOPE * max(1.0, abs(wanted)):
        says = messages.codings.wrong_derivative(coding.name, seen.x0, slope, wanted)
        return says, "wrong-derivative"
    return "", ""


def _judge_jump(part: TwoCodingsPart, seen: Seen) -> PartResult:
    assert part.derivatives is not None  # noqa: S101  (the model has seen to it)
    first, second = seen.codings
    if first.jump() is None:
        return failed(part, Status.WRONG, messages.codings.continuous(first.name), "continuous")
    checks = [_check(part, "jump", messages.codings.JUMP, "")]
    names: list[str] = []
    for share, coding, wanted in zip(
        ("first", "second"), (first, second), part.derivatives, strict=True
    ):
        says, mistake = "", ""
        if coding is second:
            says = _difference(seen)
            mistake = "different-functions" if says else ""
        if not says:
            says, mistake = _slope_fault(coding, seen, wanted)
        if mistake == "wrong-derivative" and _equal_slopes(seen):
            mistake = "same-derivative"
        names += [mistake] if mistake else []
        label = messages.codings.coding_of(coding.name)
        checks.append(_check(part, "first" if share == "first" else "second", label, says))
    result = outcomes.from_checks(part, checks, (), None, right_says=messages.codings.BOTH_RIGHT)
    return replace(result, mistake=names[0] if names else None)


def _check(part: TwoCodingsPart, share: Share, name: str, says: str) -> Check:
    worth = part.shares[share]
    if says:
        return Check(name, Status.WRONG, Fraction(0), worth, says)
    return Check(name, Status.CORRECT, worth, worth)


def _equal_slopes(seen: Seen) -> bool:
    first, second = (float(coding.slopes[seen.at]) for coding in seen.codings)
    return abs(first - second) <= _SLOPE * max(1.0, abs(first))


def _judge_smooth(part: TwoCodingsPart, seen: Seen) -> PartResult:
    first, second = seen.codings
    says = _difference(seen)
    if says:
        return failed(part, Status.WRONG, says, "different-functions")
    found = slopes_at(first, seen)
    if found.verdict == "kink":
        return failed(part, Status.WRONG, _kink(first, seen, found), "not-differentiable")
    for coding in seen.codings:
        says, mistake = _slope_fault(coding, seen, None)
        if says:
            return failed(part, Status.WRONG, says, mistake or None)
    if _equal_slopes(seen):
        names = [first.name, second.name]
        slope = float(first.slopes[seen.at])
        says = messages.codings.same_derivative(names, seen.x0, slope)
        return failed(part, Status.WRONG, says, "same-derivative")
    if found.verdict == "unclear":
        return _pending(part, messages.codings.slope_unclear(first.name, seen.x0))
    says = messages.codings.BOTH_RIGHT
    return PartResult(
        part.id, Status.CORRECT, part.points, part.points, says, cases_total=1, cases_right=1
    )


def _kink(coding: Coding, seen: Seen, found: Slopes) -> str:
    """Return why a function has no derivative at the point."""
    if abs(found.left - found.right) > 0.1 * (found.largest - found.least):
        return messages.codings.not_differentiable(
            coding.name, seen.x0, found.left, found.right, found.step
        )
    return messages.codings.not_settled(
        coding.name, seen.x0, found.least, found.largest, found.step
    )
