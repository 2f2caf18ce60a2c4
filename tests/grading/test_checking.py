from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from grader.errors import SandboxError, UsageError
from grader.grading.checking import Checking
from grader.grading.plans import Plans
from grader.kinds.registry import part_models
from grader.records import RunOutcome, RunRequest, Status
from grader.sandbox.plain import PlainSandbox
from grader.spec.loader import Assignment, load
from grader.submissions.folder import Submission
from tests import tiny

ROOT = Path(__file__).parents[2]


@dataclass
class Counting:
    """A runner that remembers which parts it was asked for."""

    sandbox: PlainSandbox
    asked: list[list[str]] = field(default_factory=list)

    def run(self, request: RunRequest) -> RunOutcome:
        self.asked.append([part.part for part in request.parts])
        return self.sandbox.run(request)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[PlainSandbox]:
    with PlainSandbox(preload=("numpy",), eager=False) as made:
        yield made


@pytest.fixture
def runner(sandbox: PlainSandbox) -> Counting:
    return Counting(sandbox)


@pytest.fixture
def assignment(tmp_path: Path) -> Assignment:
    course = tiny.make(tmp_path)
    return load(course.assignment, course.root / "reference", part_models())


def checking(assignment: Assignment, runner: Counting) -> Checking:
    plans = Plans(assignment, visible_only=True)
    return Checking(assignment, lambda problem: plans.of(problem, "ada"), runner)


def handed_in(**files: str) -> Submission:
    return Submission("ada", {n.replace("_", "."): text.encode() for n, text in files.items()})


RIGHT = handed_in(solution_py=tiny.RIGHT, answers_yaml="essay-text: Because.")


def test_all_parts_are_checked_in_order(assignment: Assignment, runner: Counting) -> None:
    found = checking(assignment, runner).check(RIGHT)
    assert {name: each.status for name, each in found.results.items()} == {
        "twice-value": Status.CORRECT,
        "twice-half": Status.CORRECT,
        "essay-text": Status.PENDING,
    }
    assert runner.asked == [["twice-value", "twice-half"]]


def test_only_the_wanted_parts_run(assignment: Assignment, runner: Counting) -> None:
    found = checking(assignment, runner).check(RIGHT, ["twice-half"])
    assert list(found.results) == ["twice-half"]
    assert runner.asked == [["twice-half"]]


def test_nothing_runs_for_written_answers(assignment: Assignment, runner: Counting) -> None:
    checking(assignment, runner).check(RIGHT, ["essay-text"])
    assert runner.asked == []


def test_a_sandbox_that_fails_is_no_fault_of_the_student(assignment: Assignment) -> None:
    class Failing(Counting):
        def run(self, request: RunRequest) -> RunOutcome:
            raise SandboxError(f"no process for {len(request.parts)} parts")

    found = checking(assignment, Failing(None)).check(RIGHT)  # type: ignore[arg-type]
    assert found.results["twice-value"].status is Status.GRADER_FAULT
    assert found.results["essay-text"].status is Status.PENDING


def test_what_the_code_prints_comes_along(assignment: Assignment, runner: Counting) -> None:
    printing = handed_in(solution_py=f"print('hello')\n{tiny.RIGHT}")
    assert checking(assignment, runner).check(printing).printed == "hello\n"


# ---- parts that need others ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def background() -> Assignment:
    return load(ROOT / "assignments" / "background-math", ROOT / "reference", part_models())


def test_a_part_is_run_for_the_sake_of_one_that_needs_it(background: Assignment) -> None:
    asked: list[list[str]] = []

    class Nothing:
        def run(self, request: RunRequest) -> RunOutcome:
            asked.append([part.part for part in request.parts])
            return RunOutcome({})

    plans = Plans(background, visible_only=True)
    made = Checking(background, lambda problem: plans.of(problem, "ada"), Nothing())
    found = made.check(RIGHT, ["q7-backward"])
    assert list(found.results) == ["q7-backward"]
    made.check(RIGHT, ["q7-backward"], {"q6-functions": found.results["q7-backward"]})
    assert asked == [["q6-functions", "q7-backward"], ["q7-backward"]]


