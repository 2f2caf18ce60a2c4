from __future__ import annotations

import inspect
import shutil
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

import grader
from grader.grading import keys
from grader.kinds import handed_in, registry
from grader.kinds.base import Kind
from grader.kinds.registry import kinds, part_models
from grader.kinds.written.written import ManualPart
from grader.spec.loader import Assignment, load
from grader.spec.marks import Mark
from tests import tiny
from tests.tiny import Tiny


@pytest.fixture
def course(tmp_path: Path) -> Tiny:
    return tiny.make(tmp_path, tests=True)


def _load(course: Tiny) -> Assignment:
    return load(course.assignment, course.root / "reference", part_models())


def _digests(course: Tiny) -> dict[str, str]:
    assignment = _load(course)
    found = {p.spec.problem: keys.problem_digest(assignment, p) for p in assignment.problems}
    return found | {tests.id: keys.tests_digest(assignment, tests) for tests in assignment.tests}


def _append(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(text)


EVERYTHING = {"twice", "essay", "test-linearity"}


@pytest.mark.parametrize(
    ("file", "text", "stale"),
    [
        ("assignments/doubling/twice.yaml", "# a comment\n", {"twice"}),
        ("assignments/doubling/essay.yaml", "# a comment\n", {"essay"}),
        ("assignments/doubling/test_linearity.py", "\n", {"test-linearity"}),
        ("assignments/doubling/conftest.py", "\n", {"test-linearity"}),
        ("assignments/doubling/points.csv", "\n", {"test-linearity"}),
        ("assignments/doubling/data/points.yaml", "\n", {"test-linearity"}),
        ("assignments/conftest.py", "\n", {"test-linearity"}),
        ("conftest.py", "\n", {"test-linearity"}),
        ("assignments/doubling/test_other.py", "\n", set()),
        ("assignments/doubling/.pytest_cache/lastfailed", "\n", set()),
        ("assignments/doubling/__pycache__/test_linearity.pyc", "\n", set()),
        ("assignments/doubling/assignment.yaml", "statement: New words.\n", set()),
        ("assignments/doubling/starter/solution.py", "\n", set()),
        ("assignments/doubling/assignment.yaml", "reference: doubling\n", EVERYTHING),
        ("reference/doubling/twice.py", "\n", {"twice", "test-linearity"}),
        ("reference/doubling/__init__.py", "\n", EVERYTHING),
        ("reference/doubling/points.csv", "\n", EVERYTHING),
        ("reference/doubling/other.py", "\n", set()),
        ("reference/other/twice.py", "\n", set()),
        ("submissions/doubling/ada/solution.py", "\n", set()),
        ("marks/doubling.yaml", "\n", set()),
    ],
)
def test_a_change_makes_stale_exactly_what_depends_on_it(
    course: Tiny, file: str, text: str, stale: set[str]
) -> None:
    before = _digests(course)
    _append(course.root / file, text)
    after = _digests(course)
    assert {name for name in EVERYTHING if before[name] != after[name]} == stale


@pytest.mark.parametrize(("old", "new"), [("seed: 7", "seed: 8"), ("wall_s: 2", "wall_s: 3")])
def test_settings_of_the_assignment_reach_every_problem(course: Tiny, old: str, new: str) -> None:
    before = _digests(course)
    file = course.assignment / "assignment.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    after = _digests(course)
    assert all(before[name] != after[name] for name in EVERYTHING)


def test_a_helper_that_the_reference_imports_counts(course: Tiny) -> None:
    _append(course.root / "reference" / "doubling" / "helper.py", "")
    _append(course.root / "reference" / "doubling" / "twice.py", "from . import helper\n")
    before = _digests(course)
    _append(course.root / "reference" / "doubling" / "helper.py", "x = 1\n")
    assert _digests(course)["twice"] != before["twice"]


def test_a_digest_does_not_depend_on_where_the_course_lies(course: Tiny, tmp_path: Path) -> None:
    copy = shutil.copytree(tmp_path, tmp_path / "copy")
    assert _digests(Tiny(copy)) == _digests(course)


def test_a_kind_that_another_package_adds_counts(
    course: Tiny, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Added(Kind[ManualPart]):
        name = "manual"
        model = ManualPart

    source = tmp_path / "added.py"
    source.write_text("", encoding="utf-8")
    monkeypatch.setattr(handed_in, "kinds", lambda: {**kinds(), "manual": Added()})
    monkeypatch.setattr(inspect, "getfile", lambda _: str(source))
    before = _digests(course)
    _append(source, "x = 1")
    after = _digests(course)
    assert {name for name in EVERYTHING if before[name] != after[name]} == {"essay"}


@pytest.mark.parametrize("name", registry.BUILT_IN)
def test_the_digest_of_the_tool_covers_every_kind_of_ours(name: str) -> None:
    assert type(kinds()[name]).__module__.startswith("grader.kinds.")


# ---- the tool ---------------------------------------------------------------------------------


@pytest.fixture
def tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the package that can be changed."""
    copy = tmp_path / "copy" / "grader"
    shutil.copytree(
        Path(grader.__file__).parent, copy, ignore=shutil.ignore_patterns("__pycache__")
    )
    monkeypatch.setattr(grader, "__file__", str(copy / "__init__.py"))
    return copy


DIGEST: Callable[[], str] = keys.tool_digest.__wrapped__  # not the one that is remembered


@pytest.mark.parametrize(
    "file",
    [
        "compare/closeness.py",
        "grading/assignment.py",
        "kinds/functions/derivatives.py",
        "probes/points.py",
        "pytest_plugin/coursetests.py",
        "sandbox/child.py",
        "spec/models.py",
        "submissions/answers.py",
        "messages/text.py",
        "records.py",
        "values.py",
    ],
)
def test_what_decides_a_verdict_is_in_the_digest_of_the_tool(tool: Path, file: str) -> None:
    before = DIGEST()
    assert (tool / file).is_file()
    _append(tool / file, "\n")
    assert before != DIGEST()


@pytest.mark.parametrize(
    "file",
    ["report/site.py", "report/templates/style.css", "cli/validate.py", "gradebook/store.py"],
)
def test_what_only_shows_a_verdict_is_not(tool: Path, file: str) -> None:
    before = DIGEST()
    assert (tool / file).is_file()
    _append(tool / file, "\n")
    assert before == DIGEST()


def test_a_file_of_another_name_changes_the_digest_of_the_tool(tool: Path) -> None:
    before = DIGEST()
    (tool / "compare" / "closeness.py").rename(tool / "compare" / "closenest.py")
    assert before != DIGEST()


def test_another_version_of_a_library_changes_the_digest_of_the_tool(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = DIGEST()
    monkeypatch.setattr(keys, "version", lambda name: "0" if name == "torch" else "1")
    assert before != DIGEST()


def test_another_python_changes_the_digest_of_the_tool(monkeypatch: pytest.MonkeyPatch) -> None:
    before = DIGEST()
    monkeypatch.setattr(sys, "version_info", (3, 99, 0))
    assert before != DIGEST()


# ---- the key of a result ----------------------------------------------------------------------

MARK = Mark(rubric={"clear": Fraction(1)}, comment="Well.")
MARKS = {"essay": MARK}
GIVEN = ("unit", "submission", MARKS, "mode")


@pytest.mark.parametrize(
    "other",
    [
        ("unit2", "submission", MARKS, "mode"),
        ("unit", "submission2", MARKS, "mode"),
        ("unit", "submission", {}, "mode"),
        ("unit", "submission", {"proof": MARK}, "mode"),
        ("unit", "submission", {"essay": MARK, "proof": MARK}, "mode"),
        ("unit", "submission", {"essay": MARK.model_copy(update={"comment": "Hm."})}, "mode"),
        (
            "unit",
            "submission",
            {"essay": Mark(rubric={"clear": Fraction(1, 3)}, comment="Well.")},
            "mode",
        ),
        ("unit", "submission", MARKS, "mode2"),
        ("unitsubmission", "", MARKS, "mode"),
        ("submission", "unit", MARKS, "mode"),
    ],
)
def test_a_result_depends_on_the_problem_the_submission_its_marks_and_the_mode(
    other: tuple[str, str, dict[str, Mark], str],
) -> None:
    assert keys.result_key(*other) != keys.result_key(*GIVEN)


def test_the_same_gives_the_same_key() -> None:
    unit, submission, _, mode = GIVEN
    again = Mark.model_validate({"rubric": {"clear": 1}, "comment": "Well."})
    assert keys.result_key(unit, submission, {"essay": again}, mode) == keys.result_key(*GIVEN)
