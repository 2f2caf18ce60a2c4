"""Results as JSON text and back, exactly: points are fractions and stay so."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, TypeVar

import msgspec

RecordT = TypeVar("RecordT")


def dump(record: Any) -> bytes:
    """Return a record as JSON; the same record always gives the same bytes."""
    return msgspec.json.encode(record, enc_hook=_write, order="deterministic")


def load(data: bytes | str, kind: type[RecordT]) -> RecordT:
    """Return the record in a JSON text.  Raises ValueError if it is none of that kind."""
    try:
        return msgspec.json.decode(data, type=kind, dec_hook=_read)
    except msgspec.MsgspecError as error:
        raise ValueError(str(error)) from None


def _write(value: Any) -> Any:
    if isinstance(value, Fraction):
        return str(value)
    raise NotImplementedError(type(value))


def _read(kind: type, value: Any) -> Any:
    if kind is Fraction:
        return Fraction(value)
    raise NotImplementedError(kind)
