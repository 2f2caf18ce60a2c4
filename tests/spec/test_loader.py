from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from grader.kinds.registry import part_models
from grader.spec.loader import read_marks
from grader.spec.marks import Mark
from tests import tiny

from .conftest import Breakable

KINDS = ", ".join(sorted(part_models()))


def test_a_course_without_faults_is_loaded(course: Breakable) -> None:
    assignment = course.load()
    assert assignment.id == "doubling"
    assert [problem.spec.problem for problem in assignment.problems] == ["twice", "essay"]
    assert assignment.part_points() == {"twice-value": 2, "twice-half": 1, "essay-text": 3}


def test_the_tests_of_a_course_are_parts_as_well(course: Breakable) -> None:
    course.write("test_linearity.py", tiny.COURSE_TEST)
    course.change("assignment.yaml", "points: 6", "points: 8")
    assert list(course.load().part_points().items())[3:] == [
        ("test-twice-is-linear", Fraction(2)),
        ("test-half-is-there", Fraction(0)),
    ]


def test_the_outline_has_everything_in_the_order_of_the_assignment(course: Breakable) -> None:
    course.write("test_linearity.py", tiny.COURSE_TEST)
    course.change("assignment.yaml", "points: 6", "points: 8")
    outline = course.load().outline()
    assert (outline.id, outline.title) == ("doubling", "Doubling numbers")
    assert outline.max_points == 8
    assert [(p.id, p.title, [part.id for part in p.parts]) for p in outline.problems] == [
        ("twice", "Twice a number", ["twice-value", "twice-half"]),
        ("essay", "An essay", ["essay-text"]),
        (
            "test-linearity",
            "Test linearity",
            ["test-twice-is-linear", "test-half-is-there"],
        ),
    ]


