"""What of NumPy and `math` is replaced while a function is recorded, and put back afterwards.

NumPy computes with arrays of objects nearly everything that it computes with floats, by the
operators of the objects.  Three things need help: new arrays (`np.zeros`) have to be able to hold
recorded numbers; functions such as `np.exp` know objects only by their methods, which plain floats
among them lack; and the functions of `math` take nothing but floats.

A file that says ``from numpy import zeros`` has the original in its own namespace: the namespaces
of the submission are searched for it.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import PurePath
from types import ModuleType
from typing import Any

import numpy as np

from grader.tracing import codes
from grader.tracing.tape import Tape

_FILLED = ("zeros", "ones", "full", "eye", "identity", "tri", "arange", "linspace")
_FILLED_LIKE = ("zeros_like", "ones_like", "full_like")
_CONVERTED = ("array", "asarray", "asanyarray", "ascontiguousarray", "asfortranarray")
_ALSO = {"asin": "arcsin", "acos": "arccos", "atan": "arctan", "asinh": "arcsinh"} | {
    "acosh": "arccosh",
    "atanh": "arctanh",
    "fabs": "absolute",
    "abs": "absolute",
}
"""Other names, in NumPy or `math`, of functions in `codes.UNARY`."""
_ALSO_BINARY = {"fmax": "maximum", "fmin": "minimum", "atan2": "arctan2"}
_NOT_OF_MATH = {"sign", "floor", "ceil", "abs"}  # not there, or integers in it

Function = Callable[..., Any]

# Bound here: below, in `np`, they may be the replaced ones.
_asarray, _full = np.asarray, np.full


@contextmanager
def tracing(tape: Tape, module: ModuleType) -> Iterator[None]:
    """Replace what needs it in NumPy, in `math` and in the files of the submission."""
    replaced = _replacements(tape)
    undo: list[tuple[dict[str, Any], str, Any]] = []
    try:
        for space in [vars(np), vars(math), *_namespaces(module)]:
            for name, item in list(space.items()):
                found = replaced.get(id(item))
                if found is not None and found[0] is item:
                    undo.append((space, name, item))
                    space[name] = found[1]
        yield
    finally:
        for space, name, item in undo:
            space[name] = item


def _namespaces(module: ModuleType) -> list[dict[str, Any]]:
    """Return the namespaces of the student's file and of those beside it."""
    found = [vars(module)]
    home = getattr(module, "__file__", None)
    folder = PurePath(home).parent if home else None
    for other in list(sys.modules.values()):
        file = getattr(other, "__dict__", {}).get("__file__")
        if folder is None or not isinstance(file, str) or other is module:
            continue
        path = PurePath(file)
        # Not what is installed, should an environment lie within the student's own folder.
        if path.is_relative_to(folder) and "site-packages" not in path.parts:
            found.append(vars(other))
    return found


def _replacements(tape: Tape) -> dict[int, tuple[Any, Any]]:
    """Return what is replaced by what, by the id of the former."""
    pairs: list[tuple[Any, Any]] = []
    pairs += [(getattr(np, name), _filled(getattr(np, name))) for name in _FILLED + _FILLED_LIKE]
    pairs += [(np.empty, _emptied(np.empty)), (np.empty_like, _emptied(np.empty_like))]
    pairs += [(getattr(np, name), _converted(getattr(np, name))) for name in _CONVERTED]
    for name, of in [*((name, name) for name in codes.UNARY), *_ALSO.items()]:
        if hasattr(np, name):
            pairs.append((getattr(np, name), _Elementwise(getattr(np, name), _one(tape, of))))
        if hasattr(math, name) and name not in _NOT_OF_MATH:
            pairs.append((getattr(math, name), _scalar(getattr(math, name), tape, of)))
    for name, of in [*((name, name) for name in codes.BINARY), *_ALSO_BINARY.items()]:
        apply = _two(tape, of)
        if hasattr(np, name):
            pairs.append((getattr(np, name), _Elementwise(getattr(np, name), apply)))
        if hasattr(math, name):
            pairs.append((getattr(math, name), _pair(getattr(math, name), tape, apply)))
    pairs += [
        (np.clip, _clip(tape, np.clip)),
        (math.pow, _pair(math.pow, tape, lambda base, exponent: base**exponent)),
        (math.fsum, _sum(math.fsum, tape)),
        (np.isnan, _Elementwise(np.isnan, _is_nan)),
        (math.isnan, _is_nan),
    ]
    return {id(original): (original, other) for original, other in pairs}


