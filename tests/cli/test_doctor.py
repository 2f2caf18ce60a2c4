from __future__ import annotations

import sys

import pytest

from grader.cli import doctor
from grader.records import Mechanism
from tests.cli.conftest import Grader

SECCOMP = Mechanism("seccomp", True, "an allow-list", "no programs")
LANDLOCK = Mechanism("landlock", False, "the kernel has none", "no files")


def test_every_mechanism_is_present_or_missing_with_the_reason(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(doctor, "examine", lambda: (SECCOMP, LANDLOCK))
    monkeypatch.setattr(doctor, "shortfall", lambda _: None)
    assert doctor.run() == 0
    assert capsys.readouterr().out == (
        "seccomp   present  an allow-list\n"
        "                   no programs\n"
        "landlock  missing  the kernel has none\n"
        "                   no files\n"
        "\n"
        "Submissions can be graded here: their code is confined.\n"
    )


def test_a_machine_that_cannot_confine_is_exit_code_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(doctor, "examine", lambda: (SECCOMP, LANDLOCK))
    monkeypatch.setattr(doctor, "shortfall", lambda _: "Student code could read the reference.")
    assert doctor.run() == 2
    assert capsys.readouterr().err == "grader: Student code could read the reference.\n"


def test_a_sandbox_that_cannot_be_started_is_exit_code_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def denied() -> tuple[Mechanism, ...]:
        raise PermissionError(13, "Permission denied", "python3")

    monkeypatch.setattr(doctor, "examine", denied)
    assert doctor.run() == 2
    assert capsys.readouterr().err == (
        "grader: the sandbox cannot be started: [Errno 13] Permission denied: 'python3'\n"
    )


@pytest.mark.skipif(sys.platform != "linux", reason="the mechanisms are Linux's")
def test_the_mechanisms_of_this_machine_are_listed(grader: Grader) -> None:
    names = [line.split("  ")[0] for line in grader("doctor").stdout.splitlines()]
    for name in ("seccomp", "landlock", "namespaces", "private root", "memory limit"):
        assert name in names
