"""Results as JSON text and back, exactly: points are fractions and stay so."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, TypeVar

import msgspec

RecordT = TypeVar("RecordT")


def dump(record: Any) -> bytes:
    """Return a record as JSON; the same record always gives the same bytes.

    Halves of surrogate pairs, which no file can hold, are spelled out.
    """
    try:
        return msgspec.json.encode(record, enc_hook=_write, order="deterministic")
    except UnicodeEncodeError:
        plain = _storable(msgspec.to_builtins(record, enc_hook=_write))
        return msgspec.json.encode(plain, order="deterministic")


def load(data: bytes | str, kind: type[RecordT]) -> RecordT:
    """Return the record in a JSON text.  Raises ValueError if it is none of that kind."""
    try:
        return msgspec.json.decode(data, type=kind, dec_hook=_read)
    except (msgspec.MsgspecError, ZeroDivisionError) as error:
        raise ValueError(str(error)) from None


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
