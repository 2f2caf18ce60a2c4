from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from grader.cli import app, validate
from grader.errors import CourseError
from tests import tiny

ROOT = Path(__file__).parents[2]
EXPECT = """\
parts:
  twice-value: {status: correct, points: 2}
  twice-half: {status: correct, points: 1}
  essay-text: {status: pending, points: 0}
"""


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a course without faults, from which the command is run."""
    tiny.make(tmp_path)
    _write(tmp_path, "submissions/doubling/ada/expect.yaml", EXPECT)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _write(course: Path, name: str, text: str) -> None:
    path = course / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _change(course: Path, name: str, old: str, new: str) -> None:
    text = (course / name).read_text(encoding="utf-8")
    assert old in text
    _write(course, name, text.replace(old, new, 1))


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["validate", *arguments])


def _outcome(*arguments: str) -> tuple[int, str, str]:
    result = _run(*arguments)
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.usefixtures("course")
@pytest.mark.parametrize("arguments", [(), ("doubling",), ("doubling", "doubling")])
def test_a_course_without_faults_is_said_to_have_none(arguments: tuple[str, ...]) -> None:
    assert _outcome(*arguments) == (0, "doubling: 2 problems, 3 parts, no fault\n", "")


def test_the_course_of_this_repository_has_no_fault() -> None:
    code, _, complaints = _outcome("--course", str(ROOT))
    assert (code, complaints) == (0, "")


def test_the_folder_of_the_course_can_be_named(
    course: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    assert _outcome("--course", str(course))[0] == 0


def test_every_fault_of_every_file_is_printed_at_once(course: Path) -> None:
    _change(course, "assignments/doubling/twice.yaml", "function: half", "function: halve")
    _change(course, "assignments/doubling/essay.yaml", "id: essay-text", "id: twice-half")
    _change(course, "assignments/doubling/assignment.yaml", "points: 6", "points: 7")
    assert _outcome() == (
        2,
        (
            "assignments/doubling/assignment.yaml:3: points: found 7; expected 6, what the parts "
            "add up to\n"
            "assignments/doubling/essay.yaml:4: parts[0].id: the part 'twice-half' stands in "
            "twice.yaml already\n"
            "assignments/doubling/twice.yaml:19: parts[1].function: twice.py has no function "
            "'halve'; did you mean 'half'?\n"
        ),
        "grader: 3 faults\n",
    )


def test_a_sample_with_an_unknown_part_is_found(course: Path) -> None:
    _change(course, "submissions/doubling/ada/expect.yaml", "twice-half", "twice-haf")
    assert _outcome() == (
        2,
        (
            "submissions/doubling/ada/expect.yaml:1: parts: 'twice-half' is missing\n"
            "submissions/doubling/ada/expect.yaml:3: parts.twice-haf: unknown part 'twice-haf'; "
            "did you mean 'twice-half'?\n"
        ),
        "grader: 2 faults\n",
    )


def test_marks_for_an_unknown_part_are_found(course: Path) -> None:
    _write(course, "marks/doubling.yaml", "ada:\n  esay-text: {rubric: {}}\n")
    assert _outcome() == (
        2,
        (
            "marks/doubling.yaml:2: ada.esay-text: no part with a rubric is called 'esay-text'; "
            "did you mean 'essay-text'?\n"
        ),
        "grader: 1 fault\n",
    )


def test_one_assignment_with_faults_does_not_hide_the_others(course: Path) -> None:
    (course / "assignments" / "broken").mkdir()
    _write(course, "assignments/broken/assignment.yaml", "- a")
    assert _outcome() == (
        2,
        (
            "doubling: 2 problems, 3 parts, no fault\n"
            "assignments/broken/assignment.yaml:1: expected keys and values\n"
        ),
        "grader: 1 fault\n",
    )


def test_an_unknown_assignment_is_told_with_a_suggestion(course: Path) -> None:
    del course
    assert _outcome("dubling") == (
        2,
        "",
        "grader: no assignment is called 'dubling'; there is doubling; did you mean 'doubling'?\n",
    )


def test_outside_a_course_it_says_where_to_run_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert _outcome() == (
        2,
        "",
        (
            f"grader: no course here: {tmp_path} and the folders above it have no assignments/ "
            f"folder; "
            "run this in the folder of the course\n"
        ),
    )


def test_two_kinds_of_one_name_are_told(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    del course

    def clash() -> None:
        raise CourseError("two kinds are called 'value': A and B")

    monkeypatch.setattr(validate, "part_models", clash)
    says = "grader: two kinds are called 'value': A and B\n"
    assert _outcome() == (2, "", says)
    assert _outcome("--schema") == (2, "", says)


def test_the_schema_is_printed_as_json_also_outside_a_course(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, printed, complaints = _outcome("--schema")
    assert (code, complaints) == (0, "")
    assert json.loads(printed)["title"] == "A problem or an assignment of grader"


def test_nothing_of_the_course_is_run(course: Path) -> None:
    bomb = "import pathlib\npathlib.Path('ran').touch()\nraise SystemExit\n"
    for name in ("reference/doubling/twice.py", "submissions/doubling/ada/solution.py"):
        _write(course, name, bomb + (course / name).read_text(encoding="utf-8"))
    _write(course, "assignments/doubling/test_it.py", f"{bomb}def test_it(student): ...\n")
    _write(
        course,
        "submissions/doubling/ada/expect.yaml",
        f"{EXPECT}  test-it: {{status: wrong, points: 0}}\n",
    )
    assert _outcome() == (0, "doubling: 3 problems, 4 parts, no fault\n", "")
    assert not (course / "ran").exists()


def test_torch_is_not_imported(course: Path) -> None:
    code = (
        "import sys; from grader.cli.validate import run; "
        "run([], schema=False, course=None); sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=course, check=False).returncode == 0  # noqa: S603
