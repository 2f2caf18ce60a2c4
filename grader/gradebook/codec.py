"""Results as JSON text and back, exactly: points are fractions and stay so.

A text ends with its checksum, in spaces and tabs, so that it stays JSON: a byte that a disk lost
could be a point.  Texts without one are as good as their JSON.
"""

from __future__ import annotations

import zlib
from fractions import Fraction
from typing import Any, TypeVar

import msgspec

RecordT = TypeVar("RecordT")

_BITS = str.maketrans("01", " \t")


def dump(record: Any) -> bytes:
    """Return a record as JSON; the same record always gives the same bytes.

    Halves of surrogate pairs, which no file can hold, are spelled out.
    """
    try:
        text = msgspec.json.encode(record, enc_hook=_write, order="deterministic")
    except UnicodeEncodeError:
        plain = _storable(msgspec.to_builtins(record, enc_hook=_write))
        text = msgspec.json.encode(plain, order="deterministic")
    return text + _checksum(text)


def load(data: bytes | str, kind: type[RecordT]) -> RecordT:
    """Return the record in a JSON text.  Raises ValueError if it is none of that kind."""
    if not sound(data):
        raise ValueError("not what was written: its checksum is another")
    try:
        return msgspec.json.decode(data, type=kind, dec_hook=_read)
    except (msgspec.MsgspecError, ZeroDivisionError) as error:
        raise ValueError(str(error)) from None


def sound(data: object) -> bool:
    """Return whether a text is as it was written, as far as its checksum tells."""
    raw = data.encode() if isinstance(data, str) else data
    if not isinstance(raw, bytes):
        return False
    text = raw.rstrip()
    return len(text) == len(raw) or raw[len(text) :] == _checksum(text)


def _checksum(text: bytes) -> bytes:
    return format(zlib.crc32(text), "032b").translate(_BITS).encode()


def storable_text(text: str) -> str:
    """Return a text as it can be stored: halves of surrogate pairs are spelled out."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return storable_text(value)
    if isinstance(value, dict):
        return {_storable(key): _storable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_storable(item) for item in value]
    return value


def _write(value: Any) -> Any:
    if isinstance(value, Fraction):
        return str(value)
    raise NotImplementedError(type(value))


def _read(kind: type, value: Any) -> Any:
    if kind is Fraction:
        return Fraction(value)
    raise NotImplementedError(kind)
