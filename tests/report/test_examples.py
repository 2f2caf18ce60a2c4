from __future__ import annotations

import doctest
from types import ModuleType

import pytest

from grader.report import files, names, text, words


@pytest.mark.parametrize("module", [files, names, text, words])
def test_the_examples_in_the_docstrings_hold(module: ModuleType) -> None:
    tried = doctest.testmod(module)
    assert tried.attempted
    assert not tried.failed
