"""What stands under the keys of `answers.yaml`, as far as a student may know it."""

from __future__ import annotations

from typing import Literal, TypeAlias

from pydantic import Field

from grader.spec.models import Model

Form: TypeAlias = Literal["expression", "order", "condition", "number", "choice", "text"]
FORMULAS: frozenset[Form] = frozenset({"expression", "order", "condition"})


class Asked(Model):
    """A key of answers.yaml: what is asked there, and what an answer looks like; never the answer.

    It says what the file of a release says in its comment, and is all that reading an answer needs.
    """

    key: str = Field(min_length=1)
    form: Form
    asks: str = ""  # the question, where it is not that of the part
    names: tuple[str, ...] = ()  # the sizes that a formula may have
    assuming: tuple[str, ...] = ()  # what an order takes for granted of them
    choices: tuple[str, ...] = ()
    count: int = Field(1, ge=1, le=1000)  # of numbers
    percent: bool = False
    least: float | None = None
    most: float | None = None
    optional: bool = False
    files: tuple[str, ...] = ()  # patterns of files that may take the place of a text
