"""What a part asks the student to write, by name: the reports show that code beside the verdict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from grader.spec.models import Part


def written_names(part: Part) -> tuple[str, ...]:
    """Return the functions and classes of the submission that a part names, in its own order.

    The kinds name them in `function`, in `functions`, or one by one in `classes`, `algorithms`.
    """
    return tuple(dict.fromkeys(_names(part)))


def _names(part: Part) -> Iterator[str]:
    if not part.source_file:
        return
    functions: Any = getattr(part, "functions", ())
    functions = functions() if callable(functions) else functions
    several = functions.values() if isinstance(functions, Mapping) else functions
    yield from (name for name in _listed(several) if isinstance(name, str))
    function = getattr(part, "function", None)
    if isinstance(function, str):
        yield function
    for item in (*_listed(getattr(part, "classes", ())), *_listed(getattr(part, "algorithms", ()))):
        name = getattr(item, "function", None) or getattr(item, "name", None)
        if isinstance(name, str):
            yield name


def _listed(value: Any) -> Iterable[Any]:
    return value if isinstance(value, Iterable) and not isinstance(value, str) else ()
