"""What a function does to the graph of autograd while it runs, and what leaves the graph.

torch takes the same ways itself, so as to print a tensor for instance.  Only calls count that do
not come from inside torch.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

_OUT = ("item", "tolist", "numpy", "detach", "__float__", "__int__", "__complex__", "__deepcopy__")
_HOOKS = ("register_hook", "register_post_accumulate_grad_hook")
_DECORATOR = "_contextlib.py"  # torch's, through which a decorated function of a student is called
_NODES = 2000  # of a graph that are looked at
_ROUNDING = ("Floor", "Round", "Ceil", "Trunc", "Frexp", "Ldexp")


class Watch:
    """What the calls of one function do to the graph, and what leaves it."""

    def __init__(self) -> None:
        """Begin with nothing seen."""
        self.cuts: set[str] = set()
        self.seen: list[Any] = []  # what has left the graph, in order
        self.shown: dict[int, Any] = {}  # what is to be seen instead, by its place in that order
        self.decisions = 0  # how often a tensor was asked whether it is true

    def leaving(self, value: Any) -> Any:
        """Return a value that leaves the graph, or what stands for it."""
        self.seen.append(value)
        return self.shown.get(len(self.seen) - 1, value)

    def deciding(self) -> None:
        """Note that a tensor is asked whether it is true."""
        self.decisions += 1


def rounds(result: Any, watch: Watch) -> bool:
    """Return whether a result was rounded on its way; note a Function of the student's."""
    waiting, seen, rounded = [getattr(result, "grad_fn", None)], set[Any](), False
    while waiting and len(seen) < _NODES:
        node = waiting.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        own = getattr(node, "_forward_cls", None)
        if own is not None and not str(own.__module__).startswith("torch."):
            watch.cuts.add("function")
        rounded = rounded or type(node).__name__.startswith(_ROUNDING)
        waiting += [reached for reached, _ in node.next_functions]
    return rounded


@contextmanager
def watched(torch: Any, watch: Watch) -> Iterator[None]:
    """Note what is reached while student code runs, and put everything back afterwards."""
    patches = list(_patches(torch, watch))
    missing = object()
    before = [(home, name, vars(home).get(name, missing)) for home, name, _ in patches]
    for home, name, patched in patches:
        setattr(home, name, patched)
    try:
        yield
    finally:
        for home, name, was in before:
            if was is missing:
                delattr(home, name)
            else:
                setattr(home, name, was)


def _patches(torch: Any, watch: Watch) -> Iterator[tuple[Any, str, Any]]:
    tensor, inside = torch.Tensor, os.path.dirname(torch.__file__) + os.sep  # noqa: PTH120
    for name in _OUT:
        yield tensor, name, _outward(getattr(tensor, name), watch)
    yield torch, "tensor", _copying(torch, watch)
    yield torch, "detach", _outward(torch.detach, watch)
    data = tensor.data

    def set_data(self: Any, value: Any) -> None:
        if _asked_from_outside(inside):
            watch.cuts.add("data")
        data.__set__(self, value)

    yield tensor, "data", property(lambda self: watch.leaving(data.__get__(self)), set_data)
    decide = tensor.__bool__

    def deciding(self: Any) -> bool:
        watch.deciding()
        return bool(decide(self))

    yield tensor, "__bool__", deciding
    for name in _HOOKS:
        yield tensor, name, _noted(getattr(tensor, name), watch, "hook", inside)
    yield tensor, "detach_", _noted(tensor.detach_, watch, "detach", inside)
    yield tensor, "requires_grad_", _requiring(tensor.requires_grad_, watch)
    for block in (torch.no_grad, torch.inference_mode):
        yield block, "__enter__", _noted(block.__enter__, watch, "no_grad", inside)
    function = torch.autograd.Function
    apply = _noted(function.apply.__func__, watch, "function", inside)
    yield function, "apply", classmethod(apply)


def _asked_from_outside(inside: str) -> bool:
    """Whether the caller of the function that asks this is not torch's own code."""
    frame = sys._getframe(2)  # that of the caller
    while frame.f_back is not None and frame.f_code.co_filename.endswith(_DECORATOR):
        frame = frame.f_back
    return not frame.f_code.co_filename.startswith(inside)


def _outward(original: Callable[..., Any], watch: Watch) -> Callable[..., Any]:
    return lambda *given, **named: watch.leaving(original(*given, **named))


def _noted(original: Callable[..., Any], watch: Watch, cut: str, inside: str) -> Callable[..., Any]:
    def noted(*given: Any, **named: Any) -> Any:
        if _asked_from_outside(inside):
            watch.cuts.add(cut)
        return original(*given, **named)

    return noted


def _requiring(original: Callable[..., Any], watch: Watch) -> Callable[..., Any]:
    def requiring(self: Any, requires_grad: bool = True) -> Any:
        if not requires_grad:
            watch.cuts.add("detach")
        return original(self, requires_grad)

    return requiring


def _copying(torch: Any, watch: Watch) -> Callable[..., Any]:
    original = torch.tensor

    def copying(data: Any, *given: Any, **named: Any) -> Any:
        if isinstance(data, torch.Tensor):
            return watch.leaving(torch.Tensor.clone(data).detach())
        return original(data, *given, **named)

    return copying
