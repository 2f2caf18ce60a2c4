"""The written answers of a submission: `answers.yaml`, read without trust.

One line that is no YAML must not cost the other answers: such a file is read line by line, and the
student is told which line it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import islice, pairwise
from typing import Any

from grader import messages
from grader.spec import document
from grader.spec.document import DocumentError

FILE = "answers.yaml"
_OTHER_NAMES = ("answers.yml", "answers.yaml.txt", "answers.yml.txt")
MAX_LINES = 5000  # of a file that is read line by line
MAX_NOTES = 5
MAX_COMPARED = 100  # keys that may be misspelt ones
MAX_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers by key, or why there are none; and notes to the student on how they were read."""

    given: Mapping[str, Any] = field(default_factory=dict)
    problem: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Differing:
    """Answers to one question that differ; no kind takes it for an answer."""

    answers: tuple[Any, ...]

    def __str__(self) -> str:
        return messages.written.differing([_cut(answer) for answer in self.answers])


def read(files: Mapping[str, bytes], known: Sequence[str] = ()) -> Answers:
    """Return the answers among a submission's files.

    The file is flat: part id, or part id, a dash and the component.  A nested mapping is read as if
    it had been written flat.  `known` are the ids of the parts, for keys that are misspelt.
    """
    name = _file(files)
    if name is None:
        return Answers()
    notes = [] if name == FILE else [messages.written.other_file(name, FILE)]
    raw = files[name]
    if len(raw) > document.MAX_BYTES:
        return _unread(name, DocumentError(f"larger than {document.MAX_BYTES >> 10} KiB"))
    text = _decoded(raw)
    try:
        pairs = _pairs(document.parse(text).data)
    except DocumentError as error:
        pairs = _by_lines(text, known)
        if not pairs:
            return _unread(name, error)
        notes.append(messages.written.read_by_lines(name, error.line, str(error)))
    if pairs is None:
        pairs = _by_lines(text, known)
        if not pairs:
            return Answers(problem=messages.intake.not_read(name, messages.written.KEYS_EXPECTED))
        notes.append(messages.written.read_by_lines(name, 1, messages.written.KEYS_EXPECTED))
    given, differing = _collected(pairs)
    notes += [messages.written.answered_twice(key) for key in differing]
    renamed = {_key(key, given, known): answer for key, answer in given.items()}
    return Answers(renamed, notes=(*notes, *_misspelt(renamed, known))[:MAX_NOTES])


def _file(files: Mapping[str, bytes]) -> str | None:
    if FILE in files:
        return FILE
    by_lower = {name.lower(): name for name in sorted(files, reverse=True)}
    return next((by_lower[name] for name in (FILE, *_OTHER_NAMES) if name in by_lower), None)


def _unread(name: str, error: DocumentError) -> Answers:
    return Answers(problem=messages.intake.not_read(name, f"line {error.line}: {error}"))


def _decoded(raw: bytes) -> str:
    """Return a file's text: UTF-8, or what an editor on Windows writes instead."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")


# ---- from YAML to pairs --------------------------------------------------------------------------


def _pairs(data: Any) -> list[tuple[str, Any]] | None:
    """Return keys and answers, None for what is no mapping."""
    if data is None:
        return []
    return list(_flat(data, "")) if isinstance(data, dict) else None


def _flat(data: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    for key, value in data.items():
        if not isinstance(value, dict):
            yield f"{prefix}{key}", value
        elif list(value) == ["answer"] and not isinstance(value["answer"], dict):
            yield f"{prefix}{key}", value["answer"]
        else:
            yield from _flat(value, f"{prefix}{key}-")


def _collected(pairs: Iterable[tuple[str, Any]]) -> tuple[dict[str, Any], list[str]]:
    """Return the answers by key, and the keys that have two answers which differ."""
    given: dict[str, Any] = {}
    differing: list[str] = []
    for key, value in pairs:
        before = given.get(key)
        if key not in given or before is None:
            given[key] = value
        elif isinstance(before, Differing):
            given[key] = Differing((*before.answers, value)[:3])
        elif value is not None and str(value).split() != str(before).split():
            given[key] = Differing((before, value))
            differing.append(key)
    return given, differing


def _key(key: str, given: Mapping[str, Any], known: Sequence[str]) -> str:
    """Return a key as the sheet spells it: p3_time as p3-time."""
    spelt = key.strip().replace("_", "-")
    return key if spelt == key or spelt in given or key in known else spelt


def _misspelt(given: Mapping[str, Any], known: Sequence[str]) -> Iterator[str]:
    """Yield a note for every key that belongs to no part, but resembles one without an answer."""
    keys = {key.lower() for key in given}
    free = [part for part in known if part.lower() not in keys]
    unknown = (key for key in given if known and not _belongs(key, known))
    for key in islice(unknown, MAX_COMPARED):  # a file may have thousands, and each takes its time
        if len(key) <= MAX_SHOWN:
            close = get_close_matches(key.lower(), free, 1, 0.8)
            if close:
                yield messages.written.unknown_key(_cut(key), close[0])


def _belongs(key: str, known: Sequence[str]) -> bool:
    lower = key.lower()
    return any(lower == part.lower() or lower.startswith(f"{part.lower()}-") for part in known)


def _cut(value: Any) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= MAX_SHOWN else f"{text[: MAX_SHOWN - 1]}…"


# ---- where it is no YAML -------------------------------------------------------------------------

_LINE = re.compile(r"(\s*)(?:- )?([\"']?)([A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*)\2\s*:(.*)", re.DOTALL)
_BLOCK = re.compile(r"\s*[|>][+-]?\s*(?:#.*)?\n")
_COMMENT = re.compile(r"\s+#.*")
_QUOTED = re.compile(r"([\"'])(.*)\1", re.DOTALL)


def _by_lines(text: str, known: Sequence[str]) -> list[tuple[str, Any]]:
    """Return keys and answers, each answer from its key to the line with the next."""
    lines = text.splitlines(keepends=True)
    if len(lines) > MAX_LINES:
        return []
    places = [place for place, line in enumerate(lines) if _begins(line, known)]
    pairs: list[tuple[str, Any]] = []
    for place, end in pairwise([*places, len(lines)]):
        rows = [row for row in lines[place:end] if row.strip() not in {"---", "..."}]
        pairs += _answer("".join(rows))
    return pairs


def _begins(line: str, known: Sequence[str]) -> bool:
    """Whether an answer begins with this line, rather than going on: "where: …" is text."""
    found = _LINE.match(line)
    if not found:
        return False
    key = found[3].replace("_", "-")
    if not known:
        return not found[1]
    families = {part.split("-")[0].lower() for part in known}
    return _belongs(key, known) or (
        not found[1] and "-" in key and key.split("-")[0].lower() in families
    )


def _answer(chunk: str) -> list[tuple[str, Any]]:
    """Return the one answer of some lines: by YAML where it can be, and else as it stands."""
    found = _LINE.match(chunk)
    if not found:
        return []
    try:
        pairs = _pairs(document.parse(chunk.strip().removeprefix("- ")).data)
    except DocumentError:
        pairs = None
    if pairs:
        return pairs
    key, rest = found[3], found[4]
    block = _BLOCK.match(rest)
    if block:
        return [(key, rest[block.end() :].strip())]
    rows = rest.strip().splitlines()
    written = " ".join(row.strip() for row in rows if not row.lstrip().startswith("#"))
    written = _COMMENT.sub("", written) if len(rows) == 1 else written
    quoted = _QUOTED.fullmatch(written)
    return [(key, (quoted[2] if quoted else written) or None)]
