"""A student's computation graph together with the trace of its evaluation."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from grader import values


def graph_and_trace(module: ModuleType, target: str, graph_function: str) -> dict[str, Any]:
    """Return the rows of the student's graph, and what `target` gives as their trace.

    Both are called in one process, one after the other, so that names that the student's code makes
    up as it goes belong together.  A missing function is named under "missing".
    """
    for name in (graph_function, target):
        if not callable(getattr(module, name, None)):
            return {"missing": name}
    graph = values.plain(getattr(module, graph_function)())
    trace = values.plain(getattr(module, target)())
    return {"graph": graph, "trace": trace}
