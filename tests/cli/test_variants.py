from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner, Result

from grader.cli import app
from tests import varied

MAKE_ONE = 'python -c "import secrets; print(secrets.token_hex(32))" > secret.key'
NO_SECRET = (
    "doubling: growth-total is per student, and the course has no secret to draw from. Make one "
    f"in the folder of the course, and keep it: {MAKE_ONE} (or set GRADER_SECRET)"
)


def _run(course: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, [*arguments, "--course", str(course)])


def test_a_course_without_a_secret_is_read_with_a_note(tmp_path: Path) -> None:
    varied.make(tmp_path, secret="")
    result = _run(tmp_path, "validate")
    assert result.exit_code == 0
    assert result.output.splitlines() == [
        "doubling: 1 problem, 5 parts, no fault",
        f"note: {NO_SECRET}",
    ]


def test_a_course_with_a_secret_needs_no_note(tmp_path: Path) -> None:
    varied.make(tmp_path)
    assert _run(tmp_path, "validate").output == "doubling: 1 problem, 5 parts, no fault\n"


def test_a_course_without_a_secret_is_not_graded(tmp_path: Path) -> None:
    course = varied.make(tmp_path, secret="")
    course.hand_in("ada", varied.SOLUTION)
    result = _run(tmp_path, "grade")
    assert result.exit_code == 2
    assert NO_SECRET in result.output


def test_a_secret_that_is_too_short_is_told(tmp_path: Path) -> None:
    varied.make(tmp_path, secret="too short")  # noqa: S106
    result = _run(tmp_path, "validate")
    assert result.exit_code == 2
    assert result.output.endswith(
        f"secret.key: the secret has 9 bytes; expected at least 16, as from: {MAKE_ONE}\n"
    )
