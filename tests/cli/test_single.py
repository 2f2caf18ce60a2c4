from __future__ import annotations

import base64
import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from grader.cli import app, safeguards
from grader.errors import UsageError
from tests import tiny
from tests.cli.conftest import Done


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A student's repository beside a course, with one right and one wrong function."""
    tiny.make(tmp_path / "course")
    folder = tmp_path / "ada-homework"
    (folder / ".git").mkdir(parents=True)
    (folder / "solution.py").write_text(tiny.SQUARED, encoding="utf-8")
    (folder / "answers.yaml").write_text("essay-text: Because.\n", encoding="utf-8")
    return folder


def grade(repository: Path, *options: str, **variables: str) -> Done:
    """Run ``grader grade --submission`` in the repository, with a course beside it."""
    clear = dict.fromkeys(("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT", "GRADER_COURSE"), "")
    arguments = ["grade", "--submission", str(repository)]
    if "--course" not in options and "GRADER_COURSE" not in variables:
        arguments += ["--course", str(repository.parent / "course")]
    with contextlib.chdir(repository):
        done = CliRunner().invoke(app, [*arguments, *options], env=clear | variables)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return subprocess.CompletedProcess([], done.exit_code, done.stdout, done.stderr)


def grade_here(submission: str, folder: Path, *options: str) -> Done:
    """Run ``grader grade --submission`` in a folder, which may be the course."""
    with contextlib.chdir(folder):
        done = CliRunner().invoke(app, ["grade", "--submission", submission, *options])
    return subprocess.CompletedProcess([], done.exit_code, done.stdout, done.stderr)


def complaint(repository: Path, *options: str, **variables: str) -> str:
    done = grade(repository, *options, **variables)
    assert (done.returncode, done.stdout) == (2, "")
    return done.stderr


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_one_folder_is_graded_and_nothing_is_written(repository: Path) -> None:
    done = grade(repository)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "Grading 1 submission, 1 at a time.\n"
        "[1/1] doubling/ada-homework\n"
        "\n"
        "Doubling numbers (doubling)\n"
        "  ada-homework       1 of 6, 3 waiting\n"
    )
    assert _names(repository) == [".git", "answers.yaml", "solution.py"]
    assert _names(repository.parent / "course") == ["assignments", "reference", "submissions"]


def test_a_summary_goes_to_the_step_and_marks_to_the_log(repository: Path, tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("Before.\n", encoding="utf-8")
    (repository / "hw1").mkdir()
    (repository / "solution.py").rename(repository / "hw1" / "solution.py")
    done = grade(repository / "hw1", "--course", str(tmp_path / "course"), "--format", "github",
                 "--student", "ada", GITHUB_STEP_SUMMARY=str(summary))  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    text = summary.read_text(encoding="utf-8")
    assert text.startswith("Before.\n## Doubling numbers: ada\n\n**1 of 6.**\n")
    assert f"Wrote {summary}\n::notice title=Grade::1 of 6.\n" in done.stdout
    assert "::error file=hw1/solution.py,title=twice-value%3A wrong::" in done.stdout


def test_without_a_step_the_summary_goes_to_stdout(repository: Path) -> None:
    done = grade(repository, "--format", "github")
    assert "\n## Doubling numbers: ada-homework\n" in done.stdout
    assert done.stdout.count("::notice title=Grade::") == 1


def test_marks_are_not_written_twice(repository: Path) -> None:
    done = grade(repository, "--format", "github", "--format", "annotations", "--folder", "a/b")
    assert done.stdout.count("::notice title=Grade::") == 1
    assert "::error file=a/b/solution.py," in done.stdout


def test_the_result_for_classroom_becomes_an_output_of_the_step(
    repository: Path, tmp_path: Path
) -> None:
    output = tmp_path / "output"
    output.write_text("other=1\n", encoding="utf-8")
    assert grade(repository, "--format", "classroom", GITHUB_OUTPUT=str(output)).returncode == 0
    other, result = output.read_text(encoding="utf-8").splitlines()
    assert other == "other=1"
    assert json.loads(base64.b64decode(result.removeprefix("result=")))["max_score"] == 3


def _results(repository: Path, *options: str) -> dict[str, Any]:
    done = grade(repository, "--format", "gradescope", "--to", "-", *options)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_an_export_on_stdout_stands_there_alone(repository: Path) -> None:
    results = _results(repository, "--visibility", "twice-half=hidden")
    assert results["score"] == 1
    assert [test["visibility"] for test in results["tests"]] == ["visible", "hidden", "visible"]


def test_several_formats_go_to_a_folder(repository: Path) -> None:
    done = grade(
        repository,
        *("--format", "junit", "--format", "gradescope", "--format", "csv", "--to", "grades"),
    )
    assert done.returncode == 0, done.stderr
    assert _names(repository / "grades") == ["grades.csv", "junit.xml", "results.json"]


def test_reports_are_written_where_they_are_asked_for(repository: Path, tmp_path: Path) -> None:
    done = grade(repository, "--reports", str(tmp_path / "reports"), "--format", "junit")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "reports" / "doubling" / "ada-homework.html").is_file()
    assert (tmp_path / "reports" / "doubling" / "exports" / "junit.xml").is_file()


