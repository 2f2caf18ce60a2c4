from __future__ import annotations

from pathlib import Path

import pytest

from tests import tiny
from tests.cli.conftest import Grader, make_bonus
from tests.tiny import Tiny


def test_a_right_submission_is_exit_code_0(grader: Grader) -> None:
    done = grader("check", "submissions/doubling/ada")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "twice-value: right\n"
        "twice-half: right\n"
        "essay-text: waits for review\n"
        "\n"
        "2 of 3 parts are right on the visible cases (3 points).\n"
        "The others: 1 for a person to judge.\n"
    )


def test_a_wrong_submission_is_told_where_it_is_wrong(course: Tiny, grader: Grader) -> None:
    course.hand_in("ben", tiny.SQUARED, answers_yaml="essay-text: Because.")
    done = grader("check", folder=course.submissions / "ben")
    assert done.returncode == 1
    assert done.stdout.startswith(
        "\ntwice-value: wrong, 0 of 2\n"
        "  The numbers were squared, not doubled.\n"
        "\n"
        "  >>> twice(np.array(["
    )
    assert done.stdout.endswith(
        "Look first at: twice-value\nTo try a line behind >>> yourself: python -i solution.py\n"
    )


def test_hidden_cases_are_not_run(course: Tiny, grader: Grader) -> None:
    counting = (
        "import sys\ndef twice(x):\n    print('!', file=open('calls', 'a'))\n    return 2 * x\n"
    )
    log = course.root / "calls"
    solution = counting.replace("'calls'", repr(str(log)))
    course.hand_in("ada", solution + "def half(x): return x / 2\n")
    grader("check", "submissions/doubling/ada")
    assert log.read_text(encoding="utf-8") == "!\n!\n"


def test_nothing_is_written_into_the_course(course: Tiny, grader: Grader) -> None:
    grader("check", "submissions/doubling/ada")
    assert not course.reports.exists()


def test_a_part_that_is_not_there_yet_is_said_without_a_traceback(
    course: Tiny, grader: Grader
) -> None:
    starter = "def twice(x):\n    raise NotImplementedError\n\ndef half(x): return x / 2\n"
    course.hand_in("ada", starter, answers_yaml="essay-text: Because.")
    done = grader("check", "submissions/doubling/ada")
    assert done.stdout.startswith(
        "twice-value: not there yet - twice still raises NotImplementedError.\ntwice-half: right\n"
    )


def test_an_endless_loop_ends_with_the_time_of_its_part(course: Tiny, grader: Grader) -> None:
    course.hand_in("ada", "def twice(x):\n    while True: pass\n\ndef half(x): return x / 2\n")
    done = grader("check", "submissions/doubling/ada")
    assert "twice-value: ran out of time, 0 of 2\n" in done.stdout
    assert "twice-half: right\n" in done.stdout


def test_a_folder_that_is_not_there_is_bad_usage(grader: Grader) -> None:
    done = grader("check", "nobody")
    assert (done.returncode, done.stderr) == (
        2,
        "grader: there is no folder nobody; give the one with your solution.py\n",
    )


def test_the_assignment_has_to_be_named_where_it_is_not_clear(
    course: Tiny, grader: Grader, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = course.root / "assignments" / "later"
    other.mkdir()
    (other / "assignment.yaml").write_text("", encoding="utf-8")
    folder = tmp_path_factory.mktemp("mine")
    done = grader("check", str(folder), "--course", str(course.root))
    assert (done.returncode, done.stderr) == (
        2,
        "grader: which assignment is this? Say it with --assignment: doubling, later\n",
    )


def test_a_submission_elsewhere_is_checked_by_the_name_of_its_assignment(
    course: Tiny, grader: Grader, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder: Path = tmp_path_factory.mktemp("mine")
    (folder / "solution.py").write_text(tiny.RIGHT, encoding="utf-8")
    done = grader("check", str(folder), "--course", str(course.root), "--assignment", "doubling")
    assert "twice-value: right\n" in done.stdout


def test_a_part_is_checked_by_the_beginning_of_its_name(course: Tiny, grader: Grader) -> None:
    done = grader("check", "twice-h", folder=course.submissions / "ada")
    assert done.stdout == (
        "twice-half: right\n\n1 of 1 part is right on the visible cases (1 point).\n"
    )


@pytest.mark.parametrize("name", ["a/b", "a\\b", "other.py"])
def test_what_looks_like_a_path_is_taken_for_one(name: str, grader: Grader) -> None:
    done = grader("check", name)
    assert (done.returncode, done.stderr) == (
        2,
        f"grader: there is no folder {name}; give the one with your solution.py\n",
    )


def test_a_file_is_told_apart_from_its_folder(course: Tiny, grader: Grader) -> None:
    done = grader("check", "submissions/doubling/ada/solution.py")
    assert (done.returncode, done.stderr) == (
        2,
        (
            "grader: submissions/doubling/ada/solution.py is a file; give the folder that it is "
            f"in: {course.submissions.resolve()}/ada\n"
        ),
    )


@pytest.mark.parametrize(
    "path", [".", "submissions", "submissions/doubling", "assignments/doubling"]
)
def test_a_folder_of_the_course_is_no_submission(path: str, course: Tiny, grader: Grader) -> None:
    done = grader("check", path)
    assert (done.returncode, done.stderr) == (
        2,
        (
            f"grader: {(course.root / path).resolve()} is a folder of the course, not a "
            "submission; give the one with your solution.py, as in: "
            "grader check submissions/doubling/ada\n"
        ),
    )


def test_torch_is_not_imported_for_code_that_does_not_name_it(course: Tiny, grader: Grader) -> None:
    solution = "import sys\ndef twice(x): return x * (3 if 'tor' + 'ch' in sys.modules else 2)\n"
    course.hand_in("ada", solution)
    assert "twice-value: right\n" in grader("check", "submissions/doubling/ada").stdout


def test_a_bonus_that_was_left_out_is_not_wrong(course: Tiny, grader: Grader) -> None:
    make_bonus(course)
    course.hand_in("ada", "def twice(x): return 2 * x\n")
    done = grader("check", "submissions/doubling/ada")
    assert (done.returncode, done.stderr) == (0, "")
    assert "twice-half: not there yet - solution.py has no half.\n" in done.stdout
    assert "Look first" not in done.stdout


def test_a_bonus_that_is_wrong_is_said_to_be(course: Tiny, grader: Grader) -> None:
    make_bonus(course)
    course.hand_in("ada", "def twice(x): return 2 * x\ndef half(x): return x\n")
    done = grader("check", "submissions/doubling/ada")
    assert done.returncode == 1
    assert "Look first at: twice-half\n" in done.stdout


def test_what_a_student_handed_in_of_a_release_is_not_believed(
    course: Tiny, grader: Grader
) -> None:
    course.hand_in("ada", tiny.SQUARED, **{"self-check_json": "{}"})
    assert "twice-value: wrong, 0 of 2\n" in grader("check", "submissions/doubling/ada").stdout
