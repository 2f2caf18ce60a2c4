"""What a Python file of a submission imports, found by reading and never by running.

It says which packages to import ahead, and which parts a change of a file can matter to.  A check
asks before anything else is imported, so nothing heavy is imported here.
"""

from __future__ import annotations

import ast
import contextlib
import io
import re
import tokenize
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TypeAlias

Content: TypeAlias = Callable[[str], bytes | None]
"""Gives the content of a file of the submission by its name, None if there is no such file."""

MAX_FILES = 200
_IMPORT = re.compile(
    r"^[ \t]*(?:from[ \t]+(\.*[\w.]*)[ \t]+import\b|import[ \t]+([\w., \t]+))", re.MULTILINE
)
_FUNCTIONS = frozenset({"import_module", "__import__"})


@dataclass(frozen=True, slots=True)
class Reach:
    """What some files lead to."""

    files: frozenset[str]  # of the submission, those that it began with included
    packages: frozenset[str]  # first names of modules that are no files of the submission


def reached(files: Iterable[str], content: Content) -> Reach:
    """Return the files that some files of a submission import, directly or not.

    An import counts wherever it stands, in a function too, and also in a file that is no Python at
    the moment.  A file that is not there is among them if it was one of the first.
    """
    found: set[str] = set()
    packages: set[str] = set()
    waiting = list(files)
    while waiting and len(found) < MAX_FILES:
        file = waiting.pop()
        if file in found:
            continue
        found.add(file)
        for module in modules(content(file) or b""):
            own = list(_own(module, file, content))
            waiting += own
            if not own:
                packages.add(module.lstrip(".").partition(".")[0])
    return Reach(frozenset(found), frozenset(packages - {""}))


def modules(source: bytes) -> set[str]:
    """Return the full names of the modules that a source names in its imports.

    >>> sorted(modules(b"import os.path; from helpers import f"))
    ['helpers', 'helpers.f', 'os.path']
    """
    try:
        with _quiet():
            return set(_imported(ast.parse(source)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set(_read_off(_text(source)))


def fault(file: str, source: bytes) -> str:
    """Return why a file is no Python, and in which line, or an empty string."""
    try:
        with _quiet():
            compile(source, file, "exec", dont_inherit=True)
    except SyntaxError as error:
        return f"{error.msg} in line {error.lineno or 1} of {file}"
    except (ValueError, RecursionError, MemoryError) as error:
        return f"{error} in line 1 of {file}"
    return ""


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep what Python has to say of a student's escapes for when it runs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            name = "." * node.level + (node.module or "")
            yield name
            separator = "" if name.endswith(".") else "."
            yield from (f"{name}{separator}{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and node.args:
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            first = node.args[0]
            if called in _FUNCTIONS and isinstance(first, ast.Constant):
                yield from [first.value] if isinstance(first.value, str) else []


def _read_off(text: str) -> Iterator[str]:
    for found in _IMPORT.finditer(text):
        if found[1]:
            yield found[1]
        else:
            names = (name.split() for name in (found[2] or "").split(","))
            yield from (words[0] for words in names if words)


def _text(source: bytes) -> str:
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
    except SyntaxError:
        encoding = "utf-8"
    return source.decode(encoding, "replace")


def _own(module: str, file: str, content: Content) -> Iterator[str]:
    """Yield the files of the submission that a module's name can mean, beside a file or on top."""
    names = module.lstrip(".").split(".")
    beside = PurePosixPath(file).parent
    for folder in dict.fromkeys((beside, PurePosixPath())):
        for length in range(1, len(names) + 1):
            path = folder.joinpath(*names[:length])
            for candidate in (f"{path}.py", f"{path}/__init__.py"):
                if names[0] and content(candidate) is not None:
                    yield candidate
