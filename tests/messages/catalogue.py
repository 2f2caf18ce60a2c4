"""What every module of sentences has to hold: each sentence is tested to the letter."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any, TypeAlias

Sentence: TypeAlias = tuple[str, tuple[Any, ...], dict[str, Any], str]
"""The name of a function, its arguments, those by name, and the text that it returns."""


def check(
    topic: ModuleType,
    sentences: Sequence[Sentence],
    fixed: Mapping[str, str],
    elsewhere: Sequence[str] = (),
) -> None:
    """Raise AssertionError unless these are all sentences of a topic, to the letter.

    `elsewhere` names functions that have tests of their own.
    """
    for name, values, options, text in sentences:
        assert getattr(topic, name)(*values, **options) == text
    for name, text in fixed.items():
        assert getattr(topic, name) == text
    assert made(topic) - set(elsewhere) == {name for name, *_ in sentences}
    assert {name for name in vars(topic) if name.isupper()} == set(fixed)


def made(topic: ModuleType) -> set[str]:
    """Return the names of the functions that a module of sentences defines for others."""
    return {
        name
        for name, item in vars(topic).items()
        if inspect.isfunction(item) and item.__module__ == topic.__name__ and name[0] != "_"
    }
