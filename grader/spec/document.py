"""YAML text as plain data that still knows its lines.

Aliases are refused (nine short lines of them can stand for a billion values), so are duplicate
keys, tags, and files that are too large or too deep.  Nothing is ever constructed but None, bool,
int, float, str, list and dict.

A plain word is what YAML 1.2 takes it for, and yes, no, on, off are truth values as in YAML 1.1.
Dates, times such as 1:30, hexadecimal numbers and numbers beyond a hundred digits stay text: that
is what the writer sees.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

import yaml

from grader.spec.models import Path

MAX_BYTES = 1 << 20
MAX_DEPTH = 40
MAX_VALUES = 20_000
MAX_DIGITS = 100
MAX_SHOWN = 200


class DocumentError(ValueError):
    """A text that is not acceptable YAML; `line` counts from 1."""

    def __init__(self, message: str, line: int = 1) -> None:
        short = message if len(message) <= MAX_SHOWN else f"{message[: MAX_SHOWN - 1]}…"
        super().__init__(short)
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
    """Composes nodes; stops at the first alias, the first tag, and when it is too much."""

    # Not the ones of YAML 1.1: there 1:30 is the number 90, and 1e5 is text.
    yaml_implicit_resolvers: dict[str, list[Any]] = {}  # noqa: RUF012  (PyYAML reads it as it is)

    depth = 0
    count = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        line = event.start_mark.line + 1
        if isinstance(event, yaml.events.AliasEvent):
            raise DocumentError(
                f"the alias *{_cut(str(event.anchor))} is not accepted; write the value out", line
            )
        if event.tag not in (None, "!"):
            tag = _cut(str(event.tag).replace(_PREFIX, "!!"))
            says = f"the tag {tag} is not accepted; leave it out, and put text in quotes"
            raise DocumentError(says, line)
        self.count += 1
        if self.count > MAX_VALUES:
            raise DocumentError(f"more than {MAX_VALUES} values", line)
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise DocumentError(f"nested more than {MAX_DEPTH} levels deep", line)
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


_PREFIX = "tag:yaml.org,2002:"
_NULL, _BOOL, _INT, _FLOAT = (f"{_PREFIX}{name}" for name in ("null", "bool", "int", "float"))
_TRUE, _FALSE = ("yes", "true", "on"), ("no", "false", "off")
_WORDS = [form(word) for word in _TRUE + _FALSE for form in (str, str.capitalize, str.upper)]
_DIGITS = rf"(?=.{{1,{MAX_DIGITS}}}\Z)[-+]?"
_DECIMAL = rf"{_DIGITS}(?:\.[0-9]+|[0-9]+\.?[0-9]*)(?:[eE][-+]?[0-9]+)?"
_RESOLVERS = {
    _NULL: ("~|null|Null|NULL|", ["~", "n", "N", ""]),
    _BOOL: ("|".join(_WORDS), list("yYnNtTfFoO")),
    _INT: (rf"{_DIGITS}[0-9]+", list("-+0123456789")),
    _FLOAT: (rf"{_DECIMAL}|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)", list("-+.0123456789")),
}
for _tag, (_pattern, _first) in _RESOLVERS.items():
    _Loader.add_implicit_resolver(_tag, re.compile(rf"(?:{_pattern})\Z"), _first)


def read(path: FilePath) -> Document:
    """Return the document in a file.

    Raises DocumentError if it is not UTF-8, too large, or not acceptable YAML; OSError if it
    cannot be read.
    """
    with path.open("rb") as file:
        return decode(file.read(MAX_BYTES + 1))


def decode(raw: bytes) -> Document:
    """Return the document in the bytes of a file.  Raises DocumentError."""
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
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        says = f"the character U+{error.character:04X} is not accepted"
        raise DocumentError(says, line) from None
    try:
        node = loader.get_single_node()
    except DocumentError:
        raise
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        says = ", ".join(_cut(words) for words in (error.context, error.problem) if words)
        hint = "; indent with spaces" if "'\\t'" in says else ""
        raise DocumentError(f"not YAML: {says}{hint}", mark.line + 1 if mark else 1) from None
    except (ValueError, OverflowError):
        # PyYAML itself stumbles over "\UFFFFFFFF" and over versions of thousands of digits.
        raise DocumentError("not YAML: a number in it is out of range", loader.line + 1) from None
    if node is None:
        return Document(None)
    builder = _Builder()
    return Document(builder.build(node, ()), builder.lines)


class _Builder:
    """Turns composed nodes into data and writes down their lines."""

    def __init__(self) -> None:
        self.lines: dict[Path, int] = {}

    def build(self, node: yaml.Node, path: Path) -> Any:
        self.lines[path] = node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(child, (*path, i)) for i, child in enumerate(node.value)]
        return _scalar(node)

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                raise DocumentError("a key has to be a word", line)
            key = _text(key_node.value)
            if key in data:
                raise DocumentError(f"the key {_cut(key)!r} stands twice", line)
            data[key] = self.build(value_node, (*path, key))
            self.lines[(*path, key)] = line
        return data


def _scalar(node: yaml.Node) -> Any:
    text = node.value
    if node.tag == _NULL:
        return None
    if node.tag == _BOOL:
        return text.lower() in _TRUE
    if node.tag == _INT:
        return int(text)
    if node.tag == _FLOAT:
        return float(re.sub(r"\.(?=inf|nan)", "", text.lower()))
    return _text(text)


def _text(text: str) -> str:
    # "\ud83d\ude00", as JSON writes characters beyond the first 65536, is one character; half of
    # such a pair is none, and could not be stored.
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _cut(text: str) -> str:
    return text if len(text) <= MAX_SHOWN // 2 else f"{text[: MAX_SHOWN // 2 - 1]}…"
