"""Students with two codings, and the verdict on them."""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from typing import Any

import torch

from tests.kinds import course
from tests.kinds.student import Result, grade, module, observe, plan, reference

PROBLEM = ("autodiff-basics", "p4-two-codings")
JUMP = course.asked(*PROBLEM)["p4-two-codings"]
SMOOTH = course.asked(*PROBLEM)["p4-extra"]
NONE = reference()


def f(x: Any) -> Any:
    return (2 * x * torch.sign(x) + 1) * torch.sign(x)


def g(x: Any) -> Any:
    if x > 0:
        return 2 * x + 1
    if x < 0:
        return 2 * x - 1
    return 2 * x


def jump(**names: Any) -> Result:
    return grade(JUMP, NONE, **{"p4_f": f, "p4_g": g, "p4_x0": 0.0, **names})


def line(x: Any) -> Any:
    return 2 * x


def smooth(first: Any, second: Any = line, x0: Any = 0.0) -> Result:
    return grade(SMOOTH, NONE, p4_smooth_f=first, p4_smooth_g=second, p4_smooth_x0=x0)


def both(of: Any, x0: float = 0.0) -> Result:
    """Return the result of a function with a branch at the point."""
    at = float(of(torch.tensor(x0, dtype=torch.float64)))
    return jump(
        p4_f=lambda x: at + 0 * (x - x0) if x == x0 else of(x),
        p4_g=lambda x: at + 2 * (x - x0) if x == x0 else of(x),
        p4_x0=x0,
    )


@cache
def observed() -> Any:
    (call,) = plan(JUMP, NONE).calls
    return observe(call, module(p4_f=f, p4_g=g, p4_x0=0.0)).value


def answer() -> dict[str, Any]:
    found = deepcopy(observed())
    assert isinstance(found, dict)
    return found
