"""Plans as JSON that a person can read, and back, by the types of their fields.

An array of float64 is nested lists of numbers; any other has its dtype beside them, an empty one
its shape.  Numbers are written with the digits that give back the very same float; "nan", "inf" and
"-inf" stand for those that JSON has no numbers for.  Where a field may hold any value, what JSON
cannot say is an object with one key that begins with a dollar sign.

Reading is strict: unknown keys, missing ones and values of another type raise `CodecError`, and
so do arrays beyond MAX_NUMBERS.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from fractions import Fraction
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import numpy as np

from grader import values

MAX_NUMBERS = 1_000_000
_SPECIAL = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}
_FRACTION = re.compile(r"-?[0-9]{1,400}(/[0-9]{1,400})?")


class CodecError(ValueError):
    """Data that is not of the type that is asked for; the message says where."""


# ---- writing -------------------------------------------------------------------------------------


def encoded(value: Any, kind: Any) -> Any:
    """Return a value of a type as data for JSON.  Raises TypeError for what cannot be written."""
    origin, arguments = get_origin(kind), get_args(kind)
    if kind in _OPEN:
        return _any_encoded(value)
    if np.ndarray in {kind, origin}:
        return _array_encoded(np.asarray(value))
    if _is_record(kind):
        return _record_encoded(value, kind)
    if origin in {Union, UnionType}:
        return _union_encoded(value, arguments)
    if origin is tuple and not (len(arguments) == 2 and arguments[1] is Ellipsis):
        return [encoded(item, of) for item, of in zip(value, arguments, strict=True)]
    if origin in _SEQUENCES:
        return [encoded(item, arguments[0]) for item in value]
    if origin in _MAPPINGS:
        return {_text(name): encoded(item, arguments[1]) for name, item in value.items()}
    return value if origin is Literal else _plain_encoded(value, kind)


def _plain_encoded(value: Any, kind: Any) -> Any:
    if kind is Fraction:
        return str(value)
    if kind is float:
        return _float_encoded(float(value))
    if kind in {bool, int, str, NoneType}:
        return value
    raise TypeError(f"a field of type {kind} cannot be written")


_OPEN: frozenset[Any] = frozenset({Any, object})
_SEQUENCES: frozenset[Any] = frozenset({tuple, list, Sequence})
_MAPPINGS: frozenset[Any] = frozenset({dict, Mapping})


def _text(name: Any) -> str:
    if not isinstance(name, str):
        raise TypeError(f"found the key {name!r}; expected text")
    return name


def _float_encoded(number: float) -> float | str:
    if math.isfinite(number):
        return number
    return "nan" if math.isnan(number) else "inf" if number > 0 else "-inf"


def _record_encoded(value: Any, kind: Any) -> dict[str, Any]:
    hints, defaults = _hints(kind), _defaults(kind)
    if type(value) is not kind:
        raise TypeError(f"found {type(value).__name__}; expected {kind.__name__}")
    found = {field.name: getattr(value, field.name) for field in fields(kind)}
    return {
        name: encoded(item, hints[name])
        for name, item in found.items()
        if not (name in defaults and _is_default(item, defaults[name]))
    }


def _is_default(item: Any, default: Any) -> bool:
    return type(item) is type(default) and not isinstance(item, np.ndarray) and item == default


def _union_encoded(value: Any, kinds: Sequence[Any]) -> Any:
    records = [kind for kind in kinds if _is_record(kind)]
    for kind in kinds:
        if kind is NoneType and value is None:
            return None
        if _is_record(kind) and type(value) is kind:
            found = _record_encoded(value, kind)
            return found if len(records) == 1 else {"record": kind.__name__, **found}
    for kind in kinds:
        plain = get_origin(kind) or kind
        if plain not in {NoneType, *records} and _fits(value, plain):
            return encoded(value, kind)
    raise TypeError(f"found {type(value).__name__}; expected one of {kinds}")


def _fits(value: Any, plain: Any) -> bool:
    if plain in {int, bool, str, float}:
        return type(value) is plain
    return isinstance(plain, type) and isinstance(value, plain)


def _array_encoded(array: np.ndarray) -> Any:
    if array.dtype.str not in values.DTYPES:
        raise TypeError(f"an array of dtype {array.dtype} cannot be written")
    if array.dtype.kind == "c":
        data: Any = np.stack([array.real, array.imag], axis=-1).astype(np.float64).tolist()
    else:
        data = array.tolist()
    if array.dtype.kind in "fc":
        data = _each(data, _float_encoded)
    if array.dtype == np.float64 and array.size:
        return data
    found = {"dtype": array.dtype.name, "array": data}
    return found if array.size else {**found, "shape": list(array.shape)}


def _each(data: Any, change: Callable[[float], Any]) -> Any:
    return [_each(item, change) for item in data] if isinstance(data, list) else change(data)


def _any_encoded(value: Any) -> Any:
    if value is None or type(value) in {bool, int, str}:
        return value
    if type(value) is float:
        return value if math.isfinite(value) else {"$float": _float_encoded(value)}
    if type(value) is complex:
        return {"$complex": [_float_encoded(value.real), _float_encoded(value.imag)]}
    if isinstance(value, (np.ndarray, np.generic)):
        return {"$array": _array_encoded(np.asarray(value))}
    if isinstance(value, Fraction):
        return {"$fraction": str(value)}
    if isinstance(value, list):
        return [_any_encoded(item) for item in value]
    if isinstance(value, tuple):
        return {"$tuple": [_any_encoded(item) for item in value]}
    if isinstance(value, Mapping):
        if any(_text(name).startswith("$") for name in value):
            raise TypeError("a key that begins with a dollar sign cannot be written")
        return {name: _any_encoded(item) for name, item in value.items()}
    raise TypeError(f"a value of type {type(value).__name__} cannot be written")


# ---- reading -------------------------------------------------------------------------------------


def decoded(data: Any, kind: Any, where: str = "") -> Any:
    """Return the value of a type that data from JSON stands for.  Raises CodecError."""
    origin, arguments = get_origin(kind), get_args(kind)
    if kind in _OPEN:
        return _any_decoded(data, where)
    if np.ndarray in {kind, origin}:
        return _array_decoded(data, where)
    if _is_record(kind):
        return _record_decoded(data, kind, where)
    if origin in {Union, UnionType}:
        return _union_decoded(data, arguments, where)
    if origin is tuple and not (len(arguments) == 2 and arguments[1] is Ellipsis):
        items = _checked(data, list, where)
        if len(items) != len(arguments):
            raise _fault(where, f"expected {len(arguments)} items, found {len(items)}")
        pairs = enumerate(zip(items, arguments, strict=True))
        return tuple(decoded(item, of, f"{where}[{n}]") for n, (item, of) in pairs)
    if origin in _SEQUENCES:
        listed = enumerate(_checked(data, list, where))
        made = [decoded(item, arguments[0], f"{where}[{n}]") for n, item in listed]
        return tuple(made) if origin is tuple else made
    if origin in _MAPPINGS:
        named = _checked(data, dict, where).items()
        return {name: decoded(item, arguments[1], f"{where}.{name}") for name, item in named}
    if origin is Literal:
        return _literal_decoded(data, arguments, where)
    return _plain_decoded(data, kind, where)


def _literal_decoded(data: Any, known: Sequence[Any], where: str) -> Any:
    if not any(type(data) is type(item) and data == item for item in known):
        raise _fault(where, f"expected one of {', '.join(map(repr, known))}")
    return data


def _plain_decoded(data: Any, kind: Any, where: str) -> Any:
    if kind is Fraction:
        text = _checked(data, str, where)
        if not _FRACTION.fullmatch(text) or text.endswith("/0"):
            raise _fault(where, "expected a fraction such as 5/9")
        return Fraction(text)
    if kind is float:
        return _float_decoded(data, where)
    if kind is NoneType:
        if data is not None:
            raise _fault(where, "expected null")
        return None
    if kind in {bool, int, str}:
        return _checked(data, kind, where)
    raise TypeError(f"a field of type {kind} cannot be read")


def _fault(where: str, says: str) -> CodecError:
    return CodecError(f"{where.lstrip('.') or 'the data'}: {says}")


_NAMES = {list: "a list", dict: "an object", str: "text", int: "a whole number", bool: "a truth"}


def _checked(data: Any, kind: type, where: str) -> Any:
    if type(data) is not kind:
        raise _fault(where, f"expected {_NAMES[kind]}, found {type(data).__name__}")
    return data


def _float_decoded(data: Any, where: str) -> float:
    if type(data) in {int, float}:
        try:
            return float(data)
        except OverflowError:
            raise _fault(where, "a number that is too large") from None
    if isinstance(data, str) and data in _SPECIAL:
        return _SPECIAL[data]
    raise _fault(where, f"expected a number, found {type(data).__name__}")


def _record_decoded(data: Any, kind: Any, where: str) -> Any:
    found = _checked(data, dict, where)
    hints = _hints(kind)
    names = [field.name for field in fields(kind)]
    for name in found:
        if name not in names:
            raise _fault(f"{where}.{name}", f"{kind.__name__} has no such field")
    for name in names:
        if name not in found and name not in _defaults(kind):
            raise _fault(where, f"{name} is missing")
    return kind(
        **{name: decoded(item, hints[name], f"{where}.{name}") for name, item in found.items()}
    )


def _is_record(kind: Any) -> bool:
    return is_dataclass(kind)


def _union_decoded(data: Any, kinds: Sequence[Any], where: str) -> Any:
    if data is None and NoneType in kinds:
        return None
    records: dict[str, Any] = {kind.__name__: kind for kind in kinds if _is_record(kind)}
    if len(records) > 1 and isinstance(data, dict):
        name = data.get("record")
        kind = records.get(name) if isinstance(name, str) else None
        if kind is None:
            raise _fault(where, f"expected a record of {', '.join(records)}")
        rest = {key: item for key, item in data.items() if key != "record"}
        return _record_decoded(rest, kind, where)
    faults: list[CodecError] = []
    for kind in kinds:
        if kind is NoneType:
            continue
        try:
            return decoded(data, kind, where)
        except CodecError as error:
            faults.append(error)
    raise faults[0] if faults else _fault(where, "expected something else")


def _array_decoded(data: Any, where: str) -> np.ndarray:
    form: dict[str, Any] = data if isinstance(data, dict) else {"array": data}
    if not set(form) <= {"dtype", "array", "shape"} or "array" not in form:
        raise _fault(where, "expected an array with its dtype")
    name = form.get("dtype", "float64")
    if not isinstance(name, str) or name not in _DTYPES:
        raise _fault(where, f"there is no dtype {name!r}")
    numbers: list[Any] = []
    shape = _shape(form["array"], numbers, where)
    if "shape" in form:
        return np.zeros(_empty(form["shape"], numbers, where), _DTYPES[name])
    return _numbers_decoded(numbers, shape, _DTYPES[name], where)


def _empty(shape: Any, numbers: Sequence[Any], where: str) -> tuple[int, ...]:
    """Return the shape that stands beside an array without entries."""
    whole = isinstance(shape, list) and all(type(n) is int and n >= 0 for n in shape)
    if numbers or not whole or 0 not in shape or len(shape) > values.MAX_DEPTH:
        raise _fault(where, "a shape stands beside empty arrays only")
    return tuple(shape)


def _numbers_decoded(
    numbers: Sequence[Any], shape: tuple[int, ...], dtype: np.dtype[Any], where: str
) -> np.ndarray:
    if dtype.kind in "fc":
        flat: Any = [_float_decoded(item, where) for item in numbers]
    elif all(type(item) is (bool if dtype.kind == "b" else int) for item in numbers):
        flat = numbers
    else:
        raise _fault(where, f"expected numbers of {dtype.name}")
    try:
        made = np.array(flat, np.float64 if dtype.kind == "c" else dtype).reshape(shape)
    except OverflowError:
        raise _fault(where, f"a number that is too large for {dtype.name}") from None
    if dtype.kind != "c":
        return made
    if shape[-1:] != (2,):
        raise _fault(where, "expected pairs of real and imaginary parts")
    pairs = np.empty(shape[:-1], np.complex128)
    pairs.real, pairs.imag = made[..., 0], made[..., 1]  # a sum would make NaN of infinities
    return pairs.astype(dtype)


_DTYPES = {np.dtype(code).name: np.dtype(code) for code in values.DTYPES}


def _shape(nested: Any, numbers: list[Any], where: str, depth: int = 0) -> tuple[int, ...]:
    """Return the shape of nested lists, and add what is in them to `numbers`."""
    if not isinstance(nested, list):
        numbers.append(nested)
        if len(numbers) > MAX_NUMBERS:
            raise _fault(where, f"more than {MAX_NUMBERS} numbers")
        return ()
    if depth >= values.MAX_DEPTH:
        raise _fault(where, "an array with too many axes")
    shapes = {_shape(item, numbers, where, depth + 1) for item in nested}
    if len(shapes) > 1:
        raise _fault(where, "rows of different lengths")
    return (len(nested), *(shapes.pop() if shapes else ()))


def _any_decoded(data: Any, where: str) -> Any:
    if isinstance(data, list):
        return [_any_decoded(item, f"{where}[{n}]") for n, item in enumerate(data)]
    if not isinstance(data, dict):
        return data
    special = [name for name in data if name.startswith("$")]
    if not special:
        return {name: _any_decoded(item, f"{where}.{name}") for name, item in data.items()}
    if len(data) > 1:
        raise _fault(where, f"{special[0]} stands alone")
    (name,), (item,) = data.keys(), data.values()
    match name:
        case "$array":
            return _array_decoded(item, where)
        case "$float":
            return _float_decoded(item, where)
        case "$fraction":
            return _plain_decoded(item, Fraction, where)
        case "$complex":
            return complex(*decoded(item, tuple[float, float], where))
        case "$tuple":
            listed = enumerate(_checked(item, list, where))
            return tuple(_any_decoded(each, f"{where}[{n}]") for n, each in listed)
        case _:
            raise _fault(where, f"there is no form {name}")


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


@cache
def _defaults(kind: Any) -> dict[str, Any]:
    """Return the fields of a record that may be left out, with what they are then."""
    found: dict[str, Any] = {}
    for field in fields(kind):
        if field.default is not MISSING:
            found[field.name] = field.default
        elif field.default_factory is not MISSING:
            found[field.name] = field.default_factory()
    return found
