"""The course's reference: what it defines, what it depends on, and its functions.

Two views of the same files.  The static one reads the source and runs nothing; it serves
`validate` and the keys that say whether a result is still good.  The other imports the module, in
the grader's own process: the reference is the course's code and trusted.
"""

from __future__ import annotations

import ast
import hashlib
import importlib
import os
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

from grader.errors import CourseError


@dataclass(frozen=True)
class Reference:
    """A module `reference/<package>/<module>.py` of the course."""

    folder: Path  # the reference/ folder
    package: str
    module: str

    @property
    def path(self) -> Path:
        """The file of the module."""
        return self.folder / self.package / f"{self.module}.py"

    def defined_names(self) -> set[str]:
        """Return the names that the module binds at its top level, without running it.

        Among them is "*" if it imports everything from a module, and so may have any name.
        """
        return {name for node in _statements(_tree(self.path)) for name in _bound(node)}

    def dependencies(self) -> list[Path]:
        """Return the files of the reference that the module depends on, sorted.

        These are its own, those that it imports, and what is no Python in its package: data that
        anything there may read.
        """
        found: set[Path] = set()
        waiting = [self.path, *self._inits(self.path)]
        while waiting:
            path = waiting.pop()
            if path in found or not path.is_file():
                continue
            found.add(path)
            waiting.extend(self._imported(path))
        found.update(
            path
            for path in (self.folder / self.package).rglob("*")
            if path.is_file() and path.suffix not in {".py", ".pyc"}
        )
        return sorted(found)

    def digest(self) -> str:
        """Return a hash of the names and contents of everything that the module depends on."""
        digest = hashlib.sha256()
        for path in self.dependencies():
            content = _content(path)
            digest.update(f"{path.relative_to(self.folder)}\n{len(content)}\n".encode())
            digest.update(content)
        return digest.hexdigest()

    def _imported(self, path: Path) -> list[Path]:
        candidates: list[str] = []
        package = path.parent.relative_to(self.folder).parts
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.Import):
                candidates += [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                base = package[: len(package) - node.level + 1] if node.level else ()
                stem = ".".join((*base, *(node.module or "").split("."))).strip(".")
                candidates += [stem, *(f"{stem}.{alias.name}" for alias in node.names)]
        found = []
        for name in filter(None, candidates):
            module = self.folder.joinpath(*name.split("."))
            found += [module.with_name(f"{module.name}.py"), *self._inits(module / "__init__.py")]
        return found

    def _inits(self, path: Path) -> list[Path]:
        """Return the files that importing a module runs before it: those of its packages."""
        return [
            parent / "__init__.py" for parent in path.parents if parent.is_relative_to(self.folder)
        ]

    @cached_property
    def loaded(self) -> ModuleType:
        """The imported module.  Raises CourseError if importing it fails."""
        folder = self.folder.resolve()
        with _importing:
            _forget_stale(folder)
            # The folder goes first so that the reference's own imports are found, and comes off
            # again so that nothing else can pick up a module from there by accident.  No bytecode
            # is written: it is told from the source by whole seconds only.
            sys.path.insert(0, str(folder))
            writes, sys.dont_write_bytecode = sys.dont_write_bytecode, True
            importlib.invalidate_caches()
            try:
                return importlib.import_module(f"{self.package}.{self.module}")
            except KeyboardInterrupt:
                raise
            except BaseException as error:
                says = f"{self.path}: importing the reference failed: {error!r}"
                raise CourseError(says) from error
            finally:
                sys.dont_write_bytecode = writes
                sys.path.remove(str(folder))
                _remember(folder)

    def function(self, name: str) -> Callable[..., Any]:
        """Return a function of the module.  Raises CourseError if there is none."""
        found = getattr(self.loaded, name, None)
        if not callable(found):
            raise CourseError(f"{self.path}: there is no function {name!r}")
        return found  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Withheld(Reference):
    """The reference of a problem that was read from a release: it stayed with the course."""

    folder: Path = Path()
    package: str = ""
    module: str = ""

    def dependencies(self) -> list[Path]:
        """Return no file."""
        return []

    def function(self, name: str) -> Callable[..., Any]:
        """Raise CourseError: there is no such function here."""
        raise CourseError(f"a release holds no reference, so {name!r} cannot be asked")


_importing = threading.Lock()
_imported_from: dict[Path, dict[Path, str]] = {}
"""The files that were imported from each reference/ folder, with the hash of their contents."""


def _forget_stale(folder: Path) -> None:
    """Forget modules of other courses, which may have the same names, and of older contents."""
    known = _imported_from.setdefault(folder, {})
    changed = any(not path.is_file() or _hash(path) != digest for path, digest in known.items())
    if changed:
        known.clear()
    for name, module in list(sys.modules.items()):
        home = _home(module)
        if home is not None and (changed or home != folder):
            del sys.modules[name]


def _remember(folder: Path) -> None:
    for module in list(sys.modules.values()):
        file = module.__file__ if _home(module) == folder else None
        if file:
            _imported_from[folder].setdefault(Path(file), _hash(Path(file)))


def _home(module: ModuleType) -> Path | None:
    """Return the reference/ folder from which a module was imported, if it was from one."""
    # From what it holds: some modules answer any name (torch.classes does), and None stands for a
    # module that must not be imported.
    known = getattr(module, "__dict__", {})
    origins = [known.get("__file__"), *(known.get("__path__") or ())]
    for origin in origins:
        for folder in _imported_from:
            if isinstance(origin, str) and origin.startswith(f"{folder}{os.sep}"):
                return folder
    return None


def _hash(path: Path) -> str:
    return hashlib.sha256(_content(path)).hexdigest()


def _statements(tree: ast.Module) -> Iterator[ast.stmt]:
    """Yield the statements of a module, also those within if, try, with and loops."""
    waiting: list[ast.AST] = list(tree.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.stmt):
            yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            waiting.extend(
                child
                for child in ast.iter_child_nodes(node)
                if isinstance(child, (ast.stmt, ast.ExceptHandler, ast.match_case))
            )


def _bound(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield node.name
    elif isinstance(node, (ast.Import, ast.ImportFrom)):
        yield from ((alias.asname or alias.name).split(".")[0] for alias in node.names)
    elif isinstance(node, (ast.Assign, ast.AnnAssign)):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        for target in targets:
            yield from (item.id for item in ast.walk(target) if isinstance(item, ast.Name))


def _tree(path: Path) -> ast.Module:
    try:
        return ast.parse(_content(path), filename=str(path))
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None) or 1
        raise CourseError(f"{path}:{line}: not Python: {error}") from None


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CourseError(f"{path}: cannot be read: {error.strerror}") from None
