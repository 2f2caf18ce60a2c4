"""A small course in pytester's folder."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import pytest

from tests import tiny

Grade: TypeAlias = Callable[..., pytest.RunResult]


@pytest.fixture
def course(pytester: pytest.Pytester) -> tiny.Tiny:
    """The course, with tests of its own."""
    return tiny.make(pytester.path, tests=True)


@pytest.fixture
def grade(pytester: pytest.Pytester, course: tiny.Tiny) -> Grade:
    """Run pytest on the course in a process of its own."""
    del course  # it only has to be there

    def run(*arguments: str) -> pytest.RunResult:
        return pytester.runpytest_subprocess(
            "assignments/doubling", "--submissions", "submissions/doubling", *arguments
        )

    return run
