"""Small files that stand for much: each a known way to make a reader take hours or gigabytes."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from collections.abc import Iterator

import msgspec

from tests.fuzzing.targets import zipped

_MIB = 1 << 20


def of(name: str) -> Iterator[tuple[str, bytes]]:
    """Yield the bombs for a target, each with what it is."""
    yield from _BOMBS[name]().items()


def _frame(header: bytes) -> bytes:
    return struct.pack("<I", len(header)) + header


def _wire() -> dict[str, bytes]:
    array = msgspec.msgpack.encode(("<f8", (8 << 20,)))
    many = [msgspec.msgpack.Ext(1, array)] * 8000
    empty = [msgspec.msgpack.Ext(1, msgspec.msgpack.encode(("<f8", (0, 1 << 40))))] * 8000
    return {
        "a header of 4 GiB": b"\xff\xff\xff\xff",
        "a list of 4 billion": _frame(b"\xdd\xff\xff\xff\xff"),
        "a map of 4 billion": _frame(b"\xdf\xff\xff\xff\xff"),
        "text of 4 GiB": _frame(b"\xdb\xff\xff\xff\xff"),
        "a million empty lists": _frame(b"\xdd" + (_MIB - 8).to_bytes(4, "big") + bytes(_MIB - 8)),
        "a million levels": _frame(b"\x91" * (_MIB - 1)),
        "500 GB of arrays": _frame(msgspec.msgpack.encode(many)),
        "empty arrays": _frame(msgspec.msgpack.encode(empty)),
    }


def _yaml() -> dict[str, bytes]:
    return {
        "a billion laughs": b"a: &a [x,x]\n"
        + b"".join(b"b%d: &b%d [*a,*a]\n" % (each, each) for each in range(40)),
        "deep lists": b"[" * 400_000,
        "deep maps": b"{a: " * 200_000,
        "deep blocks": b"- " * 400_000,
        "deep indents": b"\n".join(b" " * each + b"a:" for each in range(1200)),
        "many values": b"- 1\n" * 250_000,
        "many keys": b"".join(b"k%d: 1\n" % each for each in range(80_000)),
        "a long number": b"points: " + b"9" * 900_000,
        "a long fraction": b"points: " + b"9" * 400_000 + b"/" + b"7" * 400_000,
        "an exponent": b"points: 1e999999999",
        "a long key": b"? " + b"k" * 900_000 + b"\n: 1\n",
        "quotes": b'"' + b"\\\n" * 400_000,
        "a version": b"%YAML 1." + b"9" * 900_000 + b"\n---\na: 1\n",
        "tags": b"!!a " * 250_000,
        "anchors": b"&a " * 250_000,
        "too large": b"#" * (9 * _MIB),
        "spaces": b" " * 900_000 + b"a: 1",
        "colons": b":" * 900_000,
        "question marks": b"? " * 400_000,
    }


def _answers() -> dict[str, bytes]:
    shared = ("a billion laughs", "deep maps", "quotes", "anchors", "too large")
    return {name: bomb for name, bomb in _yaml().items() if name in shared} | {
        "lines that begin an answer": b"essay-text: [\n" * 60_000,
        "lines that almost do": b"essay-text : : [\n" * 5_000,
        "dashes": b"essay" + b"-a" * 400_000 + b": [",
        "quotes in lines": b'essay-text: "' * 5_000,
        "keys that are alike": b"".join(b"essay-tex%d: 1\n" % each for each in range(9_900)),
        "one deep key": b"a: {" * 38 + b"b: 1" + b"}" * 38,
    }


def _formula() -> dict[str, bytes]:
    texts = {
        "brackets": "(" * 250 + "n" + ")" * 249,
        "functions": "log " * 120 + "n",
        "powers": "^".join(["9" * 29] * 16),
        "a tower": "((((n^24)^24)^24)^24)^24",
        "a product of sums": "(n+m+d+x1+1)" * 40,
        "a power of a sum": "(n+m+d+x1+1)^24^24",
        "fractions": "1/(1+" * 28 + "n" + ")" * 28,
        "maxima": "max(n,m,d," * 29 + "1" + ")" * 29,
        "a power of a power of a number": "9^9^9^9^9^9",
        "exponentials": "exp(" * 29 + "9" * 29 + ")" * 29,
        "roots": "sqrt(" * 29 + "n" + ")" * 29,
        "logarithms of sums": "(log(n)+log(m)+log(d))^24",
        "half powers": "(n^(1/2)+m^(1/3)+d^(1/5))^24",
        "a negative power": "(n+m)^-" + "9" * 29,
    }
    return {name: f"{text}\n{text}".encode() for name, text in texts.items()}


def _notebook() -> dict[str, bytes]:
    cell = {"cell_type": "code", "source": ["x = 1\n"] * 5}
    return {
        "deep lists": b'{"cells": ' + b"[" * 5 * _MIB,
        "deep maps": b'{"cells":' * 500_000,
        "many cells": json.dumps({"cells": [cell] * 100_000}).encode(),
        "many lines": json.dumps({"cells": [{**cell, "source": [""] * 3 * _MIB}]}).encode(),
        "halves of characters": b'{"cells": "' + rb"\ud800" * 700_000 + b'"}',
        "numbers that are none": b'{"cells": [' + b"NaN," * _MIB,
        "backslashes": b'{"cells": "' + b"\\" * 4 * _MIB,
        "quotes": b'"' * 4 * _MIB + b"NaN",
        "conflicts": b"<<<<<<< \n" * 400_000,
        "magics": json.dumps(
            {"cells": [{"cell_type": "code", "source": "%%a\n!\n" * 60_000}]}
        ).encode(),
        "brackets": json.dumps(
            {"cells": [{"cell_type": "code", "source": "(" * 400_000}]}
        ).encode(),
        "spaces": json.dumps(
            {"cells": [{"cell_type": "code", "source": (" " * 400 + "%a\n") * 1000}]}
        ).encode(),
    }


def _zip() -> dict[str, bytes]:
    zeros = zipped({"ada/solution.py": bytes(64 * _MIB)})
    many = io.BytesIO()
    with zipfile.ZipFile(many, "w") as archive:
        for number in range(6000):
            archive.writestr(f"ada/{number}", b"")
    nested = zipped({"solution.py": b"pass"})
    for _ in range(20):
        nested = zipped({"ada/more.zip": nested})
    size = zeros.rindex(b"PK\x05\x06")
    said = bytearray(zeros)
    said[size + 12 : size + 16] = b"\xff\xff\xff\xff"  # the size of its list
    return {
        "64 MiB of zeros": zeros,
        "many small bombs": zipped({f"s{n}/a.zip": zeros for n in range(20)}),
        "many files": many.getvalue(),
        "archives in archives": nested,
        "a list of 4 GiB": bytes(said),
        "a long name": zipped({"ada/" + "x" * 60_000: b""}),
        "a deep name": zipped({"a/" * 30_000 + "b": b""}),
    }


def _csv() -> dict[str, bytes]:
    header = b"submission,submitted_at,source,id,name\n"
    return {
        "a long cell": header + b"a" * 4 * _MIB,
        "a quote that never ends": header + b'"' + b"a\n" * 2 * _MIB,
        "quotes": header + b'"' * 4 * _MIB,
        "columns": b"," * 2 * _MIB + b"\n1",
        "the same": header + b"a,2026-10-01T10:00:00Z,,a,\n" * 50_000,
        "a long time": header + b"a," + b"9" * 100_000 + b",,a,\n",
    }


def _self_check() -> dict[str, bytes]:
    return {
        "deep lists": b'{"format": ' + b"[" * 5 * _MIB,
        "deep maps": b'{"format":' * 500_000,
        "a long number": b'{"format": ' + b"9" * 4 * _MIB + b"}",
    }


_BOMBS = {
    "wire": _wire,
    "answer": _wire,
    "yaml": _yaml,
    "answers": _answers,
    "formula": _formula,
    "notebook": _notebook,
    "zip": _zip,
    "manifest": _csv,
    "roster": _csv,
    "self-check": _self_check,
}
BOMBED = tuple(_BOMBS)
