"""The list of submissions in an export from Gradescope: who, when, and which folder.

It is YAML as Ruby writes it: keys begin with a colon, values may carry tags of Ruby's, and beside
each submission stands whatever its autograder printed.  Only what is needed is kept, and no tag
is obeyed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, BinaryIO

import yaml

from grader.submissions.collecting.paths import Refused

NAME = "submission_metadata.yml"
MAX_BYTES = 256 << 20
_MAX_DEPTH = 40
_SKIPPED = frozenset([":results", ":autograder_results", ":text_files"])
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,6})\d*)? ?(Z|UTC|[+-]\d\d:?\d\d)?"
)


@dataclass(frozen=True, slots=True)
class Submitter:
    """A student, as Gradescope knows them."""

    name: str
    sid: str
    email: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A submission in the list; `attempts` counts those before it too."""

    folder: str
    submitters: tuple[Submitter, ...]
    created_at: datetime | None
    attempts: int


def read(stream: BinaryIO) -> list[Listed]:
    """Return the submissions of an export.  Raises Refused if the list makes no sense."""
    try:
        data = _Reading(stream).document()
    except (yaml.YAMLError, ValueError, StopIteration) as error:
        reason = " ".join(str(error).split())[:200]
        raise Refused(f"it is not the YAML that Gradescope writes ({reason})") from None
    if not isinstance(data, Mapping):
        raise Refused("it is not the YAML that Gradescope writes (it is no mapping)")
    return [_listed(str(folder), entry) for folder, entry in data.items()]


def _listed(folder: str, entry: object) -> Listed:
    fields = entry if isinstance(entry, Mapping) else {}
    people = fields.get(":submitters")
    submitters = tuple(
        Submitter(*(_text(person.get(key)) for key in (":name", ":sid", ":email")))
        for person in (people if isinstance(people, list) else [])
        if isinstance(person, Mapping)
    )
    history = fields.get(":history")
    earlier = len(history) if isinstance(history, list) else 0
    return Listed(folder, submitters, parse_time(fields.get(":created_at")), earlier + 1)


def _text(value: object) -> str:
    text = value.strip() if isinstance(value, str) else ""
    return "" if text in ("~", "null") else text


def parse_time(value: object) -> datetime | None:
    """Return a moment that was written with or without fractions; without a zone it is UTC.

    Ruby on Rails may write it as a mapping in which `utc` is the moment.
    """
    if isinstance(value, Mapping):
        value = value.get("utc")
    found = _TIME.fullmatch(value.strip()) if isinstance(value, str) else None
    if not found:
        return None
    day, clock, fraction, zone = found.groups()
    offset = zone if zone and zone not in ("Z", "UTC") else "+00:00"
    try:
        moment = datetime.fromisoformat(f"{day}T{clock}.{(fraction or '0').ljust(6, '0')}{offset}")
        return moment.astimezone(UTC).replace(microsecond=0) if offset == "+00:00" else moment
    except (ValueError, OverflowError):
        return None


class _Reading:
    """Reads one YAML document event by event, so that what is not needed is never kept."""

    def __init__(self, stream: BinaryIO) -> None:
        self._events: Iterator[yaml.Event] = yaml.parse(stream, Loader=_LOADER)
        self._anchors: dict[str, Any] = {}

    def document(self) -> object:
        for event in self._events:
            if isinstance(event, yaml.NodeEvent):
                return self._node(event, 0, keep=True)
        return None

    def _node(self, event: yaml.Event, depth: int, *, keep: bool) -> object:
        if depth > _MAX_DEPTH:
            raise ValueError("it is nested too deep")
        if isinstance(event, yaml.AliasEvent):
            return self._anchors.get(str(event.anchor))
        if isinstance(event, yaml.ScalarEvent):
            value: object = event.value
        elif isinstance(event, yaml.SequenceStartEvent):
            value = self._sequence(depth, keep=keep)
        else:
            value = self._mapping(depth, keep=keep)
        anchor = getattr(event, "anchor", None)
        if anchor is not None and keep:
            self._anchors[anchor] = value
        return value

    def _sequence(self, depth: int, *, keep: bool) -> list[object]:
        items: list[object] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            item = self._node(event, depth + 1, keep=keep)
            if keep:
                items.append(item)
        return items

    def _mapping(self, depth: int, *, keep: bool) -> dict[str, object]:
        items: dict[str, object] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._node(event, depth + 1, keep=keep)
            kept = keep and isinstance(key, str) and key not in _SKIPPED
            value = self._node(next(self._events), depth + 1, keep=kept)
            if kept:
                items[str(key)] = value
        return items