@pytest.mark.parametrize(
    ("file", "old", "new", "faults"),
    [
        (
            "assignment.yaml",
            "assignment: doubling",
            "assignment: halving",
            ["assignment.yaml:1: assignment: found 'halving'; expected 'doubling', as the folder"],
        ),
        (
            "assignment.yaml",
            "points: 6",
            "points: 5.5",
            ["assignment.yaml:3: points: found 11/2; expected 6, what the parts add up to"],
        ),
        (
            "assignment.yaml",
            "[twice, essay]",
            "[twice, essay, twice]",
            ["assignment.yaml:6: problems[2]: 'twice' stands twice"],
        ),
        (
            "assignment.yaml",
            "[twice, essay]",
            "[twice]",
            [
                "assignment.yaml:3: points: found 6; expected 3, what the parts add up to",
                (
                    "assignment.yaml:6: problems: essay.yaml is not listed; every problem of the "
                    "folder has to be"
                ),
            ],
        ),
        (
            "assignment.yaml",
            "[twice, essay]",
            "[twice, essay, more]",
            ["more.yaml:1: cannot be read: No such file or directory; expected a file more.yaml"],
        ),
        (
            "assignment.yaml",
            "[twice, essay]",
            "[twice, essay, ../../more]",
            [
                (
                    "assignment.yaml:6: problems[2]: found '../../more'; expected small letters, "
                    "digits and single dashes, as in q3-gradient"
                )
            ],
        ),
        (
            "assignment.yaml",
            "problems: [twice, essay]",
            "problems: []",
            [
                (
                    "assignment.yaml:6: problems: essay.yaml is not listed; every problem of the "
                    "folder has to be"
                ),
                "assignment.yaml:6: problems: found []; expected at least 1 item",
                (
                    "assignment.yaml:6: problems: twice.yaml is not listed; every problem of the "
                    "folder has to be"
                ),
            ],
        ),
        (
            "twice.yaml",
            "problem: twice",
            "problem: thrice",
            ["twice.yaml:1: problem: found 'thrice'; expected 'twice'"],
        ),
        (
            "twice.yaml",
            "title: Twice a number",
            "tilte: Twice a number",
            [
                "twice.yaml:1: title: missing; expected a value",
                (
                    "twice.yaml:2: tilte: unknown key 'tilte'; expected one of problem, title, "
                    "statement, reference, parts; did you mean 'title'?"
                ),
            ],
        ),
        (
            "twice.yaml",
            "reference: twice",
            "reference: twise",
            [
                (
                    "twice.yaml:4: reference: there is no reference reference/doubling/twise.py; "
                    "did you mean 'twice'?"
                )
            ],
        ),
        (
            "assignment.yaml",
            "seed: 7",
            "reference: elsewhere",
            ["twice.yaml:4: reference: there is no reference reference/elsewhere/twice.py"],
        ),
        (
            "twice.yaml",
            "function: twice\n",
            "function: twise\n",
            [
                (
                    "twice.yaml:10: parts[0].function: twice.py has no function 'twise'; "
                    "did you mean 'twice'?"
                )
            ],
        ),
        (
            "twice.yaml",
            "function: squared",
            "function: cubed",
            ["twice.yaml:14: parts[0].mistakes[0].function: twice.py has no function 'cubed'"],
        ),
        (
            "twice.yaml",
            "id: twice-half",
            "id: twice-value",
            ["twice.yaml:15: parts[1].id: the part 'twice-value' stands in twice.yaml already"],
        ),
        (
            "essay.yaml",
            "id: essay-text",
            "id: twice-half",
            ["essay.yaml:4: parts[0].id: the part 'twice-half' stands in twice.yaml already"],
        ),
        (
            "essay.yaml",
            "kind: manual",
            "kind: manuel",
            [
                (
                    "essay.yaml:5: parts[0].kind: found 'manuel'; expected one of "
                    f"{KINDS}; did you mean 'manual'?"
                )
            ],
        ),
        (
            "essay.yaml",
            "kind: manual",
            "kind: [manual, {}]",
            [
                (
                    "essay.yaml:5: parts[0].kind: found ['manual', {}]; expected one of "
                    f"{KINDS}; did you mean 'manual'?"
                )
            ],
        ),
        (
            "essay.yaml",
            "    kind: manual\n",
            "",
            [
                f"essay.yaml:4: parts[0].kind: missing; expected one of {KINDS}",
            ],
        ),
        (
            "essay.yaml",
            "    points: 3\n",
            "    points: 4\n",
            [
                "assignment.yaml:3: points: found 6; expected 7, what the parts add up to",
                (
                    "essay.yaml:7: parts[0].points: its shares add up to 3; expected 4, the "
                    "points of the part"
                ),
            ],
        ),
    ],
)
def test_a_fault_is_found(
    course: Breakable, file: str, old: str, new: str, faults: list[str]
) -> None:
    course.change(file, old, new)
    assert course.faults() == faults


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "essay.yaml:1: expected keys and values"),
        ("- 1", "essay.yaml:1: expected keys and values"),
        ("a: *b", "essay.yaml:1: the alias *b is not accepted; write the value out"),
        (b"\xff", "essay.yaml:1: not UTF-8: byte 0xff"),
        ("problem: essay\ntitle: t", "essay.yaml:1: parts: expected a list with at least one part"),
        (
            "problem: essay\ntitle: t\nparts: []",
            "essay.yaml:3: parts: expected a list with at least one part",
        ),
        (
            "problem: essay\ntitle: t\nparts:\n- a",
            "essay.yaml:4: parts[0]: found 'a'; expected the keys of a part",
        ),
    ],
)
def test_a_file_that_is_no_problem_is_told(
    course: Breakable, text: str | bytes, fault: str
) -> None:
    course.write("essay.yaml", text)
    assert course.faults() == [fault]


def test_a_missing_assignment_file_is_told(course: Breakable) -> None:
    (course.folder / "assignment.yaml").unlink()
    assert course.faults() == [
        (
            "assignment.yaml:1: cannot be read: No such file or directory; expected a file "
            "assignment.yaml"
        )
    ]


