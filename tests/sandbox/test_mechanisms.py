import sys
from pathlib import Path

import pytest

from grader.records import Mechanism
from grader.sandbox.mechanisms import examine, shortfall
from grader.sandbox.protections import MEANINGS

OVERRIDE = (
    "To grade all the same, with code that you trust, give --unsafe-no-sandbox; every page of the "
    "report will say so."
)


def found(*present: str) -> tuple[Mechanism, ...]:
    return tuple(
        Mechanism(name, name in present, "as it is" if name in present else "not here", meaning)
        for name, meaning in MEANINGS.items()
    )


def test_every_mechanism_is_examined() -> None:
    assert [mechanism.name for mechanism in examine()] == list(MEANINGS)


def test_no_mechanism_is_found_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert {(one.present, one.detail) for one in examine()} == {
        (False, "it exists on Linux only; this is darwin")
    }


@pytest.mark.parametrize(
    "present",
    [
        ("seccomp", "landlock"),
        ("seccomp", "private root"),
        ("namespaces", "private root"),
        ("namespaces", "landlock"),
        tuple(MEANINGS),
    ],
)
def test_these_are_enough(present: tuple[str, ...]) -> None:
    assert shortfall(found(*present)) is None


def test_readable_references_are_a_shortfall() -> None:
    assert shortfall(found("seccomp", "separate uids")) == (
        "Other people's code cannot be run safely here.\n"
        "Student code could read the reference solutions:\n"
        "  landlock is missing: not here\n"
        "  private root is missing: not here\n"
        "  Use Linux 5.13 or later with Landlock enabled, or allow namespaces; or, as root, close "
        f"the course's folder to other users (chmod 700).\n{OVERRIDE}"
    )


def test_reachable_processes_are_a_shortfall() -> None:
    assert shortfall(found("landlock")) == (
        "Other people's code cannot be run safely here.\n"
        "Student code could start programs, reach other processes and the network:\n"
        "  seccomp is missing: not here\n"
        "  namespaces is missing: not here\n"
        "  Install libseccomp2, or allow namespaces (run as root, or with unprivileged user "
        f"namespaces enabled).\n{OVERRIDE}"
    )


def test_another_user_is_enough_where_the_course_is_closed(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    assert shortfall(found("seccomp", "separate uids"), tmp_path) is None


def test_a_course_among_pythons_packages_is_a_shortfall() -> None:
    message = shortfall(found(*MEANINGS), Path(pytest.__file__).parent)
    assert message is not None
    assert "where Python has its packages, and the course lies in it. Move the course" in message


def test_nothing_is_enough_where_nothing_is_there() -> None:
    message = shortfall(())
    assert message is not None
    assert "seccomp is missing: it was not looked for" in message