def test_a_file_without_a_place_is_asked_for_before_grading(repository: Path) -> None:
    assert complaint(repository, "--format", "junit") == (
        "grader: --format junit is a file; say where with --to, as in: --to junit.xml\n"
    )


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--to", "x"], "--to is where an export goes; say which one with --format"),
        (
            ["--format", "csv", "--format", "jsonl", "--to", "-"],
            "--to - is for one --format; two on stdout could not be told apart",
        ),
        (
            ["--format", "csv", "--to", "-", "--visibility", "hidden"],
            "--visibility is for --format gradescope",
        ),
        (
            ["--fail-under", "half"],
            "--fail-under half: expected points or a percentage, such as 12.5 or 60%",
        ),
        (
            ["--submitted-at", "2026-03-01T17:30"],
            (
                "--submitted-at 2026-03-01T17:30: expected a time with its zone, such as "
                "2026-03-01T17:30:00+01:00"
            ),
        ),
        (["--student-from", "shoe"], "--student-from shoe: expected one of email, login, name, id"),
        (["doubling"], "ASSIGNMENT is for many submissions; with --submission there is one"),
        (["--only", "ada"], "--only is for many submissions; with --submission there is one"),
        (["--rerun"], "--rerun is for many submissions; with --submission there is one"),
        (
            ["--assignment", "dubling"],
            "no assignment is called 'dubling'; there is doubling; did you mean 'doubling'?",
        ),
    ],
)
def test_what_cannot_be_done_is_said_before_grading(
    repository: Path, options: list[str], says: str
) -> None:
    assert complaint(repository, *options) == f"grader: {says}\n"


def test_options_for_one_submission_are_refused_without_it() -> None:
    done = CliRunner().invoke(app, ["grade", "--fail-under", "3"])
    assert (done.exit_code, done.stderr) == (
        2,
        "grader: --fail-under is for one submission; name its folder with --submission\n",
    )


def test_which_assignment_it_is_has_to_be_said_if_there_are_several(
    repository: Path, tmp_path: Path
) -> None:
    other = tmp_path / "course" / "assignments" / "later"
    other.mkdir()
    (other / "assignment.yaml").write_text("assignment: later\n", encoding="utf-8")
    assert complaint(repository) == (
        "grader: which assignment is this? Say it with --assignment: doubling, later\n"
    )
    assert grade(repository, "--assignment", "doubling").returncode == 0


