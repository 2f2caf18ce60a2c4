from __future__ import annotations

import subprocess
import sys

import pytest

import grader as package
from tests.cli.conftest import Grader


def test_the_version_is_printed(grader: Grader) -> None:
    assert grader("--version").stdout == f"grader {package.__version__}\n"


@pytest.mark.parametrize("command", ["grade", "check", "validate", "audit", "doctor"])
def test_the_help_of_every_command_shows_an_example(command: str, grader: Grader) -> None:
    done = grader(command, "--help")
    assert done.returncode == 0
    assert f"Example: grader {command}" in " ".join(done.stdout.split())
    assert "Exit code 0" in done.stdout


@pytest.mark.parametrize("heavy", ["torch", "numpy", "pydantic", "jinja2", "pytest", "matplotlib"])
def test_the_help_imports_nothing_heavy(heavy: str) -> None:
    program = f"import sys, grader.cli; print({heavy!r} in sys.modules)"
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stdout == "False\n"


def test_a_misspelt_option_is_bad_usage(grader: Grader) -> None:
    done = grader("grade", "--job", "2")
    assert done.returncode == 2
    assert "--jobs" in done.stderr
