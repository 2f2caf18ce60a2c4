"""Points that a student found, and what the student says of them."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np

from grader import values

_MOST = 1000  # points at which `follows` is called; the judge looks at no more


def points_and_values(
    module: ModuleType, target: str, points_function: str, follows: str
) -> dict[str, Any]:
    """Return the student's points, what `target` gives for them, and `follows` at each of them.

    `follows` is empty or names a function of one point, such as the student's own Hessian; where
    it is missing or fails, its entry is None.  A missing function is named under "missing".
    """
    for name in (points_function, target):
        if not callable(getattr(module, name, None)):
            return {"missing": name}
    points = values.plain(getattr(module, points_function)())
    found = values.plain(getattr(module, target)())
    return {"points": points, "values": found, "own": _at_each(module, follows, points)}


def _at_each(module: ModuleType, name: str, points: Any) -> list[Any]:
    function = getattr(module, name, None) if name else None
    if not callable(function):
        return []
    results: list[Any] = []
    try:
        rows = list(np.atleast_2d(np.asarray(points, dtype=np.float64)))
    except (TypeError, ValueError):
        return []
    for point in rows[:_MOST]:
        try:
            results.append(values.plain(function(point.copy())))
        except (Exception, SystemExit):  # noqa: BLE001  (whatever it is: nothing to follow)
            results.append(None)
    return results