def test_faults_of_all_files_are_told_at_once_in_order(course: Breakable) -> None:
    course.change("assignment.yaml", "title:", "tilte:")
    course.change("twice.yaml", "cases: {count: 5", "cases: {cuont: 5")
    course.change("twice.yaml", "function: half", "function: halve")
    course.change("essay.yaml", "id: short", "di: short")
    course.write("test_linearity.py", "def test_x(student:\n")
    course.write("extra.yaml", "")
    course.write("other.yml", "")
    assert course.faults() == [
        "assignment.yaml:1: title: missing; expected a value",
        (
            "assignment.yaml:2: tilte: unknown key 'tilte'; expected one of assignment, title, "
            "points, statement, reference, seed, limits, data, due, "
            "time_zone, grace_minutes, late, extensions, attempts, problems; did you mean 'title'?"
        ),
        (
            "assignment.yaml:6: problems: extra.yaml is not listed; every problem of the folder "
            "has to be"
        ),
        "assignment.yaml:6: problems: other.yml is not read; expected its name to end in .yaml",
        "essay.yaml:10: parts[0].rubric[1].di: unknown key 'di'; expected one of id, says, points",
        "essay.yaml:10: parts[0].rubric[1].id: missing; expected a value",
        "test_linearity.py:1: not Python: '(' was never closed (test_linearity.py, line 1)",
        (
            "twice.yaml:12: parts[0].cases.cuont: unknown key 'cuont'; expected one of count, "
            "visible; did you mean 'count'?"
        ),
        "twice.yaml:19: parts[1].function: twice.py has no function 'halve'; did you mean 'half'?",
    ]


def test_a_part_with_a_fault_still_has_an_id_that_can_be_taken(course: Breakable) -> None:
    course.change("twice.yaml", "points: 2", "points: two")
    course.change("essay.yaml", "id: essay-text", "id: twice-value")
    assert course.faults() == [
        "essay.yaml:4: parts[0].id: the part 'twice-value' stands in twice.yaml already",
        "twice.yaml:9: parts[0].points: found 'two'; expected a number such as 2, 2.5 or 5/9",
    ]


def test_points_may_be_fractions_that_add_up_exactly(course: Breakable) -> None:
    course.change("twice.yaml", "points: 2", "points: 0.1")
    course.change("twice.yaml", "points: 1", "points: 0.2")
    course.change("assignment.yaml", "points: 6", "points: 3.3")
    assert course.load().spec.points == Fraction(33, 10)


def test_a_part_that_needs_another_has_to_come_after_it(course: Breakable) -> None:
    course.write(
        "essay.yaml",
        "problem: essay\ntitle: t\nparts:\n"
        "- {id: g, kind: autograd_framework, title: t, points: 3, groups: {chains: 3}, "
        "needs: later}\n"
        "- {id: later, kind: survey, title: t, points: 0, "
        "questions: [{id: a, asks: b, text: yes}]}\n"
        "- {id: h, kind: autograd_framework, title: t, points: 0, groups: {chains: 0}, "
        "needs: latter}\n",
    )
    assert course.faults() == [
        "essay.yaml:4: parts[0].needs: no earlier part of this problem is called 'later'",
        (
            "essay.yaml:6: parts[2].needs: no earlier part of this problem is called 'latter'; "
            "did you mean 'later'?"
        ),
    ]


def test_a_reference_that_is_not_python_is_told_without_running_it(course: Breakable) -> None:
    course.write("reference/doubling/twice.py", "raise SystemExit\ndef twice(:\n")
    assert course.faults() == [
        (
            "twice.yaml:4: reference: reference/doubling/twice.py:2: not Python: invalid syntax "
            "(twice.py, line 2)"
        )
    ]


def test_a_helper_of_a_reference_that_is_not_python_is_told(course: Breakable) -> None:
    course.write("reference/doubling/twice.py", f"from . import helper\n{tiny.REFERENCE}")
    course.write("reference/doubling/helper.py", "def")
    assert course.faults() == [
        (
            "twice.yaml:4: reference: reference/doubling/helper.py:1: not Python: invalid syntax "
            "(helper.py, line 1)"
        )
    ]


