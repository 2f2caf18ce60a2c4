"""A small course in pytester's folder, and one that was graded once for several tests."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Graded:
    """A course after one run of pytest with reports and JUnit XML, and what it printed."""

    course: tiny.Tiny
    printed: str


@pytest.fixture(scope="package")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """The course, graded once; tests only look at it."""
    made = tiny.make(tmp_path_factory.mktemp("graded"), tests=True)
    made.hand_in("cleo", "import os\ndef twice(x): os._exit(3)\n")
    arguments = ["assignments/doubling", "--reports", "reports", "--junitxml=junit.xml"]
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "pytest", *arguments],
        cwd=made.root,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == pytest.ExitCode.TESTS_FAILED, done.stdout + done.stderr
    return Graded(made, done.stdout)
