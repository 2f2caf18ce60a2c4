"""Parts of kind `cost`, and the verdicts on functions that a test writes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from tests.kinds import student

Function = Callable[..., Any]

HALF, QUARTER = Fraction(1, 2), Fraction(1, 4)


def product(v: Any, y: Any) -> Any:
    number = v @ y
    return v * number


def forward(v: Any, y: Any) -> Any:
    matrix = np.outer(v, v)
    return matrix @ y


COURSE = student.reference(product=product)

ALGORITHM: dict[str, Any] = {
    "function": "z",
    "of": "product",
    "inputs": {"v": ["n"], "y": ["n"]},
    "points": HALF,
    "growth": {"at_most": "n^2", "points": HALF},
    "multiplications": {
        "best": "2n",
        "points": HALF,
        "mistakes": [
            {
                "name": "half",
                "answer": "n",
                "says": "The second product is missing.",
                "credit": "1/2",
            }
        ],
    },
    "memory": {"best": "3n + 1", "points": HALF},
}


def part(algorithm: Mapping[str, Any] | None = None, **more: Any) -> Any:
    """Return a part with one algorithm, that of `product`, or with what is changed in it."""
    fields = {"sizes": {"n": 3}, "degree": 2, "algorithms": [{**ALGORITHM, **(algorithm or {})}]}
    return student.part("cost", **{**fields, **more})


ANSWERS = {"p1-multiplications": "2n", "p1-memory": "3n+1"}


def grade(
    function: Function | None,
    answers: Mapping[str, Any] = ANSWERS,
    asked: Any = None,
    course: Any = COURSE,
    **judging: Any,
) -> student.Result:
    """Return the verdict on a function, with declarations beside it."""
    asked = asked or part()
    planned = student.plan(asked, course)
    written = student.module(**({"z": function} if function else {}))
    seen = [student.observe(call, written) for call in planned.calls]
    return student.judge(asked, course, planned, seen, answers=answers, **judging)


def checks(result: student.Result) -> dict[str, Any]:
    """Return the status and the points of every check, by name."""
    return {check.name: (check.status, check.points) for check in result.checks}


def says(result: student.Result, name: str) -> str:
    """Return what a check says."""
    found: str = next(check.says for check in result.checks if check.name == name)
    return found


def recorded(planned: Any) -> list[int]:
    """Return the places of the recorded runs among the calls."""
    return [place for place, call in enumerate(planned.calls) if call.probe is not None]


def in_one_line(v: Any, a: Any, b: Any) -> Any:
    return np.outer(np.outer(v, v) @ a, b)


def wide(at_most: str, times: str, memory: str) -> Any:
    """Return a part with two sizes, whose algorithm is that of `in_one_line`."""
    return part(
        {
            "of": "in_one_line",
            "inputs": {"v": ["n"], "a": ["n"], "b": ["m"]},
            "growth": {"at_most": at_most, "points": HALF},
            "multiplications": {"best": times, "points": HALF},
            "memory": {"best": memory, "points": HALF},
        },
        sizes={"n": 3, "m": 2},
        degree=3,
    )


FORWARD = wide("n^2 + nm", "n(2n + m)", "3n + m + n^2 + mn")
WIDE = student.reference(in_one_line=in_one_line)


def two() -> Any:
    """Return a part with two algorithms, a number and a condition."""
    other = {
        **ALGORITHM,
        "name": "second",
        "function": "w",
        "growth": {"at_most": "n^2", "points": 0},
    }
    return part(
        {"name": "first"},
        algorithms=[{**ALGORITHM, "name": "first"}, {**other, "points": 0}],
        sizes={"n": 3, "m": 2},
        points=3,
        numbers=[{"id": "vector", "answers": [6, 12], "points": QUARTER}],
        conditions=[
            {
                "id": "condition",
                "answer": "m > n",
                "points": QUARTER,
                "alternatives": [{"answer": "m >= n", "note": "They cost the same at m = n."}],
            }
        ],
    )
