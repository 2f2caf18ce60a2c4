"""A student's computation graph together with the trace of its evaluation."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from grader import values

_LONGEST = 300  # characters of a reason


def graph_and_trace(module: ModuleType, target: str, graph_function: str) -> dict[str, Any]:
    """Return the rows of the student's graph, and what `target` gives as their trace.

    Both are called in one process, one after the other, so that names that the student's code makes
    up as it goes belong together.  A missing function is named under "missing", and one that gives
    no data under "not_data", with the reason.
    """
    for name in (graph_function, target):
        if not callable(getattr(module, name, None)):
            return {"missing": name}
    given = {}
    for key, name in (("graph", graph_function), ("trace", target)):
        returned = getattr(module, name)()
        try:
            given[key] = values.plain(returned)
        except values.NotDataError as error:
            return {"not_data": [name, str(error)[:_LONGEST]]}
    return given
