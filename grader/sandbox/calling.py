"""One call on a student's module, made and turned into an answer."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

import numpy as np

from grader.records import Failure, Outcome
from grader.sandbox import state
from grader.sandbox.protocol import Buffers, Order, write_answer
from grader.sandbox.student import Student, clean, describe, is_memory_error
from grader.values import NotDataError, WireError, dump, plain

Probe = Callable[..., Any]

_signature = inspect.signature
_UNCHANGING = frozenset((float, int, bool, complex, str, bytes, type(None)))
_Array = np.ndarray
_close_names = difflib.get_close_matches


class _MissingError(Exception):
    """The function is not in the file."""


class _MismatchError(Exception):
    """The function cannot be called with these arguments."""


def make(
    number: int, order: Order, module: ModuleType, student: Student, probes: Mapping[str, Probe]
) -> Buffers:
    """Return the frame with the answer to one call, whatever the student's code does in it."""
    try:
        state.seed(order.seed)
        before = {
            name: _snapshot(value)
            for name, value in order.arguments.items()
            if type(value) not in _UNCHANGING
        }
        value = _run(order, module, probes)
        changed = [name for name, was in before.items() if _snapshot(order.arguments[name]) != was]
        return write_answer(number, Outcome.RETURNED, plain(value), None, changed)
    except _MissingError as error:
        failure = Failure("AttributeError", str(error))
        return write_answer(number, Outcome.MISSING, None, failure)
    except _MismatchError as error:
        failure = Failure("TypeError", str(error))
        return write_answer(number, Outcome.RAISED, None, failure)
    except (NotDataError, WireError) as error:
        failure = student.failure(error)
        return write_answer(number, Outcome.NOT_DATA, None, failure)
    except BaseException as error:  # noqa: BLE001  (whatever leaves the student's function)
        failure = student.failure(error)
        outcome = Outcome.OUT_OF_MEMORY if is_memory_error(error) else Outcome.RAISED
        return write_answer(number, outcome, None, failure)


def _run(order: Order, module: ModuleType, probes: Mapping[str, Probe]) -> Any:
    found = _find(order.target, module)
    if order.probe is not None:
        return probes[order.probe](module, target=order.target, **order.arguments)
    if not callable(found):
        raise _MissingError(
            f"{order.target} in {_file(module)} is of type {describe(found)}; "
            "it should be a function"
        )
    _check_signature(found, order)
    return found(*order.arguments.values())


def _find(target: str, module: ModuleType) -> Any:
    """Return what the target names: a dotted path of attributes, or nothing at all for a probe."""
    if not all(part.isidentifier() for part in target.split(".")):
        return None
    found: Any = module
    for part in target.split("."):
        try:
            found = getattr(found, part)
        except AttributeError:
            raise _MissingError(_missing(target, part, found, module)) from None
    return found


def _missing(target: str, part: str, place: Any, module: ModuleType) -> str:
    names = [str(name) for name in getattr(place, "__dict__", ()) if str(name)[:1] != "_"]
    close = _close_names(part, names, n=1)
    hint = f"; it has {clean(close[0], 100)}, is that meant?" if close else ""
    return f"{_file(module)} has no {target}{hint}"


def _file(module: ModuleType) -> str:
    return clean(f"{module.__name__.rpartition('.')[2]}.py", 200)


_fitting: list[Any] = [None, 0]  # what was called last and may be so again; its arguments


def _check_signature(function: Any, order: Order) -> None:
    if function is _fitting[0] and len(order.arguments) == _fitting[1]:
        return
    try:
        signature = _signature(function)
    except (TypeError, ValueError):
        return  # a built-in says nothing about its parameters: the call will tell
    try:
        signature.bind(*order.arguments.values())
        _fitting[:] = function, len(order.arguments)
    except TypeError:
        found = clean(str(signature), 500)
        raise _MismatchError(
            f"the function is {order.target}{found}, but it is called as "
            f"{order.target}({', '.join(order.arguments)})"
        ) from None


def _snapshot(value: Any) -> object:
    """Return all that a judge could see of an argument, or None if it is no longer data."""
    if type(value) is _Array:
        return value.dtype.str, value.shape, value.tobytes()
    try:
        return b"".join(dump(value))
    except (NotDataError, WireError):
        return None
