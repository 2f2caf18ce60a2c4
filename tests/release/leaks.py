"""What of a course must not be found in a release, and a search for it.

Numbers are looked for as they stand in a file: to the digits that are written there, from six
significant ones on.  Below that any number is found somewhere by chance.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from grader.grading.plans import Plans
from grader.kinds.base import PartPlan
from grader.spec.loader import Assignment
from grader.spec.models import Part

FEWEST_DIGITS = 6
NOISE = 1e-12  # what is left where numbers cancel
MOST_DIGITS = 12  # of a number with more, these: the last ones are a matter of rounding
SHORTEST_LINE = 13
SHORTEST_TEXT = 25  # of a piece of a sentence
_NUMBER = re.compile(r"(?<![\w.])-?(\d+(?:\.\d*)?|\.\d+)(?:[eE]([+-]?\d+))?(?![\w.]*\w)")
_COMMON = re.compile(r"(from|import)\b.*|from __future__.*|return \w*|@\w+")
_OURS = re.compile(r"<style>.*?</style>|<svg.*?</svg>", re.DOTALL)  # of a page, for every course
_SECRET_FIELDS = frozenset(
    [
        *("answer", "answers", "best", "alternatives", "mistakes", "accept", "refuse", "pattern"),
        *("equals", "beside", "unless", "rubric", "also", "groups", "draw", "of", "rule", "target"),
        *("all_points", "trainer", "data", "by_hand", "seed", "thresholds"),
    ]
)


@dataclass(frozen=True)
class Secrets:
    """What stays with a course."""

    numbers: frozenset[float] = frozenset()
    rows: frozenset[tuple[float, ...]] = frozenset()  # arrays whose numbers have few digits
    lines: frozenset[str] = frozenset()  # of references
    texts: frozenset[str] = frozenset()  # answers, sentences of mistakes, rubrics
    names: frozenset[str] = frozenset()  # of mistakes, and of functions of the reference
    rounded: dict[int, frozenset[str]] = field(default_factory=dict, compare=False)

    def to(self, digits: int) -> frozenset[str]:
        """Return the numbers to so many significant digits, without their signs."""
        if digits not in self.rounded:
            self.rounded[digits] = frozenset(_to(number, digits) for number in self.numbers)
        return self.rounded[digits]


# ---- what is secret ------------------------------------------------------------------------------


def secrets(assignment: Assignment, student: str = "") -> Secrets:
    """Return what a release of an assignment must not hold."""
    hidden: set[float] = set()
    rows: set[tuple[float, ...]] = set()
    plans = Plans(assignment)
    for problem in assignment.problems:
        for item in plans.of(problem, student):
            assert not item.fault
            seen, unseen = apart(item.part, item.plan)
            given = {_to(number, 9) for number in numbers(seen)}  # a last digit makes no secret
            hidden |= {number for number in numbers(unseen) if _to(number, 9) not in given}
            rows |= set(arrays(unseen)) - set(arrays(seen))
    open_text = _open_text(assignment)
    raw = [yaml.safe_load(problem.file.read_bytes()) for problem in assignment.problems]
    texts = {text for data in raw for text in _texts(data)}
    known = {name for data in raw for name in _names(data)}
    return Secrets(
        frozenset(number for number in hidden if number > NOISE and _significant(number)),
        frozenset(row for row in rows if _telling(row)),
        frozenset(line for line in _lines(assignment) if line not in open_text),
        frozenset(text for text in texts if plain(text) not in plain(open_text)),
        frozenset(name for name in known if not re.search(rf"\b{name}\b", open_text)),
    )


def apart(part: Part, plan: PartPlan) -> tuple[Any, Any]:
    """Return what of a plan students may see, and what they may not."""
    shown = plan.visible or 0
    seen: list[Any] = [plan.calls[:shown], *map(_right, plan.expected[:shown])]
    unseen: list[Any] = [plan.calls[shown:], plan.expected[shown:], *map(_wrong, plan.expected)]
    if part.kind == "evaluation_trace":
        seen.append(dict(part.at))  # type: ignore[attr-defined]  # the statement has it
    if part.kind == "two_codings":
        return seen, []  # the course expects no number, and the points stand in the grader
    if part.kind == "autograd_framework":  # some graphs are the same for every course
        programs = [item.program for item in plan.expected]
        fixed = [p for p in programs if all(_digits(repr(n)) < 5 for n in numbers(p.rows()))]
        unseen = [item for item in plan.expected if item.program not in fixed]
        seen += [item for item in plan.expected if item.program in fixed]
    return seen, unseen


_WRONG = frozenset({"mistakes", "wrong"})  # fields with what known mistakes give


def _right(expected: Any) -> list[Any]:
    """Return what is expected of a case without what known mistakes give in it."""
    if not is_dataclass(expected):
        return [expected]
    own = [(item.name, getattr(expected, item.name)) for item in fields(expected)]
    return [_right(value) for name, value in own if name not in _WRONG]


def _wrong(expected: Any) -> list[Any]:
    """Return what known mistakes give in a case."""
    if not is_dataclass(expected):
        return []
    own = [(item.name, getattr(expected, item.name)) for item in fields(expected)]
    return [value if name in _WRONG else _wrong(value) for name, value in own]


def numbers(value: Any) -> Iterator[float]:
    """Yield every number in a plan, however deep."""
    for leaf in leaves(value):
        if isinstance(leaf, np.ndarray):
            if leaf.dtype.kind in "fiu":
                yield from (abs(float(number)) for number in leaf.reshape(-1))
        elif isinstance(leaf, (int, float)) and not isinstance(leaf, bool):
            yield abs(float(leaf))


def arrays(value: Any) -> Iterator[tuple[float, ...]]:
    """Yield every array in a plan as one row of numbers."""
    for leaf in leaves(value):
        if isinstance(leaf, np.ndarray) and leaf.dtype.kind == "f":
            yield tuple(leaf.reshape(-1).tolist())


def leaves(value: Any) -> Iterator[Any]:
    """Yield what is in nested records, mappings and sequences."""
    if is_dataclass(value) and not isinstance(value, type):
        for item in fields(value):
            if "conditioning" not in item.name and "_move" not in item.name:
                yield from leaves(getattr(value, item.name))
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from leaves(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from leaves(item)
    else:
        yield value


def _telling(row: tuple[float, ...]) -> bool:
    """Whether a row of numbers with few digits is no other by chance."""
    return len({number for number in row if number not in {0.0, 1.0, -1.0}}) >= 4


def _open_text(assignment: Assignment) -> str:
    """Return what students are given as it stands: statements, titles, hints, the starter."""
    texts = [assignment.spec.title, assignment.spec.statement]
    for problem in assignment.problems:
        texts += [problem.spec.title, problem.spec.statement]
        for part in problem.spec.parts:
            texts += [part.id, part.title, part.statement, part.hint]
            texts += [str(value) for name, value in _asked(part)]
    files = sorted((assignment.folder / "starter").rglob("*"))
    texts += [f.read_text("utf-8") for f in files if f.is_file() and "__pycache__" not in f.parts]
    return "\n".join(texts)


def _asked(part: Part) -> Iterator[tuple[str, Any]]:
    """Yield what a student has to know of a part: the functions, the questions of a survey."""
    for name, value in part:
        if name in {"function", "functions", "graph", "questions", "statements", "classes"}:
            yield name, value


def _lines(assignment: Assignment) -> Iterator[str]:
    for problem in assignment.problems:
        for path in problem.reference.path.parent.glob("*.py"):
            for line in path.read_text("utf-8").splitlines():
                stripped = line.strip()
                if len(stripped) >= SHORTEST_LINE and not _COMMON.fullmatch(stripped):
                    yield stripped


def _texts(data: Any, within: str = "") -> Iterator[str]:
    """Yield the answers of a problem, and the sentences that tell of them, as they are written."""
    if isinstance(data, dict):
        for name, item in data.items():
            told = name in {"says", "note"} and within in _SECRET_FIELDS
            secret = name in {"answer", "best", "equals", "pattern", "unless"}
            if (told or secret) and isinstance(item, str):
                yield from _pieces(item) if told else ([item] if len(item) >= 5 else [])
            elif secret and isinstance(item, list):
                yield from (text for text in _flat(item) if len(text) >= 5)
            else:
                yield from _texts(item, name if name in _SECRET_FIELDS else within)
    elif isinstance(data, list):
        for item in data:
            yield from _texts(item, within)


def _flat(items: list[Any]) -> Iterator[str]:
    for item in items:
        if isinstance(item, list):
            yield from _flat(item)
        elif isinstance(item, str):
            yield item


def _pieces(text: str) -> Iterator[str]:
    for piece in re.split(r"(?<=[.:;?])\s+", " ".join(text.split())):
        if len(piece) >= SHORTEST_TEXT:
            yield piece


def _names(data: Any, within: str = "") -> Iterator[str]:
    """Yield the names of mistakes, and those of functions of the reference."""
    if isinstance(data, dict):
        for name, item in data.items():
            named = name in {"name", "function", "forward"} and within in {"mistakes", "refuse"}
            if isinstance(item, str) and (named or name in {"rule", "trainer", "all_points"}):
                yield from [item] if re.search(r"[-_]", item) else []
            else:
                yield from _names(item, name if name in _SECRET_FIELDS else within)
    elif isinstance(data, list):
        for item in data:
            yield from _names(item, within)


# ---- the search ----------------------------------------------------------------------------------


def found(files: Mapping[str, bytes], secret: Secrets) -> list[str]:
    """Return what of the secrets is in the files, each as file: category: what."""
    told: list[str] = []
    for name, content in files.items():
        text = content.decode("utf-8")
        if name.endswith(".html"):
            text = html.unescape(_OURS.sub("", text))
        told += [f"{name}: {says}" for says in _in_text(text, secret)]
        if name.endswith(".json"):
            told += [f"{name}: {says}" for says in _in_data(json.loads(content), secret)]
    return told


def _in_text(text: str, secret: Secrets) -> Iterator[str]:
    for token in dict.fromkeys(match[0] for match in _NUMBER.finditer(text)):
        digits, number = min(_digits(token), MOST_DIGITS), float(token)
        if _significant(number) and _to(number, digits) in secret.to(digits):
            yield f"number: {token}"
    unescaped = text.replace('\\"', '"').replace("\\n", "\n").replace("\\\\", "\\")
    for line in secret.lines:
        if line in text or line in unescaped:
            yield f"reference: {line}"
    for words in (plain(text), plain(unescaped)):
        yield from (f"text: {piece}" for piece in secret.texts if plain(piece) in words)
    for name in secret.names:
        if name in text and re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text):
            yield f"name: {name}"


def _in_data(data: Any, secret: Secrets) -> Iterator[str]:
    for row in _rows(data):
        if row in secret.rows:
            yield f"array: {row[:4]}"
    for problem in data["problems"]:
        for item in problem["parts"]:
            for name in _keys(item["part"]):
                yield f"field: {item['part']['id']}: {name}"


def _keys(part: Mapping[str, Any]) -> Iterator[str]:
    """Yield the fields of a part that tell what is right, or where hidden cases come from."""
    for name in _paths(part):
        last = name.rpartition(".")[2]
        asked = name == "answers" and all(isinstance(item, dict) for item in part["answers"])
        copied = name == "equals" and plain(part["equals"]) in plain(part["statement"])
        graphs = name == "groups" and part["kind"] == "autograd_framework"  # of graphs, not cases
        update = name == "rule" and part["kind"] == "optimizer"  # which of those that all know
        if last in _SECRET_FIELDS and not (asked or copied or graphs or update):
            yield name


def _paths(data: Any, path: str = "") -> Iterator[str]:
    if isinstance(data, dict):
        for name, item in data.items():
            here = f"{path}.{name}" if path else name
            yield here
            if path != "groups":  # there the names are those of groups of graphs
                yield from _paths(item, here)
    elif isinstance(data, list):
        for item in data:
            yield from _paths(item, path)


def _rows(data: Any) -> Iterator[tuple[float, ...]]:
    """Yield every nested list of numbers, flat."""
    if isinstance(data, dict):
        for item in data.values():
            yield from _rows(item)
    elif isinstance(data, list):
        flat = list(_deep(data))
        if flat and all(type(item) in {int, float} for item in flat):
            yield tuple(float(item) for item in flat)
        for item in data:
            yield from _rows(item)


def _deep(data: Iterable[Any]) -> Iterator[Any]:
    for item in data:
        if isinstance(item, list):
            yield from _deep(item)
        else:
            yield item


@cache
def plain(text: str) -> str:
    """Return a text on one line, in small letters, without marks of emphasis."""
    return " ".join(re.sub(r"[*`_]", "", text).lower().split())


def _digits(token: str) -> int:
    """Return how many significant digits a number is written with."""
    mantissa = re.split("[eE]", token.lstrip("-"))[0]
    digits = mantissa.replace(".", "").lstrip("0")
    return len(digits.rstrip("0"))


def _significant(number: float) -> bool:
    """Whether a number has enough digits to be no other by chance."""
    return _digits(_to(number, MOST_DIGITS)) >= FEWEST_DIGITS


def _to(number: float, digits: int) -> str:
    return f"{abs(number):.{digits - 1}e}"


def unpacked(archive: Path) -> dict[str, bytes]:
    """Return the files of an unpacked release by relative path."""
    return {
        path.relative_to(archive).as_posix(): path.read_bytes()
        for path in sorted(archive.rglob("*"))
        if path.is_file()
    }
