"""Calls a function and sees whether torch's automatic differentiation ran meanwhile.

It is seen where every way of asking for a derivative ends: `backward()`, `torch.autograd.grad`,
`torch.func.grad`, `vjp` and `jacrev` all enter the engine through one function, and `jvp` and
`jacfwd` make dual tensors through another.  What is looked for is the code of these functions and
not their names, so that it does not matter how long ago a student imported what.

It tells that some derivative was computed, not which: whoever runs autograd on something else and
returns numbers worked out by hand is not found out.
"""

from __future__ import annotations

import importlib
import sys
import threading
from types import CodeType, FrameType, ModuleType
from typing import Any, Self

from grader import values

_ENTRANCES = (
    ("torch.autograd.graph", "_engine_run_backward"),
    ("torch.autograd.forward_ad", "make_dual"),
)


def call(module: ModuleType, target: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """Return what a function gives for its arguments, in order, and whether autograd ran."""
    importlib.import_module("torch")
    watch = _Watch()
    with watch:
        returned = getattr(module, target)(*arguments.values())
    return {"returned": values.plain(returned), "ran": watch.ran}


class _Watch:
    """Notes in `ran` whether torch's autograd is entered; a context manager."""

    def __init__(self) -> None:
        self.ran = False
        self._before = sys.getprofile()
        self._codes: set[CodeType] = set()
        for home, name in _ENTRANCES:
            found = getattr(sys.modules.get(home), name, None)
            code = getattr(found, "__code__", None)
            if code is not None:
                self._codes.add(code)

    def __enter__(self) -> Self:
        threading.setprofile(self._see)
        sys.setprofile(self._see)
        return self

    def __exit__(self, *ending: object) -> None:
        sys.setprofile(self._before)
        threading.setprofile(None)

    def _see(self, frame: FrameType, event: str, argument: Any) -> None:
        if event == "call":
            self.ran = self.ran or frame.f_code in self._codes
        elif event == "c_call":  # the engine itself, asked directly
            self.ran = self.ran or getattr(argument, "__name__", "") == "run_backward"
