from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from grader.spec import tests
from grader.spec.tests import CourseTests


def _read(folder: Path, text: str | bytes) -> tuple[CourseTests | None, list[str]]:
    path = folder / "test_course.py"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    found, faults = tests.read(path)
    return found, [str(fault).removeprefix(f"{folder}/") for fault in faults]


def _only(folder: Path, text: str) -> tests.CourseTest:
    found, faults = _read(folder, text)
    assert found is not None
    assert faults == []
    (test,) = found.tests
    return test


def test_a_function_that_takes_the_student_is_a_part(tmp_path: Path) -> None:
    text = '\ndef test_my_Part(student):\n    """It works.\n\n    More words."""\n'
    test = _only(tmp_path, text)
    assert (test.id, test.function, test.title) == ("test-my-part", "test_my_Part", "It works")
    assert (test.points, test.line) == (Fraction(0), 2)


def test_without_a_docstring_the_name_is_the_title(tmp_path: Path) -> None:
    assert _only(tmp_path, "def test_the_sum_is_right(student): ...").title == "The sum is right"


@pytest.mark.parametrize(
    "arguments", ["student, tmp_path", "a, student=1", "student, /", "*, student"]
)
def test_the_student_may_be_any_argument(tmp_path: Path, arguments: str) -> None:
    assert _only(tmp_path, f"def test_it({arguments}): ...").id == "test-it"


@pytest.mark.parametrize(
    "text", ["", "def test_it(): ...", "def helper(student): ...", "def test_it(students): ..."]
)
def test_a_file_without_tests_for_students_is_none(tmp_path: Path, text: str) -> None:
    assert _read(tmp_path, text) == (None, [])


def test_the_tests_of_a_file_stand_in_its_order(tmp_path: Path) -> None:
    found, _ = _read(tmp_path, "def test_b(student): ...\ndef test_a(student): ...\n")
    assert found is not None
    assert (found.id, [test.id for test in found.tests]) == ("test-course", ["test-b", "test-a"])


@pytest.mark.parametrize(
    ("mark", "points"),
    [
        ("pytest.mark.points(2)", Fraction(2)),
        ("pytest.mark.points(0)", Fraction(0)),
        ("pytest.mark.points(2.5)", Fraction(5, 2)),
        ("pytest.mark.points(0.1)", Fraction(1, 10)),
        ("pytest.mark.points('5/9')", Fraction(5, 9)),
        ("mark.points('1.25')", Fraction(5, 4)),
        ("pytest.mark.slow", Fraction(0)),
        ("pytest.mark.parametrize('points', [1])", Fraction(0)),
    ],
)
def test_the_mark_says_what_a_test_is_worth(tmp_path: Path, mark: str, points: Fraction) -> None:
    assert _only(tmp_path, f"@{mark}\ndef test_it(student): ...").points == points


@pytest.mark.parametrize(
    "mark",
    [
        "pytest.mark.points",
        "pytest.mark.points()",
        "pytest.mark.points(-1)",
        "pytest.mark.points('two')",
        "pytest.mark.points('1/0')",
        "pytest.mark.points('1e999999999')",
        "pytest.mark.points(True)",
        "pytest.mark.points(None)",
        "pytest.mark.points([2])",
        "pytest.mark.points({[]: 1})",
        "pytest.mark.points(WORTH)",
        "pytest.mark.points(1, 2)",
        "pytest.mark.points(value=2)",
    ],
)
def test_a_mark_that_says_nothing_clear_is_a_fault(tmp_path: Path, mark: str) -> None:
    _, faults = _read(tmp_path, f"import pytest\n@{mark}\ndef test_it(student): ...")
    assert faults == [
        f"test_course.py:2: test_it: found {mark}; expected a number of points such as 2 or '5/9'"
    ]


def test_a_test_in_a_class_is_a_fault(tmp_path: Path) -> None:
    text = "class TestAll:\n    def test_it(self, student): ...\n    def test_me(self): ...\n"
    assert _read(tmp_path, text) == (
        None,
        [
            (
                "test_course.py:2: TestAll.test_it: found a test in a class; expected a function "
                "at the top of the file"
            )
        ],
    )


def test_an_async_test_is_a_fault(tmp_path: Path) -> None:
    assert _read(tmp_path, "async def test_it(student): ...") == (
        None,
        ["test_course.py:1: test_it: found async def; expected def"],
    )


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (
            "\ndef test_it(student:",
            "2: not Python: '(' was never closed (test_course.py, line 2)",
        ),
        (b"\0", "1: not Python: source code string cannot contain null bytes"),
        ("(" * 500, "1: not Python: too many nested parentheses (test_course.py, line 1)"),
    ],
)
def test_a_file_that_is_not_python_is_a_fault(
    tmp_path: Path, text: str | bytes, fault: str
) -> None:
    assert _read(tmp_path, text) == (None, [f"test_course.py:{fault}"])


def test_a_folder_in_place_of_a_file_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "test_folder.py").mkdir()
    _, faults = tests.read(tmp_path / "test_folder.py")
    assert [fault.message for fault in faults] == ["cannot be read: Is a directory"]


@pytest.mark.parametrize("definition", ["def test_it(twice)", "async def test_it()"])
def test_points_for_a_test_without_the_student_are_a_fault(tmp_path: Path, definition: str) -> None:
    says = "found points; expected a test with an argument called student"
    assert _read(tmp_path, f"@pytest.mark.points(2)\n{definition}: ...\n") == (
        None,
        [f"test_course.py:2: test_it: {says}"],
    )
