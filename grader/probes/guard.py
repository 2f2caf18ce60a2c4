"""Runs student code and sees whether it reaches a module that its part forbids, by whatever way.

A name can be had long before it is used, so nothing is taken away.  While the code runs,

- every function of the forbidden module, wherever it is held, raises as soon as it is entered;
- a profile function looks at the code of every call: it knows that of the module by its file, and
  copies of it (cloned functions, sources executed under another name) by their instructions;
- `grader.probes.witness` tells what was imported and opened, also before.

Nothing of this stands in a local variable of a frame that the student's code can walk to.
"""

from __future__ import annotations

import importlib
import math
import os
import sys
import threading
from collections.abc import Callable, Sequence
from functools import cache
from types import CodeType, FunctionType
from typing import Any, TypeVar

from grader.probes import recognition, witness

_NOTE, _NAME = "_grader_note", "a name"
UNWATCHED = "sys.setprofile"
"""What was reached by code that replaced the profile function."""

_audit = sys.audit
Result = TypeVar("Result")


class ForbiddenError(RuntimeError):
    """Raised in student code that reached what its part forbids."""


def guarded(
    names: Sequence[str], function: Callable[[], Result], profile_s: float = math.inf
) -> tuple[str, Result | None]:
    """Return the first forbidden thing that a function reached, else "" and what it returns.

    What it raises is let go if it reached something, since that is why.  Calls are looked at for
    the first `profile_s` seconds.
    """
    if not names:
        return "", function()
    # Until both are there, the first of them stands on the stack of values and in no variable.
    end, (value, error) = _begun(tuple(names), profile_s), _tried(function)
    reached = end()
    if reached:
        return reached, None
    if error is not None:
        raise error
    return "", value


def ready_torch() -> Any:
    """Return torch, imported now if nothing has done so before: a guard needs it to be there."""
    return importlib.import_module("torch")


def _tried(function: Callable[[], Result]) -> tuple[Result | None, BaseException | None]:
    try:
        return function(), None
    except BaseException as error:  # noqa: BLE001  (raised again, if it is not for us)
        return None, error


def _begun(names: tuple[str, ...], profile_s: float) -> Callable[[], str]:
    """Set all traps; return what takes them away and tells what was reached."""
    first = witness.mark()
    watching = recognition.profile(names, _note, profile_s)
    codes: list[tuple[FunctionType, CodeType]] = []
    for name in names:
        codes += [(function, function.__code__) for function in recognition.functions(name)]
    homes = [function.__globals__ for function, _ in codes]
    for home in homes:
        home[_NOTE] = _refuse
    for function, code in codes:
        name = f"{function.__globals__.get('__name__')}.{function.__qualname__}"
        function.__code__ = _trap_code(len(code.co_freevars), name)
    kernels = _replace_kernels() if "torch.optim" in names else []
    finder = _Finder(names)
    sys.meta_path.insert(0, finder)
    profile_before = sys.getprofile()
    threading.setprofile(watching.see)
    sys.setprofile(watching.see)

    def end() -> str:
        replaced = sys.getprofile() is not watching.see and not watching.over()
        sys.setprofile(profile_before)
        threading.setprofile(None)
        if finder in sys.meta_path:
            sys.meta_path.remove(finder)
        for function, code in codes:
            function.__code__ = code
        for home in homes:
            home.pop(_NOTE, None)
        for owner, name, was in kernels:
            setattr(owner, name, was)
        return _told(names, witness.told(first)) or (UNWATCHED if replaced else "")

    return end


def _note(name: str) -> None:
    _audit(witness.REACHED, name)


def _refuse(name: str) -> None:
    _note(name)
    raise ForbiddenError(f"{name} may not be used here")


class _Finder:
    """Refuses to import a forbidden module; anything else is left to others."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self._names = names

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        del path, target
        forbidden = any(recognition.within(name, item) for item in self._names)
        if forbidden and not _comes_with_its_package(name):
            _refuse(name)


def _comes_with_its_package(name: str) -> bool:
    """Whether a submodule is imported by its own package: importing torch imports torch.optim."""
    root = name.partition(".")[0]
    package = sys.modules.get(root)
    if root == name:
        return False
    return package is None or bool(getattr(package.__spec__, "_initializing", False))


def _told(names: tuple[str, ...], notes: Sequence[witness.Note]) -> str:
    """Return the first forbidden thing among the notes."""
    imported = {what for event, what in notes if event == "import"}
    # A module that its own package imports is imported, and its files opened, by nobody's wish.
    own = [name for name in names if "." not in name or name.partition(".")[0] not in imported]
    folders = {folder: name for name in own for folder in recognition.homes(name)}
    for event, what in notes:
        if event == witness.REACHED:
            return what
        if event == "import" and any(recognition.within(what, name) for name in own):
            return what
        if event == "open":
            for folder, name in folders.items():
                if what.startswith(folder):
                    compiled = what.endswith(".pyc")  # that is how an import looks from below
                    return name if compiled else f"{name} ({os.path.basename(what)})"  # noqa: PTH119
    return ""


def _replace_kernels() -> list[tuple[Any, str, Any]]:
    torch = sys.modules.get("torch")
    replaced: list[tuple[Any, str, Any]] = []
    if torch is None:
        return replaced
    for owner in (torch, torch._C._VariableFunctions, torch.ops.aten):
        for name in recognition.KERNELS:
            was = getattr(owner, name, None)
            if was is None:
                continue
            try:
                setattr(owner, name, _kernel(f"torch.{name}"))
            except (AttributeError, TypeError):
                continue
            replaced.append((owner, name, was))
    return replaced


def _kernel(name: str) -> Callable[..., None]:
    return lambda *values, **named: _refuse(name)  # noqa: ARG005


def _trap_code(free: int, name: str) -> CodeType:
    """Return code that notes a name, for a function with so many free variables."""
    code = _trap_for(free)
    return code.replace(co_consts=tuple(name if c == _NAME else c for c in code.co_consts))


@cache
def _trap_for(free: int) -> CodeType:
    held = [f"held{number}" for number in range(free)]
    lines = [
        "def outer():",
        *(f"    {variable} = None" for variable in held),
        "    def trap(*values, **named):",
        f"        ({', '.join([*held, ''])})" if held else "        pass",
        f"        return {_NOTE}({_NAME!r})",
        "    return trap",
    ]
    made: dict[str, Any] = {}
    exec("\n".join(lines), made)  # noqa: S102  (text of our own)
    code: CodeType = made["outer"]().__code__
    return code
