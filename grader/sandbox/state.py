"""What one call may change for the next: random numbers, defaults of NumPy and torch, the folder.

The state to return to is the one after the file was imported, since a file may set defaults for
itself (`torch.set_default_dtype(torch.float64)` at its top is part of a right solution).
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

RECURSION_LIMIT = 5000
"""So that a right recursive solution on a chain of 500 nodes, several frames a node, passes."""

_chdir, _set_recursion, _get_recursion = os.chdir, sys.setrecursionlimit, sys.getrecursionlimit
_seed_python, _seed_numpy = random.seed, np.random.seed
_get_numpy_errors, _set_numpy_errors = np.geterr, np.seterr


def _torch() -> Any:
    return sys.modules.get("torch")


def seed(number: int) -> None:
    """Seed every global source of random numbers."""
    torch = _torch()
    _attempt(
        lambda: _seed_python(number),
        lambda: _seed_numpy(number % 2**32),
        # The generator itself: torch.manual_seed also asks every accelerator.
        lambda: torch.default_generator.manual_seed(number) if torch is not None else None,
    )


class State:
    """The defaults as they are now, to be returned to."""

    def __init__(self) -> None:
        self._numpy_errors: Any = None
        self._recursion = RECURSION_LIMIT
        self._torch_dtype: Any = None
        self._torch_grad = True
        _attempt(self._note)

    def _note(self) -> None:
        self._recursion = _get_recursion()
        self._numpy_errors = _get_numpy_errors()
        torch = _torch()
        if torch is not None:
            self._torch_dtype = torch.get_default_dtype()
            self._torch_grad = torch.is_grad_enabled()

    def restore(self, folder: str) -> None:
        """Return to this state, as far as the student's code has left the means to."""
        _attempt(lambda: _chdir(folder), lambda: _set_recursion(self._recursion))
        if self._numpy_errors is not None:
            _attempt(lambda: _set_numpy_errors(**self._numpy_errors))
        torch = _torch()
        if torch is not None and self._torch_dtype is not None:
            _attempt(
                lambda: torch.set_default_dtype(self._torch_dtype),
                lambda: torch.set_grad_enabled(self._torch_grad),
            )


def _attempt(*steps: Callable[[], object]) -> None:
    """Take every step, whichever of them fails: patched by the student, only the student's loss."""
    for step in steps:
        try:
            step()
        except BaseException:  # noqa: BLE001, S112  (whatever the student put there)
            continue
