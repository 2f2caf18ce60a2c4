"""Where a submission keeps functions of NumPy, and that they are replaced there and put back."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from grader.probes.tracing import record
from grader.tracing import holders

from .runs import vector

SOURCE = """
import numpy as np
from numpy import zeros, exp as e
from functools import wraps

MAKE = {"zeros": np.zeros, "deep": [{"zeros": np.zeros}]}
SCRATCH = np.zeros(9)

def alias(v):
    made = zeros(len(v)); made[:] = v * 2; return made

def default(v, make=np.zeros):
    made = make(len(v)); made[:] = v * 2; return made

def keyword(v, *, make=np.zeros):
    made = make(len(v)); made[:] = v * 2; return made

def array_default(v, made=np.zeros(3)):
    made = made.copy(); made[:] = v * 2; return made

def scratch(v):
    SCRATCH[:3] = v * 2; return SCRATCH[:3].copy()

def table(v):
    made = MAKE["zeros"](len(v)); made[:] = v * 2; return made

def deep(v):
    made = MAKE["deep"][0]["zeros"](len(v)); made[:] = v * 2; return made

class Net:
    zeros = np.zeros
    def run(self, v, make=np.zeros):
        made = self.zeros(len(v)); made += make(len(v)); made[:] = v * 2; return made

def attribute(v):
    return Net().run(v)

def outer(make=np.zeros):
    local = make
    def inner(v):
        made = local(len(v)); made[:] = v * 2; return made
    return inner

closure = outer()

def decorated(function):
    @wraps(function)
    def call(*given):
        return function(*given)
    return call

@decorated
def wrapped(v, make=np.zeros):
    made = make(len(v)); made[:] = v * 2; return made
"""

FUNCTIONS = [
    "alias",
    "default",
    "keyword",
    "array_default",
    "scratch",
    "table",
    "deep",
    "attribute",
    "closure",
    "wrapped",
]


@pytest.fixture
def solution(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    file = tmp_path / "solution.py"
    file.write_text(SOURCE, encoding="utf-8")
    module = ModuleType("solution")
    module.__file__ = str(file)
    monkeypatch.setitem(sys.modules, "solution", module)
    exec(compile(SOURCE, str(file), "exec"), vars(module))  # noqa: S102
    return module


def held(module: ModuleType) -> list[Any]:
    """Return what all holders of a module have, by identity."""
    found: list[Any] = []
    for holder in holders.of(module):
        items = [item for _, item in holders._items(holder)]
        items += [getattr(holder, "__defaults__", None), getattr(holder, "__kwdefaults__", None)]
        found += [(id(item), repr(item)) for item in items if not isinstance(item, np.ndarray)]
    return found


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_of_numpy_is_replaced_wherever_it_is_kept(
    solution: ModuleType, name: str
) -> None:
    before = held(solution)
    found = record(solution, name, [vector(3)])
    assert len(found["outputs"]) == 3
    assert held(solution) == before
    assert solution.SCRATCH.dtype == float
    np.testing.assert_array_equal(getattr(solution, name)(vector(3)), vector(3) * 2)


def test_what_is_imported_meanwhile_keeps_nothing_that_was_replaced(
    solution: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "late_helper.py").write_text("from numpy import ndarray, zeros", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)

    def imports(v: Any) -> Any:
        import late_helper  # type: ignore[import-not-found]  # noqa: PLC0415

        assert late_helper.zeros is not kept
        return v * 2

    kept = np.zeros
    solution.imports = imports  # type: ignore[attr-defined]
    record(solution, "imports", [vector(3)])
    late = sys.modules.pop("late_helper")
    assert (late.zeros, late.ndarray) == (np.zeros, np.ndarray)


def test_data_of_any_size_is_not_searched(solution: ModuleType) -> None:
    solution.DATA = [[0.0]] * 100_000  # type: ignore[attr-defined]
    assert all(holder is not solution.DATA for holder in holders.of(solution))
