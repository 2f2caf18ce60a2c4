from __future__ import annotations

from pathlib import Path

import pytest

from grader.errors import CourseError
from grader.kinds.registry import part_models
from grader.release.bundle import bundle
from grader.spec.loader import Assignment, load
from tests import tiny

from . import course


def loaded(made: tiny.Tiny) -> Assignment:
    return load(made.assignment, made.root / "reference", part_models())


@pytest.fixture
def made(tmp_path: Path) -> tiny.Tiny:
    return tiny.make_auditable(tmp_path)


MADE = ["README.md", "answers.yaml", "self-check.json", "statement.html", "statement.md"]


@pytest.mark.parametrize("name", course.NAMES)
def test_a_release_holds_the_starter_and_what_is_made_and_nothing_else(name: str) -> None:
    starter = course.assignment(name).folder / "starter"
    given = [f.relative_to(starter).as_posix() for f in starter.rglob("*.*") if f.is_file()]
    given = [file for file in given if "__pycache__" not in file]
    assert sorted(course.files(name)) == sorted({*given, *MADE})


@pytest.mark.parametrize("name", course.NAMES)
def test_code_to_start_from_is_as_the_course_has_it(name: str) -> None:
    starter = course.assignment(name).folder / "starter"
    for file in starter.glob("*.py"):
        assert course.files(name)[file.name] == file.read_bytes()


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("background-math", "q3"),
        ("autodiff-basics", "p2"),
        ("backprop-and-costs", "q1"),
        ("tensor-autograd", "q1"),
        ("autodiff-and-optimizers", "p1"),
    ],
)
def test_the_first_page_names_three_commands(name: str, problem: str) -> None:
    page = course.files(name)["README.md"].decode()
    started = (course.assignment(name).folder / "starter" / "README.md").read_text("utf-8")
    assert page.startswith(started.rstrip())
    commands = page.removeprefix(started.rstrip())
    assert "    grader check            # everything\n" in commands
    assert f"    grader check {problem}         # one problem\n" in commands
    assert "    grader check --watch    # again, whenever you save\n" in commands


def test_without_a_starter_there_is_still_a_release(tmp_path: Path) -> None:
    files = bundle(loaded(tiny.make(tmp_path))).files
    assert sorted(files) == sorted(MADE)
    assert files["README.md"].startswith(b"# Doubling numbers\n\nThis folder is what you start")
    assert files["answers.yaml"].endswith(b"# An essay\n# Why: a text.\nessay-text:\n")


def test_a_program_of_the_starter_may_be_run(made: tiny.Tiny) -> None:
    program = made.assignment / "starter" / "tools" / "draw.py"
    program.parent.mkdir()
    program.write_text("print()\n", encoding="utf-8")
    program.chmod(0o755)
    found = bundle(loaded(made))
    assert found.executable == {"tools/draw.py"}
    assert found.files["tools/draw.py"] == b"print()\n"


def test_what_python_leaves_behind_is_left_out(made: tiny.Tiny) -> None:
    left = made.assignment / "starter" / "__pycache__" / "solution.pyc"
    left.parent.mkdir()
    left.write_bytes(b"x")
    assert "__pycache__/solution.pyc" not in bundle(loaded(made)).files


@pytest.mark.parametrize("name", ["statement.html", "statement.md", "self-check.json"])
def test_a_starter_cannot_have_what_is_made(made: tiny.Tiny, name: str) -> None:
    (made.assignment / "starter" / name).write_text("{}", encoding="utf-8")
    with pytest.raises(CourseError) as error:
        bundle(loaded(made))
    assert str(error.value) == f"the starter has a file {name}, which every release makes anew"


def test_a_link_in_the_starter_is_refused(made: tiny.Tiny) -> None:
    link = made.assignment / "starter" / "notes.md"
    link.symlink_to(made.root / "reference" / "doubling" / "twice.py")
    with pytest.raises(CourseError) as error:
        bundle(loaded(made))
    assert str(error.value) == (f"{link}: expected a file; links and the like cannot be given away")


def test_a_sheet_that_is_no_text_is_refused(made: tiny.Tiny) -> None:
    (made.assignment / "starter" / "answers.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CourseError) as error:
        bundle(loaded(made))
    assert str(error.value) == "the starter's answers.yaml is not text in UTF-8"


def test_a_starter_that_is_too_large_is_refused(
    made: tiny.Tiny, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.release.bundle.MOST_BYTES", 10)
    with pytest.raises(CourseError, match="larger than 0 MiB"):
        bundle(loaded(made))


def test_a_reference_that_fails_is_told(made: tiny.Tiny) -> None:
    file = made.root / "reference" / "doubling" / "twice.py"
    file.write_text(tiny.REFERENCE.replace("return 2 * np.asarray(x)", "return 1 / 0"), "utf-8")
    with pytest.raises(CourseError, match="twice-value: the reference fails for twice"):
        bundle(loaded(made))


def test_parts_of_each_students_own_need_a_student(own_assignment: Assignment) -> None:
    with pytest.raises(CourseError, match="is per student; say for whom it is meant"):
        bundle(own_assignment)
