"""Codings that could not be tried: what is missing, what is no number, and exceptions."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from grader import messages
from grader.kinds import outcomes
from grader.kinds.base import Judging
from grader.kinds.codings.coding_parts import TwoCodingsPart
from grader.records import Failure, Observation, Outcome, PartResult, Status
from grader.spec.models import Part


def failed(part: Part, status: Status, says: str, mistake: str | None = None) -> PartResult:
    """Return the result of a part that earns nothing."""
    return PartResult(
        part.id, status, Fraction(0), part.points, says, mistake, hint=part.hint, cases_total=1
    )


def stopped(part: TwoCodingsPart, answer: Mapping[str, Any], judging: Judging) -> PartResult | None:
    """Return the result where the functions could not be tried; None where they were."""
    if "missing" in answer:
        says = messages.codings.no_name(str(answer["missing"])[:100], part.file)
        return failed(part, Status.MISSING, says)
    if "not_number" in answer:
        says = messages.codings.no_number(part.point, str(answer["not_number"])[:100])
        return failed(part, Status.WRONG, says)
    x0 = answer.get("x0")
    if isinstance(x0, float) and not np.isfinite(x0):
        return failed(part, Status.WRONG, messages.codings.not_finite_point(part.point))
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
        return failed(part, Status.WRONG, messages.codings.returned_shape(call, shape[:10]))
    if "returned" in stopped:
        says = messages.codings.returned_type(call, str(stopped["returned"])[:100])
        return failed(part, Status.WRONG, says)
    failure = Failure(
        str(stopped.get("type", "an exception"))[:200],
        str(stopped.get("message", ""))[:2000],
        outcomes.frames(stopped.get("frames"), judging.files),
    )
    observation = Observation(Outcome.RAISED, failure=failure)
    return outcomes.failed_call(part, observation, call, part.file)
