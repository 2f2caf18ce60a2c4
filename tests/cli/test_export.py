from __future__ import annotations

import csv
import io
import json
import os
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from fractions import Fraction
from pathlib import Path

import pytest

from grader.gradebook.store import Gradebook
from grader.records import AssignmentReport
from grader.report.exports.registry import FORMATS
from tests.cli.conftest import Done, Grader, run_grader
from tests.report.exports import consumers, sample


@pytest.fixture
def graded(tmp_path: Path) -> Path:
    """A folder whose reports hold the gradebook of the sample."""
    write(tmp_path, sample.report())
    return tmp_path


def write(folder: Path, report: AssignmentReport) -> None:
    with Gradebook(folder / "reports" / "grades.sqlite") as gradebook:
        names = [each.submission for each in report.submissions]
        gradebook.open_assignment(report.outline, names, (), unconfined=report.unconfined)
        for submission in report.submissions:
            gradebook.commit(submission)


def export(folder: Path, *arguments: str) -> Done:
    return run_grader("export", "slopes", "--reports", "reports", *arguments, folder=folder)


@pytest.mark.usefixtures("course")
def test_what_was_graded_is_exported(grader: Grader) -> None:
    grader("grade")
    done = grader("export", "doubling", "--format", "csv", "--to", "-")
    assert (done.returncode, done.stderr) == (0, "")
    assert list(csv.reader(io.StringIO(done.stdout))) == [
        [
            *("submission", "score", "max_score", "pending", "standing"),
            *("twice-value", "twice-half", "essay-text"),
        ],
        ["ada", "3", "6", "3", "waiting", "2", "1", ""],
        ["ben", "1", "6", "0", "graded", "0", "1", "0"],
    ]


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("canvas", "canvas.csv"),
        ("junit", "junit.xml"),
        ("csv", "grades.csv"),
        ("jsonl", "grades.jsonl"),
    ],
)
def test_a_file_goes_into_the_reports_unless_told_otherwise(
    name: str, path: str, graded: Path
) -> None:
    done = export(graded, "--format", name, "--student", "ada")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"Wrote reports/slopes/exports/{path}\n"
    assert (graded / "reports" / "slopes" / "exports" / path).stat().st_size > 0


@pytest.mark.parametrize("name", ["github", "annotations", "classroom"])
def test_what_a_step_of_a_workflow_reads_goes_to_stdout(name: str, graded: Path) -> None:
    done = export(graded, "--format", name, "--student", "ada")
    assert (done.returncode, done.stderr) == (0, "")
    assert "ada" in done.stdout or name != "github"
    assert done.stdout.endswith("\n")


@pytest.mark.parametrize("name", [name for name, each in FORMATS.items() if not each.many])
def test_a_file_and_stdout_get_the_same_bytes(name: str, graded: Path) -> None:
    arguments = ("--format", name, "--student", "grace")
    printed = subprocess.run(  # noqa: S603
        [
            sys.executable,
            "-m",
            "grader",
            "export",
            "slopes",
            "--reports",
            "reports",
            *arguments,
            "--to",
            "-",
        ],
        cwd=graded,
        capture_output=True,
        check=True,
    )
    assert export(graded, *arguments, "--to", "new/file").stdout == "Wrote new/file\n"
    assert (graded / "new" / "file").read_bytes() == printed.stdout
    assert list((graded / "new").iterdir()) == [
        graded / "new" / "file"
    ]  # nothing unfinished is left behind


def test_gradescope_gets_a_file_for_each_submission(graded: Path) -> None:
    done = export(graded, "--format", "gradescope", "--to", "out")
    assert done.returncode == 3
    assert done.stdout == "Wrote 3 files to out\n"
    for path in (graded / "out").iterdir():
        consumers.gradescope(path.read_bytes())


def test_gradescope_gets_one_file_for_one_student(graded: Path) -> None:
    done = export(graded, "--format", "gradescope", "--student", "ada", "--to", "results.json")
    assert (done.returncode, done.stdout) == (0, "Wrote results.json\n")
    assert consumers.gradescope((graded / "results.json").read_bytes())["score"] == 11
    done = export(graded, "--format", "gradescope", "--student", "ada")
    assert done.stdout == "Wrote reports/slopes/exports/gradescope/ada.json\n"


