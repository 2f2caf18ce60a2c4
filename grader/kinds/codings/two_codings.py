"""`two_codings`: one function of a number, coded twice, with two derivatives by autograd.

Two variants are asked for.  Of a function that jumps, autograd gives whatever derivative its coding
has, such as 0 and 2 at the same point.  Of a differentiable one there is a true derivative, and
still two codings that autograd differentiates differently.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import PurePosixPath
from typing import Any, ClassVar, Literal, TypeAlias

import numpy as np
from pydantic import Field, model_validator

from grader import messages
from grader.kinds import outcomes
from grader.kinds.base import Judging, Kind, PartPlan, Planning
from grader.kinds.codings import graph_cuts
from grader.kinds.codings.coding_figures import figures
from grader.kinds.codings.coding_records import Coding, Seen, read
from grader.records import (
    Call,
    Check,
    Failure,
    Frame,
    Observation,
    Outcome,
    PartResult,
    Status,
)
from grader.spec.models import FileName, Part, Points, PythonName

PROBE = "grader.probes.codings:codings"

_SAME = 1e-9  # of the values, relative to them or to 1: single precision constants differ more
_SLOPE = 1e-6  # of derivatives
_LEFT = 3  # generic points with a value from outside the graph; one could be chance
_WINDOW = 2.0  # around the point, in which the functions are drawn
_MISTAKES = {
    "function": "custom-function",
    "hook": "hook",
    "no_grad": "no-grad",
    "detach": "detached",
    "data": "detached",
}

Share: TypeAlias = Literal["jump", "first", "second"]


class TwoCodingsPart(Part):
    """Two torch functions of a number that are the same function, and a point."""

    kind: Literal["two_codings"]
    file: FileName = "solution.py"
    functions: tuple[PythonName, PythonName] = Field(description="The two codings.")
    point: PythonName = Field(description="The number at which their derivatives are compared.")
    asks: Literal["jump", "smooth"] = Field(
        description="jump: a function that is not continuous; smooth: differentiable at the point."
    )
    derivatives: tuple[float, float] | None = Field(
        None, description="What autograd has to give for each; without it any two numbers."
    )
    shares: dict[Share, Points] = Field(
        default_factory=dict,
        description="For a jump: the points for it, and for either coding's derivative.",
    )
    count: int = Field(200, ge=1, le=2000, description="Random points.")

    built_in_mistakes: ClassVar[tuple[str, ...]] = (
        *_MISTAKES.values(),
        "continuous",
        "different-functions",
        "not-differentiable",
        "no-graph",
        "wrong-derivative",
        "same-derivative",
    )

    @property
    def source_file(self) -> str:
        """The file with the functions."""
        return self.file

    def point_shares(self) -> tuple[Fraction, ...]:
        """Return the points of the jump and of each derivative."""
        return tuple(self.shares.values())

    @model_validator(mode="after")
    def _fits(self) -> TwoCodingsPart:
        wanted = {"jump", "first", "second"} if self.asks == "jump" else set()
        if set(self.shares) != wanted:
            found, names = (", ".join(sorted(x)) or "none" for x in (self.shares, wanted))
            raise ValueError(f"expected shares for {names}; found {found}")
        if (self.derivatives is not None) != (self.asks == "jump"):
            raise ValueError("expected derivatives for a jump, and none for a smooth function")
        if self.functions[0] == self.functions[1]:
            raise ValueError("expected two different names of functions")
        return self


class TwoCodings(Kind[TwoCodingsPart]):
    """`two_codings`: same values, a stated continuity, and different derivatives by autograd."""

    name = "two_codings"
    model = TwoCodingsPart
    probes = (PROBE,)

    def plan(self, part: TwoCodingsPart, planning: Planning) -> PartPlan:
        """Choose points near and far, also as close to the point as numbers are."""
        rng = planning.rng(part)
        steps = 2.0 ** -np.arange(0, 41)
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
                [-1e6, -1e3, -1e2, 1e2, 1e3, 1e6],
            ]
        )
        arguments = {
            "functions": list(part.functions),
            "point": part.point,
            "offsets": offsets,
            "grid": grid,
            "generic": rng.normal(scale=3, size=40),
        }
        return PartPlan((Call(part.functions[0], arguments, PROBE),), (None,))

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
        cut = graph_cuts.find(judging.sources, part.file, part.functions)
        if cut is not None:
            says = messages.codings.cut_named(cut.kind, cut.file, cut.line, cut.text)
            return _failed(part, Status.REFUSED, says, _MISTAKES[cut.kind])
        if observation.outcome is not Outcome.RETURNED:
            return outcomes.failed_call(part, observation, part.functions[0], part.file)
        answer = observation.value if isinstance(observation.value, dict) else {}
        stopped = _stopped(part, answer, judging)
        if stopped is not None:
            return stopped
        seen = read(part.functions, answer)
        if seen is None:
            return _failed(part, Status.WRONG, messages.codings.NOT_READABLE)
        result = _refused(part, seen) or _not_finite(part, seen)
        if result is None:
            judge = _judge_jump if part.asks == "jump" else _judge_smooth
            result = judge(part, seen)
        return replace(result, figures=figures(seen, _WINDOW, part.derivatives))


def _failed(part: Part, status: Status, says: str, mistake: str | None = None) -> PartResult:
    return PartResult(
        part.id, status, Fraction(0), part.points, says, mistake, hint=part.hint, cases_total=1
    )


# ---- reading -------------------------------------------------------------------------------------


def _stopped(
    part: TwoCodingsPart, answer: Mapping[str, Any], judging: Judging
) -> PartResult | None:
    """Return the result where the functions could not be tried; None where they were."""
    if "missing" in answer:
        says = messages.codings.no_name(str(answer["missing"])[:100], part.file)
        return _failed(part, Status.MISSING, says)
    if "not_number" in answer:
        says = messages.codings.no_number(part.point, str(answer["not_number"])[:100])
        return _failed(part, Status.WRONG, says)
    x0 = answer.get("x0")
    if isinstance(x0, float) and not np.isfinite(x0):
        return _failed(part, Status.WRONG, messages.codings.not_finite_point(part.point))
    stopped = answer.get("stopped")
    if not isinstance(stopped, dict):
        return None
    name = str(stopped.get("function"))
    x = stopped.get("x")
    call = messages.codings.called_at(
        name if name in part.functions else part.functions[0],
        float(x) if isinstance(x, (int, float)) else 0.0,
    )
    shape = stopped.get("shape")
    if isinstance(shape, list) and all(isinstance(length, int) for length in shape):
        return _failed(part, Status.WRONG, messages.codings.returned_shape(call, shape[:10]))
    if "returned" in stopped:
        says = messages.codings.returned_type(call, str(stopped["returned"])[:100])
        return _failed(part, Status.WRONG, says)
    failure = Failure(
        str(stopped.get("type", "an exception"))[:200],
        str(stopped.get("message", ""))[:2000],
        tuple(_frames(stopped.get("frames"), judging.files)),
    )
    observation = Observation(Outcome.RAISED, failure=failure)
    return outcomes.failed_call(part, observation, call, part.file)


def _frames(frames: Any, files: Sequence[str]) -> Iterator[Frame]:
    """Yield the frames that lie in the submission; what came from the sandbox is not trusted."""
    for frame in frames if isinstance(frames, list) else []:
        if isinstance(frame, list) and len(frame) == 4 and isinstance(frame[1], int):
            name = PurePosixPath(str(frame[0])).name
            if name in files:
                yield Frame(name, frame[1], str(frame[2])[:200], str(frame[3])[:400])


# ---- judging -------------------------------------------------------------------------------------


def _refused(part: TwoCodingsPart, seen: Seen) -> PartResult | None:
    """Return the result of a coding that goes around autograd, as it was seen to do."""
    for coding in seen.codings:
        if coding.cuts:
            says = messages.codings.cut_reached(coding.cuts[0], coding.name)
            return _failed(part, Status.REFUSED, says, _MISTAKES[coding.cuts[0]])
        if coding.left >= _LEFT:
            says = messages.codings.left_graph(coding.name)
            return _failed(part, Status.REFUSED, says, "detached")
    return None


def _not_finite(part: TwoCodingsPart, seen: Seen) -> PartResult | None:
    """Return the result of a coding without a value somewhere not too far out."""
    near = abs(seen.x) <= 10 + abs(seen.x0)
    for coding in seen.codings:
        missing = near & ~np.isfinite(coding.values)
        if missing.any():
            at = _nearest(missing, seen)
            says = messages.codings.not_finite(
                coding.name, float(seen.x[at]), float(coding.values[at])
            )
            return _failed(part, Status.WRONG, says)
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
    state, slope = int(coding.states[at]), float(coding.slopes[at])
    if state:
        why = messages.codings.NUMBER_RESULT if state == 2 else messages.codings.CONSTANT_RESULT
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
        return _failed(part, Status.WRONG, messages.codings.continuous(first.name), "continuous")
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
        return _failed(part, Status.WRONG, says, "different-functions")
    says = _kink(first, seen)
    if says:
        return _failed(part, Status.WRONG, says, "not-differentiable")
    for coding in seen.codings:
        says, mistake = _slope_fault(coding, seen, None)
        if says:
            return _failed(part, Status.WRONG, says, mistake or None)
    if _equal_slopes(seen):
        names = [first.name, second.name]
        slope = float(first.slopes[seen.at])
        says = messages.codings.same_derivative(names, seen.x0, slope)
        return _failed(part, Status.WRONG, says, "same-derivative")
    says = messages.codings.BOTH_RIGHT
    return PartResult(
        part.id, Status.CORRECT, part.points, part.points, says, cases_total=1, cases_right=1
    )


def _kink(coding: Coding, seen: Seen) -> str:
    """Return why a function has no derivative at the point; empty if its secants come together.

    On either side the slopes of the secants have to settle as the steps shrink from 2^-4 to 2^-20
    (rounding takes over beyond that), and the sides have to approach each other.  Steps are exact
    powers of two, so that x0 + h is one of the points where the numbers allow it.
    """
    slopes = []
    for power in range(4, 21):
        step = 2.0**-power
        pair = []
        for side in (-step, step):
            at = int(np.argmin(abs(seen.x - (seen.x0 + side))))
            run = float(seen.x[at]) - seen.x0
            rise = float(coding.values[at]) - float(coding.values[seen.at])
            pair.append(rise / run if run else np.nan)
        slopes.append(pair)
    table = np.array(slopes)
    with np.errstate(all="ignore"):
        gaps = abs(table[:, 1] - table[:, 0])
        drift = abs(np.diff(table, axis=0)).max(axis=1)
    scale = max(1.0, float(abs(table[-1]).max()))
    noise = 64 * 2.0**-52 * max(1.0, abs(float(coding.values[seen.at])), abs(seen.x0)) * 2.0**20
    small = 1e-6 * scale + noise

    def settles(sizes: np.ndarray) -> bool:
        last, start = float(sizes[-4:].max()), float(sizes[:4].max())
        return last <= small or (last <= 0.05 * scale and last <= 0.5 * start)

    if settles(gaps) and settles(drift):
        return ""
    left, right = (float(slope) for slope in table[-1])
    return messages.codings.not_differentiable(coding.name, seen.x0, left, right, 2.0**-20)