def test_dependents_are_found(background: Assignment) -> None:
    made = Checking(background, lambda _: (), None)  # type: ignore[arg-type]
    assert made.dependents("q6-functions") == ["q7-backward"]
    assert made.with_dependents(["q6-functions", "debrief"]) == [
        "q6-functions",
        "q7-backward",
        "debrief",
    ]


# ---- names ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "count"),
    [
        (["q3-calculus"], 5),
        (["q3"], 5),
        (["Q3"], 5),
        (["q3-gradient"], 1),
        (["q3-g"], 1),
        (["q6"], 3),
        (["q3", "q3-gradient", "debrief"], 6),
    ],
)
def test_a_name_means_a_problem_or_a_part(
    names: list[str], count: int, background: Assignment
) -> None:
    made = Checking(background, lambda _: (), None)  # type: ignore[arg-type]
    assert len(made.chosen(names)) == count


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("q7", "'q7' may mean q7-backward, q7-ascent; say which"),
        ("q", "'q' may mean q1-convexity, q2-block-positive-definite, q3-calculus"),
        ("q9", "no problem or part is called 'q9'"),
    ],
)
def test_a_name_that_means_none_or_several_is_refused(
    name: str, says: str, background: Assignment
) -> None:
    made = Checking(background, lambda _: (), None)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match=says):
        made.chosen([name])


# ---- what a change can matter to -----------------------------------------------------------------


BEFORE = handed_in(
    solution_py="import helpers\nnumbers = open('data.txt')\n",
    helpers_py="x = 1\n",
    data_txt="1",
    other_txt="1",
    scratch_py="",
    answers_yaml="essay-text: Because.\n",
)
CODE, ESSAY = {"twice-value", "twice-half"}, {"essay-text"}


@pytest.mark.parametrize(
    ("file", "matters_to"),
    [
        ("solution.py", CODE),
        ("helpers.py", CODE),
        ("data.txt", CODE | ESSAY),
        ("other.txt", ESSAY),
        ("scratch.py", set()),
        ("answers.yaml", ESSAY),
    ],
)
def test_a_change_matters_to_what_can_see_it(
    file: str, matters_to: set[str], assignment: Assignment
) -> None:
    made = Checking(assignment, lambda _: (), None)  # type: ignore[arg-type]
    text = b"essay-text: Another.\n" if file == "answers.yaml" else b"import helpers  # 'data.txt'"
    after = Submission("ada", {**BEFORE.files, file: text})
    before, now = made.fingerprints(BEFORE), made.fingerprints(after)
    assert {name for name in before if before[name] != now[name]} == matters_to


def test_a_file_that_vanishes_matters(assignment: Assignment) -> None:
    made = Checking(assignment, lambda _: (), None)  # type: ignore[arg-type]
    files = {name: raw for name, raw in BEFORE.files.items() if name != "helpers.py"}
    now = made.fingerprints(Submission("ada", files))
    assert now["twice-value"] != made.fingerprints(BEFORE)["twice-value"]


def test_the_answer_to_another_part_does_not_matter(assignment: Assignment) -> None:
    made = Checking(assignment, lambda _: (), None)  # type: ignore[arg-type]
    after = Submission("ada", {**BEFORE.files, "answers.yaml": b"essay-text: Because.\nx: 1\n"})
    assert made.fingerprints(after) == made.fingerprints(BEFORE)


def test_files_are_found_with_the_parts_that_lead_to_them(assignment: Assignment) -> None:
    made = Checking(assignment, lambda _: (), None)  # type: ignore[arg-type]
    found = made.files_of(["twice-half", "essay-text"], BEFORE)
    assert found == {"solution.py": ["twice-half"], "helpers.py": ["twice-half"]}


# ---- folders -------------------------------------------------------------------------------------


def test_what_came_with_a_release_is_not_part_of_a_submission(
    assignment: Assignment, tmp_path: Path
) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    for name in ("solution.py", "self-check.json", "statement.md", "statement.html", "README.md"):
        (folder / name).write_text("", encoding="utf-8")
    made = Checking(assignment, lambda _: (), None)  # type: ignore[arg-type]
    assert set(made.submission(folder, released=True).files) == {"solution.py"}
    assert "README.md" in made.submission(folder, released=False).files
