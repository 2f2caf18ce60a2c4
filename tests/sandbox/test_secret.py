"""The secret of a course, which may stand in the environment, is nothing for student code."""

from __future__ import annotations

import pytest

from grader.sandbox.host import Sandbox
from grader.sandbox.plain import PlainSandbox

from .conftest import run_part

SOURCE = """
import os
def seen(): return sorted(name for name in os.environ if "GRADER" in name.upper())
def kept(): return os.environ.get("A_VARIABLE", "")
"""
SECRET = "an example of a secret, not a secret"  # noqa: S105  (a test)


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADER_SECRET", SECRET)
    monkeypatch.setenv("grader_other", SECRET)
    monkeypatch.setenv("A_VARIABLE", "kept")


def test_code_without_a_sandbox_has_every_variable_but_those_of_the_grader() -> None:
    with PlainSandbox(preload=()) as sandbox:
        seen, kept = run_part(sandbox, SOURCE, "seen", "kept").observations["part"]
    assert (seen.value, kept.value) == ([], "kept")


def test_code_that_is_not_confined_has_no_variable_of_the_grader() -> None:
    with Sandbox(preload=(), confine=False) as sandbox:
        seen, kept = run_part(sandbox, SOURCE, "seen", "kept").observations["part"]
    assert (seen.value, kept.value) == ([], "")
