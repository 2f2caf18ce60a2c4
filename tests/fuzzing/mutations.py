"""Files made from real ones by what goes wrong with files, and by what somebody would try."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from itertools import pairwise

Mutation = Callable[[random.Random, bytes], bytes]

MAX_BYTES = 200_000
_NUMBER = re.compile(rb"-?\d+(?:\.\d+)?")

# Odd in YAML, JSON, CSV, formulas or Python; most are in several.
WORDS = (
    *(b"&a ", b"*a", b"<<: *a\n", b"!!python/object/apply:os.system [ls]", b"!!binary aa==", b"? "),
    *(b"---\n", b"...\n", b"%YAML 1.1\n", b"%YAML 99999999999999999.1\n", b"|\n", b">-\n", b"\t"),
    *(b"[", b"]", b"{", b"}", b"(", b")", b'"', b"'", b"`", b"#", b":", b": ", b",", b"- ", b"\\"),
    *(b"null", b"true", b"~", b".nan", b"NaN", b"-Infinity", b".inf", b"1e999", b"-0", b"0x10"),
    *(b"1_000", b"0o17", b"1:30", b"2026-02-30", b"2026-10-01T10:00:00", b"99999-01-01", b"1/0"),
    *(b"9" * 30, b"9" * 400, b"9" * 5000, b"1e400", b"1/3", b"-1/3", b"9" * 200 + b"/7"),
    *(b'"\\ud800"', b'"\\UFFFFFFFF"', b'"\\x00"', b"\xed\xa0\x80", b"\xff\xfe", b"\xef\xbb\xbf"),
    *("\u202e".encode(), "\u2028".encode(), "\u0085".encode(), b"e\xcc\x81" * 3),
    *("ﷺ".encode(), "😀".encode(), "½".encode(), "ⁿ".encode(), "²".encode(), "٣".encode(), b"\0"),
    *(b"^", b"^-", b"^(", b"**", b"/", b"*", b"+", b"-", b"=", b"<=", b">", b"log ", b"log_2 "),
    *(b"sqrt", b"exp(", b"ln(", b"O(", b"\\frac{", b"max(n,m)", b"min(", b"n", b"m", b"x1", b"2"),
    *(b"!ls\n", b"%%bash\n", b"%matplotlib inline\n", b"\r", b"\r\n", b"\x1a", b"\x0c", b"\x7f"),
)


def mutated(chance: random.Random, seeds: Sequence[bytes]) -> bytes:
    """Return one of the seeds after a few mutations, at most MAX_BYTES of it."""
    data = chance.choice(seeds)
    for _ in range(chance.randint(1, 5)):
        if chance.random() < 0.1:
            data = _spliced(chance, data, chance.choice(seeds))
        else:
            data = chance.choice(_MUTATIONS)(chance, data)
    return data[:MAX_BYTES]


def _place(chance: random.Random, data: bytes) -> int:
    return chance.randint(0, len(data))


def _flipped(chance: random.Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        if changed:
            changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _cut(chance: random.Random, data: bytes) -> bytes:
    return data[: _place(chance, data)]


def _without(chance: random.Random, data: bytes) -> bytes:
    start = _place(chance, data)
    return data[:start] + data[start + chance.choice((1, 2, 4, 40)) :]


def _repeated(chance: random.Random, data: bytes) -> bytes:
    start = _place(chance, data)
    piece = data[start : start + chance.choice((1, 2, 8, 60))]
    return data[:start] + piece * chance.choice((2, 3, 50, 2000)) + data[start:]


def _with_word(chance: random.Random, data: bytes) -> bytes:
    place = _place(chance, data)
    return data[:place] + chance.choice(WORDS) + data[place:]


def _with_words(chance: random.Random, data: bytes) -> bytes:
    place = _place(chance, data)
    row = b"".join(chance.choice(WORDS) for _ in range(chance.randint(2, 12)))
    return data[:place] + row + data[place:]


def _nested(chance: random.Random, data: bytes) -> bytes:
    place, depth = _place(chance, data), chance.choice((3, 31, 41, 1500, 30_000))
    opening, closing = chance.choice(
        ((b"[", b"]"), (b"{a: ", b"}"), (b'{"a":', b"}"), (b"(", b")"), (b"- ", b""), (b"-", b""))
    )
    return data[:place] + opening * depth + b"1" + closing * depth + data[place:]


def _renumbered(chance: random.Random, data: bytes) -> bytes:
    found = list(_NUMBER.finditer(data))
    if not found:
        return data
    number = chance.choice(found)
    other = chance.choice((b"0", b"-1", b"1e308", b"0.1", b"65536", b"2147483648", *WORDS[-40:]))
    return data[: number.start()] + other + data[number.end() :]


def _lines(chance: random.Random, data: bytes) -> bytes:
    """Drop, double, swap or shift lines."""
    lines = data.splitlines(keepends=True)
    if not lines:
        return data
    first, second = chance.randrange(len(lines)), chance.randrange(len(lines))
    match chance.randrange(4):
        case 0:
            del lines[first]
        case 1:
            lines.insert(second, lines[first])
        case 2:
            lines[first], lines[second] = lines[second], lines[first]
        case _:
            lines[first] = chance.choice((b"  ", b" ", b"\t", b"- ")) + lines[first]
    return b"".join(lines)


def _sized(chance: random.Random, data: bytes) -> bytes:
    """Overwrite four bytes as if they were a length."""
    place = _place(chance, data)
    size = chance.choice((0, 1, 255, 1 << 16, (1 << 20) + 1, (1 << 31) - 1, (1 << 32) - 1))
    order = chance.choice(("little", "big"))
    return data[:place] + size.to_bytes(4, order) + data[place + 4 :]  # type: ignore[arg-type]


def _bombed(chance: random.Random, data: bytes) -> bytes:
    """Add anchors, each of which names the one before nine times."""
    names = [b"a%d" % number for number in range(12)]
    bomb = b"a0: &a0 [x, x]\n" + b"".join(
        b"%s: &%s [%s]\n" % (name, name, b", ".join([b"*" + before] * 9))
        for before, name in pairwise(names)
    )
    place = _place(chance, data)
    return data[:place] + b"\n" + bomb + data[place:]


def _spliced(chance: random.Random, data: bytes, other: bytes) -> bytes:
    return data[: _place(chance, data)] + other[_place(chance, other) :]


_MUTATIONS: tuple[Mutation, ...] = (
    *(_flipped, _cut, _without, _repeated, _with_word, _with_words, _nested),
    *(_renumbered, _lines, _lines, _sized, _bombed),
)
