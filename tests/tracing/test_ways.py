"""The way of a run through a student's code, natively and recorded."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from grader.probes.tracing import record
from grader.tracing import ways
from grader.tracing.ways import Files, Way

from .runs import module_of, vector

Function = Callable[..., Any]


def way(function: Function, *inputs: Any) -> str:
    found: str = record(module_of(function), "target", list(inputs), ways=True)["way"]
    return found


def plain(v: Any, y: Any) -> Any:
    total = 0
    for a, b in zip(v, y, strict=True):
        total = total + a * b if a > 0 else total + 2 * (a * b)
    return np.array([total * a for a in v])


def helped(v: Any, y: Any) -> Any:
    def squares() -> Any:
        yield from (a * a for a in v)

    return sum(squares()) * np.vectorize(lambda b: b * 2)(y)


def chances(v: Any, y: Any) -> Any:
    times = random.randrange(5) + np.random.randint(5)  # noqa: NPY002, S311
    return v * y * sum(1 for _ in range(times))


def recovers(v: Any, y: Any) -> Any:
    try:
        return v["key"]
    except IndexError:
        return v * y


@pytest.mark.parametrize("function", [plain, helped, chances, recovers])
def test_ordinary_code_takes_one_way(function: Function) -> None:
    for seed in range(3):
        assert way(function, vector(4, seed), vector(4, seed + 9)) == ""


def by_line(v: Any) -> Any:
    if v.dtype == object:
        return v * 2
    return v + v


def within_a_line(v: Any) -> Any:
    return v * 2 if v.dtype == object else v + v


def by_a_count(v: Any) -> Any:
    for _ in range(3 if v.dtype == object else 9):
        z = v * 2
    return z


def by_raising(v: Any) -> Any:
    v.dtype.type("text")  # an object, and no float
    return v * 2


@pytest.mark.parametrize("function", [by_line, within_a_line, by_a_count, by_raising])
def test_code_that_looks_at_the_type_takes_another(function: Function) -> None:
    file, _, line = way(function, vector(3)).rpartition(":")
    first = function.__code__.co_firstlineno
    assert file == "test_ways.py"
    assert first <= int(line) <= first + 3


def test_code_that_an_exec_makes_is_followed() -> None:
    space: dict[str, Any] = {"np": np}
    exec("def f(v): return v * 2 if v.dtype == object else v + v", space)  # noqa: S102
    assert way(space["f"], vector(3)) == "<string>:1"


def test_another_number_of_operations_is_another_way_without_a_line() -> None:
    times = iter([1, 5, 5])  # of three calls, the first is the one that counts

    def fewer(v: Any) -> Any:
        return v * np.ones((next(times), 1))

    assert way(fewer, vector(3)) == ":"


def test_a_long_way_is_followed_at_its_beginning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ways, "LONGEST", 100)
    late = [by_a_count, within_a_line]

    def long(v: Any) -> Any:
        for _ in range(200):
            pass
        return late[1](v)

    assert way(long, vector(3)) == ""
    assert way(within_a_line, vector(3)) != ""


def test_a_tracer_that_was_there_is_there_afterwards() -> None:
    def tracer(*_: Any) -> None:
        return None

    before = sys.gettrace()
    sys.settrace(tracer)
    try:
        Way(Files(ModuleType("solution"), plain)).follow(plain, [vector(2), vector(2)])
        assert sys.gettrace() is tracer
    finally:
        sys.settrace(before)


def test_only_the_files_of_the_submission_are_followed() -> None:
    module = ModuleType("solution")
    module.__file__ = "/home/s/solution.py"
    files = Files(module, plain)
    assert "/home/s/helpers/more.py" in files
    assert __file__ in files
    assert np.__file__ not in files
    assert "/home/s/site-packages/numpy/__init__.py" not in files
