"""The data that crosses between the grader and student code, and its form on the wire.

Allowed are None, bool, int (64 bits), float, complex, str, bytes, list, dict with str keys, and
NumPy arrays of a fixed set of dtypes.  Nothing that arrives can carry behaviour: there is no
pickle, no subclass, no object.

A frame on the wire is

    4 bytes     length of the header, little endian
    header      MessagePack; an array stands in it as (dtype, shape)
    arrays      the raw memory of the arrays, C order, in the order of the header

The header is capped small, because a list of empty maps grows seventyfold when decoded; arrays are
capped apart and read straight into place.
"""

from __future__ import annotations

import dataclasses
import math
import numbers
import struct
import sys
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from itertools import islice
from types import GeneratorType
from typing import Any

import msgspec
import numpy as np

MAX_HEADER_BYTES = 1 << 20
MAX_ARRAY_BYTES = 64 << 20
MAX_DEPTH = 32
MAX_ITERATED = 10_000  # items of a generator or another iterator, which may never end

DTYPES = frozenset(
    np.dtype(code).str
    for code in ("?", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f2", "f4", "f8", "c8", "c16")
)

_getsizeof = sys.getsizeof
_FLOAT_BYTES = _getsizeof(1.0)
_WIRE_TYPES = frozenset((bool, int, float, complex, str, bytes, np.ndarray))
_LENGTH = struct.Struct("<I")
_COMPLEX = struct.Struct("<dd")
_ARRAY_CODE, _COMPLEX_CODE = 1, 2
_array_form = msgspec.msgpack.Decoder(tuple[str, tuple[int, ...]])


class WireError(ValueError):
    """Bytes that are not a frame of this format, or are larger than allowed."""


class NotDataError(TypeError):
    """A Python object that is not data; the message names its type in plain words."""


def dump(value: Any) -> list[bytes | memoryview]:
    """Return the buffers of a frame that carries `value`, to be written in order.

    Raises NotDataError for anything outside the allowed types, WireError if it is too large.
    """
    arrays: list[np.ndarray] = []

    def extension(item: Any) -> msgspec.msgpack.Ext:
        if type(item) is complex:
            return msgspec.msgpack.Ext(_COMPLEX_CODE, _COMPLEX.pack(item.real, item.imag))
        if type(item) is not np.ndarray:
            raise NotDataError(f"a value of type {type_name(item)} is not data")
        if item.dtype.str not in DTYPES:
            raise NotDataError(f"an array of dtype {item.dtype} is not data")
        arrays.append(np.ascontiguousarray(item).reshape(item.shape))
        return msgspec.msgpack.Ext(
            _ARRAY_CODE, msgspec.msgpack.encode((item.dtype.str, item.shape))
        )

    try:
        header = msgspec.msgpack.encode(value, enc_hook=extension)
    except (OverflowError, RecursionError, UnicodeEncodeError) as error:
        raise NotDataError(str(error)) from None
    if len(header) > MAX_HEADER_BYTES:
        raise WireError(f"{len(header)} bytes of plain data; at most {MAX_HEADER_BYTES} may cross")
    size = sum(array.nbytes for array in arrays)
    if size > MAX_ARRAY_BYTES:
        raise WireError(f"{size} bytes of arrays; at most {MAX_ARRAY_BYTES} may cross")
    raw = [_memory(array) for array in arrays if array.size]
    return [_LENGTH.pack(len(header)) + header, *raw]


def load(read_into: Callable[[memoryview], None]) -> Any:
    """Return the value of the next frame.

    `read_into` fills the memory that it is given, or raises what its caller wants to see (EOFError,
    TimeoutError).  Raises WireError for anything that is not a frame.
    """
    value = load_trusted(read_into)
    size_bytes(value)
    return value


def load_trusted(read_into: Callable[[memoryview], None]) -> Any:
    """Return the value of the next frame, as `load` does, without a look at what is in it.

    It may hold what MessagePack has and this format has not, unless nobody else can have written
    it; `size_bytes` finds that, for whoever weighs the value anyway.
    """
    header = _header(read_into)
    decoder = _ArrayDecoder()
    try:
        value = msgspec.msgpack.decode(header, ext_hook=decoder.extension)
    except WireError:
        raise
    except (msgspec.MsgspecError, ValueError, RecursionError, OverflowError, MemoryError) as error:
        raise WireError(f"not a frame: {error}") from None
    for array in decoder.arrays:
        if array.size:
            read_into(_memory(array))
    return value


def size_bytes(value: Any) -> int:
    """Return how much memory a value takes that `load_trusted` returned.

    Raises WireError for what MessagePack can carry and this format does not: dates, odd keys.
    """
    size, seen = 0, [value]
    for item in seen:  # which grows meanwhile
        kind = type(item)
        if kind is float:
            size += _FLOAT_BYTES
        elif kind is list:
            size += _getsizeof(item)
            seen += item
        elif kind is dict:
            size += _getsizeof(item) + sum(map(_getsizeof, item))
            seen += item.values()
            if not all(type(key) is str for key in item):
                raise WireError("not a frame: a key that is not text")
        elif kind in _WIRE_TYPES:
            size += _getsizeof(item)  # of an array: with its data
        elif item is not None:
            raise WireError(f"not a frame: a value of type {type_name(item)}")
    return size


def _header(read_into: Callable[[memoryview], None]) -> bytearray:
    prefix = bytearray(_LENGTH.size)
    read_into(memoryview(prefix))
    (length,) = _LENGTH.unpack(prefix)
    if length > MAX_HEADER_BYTES:
        raise WireError(f"a header of {length} bytes; at most {MAX_HEADER_BYTES} may come")
    header = bytearray(length)
    read_into(memoryview(header))
    return header


class _ArrayDecoder:
    """Makes room for the arrays that a header announces, within the cap."""

    def __init__(self) -> None:
        self.arrays: list[np.ndarray] = []
        self.budget_bytes = MAX_ARRAY_BYTES

    def extension(self, code: int, data: memoryview) -> Any:
        if code == _COMPLEX_CODE and len(data) == _COMPLEX.size:
            return complex(*_COMPLEX.unpack(data))
        if code != _ARRAY_CODE:
            raise WireError(f"unknown extension {code}")
        dtype, shape = _array_form.decode(data)
        if dtype not in DTYPES or len(shape) > MAX_DEPTH or any(size < 0 for size in shape):
            raise WireError(f"an array of dtype {dtype!r} and shape {shape!r} is not allowed")
        # An empty array still costs an object, so it counts as one element.
        self.budget_bytes -= max(1, math.prod(shape)) * np.dtype(dtype).itemsize
        if self.budget_bytes < 0:
            raise WireError(f"arrays of more than {MAX_ARRAY_BYTES} bytes")
        self.arrays.append(np.empty(shape, dtype))
        return self.arrays[-1]


def _memory(array: np.ndarray) -> memoryview:
    """Return the bytes of a contiguous array, to read or to fill."""
    return memoryview(array.reshape(-1).view(np.uint8).data)


def plain(value: Any) -> Any:
    """Return what a student's function gave back as data of the allowed types.

    Tuples, ranges, views of dicts, generators and other built-in iterators, arrays of text and
    object arrays of anything but numbers become lists; dataclasses become dicts; torch tensors,
    NumPy scalars, subclasses of ndarray and object arrays of numbers become plain arrays; other
    real numbers (fractions, decimals, SymPy numbers) become floats, SymPy matrices lists.  Raises
    NotDataError, naming the type, for anything else.
    """
    return _plain(value, 0)


def _plain(value: Any, depth: int) -> Any:
    kind = type(value)
    if value is None or kind in (bool, float, complex, str, bytes):
        return value
    if kind is int:
        return value if -(2**63) <= value < 2**63 else _wide(value)
    if depth >= MAX_DEPTH:
        raise NotDataError(f"a value nested more than {MAX_DEPTH} levels deep is not data")
    if isinstance(value, (np.ndarray, np.generic)):
        return _plain_array(value, depth)
    if _is_tensor(value):
        return _plain_tensor(value)
    if isinstance(value, Mapping):
        return {_plain_key(key): _plain(item, depth + 1) for key, item in value.items()}
    if isinstance(value, (list, tuple, range)) or kind in _VIEWS:
        return _plain_items(value, depth)
    if kind in _ITERATORS:
        return _iterated(value, depth)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = dataclasses.fields(value)
        return {field.name: _plain(getattr(value, field.name), depth + 1) for field in fields}
    return _plain_other(value, depth)


def _plain_items(items: Any, depth: int) -> list[Any]:
    if type(items) is list and _UNNESTED.issuperset(map(type, items)):
        return list(items)
    return [_plain(item, depth + 1) for item in items]


def _iterated(value: Iterable[Any], depth: int) -> list[Any]:
    items: list[Any] = [_plain(item, depth + 1) for item in islice(value, MAX_ITERATED + 1)]
    if len(items) > MAX_ITERATED:
        raise NotDataError(
            f"a value of type {type_name(value)} with more than {MAX_ITERATED} items is not data; "
            "return a list"
        )
    return items


def _wide(value: int) -> float:
    try:
        return float(value)
    except OverflowError:
        raise NotDataError("a whole number with more than 300 digits is not data") from None


_UNNESTED = frozenset((type(None), bool, float, complex, str, bytes))
_VIEWS: tuple[type, ...] = (type({0: 0}.keys()), type({0: 0}.values()), type({0: 0}.items()))
_ITERATORS: frozenset[type] = frozenset(
    (
        *(GeneratorType, map, zip, filter, enumerate, reversed, type(reversed([]))),
        *(type(iter([])), type(iter(())), type(iter("")), type(iter(range(1)))),
        *(type(iter({})), type(iter({}.values())), type(iter({}.items()))),
    )
)


def _plain_key(key: Any) -> str:
    if isinstance(key, str):
        return str(key)
    if isinstance(key, (int, np.integer)) and not isinstance(key, bool):
        return str(int(key))
    raise NotDataError(f"a dict with a key of type {type_name(key)} is not data; use str keys")


def _plain_array(value: Any, depth: int = 0) -> Any:
    if isinstance(value, np.ma.MaskedArray):
        if np.ma.getmaskarray(value).any():
            raise NotDataError("a masked array with masked entries has no values to compare")
        value = value.data
    array = np.array(value, copy=True, subok=False)
    if array.dtype.kind == "O":
        numeric = _of_objects(array)
        if numeric is None:
            return _plain(array.tolist(), depth + 1)
        array = numeric
    if array.dtype.kind in "UT":
        return array.tolist()
    if array.dtype.kind == "f" and array.dtype.itemsize > 8:
        array = array.astype(np.float64)
    if array.dtype.kind == "c" and array.dtype.itemsize > 16:
        array = array.astype(np.complex128)
    array = array.astype(array.dtype.newbyteorder("="), copy=False)
    if array.dtype.str not in DTYPES:
        raise NotDataError(f"an array of dtype {array.dtype} is not data")
    return array


def _of_objects(array: np.ndarray) -> np.ndarray | None:
    """Return an object array of numbers, or of text, as an array of those; None for any other."""
    raw = array.reshape(-1).tolist()
    if any(_holds_more(item) for item in raw):
        return None
    items: list[Any] = [_plain(item, MAX_DEPTH - 1) for item in raw]
    # NumPy scalars and tensors without axes have become arrays: back to scalars, dtype and all.
    items = [item[()] if isinstance(item, np.ndarray) else item for item in items]
    numeric = all(isinstance(item, (bool, int, float, complex, np.generic)) for item in items)
    if not numeric and not all(isinstance(item, str) for item in items):
        return None
    return np.array(items).reshape(array.shape)


def _holds_more(item: Any) -> bool:
    if isinstance(item, np.ndarray):
        return item.ndim > 0
    nested = isinstance(item, (list, tuple, Mapping)) or type(item) in _ITERATORS
    return nested or dataclasses.is_dataclass(item)


def _is_tensor(value: Any) -> bool:
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(value, torch.Tensor)


def _plain_tensor(value: Any) -> Any:
    import torch  # noqa: PLC0415  (only where a tensor shows that torch is there)

    tensor = value.detach().to("cpu").resolve_conj().resolve_neg()
    if tensor.layout is not torch.strided:
        tensor = tensor.to_dense()
    if tensor.dtype is torch.bfloat16:
        tensor = tensor.to(torch.float32)
    return _plain_array(tensor.as_subclass(torch.Tensor).numpy())


# What a subclass is worth without its own behaviour: str() of an Enum is its name.
_BASES: dict[type, Callable[[Any], Any]] = {
    int: int.__int__,
    float: float.__float__,
    complex: complex.__complex__,
    str: str.__str__,
    bytes: bytes.__bytes__,
}


def _plain_other(value: Any, depth: int) -> Any:
    for base, of in _BASES.items():
        if isinstance(value, base):
            return _plain(of(value), MAX_DEPTH)
    symbolic = type(value).__module__.split(".")[0] in {"sympy", "mpmath"}
    if symbolic and hasattr(value, "tolist"):
        return _plain(value.tolist(), depth + 1)
    if symbolic or isinstance(value, (numbers.Real, Decimal)):
        try:
            return float(value)
        except (TypeError, ValueError, OverflowError):
            raise NotDataError(f"a value of type {type_name(value)} is not a number") from None
    raise NotDataError(f"a value of type {type_name(value)} is not data")


def type_name(value: object) -> str:
    """Return the name of a value's type, with its module where that is not built in."""
    kind = type(value)
    module = kind.__module__
    return kind.__qualname__ if module == "builtins" else f"{module}.{kind.__qualname__}"
