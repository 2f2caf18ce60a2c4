"""Recognises the code of a module where it runs: by its file, by its instructions, by its names."""

from __future__ import annotations

import importlib.util
import os
import sys
import time
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import Any

# The whole update of an optimizer as one function of torch itself.
KERNELS = frozenset({"_fused_adagrad_", "_fused_adam_", "_fused_adamw_", "_fused_sgd_"})

_LONG = 200  # bytes of instructions; shorter functions can be equal by chance
_KNOWN = 50_000  # code objects that are kept in mind, to look at each once
_CLOCK = 512  # events between two looks at the clock
_monotonic, _set_profile = time.monotonic, sys.setprofile

Note = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Profile:
    """A function for `sys.setprofile`, and whether it has switched itself off."""

    see: Callable[[FrameType, str, Any], None]
    over: Callable[[], bool]


def profile(names: tuple[str, ...], note: Note, lasts_s: float) -> Profile:
    """Return a profile function that notes calls of forbidden code, and of copies of it."""
    name_of = _naming(names)
    kernels = KERNELS if "torch.optim" in names else frozenset()
    operators = {id(code): code for code in _operator_codes()} if kernels else {}
    known: dict[int, CodeType] = {}  # by id, and kept, so that no id is given away again
    until = _monotonic() + lasts_s
    events = 0
    over = False

    def look(frame: FrameType) -> None:
        code = frame.f_code
        if id(code) not in known:
            if len(known) > _KNOWN:
                known.clear()
            known[id(code)] = code
            name = name_of(code)
            if name:
                note(name)
        if id(code) in operators:
            _look_at_operator(frame, note)

    def see(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal events, over
        if event == "call":
            look(frame)
        elif event == "c_call" and getattr(argument, "__name__", "") in kernels:
            note(f"torch.{argument.__name__}")
        events += 1
        if events % _CLOCK == 0 and _monotonic() > until:
            over = True
            _set_profile(None)

    return Profile(see, lambda: over)


def _naming(names: tuple[str, ...]) -> Callable[[CodeType], str]:
    """Return a function that tells what forbidden thing some code is, "" for any other code."""
    folders = {folder: name for name in names for folder in homes(name)}
    copies = _fingerprints(names)

    def name_of(code: CodeType) -> str:
        for folder, name in folders.items():
            if code.co_filename.startswith(folder):
                return f"{name} ({code.co_qualname})"
        if len(code.co_code) < _LONG:
            return ""
        original = copies.get((code.co_code, code.co_names), "")
        return original and f"a copy of {original}"

    return name_of


def homes(name: str) -> tuple[str, ...]:
    """Return how the paths of a module's files begin: as it was found, and without links."""
    loaded = sys.modules.get(name)
    file = getattr(loaded, "__file__", None)
    if file is None:
        try:
            spec = importlib.util.find_spec(name) if "." not in name else None
        except (ImportError, ValueError):
            spec = None
        file = spec.origin if spec is not None else None
    if not isinstance(file, str):
        return ()
    found = dict.fromkeys((Path(file), Path(file).resolve()))
    return tuple(
        f"{path.parent}{os.sep}" if path.name == "__init__.py" else str(path) for path in found
    )


def within(name: str, forbidden: str) -> bool:
    """Return whether a dotted name is a forbidden one or lies in it."""
    return name == forbidden or name.startswith(f"{forbidden}.")


def functions(name: str) -> Iterator[FunctionType]:
    """Yield every function that a module and its submodules define, each once."""
    seen: set[int] = set()
    for module_name, module in list(sys.modules.items()):
        if not (within(module_name, name) and isinstance(module, types.ModuleType)):
            continue
        waiting = list(vars(module).values())
        while waiting:
            item = waiting.pop()
            if id(item) in seen:
                continue
            seen.add(id(item))
            if isinstance(item, FunctionType):
                if within(str(item.__globals__.get("__name__")), name):
                    yield item
                waiting += _held(item)
            elif isinstance(item, type) and within(str(item.__module__), name):
                waiting += vars(item).values()
            elif isinstance(item, (staticmethod, classmethod)):
                waiting.append(item.__func__)
            elif isinstance(item, property):
                waiting += [item.fget, item.fset]


def _held(function: FunctionType) -> Iterator[Any]:
    """Yield what a function keeps in its closure: a decorator holds what it decorates there."""
    for cell in function.__closure__ or ():
        try:
            held = cell.cell_contents
        except ValueError:  # still empty
            continue
        if isinstance(held, (FunctionType, type)):
            yield held


@cache
def _fingerprints(names: tuple[str, ...]) -> dict[tuple[bytes, tuple[str, ...]], str]:
    """Return the long functions of the modules by their instructions."""
    found: dict[tuple[bytes, tuple[str, ...]], str] = {}
    for name in names:
        for function in functions(name):
            code = function.__code__
            if len(code.co_code) >= _LONG:
                said = f"{function.__globals__.get('__name__')}.{code.co_qualname}"
                found.setdefault((code.co_code, code.co_names), said)
    return found


def _operator_codes() -> list[CodeType]:
    """Return the code by which `torch.ops.aten.…` are called."""
    home_of_them = sys.modules.get("torch._ops")
    classes = [getattr(home_of_them, name, None) for name in ("OpOverload", "OpOverloadPacket")]
    called = [vars(item).get("__call__") for item in classes if item is not None]
    codes = [getattr(function, "__code__", None) for function in called]
    return [code for code in codes if code is not None]


def _look_at_operator(frame: FrameType, note: Note) -> None:
    called = str(frame.f_locals.get("self"))[:100]
    for name in KERNELS:
        if name in called:
            note(f"torch.{name}")
