"""The numbers that the code of a function knows, and where it is to be tried because of them.

Two codings may be told apart, and a jump may lie, at a number that no grid hits.  Such a number
stands in the code, or in a variable that the code reads.
"""

from __future__ import annotations

import dis
import functools
import math
from collections.abc import Iterator
from types import CodeType, FunctionType, MethodType
from typing import Any

import numpy as np

_MOST = 40  # numbers that count; code that knows more is searched on the grid alone
_OBJECTS = 500  # that are looked into
_FAR = 1e9  # beyond, and nothing is tried
_LEAST = 1e-90  # neither is what is nearer to 0, but for 0
_CONSTANTS = (math.pi, math.e, math.pi / 2, math.tau, math.sqrt(2))
_STRANGERS = ("torch", "numpy", "math", "scipy", "sympy", "builtins")


def near_numbers(functions: list[Any], x0: float) -> np.ndarray:
    """Return each number of the functions, its neighbours, and the middle between two of them."""
    numbers = sorted({abs(number) for number in _found(functions)})
    known = np.array([x0, 0.0, *_CONSTANTS, *numbers])
    both = np.unique(np.concatenate([known, -known]))
    middles = (both[1:] + both[:-1]) / 2
    beside = [np.nextafter(both, -np.inf), np.nextafter(both, np.inf)]
    # The square of the least of all numbers is 0, which says nothing of a function.
    beside = [near[np.abs(near) > _LEAST] for near in beside]
    return np.unique(np.concatenate([both, *beside, middles]))


def _found(functions: list[Any]) -> list[float]:
    found: list[float] = []
    waiting, seen = list(functions), set[int]()
    while waiting and len(seen) < _OBJECTS and len(found) < _MOST:
        item = waiting.pop(0)
        if id(item) in seen:
            continue
        seen.add(id(item))
        number = _number(item)
        if number is None:
            try:
                waiting += _inside(item)
            except Exception:  # noqa: BLE001, S112  (an object of the student's that will not be looked into)
                continue
        elif number not in found:
            found.append(number)
    return found


def _number(item: Any) -> float | None:
    if type(item) not in (int, float) and not isinstance(item, np.number):
        return None
    try:
        number = float(item)
    except (OverflowError, TypeError, ValueError):
        return None
    return number if number == 0 or _LEAST < abs(number) <= _FAR else None


def _inside(item: Any) -> Iterator[Any]:
    """Yield what an object holds or its code mentions, as far as it is the student's."""
    if isinstance(item, CodeType):
        for step in dis.get_instructions(item):
            if step.opname.startswith(("LOAD_CONST", "LOAD_SMALL_INT", "RETURN_CONST")):
                yield step.argval
    elif isinstance(item, (tuple, list, frozenset)):
        yield from list(item)[:_MOST]
    elif isinstance(item, dict):
        yield from list(item.values())[:_MOST]
    elif isinstance(item, functools.partial):
        yield from (item.func, item.args, item.keywords)
    elif isinstance(item, MethodType):
        yield from (item.__func__, item.__self__)
    elif isinstance(item, (staticmethod, classmethod)):
        yield item.__func__
    elif not _strange(item if isinstance(item, (type, FunctionType)) else type(item)):
        yield from _of_student(item)


def _of_student(item: Any) -> Iterator[Any]:
    if isinstance(item, FunctionType):
        yield item.__code__
        yield from (item.__defaults__ or (), item.__kwdefaults__ or {})
        for name in _names(item.__code__):
            yield item.__globals__.get(name)
        yield from (cell.cell_contents for cell in item.__closure__ or ())
        return
    yield dict(vars(item))
    if not isinstance(item, type):
        yield dict(vars(type(item)))


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _names(inner)


def _strange(item: Any) -> bool:
    home = getattr(item, "__module__", None)
    return not isinstance(home, str) or home.split(".")[0] in _STRANGERS
