"""What of NumPy and `math` is replaced while a function is recorded, and put back afterwards.

NumPy computes with arrays of objects nearly everything that it computes with floats, by the
operators of the objects.  Three things need help: new arrays (`np.zeros`) have to be able to hold
recorded numbers; functions such as `np.exp` know objects only by their methods, which plain floats
among them lack; and the functions of `math` take nothing but floats.

A file that says ``from numpy import zeros`` has the original in its own namespace, and a function
that says ``def f(v, make=np.zeros)`` among its defaults: `holders` finds them.  Arrays of floats
that a file keeps, for scratch or as constants, become arrays of objects as well.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from types import ModuleType
from typing import Any

import numpy as np

from grader.tracing import codes, holders
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
_REDUCED = (("sum", 0.0), ("prod", 1.0), ("mean", None), ("cumsum", None), ("cumprod", None))
"""Functions that take a dtype as their third argument, with what they begin with."""
_NOT_OF_MATH = {"sign", "floor", "ceil", "abs"}  # not there, or integers in it

Function = Callable[..., Any]

# Bound here: below, in `np`, they may be the replaced ones.
_asarray, _full, _Array = np.asarray, np.full, np.ndarray


@contextmanager
def tracing(tape: Tape, module: ModuleType) -> Iterator[None]:
    """Replace what needs it in NumPy, in `math` and in the files of the submission."""
    replaced = _replacements(tape)
    undo: list[Callable[[], None]] = []
    known = set(sys.modules)
    try:
        theirs = holders.of(module)
        replaced |= {id(item): (item, item.astype(object)) for item in holders.floats(theirs)}
        for holder in [vars(np), vars(math), *theirs]:
            undo += holders.replace(holder, replaced)
        yield
    finally:
        for step in reversed(undo):
            step()
        back = {id(other): (other, original) for original, other in replaced.values()}
        for name in set(sys.modules) - known:  # imported meanwhile, with what was replaced
            holders.replace(vars(sys.modules[name]), back)


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
        (np.ndarray, _Class(np.ndarray)),
        (np.fromiter, _from_iterator(np.fromiter)),
    ]
    pairs += [(getattr(np, name), _reduced(getattr(np, name), zero)) for name, zero in _REDUCED]
    for name, test in _TESTS.items():
        pairs.append((getattr(np, name), _Elementwise(getattr(np, name), test, bool)))
        pairs.append((getattr(math, name), test))
    close = _close(np.isclose)
    pairs += [(np.isclose, close), (np.allclose, lambda *a, **o: bool(np.all(close(*a, **o))))]
    pairs.append((math.isclose, _math_close(math.isclose, tape)))
    return {id(original): (original, other) for original, other in pairs}


# Each leaves the comparisons that it makes.
_TESTS: dict[str, Function] = {
    "isnan": lambda number: bool(number != number),  # only NaN is not itself
    "isinf": lambda number: bool(number == math.inf or number == -math.inf),
    "isfinite": lambda number: bool(-math.inf < number < math.inf),
}


def _close(original: Function) -> Function:
    """Return a function as `np.isclose`, by the arithmetic that it does."""

    def one(left: Any, right: Any, rtol: Any, atol: Any) -> bool:
        return bool(left == right or abs(left - right) <= atol + rtol * abs(right))

    objects = np.frompyfunc(one, 4, 1)

    def call(a: Any, b: Any, rtol: Any = 1e-05, atol: Any = 1e-08, *more: Any, **o: Any) -> Any:
        if all(_asarray(item).dtype.kind != "O" for item in (a, b)):
            return original(a, b, rtol, atol, *more, **o)
        return _as_type(objects(a, b, rtol, atol), bool)

    return call


def _math_close(original: Function, tape: Tape) -> Function:
    def call(a: Any, b: Any, *, rel_tol: float = 1e-09, abs_tol: float = 0.0) -> bool:
        if type(a) is not tape.number and type(b) is not tape.number:
            return bool(original(a, b, rel_tol=rel_tol, abs_tol=abs_tol))
        apart = abs(a - b)
        return bool(apart <= rel_tol * max(abs(a), abs(b)) or apart <= abs_tol)

    return call


def _as_type(made: Any, dtype: Any) -> Any:
    """Return an array of objects as one of that type; a single object is one already."""
    return made.astype(dtype) if dtype is not None and isinstance(made, _Array) else made


def _from_iterator(original: Function) -> Function:
    def call(items: Any, dtype: Any, count: int = -1, **options: Any) -> Any:
        if np.dtype(dtype).kind != "f":
            return original(items, dtype, count, **options)
        listed = list(items if count < 0 else islice(items, count))
        made = _full(len(listed), 0.0, object)
        made[:] = listed
        return made

    return call


def _reduced(original: Function, zero: float | None) -> Function:
    """Return a function as `np.sum`, which sums objects where floats are asked for."""

    def call(data: Any, *arguments: Any, **options: Any) -> Any:
        if _asarray(data).dtype.kind != "O":
            return original(data, *arguments, **options)
        wanted = arguments[1] if len(arguments) > 1 else options.get("dtype")
        if wanted is not None and np.dtype(wanted).kind == "f":
            arguments = (*arguments[:1], None, *arguments[2:]) if len(arguments) > 1 else arguments
            options.pop("dtype", None)
        if zero is not None and "where" in options:
            options.setdefault("initial", zero)  # objects have none of their own
        return original(data, *arguments, **options)

    return call


class _Class:
    """What `np.ndarray` is: a class to ask for, and to make empty arrays with."""

    def __init__(self, original: Any) -> None:
        self._original = original

    def __call__(self, shape: Any, dtype: Any = float, *more: Any, **options: Any) -> Any:
        if more or options or np.dtype(dtype).kind != "f":
            return self._original(shape, dtype, *more, **options)
        return _full(shape, 0.0, object)

    def __instancecheck__(self, item: Any) -> bool:
        return isinstance(item, self._original)

    def __subclasscheck__(self, other: type) -> bool:
        return issubclass(other, self._original)

    def __mro_entries__(self, bases: tuple[Any, ...]) -> tuple[Any, ...]:
        return (self._original,)

    def __eq__(self, other: object) -> bool:
        return other is self or other is self._original

    def __hash__(self) -> int:
        return hash(self._original)

    def __or__(self, other: Any) -> Any:
        return self._original | other

    def __getitem__(self, item: Any) -> Any:
        return self._original[item]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._original, name)


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

    def __init__(self, original: Any, apply: Function, dtype: Any = None) -> None:
        self._original = original
        self._dtype = dtype
        self._apply = apply
        self._objects = np.frompyfunc(apply, original.nin, 1)

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        if any(_asarray(argument).dtype.kind == "O" for argument in arguments):
            return _as_type(self._objects(*arguments, **options), self._dtype)
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