@pytest.mark.parametrize(
    ("least", "code", "says"),
    [
        ("1", 0, ""),
        ("1.5", 1, "grader: 1 of 3 points; --fail-under 1.5 asks for 1.5\n"),
        ("33%", 0, ""),
        ("50%", 1, "grader: 1 of 3 points; --fail-under 50% asks for 1.5\n"),
    ],
)
def test_a_job_can_fail_below_a_grade(repository: Path, least: str, code: int, says: str) -> None:
    done = grade(repository, "--fail-under", least)
    assert (done.returncode, done.stderr) == (code, says)


def test_a_fault_of_the_grader_comes_before_a_grade_that_is_too_low(
    repository: Path, tmp_path: Path
) -> None:
    reference = tmp_path / "course" / "reference" / "doubling" / "twice.py"
    text = reference.read_text(encoding="utf-8").replace("np.asarray(x) / 2", "None")
    reference.write_text(text, encoding="utf-8")
    done = grade(repository, "--fail-under", "3", "--format", "gradescope", "--to", "out.json")
    assert done.returncode == 3
    assert not (repository / "out.json").exists()


def test_marks_for_others_are_not_told(repository: Path, tmp_path: Path) -> None:
    marks = tmp_path / "course" / "marks" / "doubling.yaml"
    marks.parent.mkdir()
    given = (
        "ben:",
        "  essay-text: {rubric: {short: 1}}",
        "ada:",
        "  essay-text: {rubric: {clear: 2}}",
    )
    marks.write_text("\n".join(given), encoding="utf-8")
    done = grade(repository, "--student", "ada")
    assert "ben" not in done.stdout
    assert "  ada       3 of 6\n" in done.stdout


def test_the_course_is_found_by_the_variable(repository: Path, tmp_path: Path) -> None:
    assert grade(repository, GRADER_COURSE=str(tmp_path / "course")).returncode == 0


def test_a_submission_of_the_course_itself_needs_no_name_of_the_course(tmp_path: Path) -> None:
    course = tiny.make(tmp_path)
    (tmp_path / ".git").mkdir()
    done = grade_here("submissions/doubling/ada", course.root)
    assert "  ada       3 of 6, 3 waiting\n" in done.stdout


@pytest.mark.parametrize(
    ("moment", "score", "days"),
    [("2026-03-02T09:00:00+01:00", 1, 0), ("2026-03-03T14:00:00Z", 0.5, 2)],
)
def test_the_time_that_is_told_decides_how_late_it_is(
    repository: Path, tmp_path: Path, moment: str, score: float, days: int
) -> None:
    spec = tmp_path / "course" / "assignments" / "doubling" / "assignment.yaml"
    late = "due: 2026-03-02T09:00\ntime_zone: Europe/Berlin\nlate: {percent_per_day: 25}\n"
    spec.write_text(spec.read_text(encoding="utf-8") + late, encoding="utf-8")
    done = grade(repository, "--submitted-at", moment, "--format", "jsonl", "--to", "-")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["score"] == score
    assert (found["lateness"]["days"], found["lateness"]["source"]) == (days, "told")


# ---- metadata ------------------------------------------------------------------------------------

USERS = [
    {"email": "ben@example.org", "id": 7, "name": "Ben B."},
    {"email": "ada@example.org", "id": 3, "name": "Ada L."},
]


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ([], "ada@example.org+ben@example.org"),
        (["--student-from", "login"], "ada+ben"),
        (["--student-from", "id"], "3+7"),
        (["--student-from", "name"], "Ada L.+Ben B."),
        (["--student", "eve"], "eve"),
    ],
)
def test_metadata_says_whose_it_is(
    repository: Path, tmp_path: Path, options: list[str], name: str
) -> None:
    file = tmp_path / "submission_metadata.json"
    found = {"created_at": "2026-03-01T14:22:32.365935-07:00", "users": USERS}
    file.write_text(json.dumps(found), encoding="utf-8")
    results = _results(repository, "--metadata", str(file), *options)
    assert results["extra_data"]["submission"] == name


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[]", "expected an object, found list"),
        (
            "{",
            "no JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)",
        ),
        ('{"created_at": "soon"}', "created_at is no time: soon"),
        ('{"created_at": "2026-03-01T17:30"}', "created_at has no time zone: 2026-03-01T17:30"),
    ],
)
def test_metadata_that_cannot_be_read_is_told(
    repository: Path, tmp_path: Path, text: str, says: str
) -> None:
    file = tmp_path / "metadata.json"
    file.write_text(text, encoding="utf-8")
    told = complaint(repository, "--metadata", str(file))
    assert told == f"grader: --metadata {file}: {says}\n"


