"""What an operator makes of a piece of code, as text."""

from __future__ import annotations

from grader.grading.mutants.operators import OPERATORS
from grader.grading.mutants.sources import mutants_of


def lines(name: str, code: str, *entered: str) -> list[str]:
    """Return what the lines of a file become that one operator changes."""
    (operator,) = (each for each in OPERATORS if each.name == name)
    mutants = mutants_of("solution.py", code, {"", *entered}, [operator])
    return [mutant.change.becomes for mutant in mutants]


def slips(name: str, expression: str) -> list[str]:
    """Return what an operator makes of an expression that a function returns."""
    code = f"import numpy as np\n\ndef f(x):\n    return {expression}\n"
    return [line.removeprefix("return ") for line in lines(name, code, "f")]
