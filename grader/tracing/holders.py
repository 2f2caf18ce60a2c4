"""Where a submission holds on to a function of NumPy: its namespaces, and what is within them.

``from numpy import zeros``, ``def f(v, make=np.zeros)``, ``class Net: exp = np.exp`` and
``{"exp": np.exp}`` all keep the original, wherever `np.zeros` itself points meanwhile.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import PurePath
from types import CellType, FunctionType, ModuleType
from typing import Any, TypeAlias

import numpy as np

Replacements: TypeAlias = Mapping[int, tuple[Any, Any]]
"""By the id of the original: the original, and what stands for it."""

_Array = np.ndarray  # bound before `patches` replaces it
_DEEPEST = 4  # containers in containers
_LARGEST = 1000  # what holds more is data


def of(module: ModuleType) -> list[Any]:
    """Return the namespaces of a student's file and of those beside it, and all within them."""
    found: list[Any] = []
    seen: set[int] = set()
    for space in _namespaces(module):
        names = {vars(space).get("__name__"), "__main__"}
        for holder in _within(vars(space), names, 0):
            if id(holder) not in seen:
                seen.add(id(holder))
                found.append(holder)
    return found


def floats(held: list[Any]) -> list[Any]:
    """Return the arrays of floats that holders have."""
    found = []
    for holder in held:
        items: list[Any] = [item for _, item in _items(holder)]
        if isinstance(holder, FunctionType):
            items = [*(holder.__defaults__ or ()), *(holder.__kwdefaults__ or {}).values()]
        found += [item for item in items if type(item) is _Array and item.dtype.kind == "f"]
    return found


def replace(holder: Any, replaced: Replacements) -> list[Callable[[], None]]:
    """Replace what a holder has; return what puts it back."""
    undo: list[Callable[[], None]] = []
    if isinstance(holder, FunctionType):
        for name in ("__defaults__", "__kwdefaults__"):
            held = getattr(holder, name)
            other = _replaced(held, replaced)
            if other is not None:
                setattr(holder, name, other)
                undo.append(partial(setattr, holder, name, held))
        return undo
    for place, item in _items(holder):
        found = replaced.get(id(item))
        if found is not None and found[0] is item:
            other = found[1]
            if isinstance(holder, type) and isinstance(other, FunctionType):
                other = staticmethod(other)  # as what is built in, it takes no self
            _put(holder, place, other)
            undo.append(partial(_put, holder, place, item))
    return undo


def _namespaces(module: ModuleType) -> Iterator[ModuleType]:
    yield module
    home = getattr(module, "__file__", None)
    if not isinstance(home, str):
        return
    folder = PurePath(home).parent
    beginning = str(folder)
    for other in list(sys.modules.values()):
        file = getattr(other, "__dict__", {}).get("__file__")
        # Of the hundreds that there are, few begin so, and paths are slow.
        if not isinstance(file, str) or not file.startswith(beginning) or other is module:
            continue
        path = PurePath(file)
        # Not what is installed, should an environment lie within the student's own folder.
        if path.is_relative_to(folder) and "site-packages" not in path.parts:
            yield other


def _within(holder: Any, names: set[Any], depth: int) -> Iterator[Any]:
    """Yield a holder and the holders in it; functions and classes are those of these modules."""
    yield holder
    if depth >= _DEEPEST:
        return
    inside: list[Any] = [item for name, item in _items(holder) if name != "__builtins__"]
    if isinstance(holder, FunctionType):
        inside = [holder.__wrapped__] if hasattr(holder, "__wrapped__") else []
        yield from holder.__closure__ or ()
    for item in inside:
        theirs = isinstance(item, FunctionType | type) and item.__module__ in names
        if theirs or (type(item) in (dict, list) and len(item) <= _LARGEST):
            yield from _within(item, names, depth + 1)


def _items(holder: Any) -> list[tuple[Any, Any]]:
    if isinstance(holder, dict):
        return list(holder.items())
    if isinstance(holder, list):
        return list(enumerate(holder))
    if isinstance(holder, CellType):
        try:
            return [(None, holder.cell_contents)]
        except ValueError:  # empty
            return []
    return list(vars(holder).items()) if isinstance(holder, type) else []


def _put(holder: Any, place: Any, item: Any) -> None:
    if isinstance(holder, CellType):
        holder.cell_contents = item
    elif isinstance(holder, type):
        setattr(holder, place, item)
    else:
        holder[place] = item


def _replaced(held: Any, replaced: Replacements) -> Any:
    """Return default arguments with what stands for them; None where nothing does."""
    items = held.values() if isinstance(held, dict) else held or ()
    if not any(id(item) in replaced for item in items):
        return None
    if isinstance(held, dict):
        return {name: replaced.get(id(item), (0, item))[1] for name, item in held.items()}
    return tuple(replaced.get(id(item), (0, item))[1] for item in held)