def test_metadata_without_users_asks_for_the_student(repository: Path, tmp_path: Path) -> None:
    file = tmp_path / "metadata.json"
    file.write_text('{"users": [{"email": ""}, 3]}', encoding="utf-8")
    assert complaint(repository, "--metadata", str(file)) == (
        "grader: the metadata names no user by email; say whose submission this is with --student\n"
    )


# ---- what could be the student's -----------------------------------------------------------------


def test_a_course_within_the_submission_is_refused(repository: Path) -> None:
    tiny.make(repository / "mine")
    course = (repository / "mine").resolve()
    told = complaint(repository, "--course", str(course))
    assert told == (
        f"grader: the course {course} lies in the submission {repository.resolve()}, so its "
        "student could have written it; name a course outside of it with --course, or with the "
        "variable GRADER_COURSE\n"
    )


def test_a_course_in_the_repository_of_the_submission_is_refused_unless_it_is_named(
    repository: Path,
) -> None:
    tiny.make(repository)
    (repository / "hw1").mkdir()
    told = grade_here("hw1", repository)
    root = repository.resolve()
    assert told.stderr == (
        f"grader: the course {root} was found in the folder that you are in, and lies in one "
        f"repository with the submission {root / 'hw1'}, so its student could have written it; "
        "name the course with --course, or with the variable GRADER_COURSE\n"
    )
    named = grade_here("hw1", repository, "--course", ".")
    assert named.returncode == 0


def test_modules_are_not_looked_for_in_the_submission(repository: Path) -> None:
    (repository / "lib").mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "grader", "grade", "--submission", "."],
        cwd=repository,
        env={**os.environ, "PYTHONPATH": "lib"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.stderr == (
        f"grader: Python looks for modules in {repository.resolve() / 'lib'}, which is part of "
        "the submission; take it out of PYTHONPATH, and start the grader as grader or python -P -m "
        "grader\n"
    )


def test_an_export_does_not_replace_a_file_of_the_student(repository: Path) -> None:
    assert complaint(repository, "--format", "csv", "--to", "solution.py") == (
        "grader: solution.py lies in the submission and is there already, so it may be the "
        "student's; remove it first, or name a place outside of the submission\n"
    )


def test_an_export_does_not_follow_a_link_of_the_student(repository: Path, tmp_path: Path) -> None:
    reference = (tmp_path / "course" / "reference" / "doubling").resolve()
    (repository / "grades").symlink_to(reference)
    for options in (["--format", "csv", "--to", "grades/a.csv"], ["--reports", "grades"]):
        assert "leads elsewhere through a link" in complaint(repository, *options)
    assert _names(reference) == ["__init__.py", "twice.py"]


def test_a_place_outside_of_the_submission_is_taken_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "repo").mkdir()
    file = tmp_path / "there.csv"
    file.write_text("", encoding="utf-8")
    assert safeguards.output_place(file, tmp_path / "repo") == file


def test_a_file_is_no_submission(tmp_path: Path) -> None:
    file = tmp_path / "solution.py"
    file.write_text("", encoding="utf-8")
    with pytest.raises(UsageError, match=r"solution\.py is a file; give the folder that it is in"):
        safeguards.submitted_folder(file)