def test_loading_runs_neither_references_nor_tests(course: Breakable) -> None:
    bomb = "raise SystemExit('ran')\n"
    course.write("reference/doubling/twice.py", bomb + tiny.REFERENCE)
    course.write("test_nothing.py", f"{bomb}def test_nothing(student): ...\n")
    assert course.load().part_points()["test-nothing"] == 0


def test_a_test_with_the_id_of_a_part_is_told(course: Breakable) -> None:
    course.write("test_more.py", "def test_it(student): ...\ndef test_It(student): ...\n")
    course.change("essay.yaml", "id: essay-text", "id: test-it")
    assert course.faults() == [
        "test_more.py:1: test_it: the part 'test-it' stands in essay.yaml already",
        "test_more.py:2: test_It: the part 'test-it' stands in essay.yaml already",
    ]


def test_a_file_of_tests_with_the_name_of_a_problem_is_told(course: Breakable) -> None:
    course.change("assignment.yaml", "[twice, essay]", "[twice, test-essay]")
    (course.folder / "essay.yaml").rename(course.folder / "test-essay.yaml")
    course.change("test-essay.yaml", "problem: essay", "problem: test-essay")
    course.write("test_essay.py", "def test_it(student): ...\n")
    assert course.faults() == [
        "test_essay.py:1: its tests form a problem 'test-essay', and there is one already"
    ]


# ---- marks ------------------------------------------------------------------------------------


def _marks(course: Breakable, text: str) -> dict[str, dict[str, Mark]]:
    return read_marks(course.write("marks/doubling.yaml", text), course.load())


def test_marks_are_read_by_submission_and_part(course: Breakable) -> None:
    text = "ada:\n  essay-text:\n    rubric: {clear: 1.1}\n    comment: Well.\n007: {}\n"
    marks = _marks(course, text)
    assert list(marks) == ["ada", "007"]
    assert marks["ada"]["essay-text"].rubric == {"clear": Fraction(11, 10)}
    assert marks["ada"]["essay-text"].comment == "Well."


def test_without_a_file_there_are_no_marks(course: Breakable, tmp_path: Path) -> None:
    assert read_marks(tmp_path / "none.yaml", course.load()) == {}


def test_an_empty_file_has_no_marks(course: Breakable) -> None:
    assert _marks(course, "") == {}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("a: *b", "1: the alias *b is not accepted; write the value out"),
        ("- ada", "1: found ['ada']; expected keys and values"),
        (
            "ada:\n  esay-text: {rubric: {}}",
            (
                "2: ada.esay-text: no part with a rubric is called 'esay-text'; did you mean "
                "'essay-text'?"
            ),
        ),
        (
            "ada:\n  twice-value: {rubric: {}}",
            "2: ada.twice-value: no part with a rubric is called 'twice-value'",
        ),
        (
            "ada:\n  essay-text:\n    rubric:\n      claer: 1",
            (
                "4: ada.essay-text.rubric.claer: the rubric has no item 'claer'; expected one of "
                "clear, short; did you mean 'clear'?"
            ),
        ),
        (
            "ada:\n  essay-text:\n    rubric: {clear: 2, short: 1.01}",
            "3: ada.essay-text.rubric.short: found 101/100; expected at most 1",
        ),
        (
            "ada:\n  essay-text:\n    rubric: {clear: 20}",
            "3: ada.essay-text.rubric.clear: found 20; expected at most 2",
        ),
        (
            "ada:\n  essay-text:\n    rubric: {clear: -1}",
            "3: ada.essay-text.rubric.clear: found -1; expected at least 0",
        ),
    ],
)
def test_marks_that_do_not_fit_are_told(course: Breakable, text: str, fault: str) -> None:
    assert course.faults(lambda: _marks(course, text)) == [f"marks/doubling.yaml:{fault}"]


def test_every_fault_of_the_marks_is_told_at_once(course: Breakable) -> None:
    text = "ada:\n  essay-text: {rubric: {clear: 9, x: 1}}\nben:\n  essay-text: {rubric: {y: 1}}\n"
    assert len(course.faults(lambda: _marks(course, text))) == 3
