"""Arrays from what came over the wire, or the reason why it is none."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader import messages

_LOW = frozenset(map(np.dtype, ("float16", "float32", "complex64")))


class NotNumbersError(ValueError):
    """What was returned holds no numbers; the message is for the student."""


def as_array(value: Any) -> np.ndarray:
    """Return numbers as a float64 array (complex128 only if an imaginary part is not zero).

    Takes numbers, arrays, and lists of both, nested evenly.  Raises NotNumbersError.
    """
    if value is None:
        raise NotNumbersError(messages.results.RETURNED_NONE)
    if isinstance(value, str):
        raise NotNumbersError(messages.results.returned_text(value))
    if isinstance(value, (dict, bytes)):
        raise NotNumbersError(messages.results.returned_type(type(value).__name__))
    try:
        array = np.array(value) if isinstance(value, list) else np.asarray(value)
    except (ValueError, OverflowError):
        raise NotNumbersError(messages.results.RETURNED_RAGGED) from None
    if array.dtype.kind not in "biufc":
        raise NotNumbersError(messages.results.returned_mixed(_stranger(value)))
    if array.dtype.kind == "c":
        # NaN in an imaginary part is not zero, so it stays complex and compares as wrong.
        wide = array.astype(np.complex128)
        return wide.real.copy() if bool(np.all(wide.imag == 0)) else wide
    return array.astype(np.float64)


_STRANGERS = {type(None): "None", str: "text", dict: "a dict", bytes: "bytes"}


def _stranger(value: Any) -> str:
    """Return the name of the first thing in nested lists that is not a number."""
    for item in value if isinstance(value, list) else [value]:
        found = _stranger(item) if isinstance(item, list) else _STRANGERS.get(type(item), "")
        if found:
            return found
    return ""


def working_dtype(value: Any) -> str:
    """Return "float32" if single precision is found in a value, else "float64".

    Python floats count as float64.  Half precision is judged as single: an allowance for its three
    digits would let through what is wrong in the third.
    """
    waiting = [value]
    for item in waiting:  # which grows meanwhile
        if type(item) is float:
            continue
        if isinstance(item, np.ndarray):
            if item.dtype in _LOW:
                return "float32"
        elif isinstance(item, list):
            waiting += item
        elif isinstance(item, dict):
            waiting += item.values()
    return "float64"


def array_text(array: np.ndarray, limit: int = 200) -> str:
    """Return an array as text: every digit for small ones, shortened beyond `limit` entries."""
    if array.ndim == 0:
        return number_text(array[()])
    return np.array2string(
        array,
        threshold=limit,
        separator=", ",
        max_line_width=88,
        formatter={"all": number_text},
    )


def number_text(number: Any) -> str:
    """Return a number with up to ten significant digits, as Python would read it back."""
    if isinstance(number, (complex, np.complexfloating)):
        return f"{number:.10g}"
    return f"{float(number):.10g}"


def literal(value: Any) -> str:
    """Return Python source for an input, so that a student can paste the call that failed."""
    if isinstance(value, np.ndarray):
        if value.ndim == 0:
            return repr(value.item())
        return f"np.array({value.tolist()!r})"
    return repr(value)


def call_text(function: str, arguments: dict[str, Any]) -> str:
    """Return a line of Python that makes a call again."""
    return f"{function}({', '.join(literal(value) for value in arguments.values())})"