def test_visibility_is_given_for_all_and_for_one(graded: Path) -> None:
    wishes = ("--visibility", "after_due_date", "--visibility", "curve=hidden")
    done = export(graded, "--format", "gradescope", "--student", "ada", "--to", "-", *wishes)
    tests = consumers.gradescope(done.stdout.encode())["tests"]
    assert [test["visibility"] for test in tests] == [
        "after_due_date",
        "hidden",
        "after_due_date",
        "after_due_date",
    ]


def test_a_fault_of_the_grader_is_said_and_is_no_zero(graded: Path) -> None:
    done = export(graded, "--format", "jsonl", "--student", "zeno", "--to", "-")
    assert done.returncode == 3
    assert json.loads(done.stdout)["score"] is None
    assert done.stderr == (
        "grader: the grader failed on a part of zeno; its points are exported as unknown, not as "
        "zero. Grade again, then export again\n"
    )


def test_grading_without_a_sandbox_is_said(tmp_path: Path) -> None:
    write(tmp_path, sample.report(sample.plain(), unconfined=True))
    done = export(tmp_path, "--format", "csv", "--to", "-")
    assert done.returncode == 0
    assert done.stderr.startswith("grader: note: Graded without a sandbox:")


def test_an_export_from_canvas_is_updated(graded: Path) -> None:
    (graded / "from-canvas.csv").write_text(
        "Student,ID,SIS User ID,SIS Login ID,Section,Slopes & curves (7)\n"
        "    Points Possible,,,,,10\n"
        '"Lovelace, Ada",101,ada,al1,A,\n',
        encoding="utf-8",
    )
    arguments = ("--format", "canvas", "--update", "from-canvas.csv", "--student", "ada")
    done = export(graded, *arguments, "--to", "-")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[2] == '"Lovelace, Ada",101,ada,al1,A,11'


def test_the_summary_is_appended_to_that_of_the_step(
    graded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    summary = graded / "summary"
    summary.write_text("before\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    done = export(graded, "--format", "github", "--student", "ada")
    assert done.stdout == f"Wrote {summary}\n"
    assert summary.read_text(encoding="utf-8").startswith("before\n## Slopes &amp; curves: ada\n")


def test_a_summary_that_is_nearly_full_stays_within_its_size(
    graded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    summary = graded / "summary"
    summary.write_bytes(b"x" * (1024 * 1024 - 100))
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    done = export(graded, "--format", "github", "--student", "ada")
    assert summary.stat().st_size <= 1024 * 1024
    assert done.stderr == (
        "grader: note: the summary was cut: GitHub shows at most 1 MiB for a step\n"
    )


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_pipe_is_written_to_and_not_replaced(graded: Path) -> None:
    pipe = graded / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()), daemon=True)
    reader.start()
    done = export(graded, "--format", "csv", "--student", "ada", "--to", "pipe")
    reader.join(timeout=20)
    assert done.returncode == 0
    assert pipe.is_fifo()
    assert read[0].startswith(b"submission,")


def test_a_link_is_followed_and_stays_a_link(graded: Path) -> None:
    (graded / "there.csv").write_bytes(b"old")
    (graded / "link.csv").symlink_to("there.csv")
    export(graded, "--format", "csv", "--student", "ada", "--to", "link.csv")
    assert (graded / "link.csv").is_symlink()
    assert (graded / "there.csv").read_bytes().startswith(b"submission,")


def test_a_folder_gets_a_file_with_the_usual_name(graded: Path) -> None:
    (graded / "out").mkdir()
    done = export(graded, "--format", "csv", "--student", "ada", "--to", "out")
    assert done.stdout == "Wrote out/grades.csv\n"


def test_nothing_is_run_and_nothing_of_the_gradebook_is_changed(graded: Path) -> None:
    def held() -> list[str]:
        with closing(sqlite3.connect(graded / "reports" / "grades.sqlite")) as file:
            return list(file.iterdump())

    before = held()
    export(graded, "--format", "csv", "--to", "-")
    assert held() == before


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (
            ("--format", "cvs"),
            (
                "no format is called 'cvs'; there is gradescope, canvas, junit, github, "
                "annotations, classroom, csv, jsonl; did you mean 'csv'?"
            ),
        ),
        (
            ("--format", "csv", "--student", "adda"),
            "no submission called 'adda' has been graded; did you mean 'ada'?",
        ),
        (
            ("--format", "csv", "--update", "x.csv"),
            "--update is for --format canvas; csv has no use for it",
        ),
        (
            ("--format", "canvas", "--update", "x.csv"),
            "--update x.csv: No such file or directory; give the CSV file that Canvas exported",
        ),
        (
            ("--format", "classroom"),
            "--format classroom is about one submission; slopes has 5. Name one with --student",
        ),
        (
            ("--format", "gradescope", "--to", "-"),
            (
                "--format gradescope is a file for each submission, too many for stdout; name a "
                "folder with --to, or one student with --student"
            ),
        ),
        (
            ("--format", "gradescope", "--visibility", "hiden"),
            (
                "--visibility hiden: Gradescope has no visibility 'hiden'; it has visible, "
                "after_due_date, after_published, hidden; did you mean 'hidden'?"
            ),
        ),
        (
            ("--format", "gradescope", "--visibility", "curv=hidden"),
            "--visibility curv=hidden: no part is called 'curv'; did you mean 'curve'?",
        ),
        (
            ("--format", "csv", "--to", "reports/grades.sqlite/x"),
            (
                "reports/grades.sqlite/x cannot be written: Not a directory; name another place "
                "with --to"
            ),
        ),
    ],
)
def test_bad_usage_is_explained(arguments: tuple[str, ...], says: str, graded: Path) -> None:
    done = export(graded, *arguments)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"grader: {says}\n")


