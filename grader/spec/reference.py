"""The course's reference: what it defines, what it depends on, and its functions.

Two views of the same files.  The static one reads the source and runs nothing; it serves
`validate` and the keys that say whether a result is still good.  The other imports the module, in
the grader's own process: the reference is the course's code and trusted.
"""

from __future__ import annotations

import ast
import importlib
import sys
from collections.abc import Callable
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
        """Return the names that the module binds at its top level, without running it."""
        names: set[str] = set()
        for node in _tree(self.path).body:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                names.add(node.name)
            elif isinstance(node, (ast.Import, ast.ImportFrom)):
                names.update((alias.asname or alias.name).split(".")[0] for alias in node.names)
            elif isinstance(node, ast.Assign):
                names.update(item.id for item in node.targets if isinstance(item, ast.Name))
        return names

    def dependencies(self) -> list[Path]:
        """Return the module's file and every file of the reference that it imports, sorted."""
        found: set[Path] = set()
        waiting = [self.path, self.folder / self.package / "__init__.py"]
        while waiting:
            path = waiting.pop()
            if path in found or not path.is_file():
                continue
            found.add(path)
            waiting.extend(self._imported(path))
        return sorted(found)

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
        paths = [self.folder.joinpath(*name.split(".")) for name in candidates if name]
        return [p for path in paths for p in (path.with_suffix(".py"), path / "__init__.py")]

    @cached_property
    def loaded(self) -> ModuleType:
        """The imported module.  Raises CourseError if importing it fails."""
        name = f"{self.package}.{self.module}"
        # The folder goes first so that the reference's own imports are found, and comes off
        # again so that nothing else can pick up a module from there by accident.
        sys.path.insert(0, str(self.folder))
        try:
            stale = sys.modules.get(name)
            if stale is not None and getattr(stale, "__file__", None) != str(self.path):
                for loaded in [n for n in sys.modules if n.split(".")[0] == self.package]:
                    del sys.modules[loaded]
            return importlib.import_module(name)
        except Exception as error:
            raise CourseError(f"{self.path}: importing the reference failed: {error!r}") from error
        finally:
            sys.path.remove(str(self.folder))

    def function(self, name: str) -> Callable[..., Any]:
        """Return a function of the module.  Raises CourseError if there is none."""
        found = getattr(self.loaded, name, None)
        if not callable(found):
            raise CourseError(f"{self.path}: there is no function {name!r}")
        return found  # type: ignore[no-any-return]


def _tree(path: Path) -> ast.Module:
    try:
        return ast.parse(path.read_bytes(), filename=str(path))
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 1
        raise CourseError(f"{path}:{line}: not Python: {error}") from None
