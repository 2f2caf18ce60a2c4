"""YAML text as plain data that still knows its lines.

Aliases are refused (nine short lines of them can stand for a billion values), so are duplicate
keys, tags, and files that are too large or too deep.  Nothing is ever constructed but None, bool,
int, float, str, list and dict.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

import yaml

from grader.spec.models import Path

MAX_BYTES = 1 << 20
MAX_DEPTH = 40


class DocumentError(ValueError):
    """A text that is not acceptable YAML; `line` counts from 1."""

    def __init__(self, message: str, line: int = 1) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Document:
    """The data of a YAML file, and the line on which each value stands."""

    data: Any
    lines: dict[Path, int] = field(default_factory=dict)

    def line(self, path: Path) -> int:
        """Return the line of the value at `path`, or of the nearest that encloses it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


class _Loader(yaml.SafeLoader):
    """Composes nodes and stops at the first alias."""

    depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.events.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]
            raise DocumentError(
                f"the alias *{event.anchor} is not accepted; write the value out",
                event.start_mark.line + 1,
            )
        self.depth += 1
        if self.depth > MAX_DEPTH:
            line = self.peek_event().start_mark.line + 1  # type: ignore[no-untyped-call]
            raise DocumentError(f"nested more than {MAX_DEPTH} levels deep", line)
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


def read(path: FilePath) -> Document:
    """Return the document in a file.

    Raises DocumentError if it is not UTF-8, too large, or not acceptable YAML; OSError if it
    cannot be read.
    """
    with path.open("rb") as file:
        raw = file.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise DocumentError(f"larger than {MAX_BYTES >> 10} KiB")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise DocumentError(f"not UTF-8: byte {raw[error.start]:#04x}", line) from None
    return parse(text)


def parse(text: str) -> Document:
    """Return the document in a text; an empty text is None.  Raises DocumentError."""
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        found = error.problem or error.context or "unreadable"
        raise DocumentError(f"not YAML: {found}", line) from None
    except yaml.YAMLError as error:
        raise DocumentError(f"not YAML: {error}") from None
    if node is None:
        return Document(None)
    builder = _Builder(loader)
    return Document(builder.build(node, ()), builder.lines)


class _Builder:
    """Turns composed nodes into data and writes down their lines."""

    def __init__(self, loader: _Loader) -> None:
        self.loader = loader
        self.lines: dict[Path, int] = {}

    def build(self, node: yaml.Node, path: Path) -> Any:
        self.lines[path] = node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(child, (*path, i)) for i, child in enumerate(node.value)]
        return self._scalar(node)

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                raise DocumentError("a key has to be a word", line)
            key = str(key_node.value)
            if key in data:
                raise DocumentError(f"the key {key!r} stands twice", line)
            data[key] = self.build(value_node, (*path, key))
            self.lines[(*path, key)] = line
        return data

    def _scalar(self, node: yaml.Node) -> Any:
        if node.tag not in _SCALARS:
            # Dates and the like: their text is what was meant.
            if node.tag.startswith("tag:yaml.org,2002:"):
                return str(node.value)
            raise DocumentError(f"the tag {node.tag} is not accepted", node.start_mark.line + 1)
        try:
            return self.loader.construct_object(node)
        except (ValueError, OverflowError):
            return str(node.value)


_SCALARS = {f"tag:yaml.org,2002:{name}" for name in ("null", "bool", "int", "float", "str")}