def test_an_assignment_that_was_not_graded_is_explained(graded: Path) -> None:
    done = run_grader("export", "slope", "--format", "csv", "--reports", "reports", folder=graded)
    assert (done.returncode, done.stderr) == (
        2,
        (
            "grader: no assignment called 'slope' has been graded; the gradebook has slopes; did "
            "you mean 'slopes'?\n"
        ),
    )


def test_an_assignment_without_submissions_is_explained(tmp_path: Path) -> None:
    with Gradebook(tmp_path / "reports" / "grades.sqlite") as gradebook:
        gradebook.open_assignment(sample.outline(), [], (), unconfined=False)
    done = export(tmp_path, "--format", "csv")
    assert (done.returncode, done.stderr) == (
        2,
        "grader: no submission to slopes has been graded yet; grade them: grader grade slopes\n",
    )


def test_an_assignment_graded_by_another_version_is_explained(graded: Path) -> None:
    with closing(sqlite3.connect(graded / "reports" / "grades.sqlite")) as file, file:
        file.execute("UPDATE outlines SET record='{}'")
    done = export(graded, "--format", "csv")
    assert (done.returncode, done.stderr) == (
        2,
        (
            "grader: slopes was graded by another version of the grader; grade it again: "
            "grader grade slopes\n"
        ),
    )


def test_without_a_gradebook_nothing_is_made(tmp_path: Path) -> None:
    done = export(tmp_path, "--format", "csv")
    assert (done.returncode, done.stderr) == (
        2,
        (
            "grader: there is no gradebook reports/grades.sqlite; grade something first, as in: "
            "grader grade NAME, or name the folder of the reports with --reports\n"
        ),
    )
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_gradebook_is_explained(tmp_path: Path) -> None:
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "grades.sqlite").write_bytes(b"not a database, but long enough" * 9)
    done = export(tmp_path, "--format", "csv")
    assert done.returncode == 2
    assert done.stderr.startswith("grader: the gradebook reports/grades.sqlite cannot be used:")


def test_a_reader_that_goes_away_is_no_error(graded: Path) -> None:
    crowd = [sample.renamed(f"{number:05}") for number in range(3000)]
    write(graded, sample.report(*crowd))
    command = [sys.executable, "-m", "grader", "export", "slopes", "--reports", "reports"]
    with subprocess.Popen(  # noqa: S603
        [*command, "--format", "jsonl", "--to", "-"],
        cwd=graded,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_points_survive_the_gradebook_exactly(graded: Path) -> None:
    done = export(graded, "--format", "jsonl", "--student", sample.HOSTILE, "--to", "-")
    assert Fraction(json.loads(done.stdout)["score_exact"]) == Fraction(44, 9)
