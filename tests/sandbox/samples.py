"""Functions that the tests use as probes."""

from types import ModuleType
from typing import Any

from grader.probes import witness


def call_twice(module: ModuleType, *, target: str, x: Any) -> list[Any]:
    function = getattr(module, target)
    return [function(x), function(x)]


def name_of_module(module: ModuleType, *, target: str) -> list[str]:
    return [module.__name__, target]


def noted(module: ModuleType, *, target: str) -> list[list[str]]:
    del module, target
    return [list(note) for note in witness.told(witness.mark())]


CALL_TWICE = f"{__name__}:call_twice"
NAME_OF_MODULE = f"{__name__}:name_of_module"
NOTED = f"{__name__}:noted"
