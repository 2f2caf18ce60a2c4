"""Notes when student code reaches a module that its part forbids, by whatever way it got there.

A name can be had long before it is used, so nothing is taken away: while the guard is on, every
function of the forbidden module, wherever it is held, raises as soon as it is entered.
"""

from __future__ import annotations

import importlib
import sys
import types
from collections.abc import Callable, Collection, Iterator
from functools import cache
from types import CodeType, FunctionType, TracebackType
from typing import Any, Self

_NOTE, _NAME = "_grader_note", "a name"
# The whole update of an optimizer as one function of torch itself.
_KERNELS = ("_fused_adagrad_", "_fused_adam_", "_fused_adamw_", "_fused_sgd_")


class ForbiddenError(RuntimeError):
    """Raised in student code that reached what its part forbids."""


class Guard:
    """While it is entered, the code of the named modules cannot run; a context manager.

    `reached` names the function, or the module, that was tried first.  A module that is not
    imported yet cannot be imported either, unless importing its package does so anyway.
    """

    def __init__(self, names: Collection[str]) -> None:
        """Change nothing yet."""
        self.reached = ""
        self._names = tuple(names)
        self._codes: list[tuple[FunctionType, CodeType]] = []
        self._globals: list[dict[str, Any]] = []
        self._replaced: list[tuple[Any, str, Any]] = []

    def __enter__(self) -> Self:
        """Set a trap in every function."""
        for name in self._names:
            for function in _functions(name):
                self._trap(function)
            if name == "torch.optim" and "torch" in sys.modules:
                self._trap_kernels(sys.modules["torch"])
        sys.meta_path.insert(0, self)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take the traps away."""
        if self in sys.meta_path:
            sys.meta_path.remove(self)
        for function, code in self._codes:
            function.__code__ = code
        for names in self._globals:
            names.pop(_NOTE, None)
        for owner, name, was in self._replaced:
            setattr(owner, name, was)

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        """Refuse to import a forbidden module; anything else is left to others."""
        del path, target
        forbidden = any(_within(name, item) for item in self._names)
        if forbidden and not _comes_with_its_package(name):
            self._note(name)

    def _note(self, name: str) -> None:
        self.reached = self.reached or name
        raise ForbiddenError(f"{name} may not be used here")

    def _trap(self, function: FunctionType) -> None:
        home = function.__globals__
        if _NOTE not in home:
            home[_NOTE] = self._note
            self._globals.append(home)
        name = f"{home.get('__name__')}.{function.__qualname__}"
        code = _trap_code(len(function.__code__.co_freevars), name)
        self._codes.append((function, function.__code__))
        function.__code__ = code

    def _trap_kernels(self, torch: Any) -> None:
        owners = [torch, torch._C._VariableFunctions, torch.ops.aten]
        for owner in owners:
            for name in _KERNELS:
                was = getattr(owner, name, None)
                if was is None:
                    continue
                try:
                    setattr(owner, name, self._kernel(f"torch.{name}"))
                except (AttributeError, TypeError):
                    continue
                self._replaced.append((owner, name, was))

    def _kernel(self, name: str) -> Callable[..., None]:
        return lambda *values, **named: self._note(name)  # noqa: ARG005


def ready_torch() -> Any:
    """Return torch, imported now if nothing has done so before: a guard needs it to be there."""
    return importlib.import_module("torch")


def _comes_with_its_package(name: str) -> bool:
    """Whether a submodule is imported by its own package: importing torch imports torch.optim."""
    root = name.partition(".")[0]
    package = sys.modules.get(root)
    if root == name:
        return False
    return package is None or bool(getattr(package.__spec__, "_initializing", False))


def _within(name: str, forbidden: str) -> bool:
    return name == forbidden or name.startswith(f"{forbidden}.")


def _functions(name: str) -> Iterator[FunctionType]:
    """Yield every function that a module and its submodules define, each once."""
    seen: set[int] = set()
    for module_name, module in list(sys.modules.items()):
        if not (_within(module_name, name) and isinstance(module, types.ModuleType)):
            continue
        waiting = list(vars(module).values())
        while waiting:
            item = waiting.pop()
            if id(item) in seen:
                continue
            seen.add(id(item))
            if isinstance(item, FunctionType):
                if _within(str(item.__globals__.get("__name__")), name):
                    yield item
                waiting += _held(item)
            elif isinstance(item, type) and _within(str(item.__module__), name):
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