def _is_nan(number: Any) -> bool:
    return bool(number != number)  # only NaN is not itself; this leaves a comparison


def _filled(original: Function) -> Function:
    """Return a function that makes arrays, whose arrays of floats become arrays of objects."""

    def make(*arguments: Any, **options: Any) -> Any:
        made = original(*arguments, **options)
        return made.astype(object) if made.dtype.kind == "f" else made

    return make


def _emptied(original: Function) -> Function:
    def make(*arguments: Any, **options: Any) -> Any:
        made = original(*arguments, **options)
        # What an empty array holds is of no interest; None would be in the way.
        return _full(made.shape, 0.0, object) if made.dtype.kind in "fO" else made

    return make


def _converted(original: Function) -> Function:
    """Return a function such as `np.array`, which makes objects where it would make floats."""

    def make(data: Any, *arguments: Any, **options: Any) -> Any:
        wanted = arguments[0] if arguments else options.get("dtype")
        if wanted is not None and np.dtype(wanted).kind == "f":
            arguments, options = arguments[1:], {**options, "dtype": object}
        made = original(data, *arguments, **options)
        return made.astype(object) if made.dtype.kind == "f" else made

    return make


class _Elementwise:
    """A NumPy function that is recorded for each object of an array."""

    def __init__(self, original: Any, apply: Function) -> None:
        self._original = original
        self._apply = apply
        self._objects = np.frompyfunc(apply, original.nin, 1)

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        if any(_asarray(argument).dtype.kind == "O" for argument in arguments):
            return self._objects(*arguments, **options)
        return self._original(*arguments, **options)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._original, name)


def _one(tape: Tape, name: str) -> Function:
    plain = getattr(np, name)

    def apply(number: Any) -> Any:
        if type(number) is tape.number:
            return getattr(number, name)()
        with np.errstate(all="ignore"):
            return float(plain(float(number)))

    return apply


def _two(tape: Tape, name: str) -> Function:
    plain, code = getattr(np, name), codes.BINARY[name]

    def apply(left: Any, right: Any) -> Any:
        if type(left) is tape.number or type(right) is tape.number:
            return tape.apply(code, left, right)
        with np.errstate(all="ignore"):
            return float(plain(float(left), float(right)))

    return apply


def _scalar(original: Function, tape: Tape, name: str) -> Function:
    """Return a function of `math` that records what it is asked for."""

    def call(*arguments: Any) -> Any:
        if len(arguments) == 1 and type(arguments[0]) is tape.number:
            return getattr(arguments[0], name)()
        if name == "log" and len(arguments) == 2:  # to a base
            return call(arguments[0]) / call(arguments[1])
        return original(*arguments)

    return call


def _pair(original: Function, tape: Tape, apply: Function) -> Function:
    def call(*arguments: Any) -> Any:
        if len(arguments) == 2 and any(type(item) is tape.number for item in arguments):
            return apply(*arguments)
        return original(*arguments)

    return call


def _sum(original: Function, tape: Tape) -> Function:
    def call(numbers: Any) -> Any:
        listed = list(numbers)
        recorded = any(type(item) is tape.number for item in listed)
        return sum(listed) if recorded else original(listed)

    return call


def _clip(tape: Tape, original: Function) -> Function:
    lower = _Elementwise(np.maximum, _two(tape, "maximum"))
    upper = _Elementwise(np.minimum, _two(tape, "minimum"))

    def call(numbers: Any, low: Any = None, high: Any = None, *more: Any, **options: Any) -> Any:
        if more or options or _asarray(numbers).dtype.kind != "O":
            return original(numbers, low, high, *more, **options)
        above = numbers if low is None else lower(numbers, low)
        return above if high is None else upper(above, high)

    return call
