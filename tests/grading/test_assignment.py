from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from grader.errors import SandboxError
from grader.gradebook.store import Gradebook
from grader.grading.assignment import AssignmentGrading, Caller, Mode
from grader.grading.plans import Planned, Plans
from grader.kinds.registry import part_models
from grader.records import (
    Limits,
    Observation,
    Outcome,
    PartResult,
    RunOutcome,
    RunRequest,
    Status,
)
from grader.spec.loader import LoadedProblem, load, read_marks
from grader.submissions.folder import collect
from tests import tiny
from tests.tiny import Tiny


class FakeSandbox:
    """Answers every call with twice its input, and remembers what it was asked."""

    def __init__(self, *, breaks: bool = False) -> None:
        self.breaks = breaks
        self.requests: list[RunRequest] = []

    def run(
        self, request: RunRequest, on_call: Callable[[str, int, int], None] | None = None
    ) -> RunOutcome:
        del on_call
        if self.breaks:
            raise SandboxError("the template is gone")
        self.requests.append(request)
        seen: dict[str, tuple[Observation, ...]] = {}
        for part in request.parts:  # a part may come in two pieces
            seen[part.part] = seen.get(part.part, ()) + tuple(
                Observation(Outcome.RETURNED, 2 * np.asarray(call.arguments["x"]), wall_s=0.5)
                for call in part.calls
            )
        return RunOutcome(seen)

    def open(self, files: Mapping[str, bytes], limits: Limits) -> AbstractContextManager[Caller]:
        raise NotImplementedError


@pytest.fixture
def course(tmp_path: Path) -> Tiny:
    return tiny.make(tmp_path)


@pytest.fixture
def gradebook() -> Iterator[Gradebook]:
    with Gradebook(None) as opened:
        yield opened


def _grading(course: Tiny, gradebook: Gradebook, sandbox: FakeSandbox) -> AssignmentGrading:
    assignment = load(course.assignment, course.root / "reference", part_models())
    marks = read_marks(course.root / "marks" / "doubling.yaml", assignment)
    collection = collect(course.submissions)
    return AssignmentGrading(assignment, collection, gradebook, lambda: sandbox, marks=marks)


def _part(gradebook: Gradebook, student: str, part: str) -> PartResult:
    report = gradebook.report("doubling")
    assert report is not None
    (found,) = (s for s in report.submissions if s.submission == student)
    return next(result for result in found.parts if result.id == part)


def _grade_all(course: Tiny, gradebook: Gradebook) -> list[tuple[str, list[str]]]:
    """Grade what is stale; return which submissions ran, and which of their parts."""
    sandbox = FakeSandbox()
    grading = _grading(course, gradebook, sandbox)
    ran = []
    for name in grading.stale_submissions():
        before = len(sandbox.requests)
        grading.grade(name)
        asked = [p.part for request in sandbox.requests[before:] for p in request.parts]
        ran.append((name, list(dict.fromkeys(asked))))
    return ran


def test_a_right_part_earns_its_points(course: Tiny, gradebook: Gradebook) -> None:
    _grade_all(course, gradebook)
    part = _part(gradebook, "ada", "twice-value")
    assert (part.status, part.points, part.wall_s) == (Status.CORRECT, Fraction(2), 2.5)


def test_the_sandbox_gets_inputs_and_nothing_that_is_expected(
    course: Tiny, gradebook: Gradebook
) -> None:
    sandbox = FakeSandbox()
    _grading(course, gradebook, sandbox).grade("ada")
    (request,) = sandbox.requests
    assert set(request.files) == {"solution.py", "answers.yaml"}
    assert [part.part for part in request.parts] == ["twice-value", "twice-half"] * 2
    assert {name for part in request.parts for call in part.calls for name in call.arguments} == {
        "x"
    }


def test_a_failing_sandbox_is_a_fault_of_ours_and_never_a_zero(
    course: Tiny, gradebook: Gradebook
) -> None:
    _grading(course, gradebook, FakeSandbox(breaks=True)).grade("ada")
    part = _part(gradebook, "ada", "twice-value")
    assert part.status is Status.GRADER_FAULT
    assert part.summary == (
        "The grader failed here, not the submission; nothing was taken off, and it is tried again "
        "next time. (the template is gone)"
    )


def test_a_fault_of_ours_is_tried_again(course: Tiny, gradebook: Gradebook) -> None:
    _grading(course, gradebook, FakeSandbox(breaks=True)).grade("ada")
    assert _grade_all(course, gradebook)[0] == ("ada", ["twice-value", "twice-half"])
    assert _part(gradebook, "ada", "twice-value").status is Status.CORRECT


def test_written_parts_do_not_suffer_from_a_failing_sandbox(
    course: Tiny, gradebook: Gradebook
) -> None:
    _grading(course, gradebook, FakeSandbox(breaks=True)).grade("ada")
    assert _part(gradebook, "ada", "essay-text").status is Status.PENDING


def test_a_reference_that_breaks_is_a_fault_of_ours(course: Tiny, gradebook: Gradebook) -> None:
    reference = course.root / "reference" / "doubling" / "twice.py"
    text = reference.read_text(encoding="utf-8").replace("2 * np.asarray(x)", "1 / 0")
    reference.write_text(text, encoding="utf-8")
    _grade_all(course, gradebook)
    part = _part(gradebook, "ada", "twice-value")
    assert part.status is Status.GRADER_FAULT
    assert "ZeroDivisionError" in part.summary


def test_nothing_is_stale_after_grading(course: Tiny, gradebook: Gradebook) -> None:
    _grade_all(course, gradebook)
    assert _grade_all(course, gradebook) == []


def test_a_changed_submission_alone_runs_again(course: Tiny, gradebook: Gradebook) -> None:
    _grade_all(course, gradebook)
    course.hand_in("ben", tiny.RIGHT)
    assert [name for name, _ in _grade_all(course, gradebook)] == ["ben"]


def test_a_changed_problem_alone_runs_again(course: Tiny, gradebook: Gradebook) -> None:
    _grade_all(course, gradebook)
    essay = course.assignment / "essay.yaml"
    essay.write_text(tiny.ESSAY.replace("Why", "Why so"), encoding="utf-8")
    assert _grade_all(course, gradebook) == [("ada", []), ("ben", [])]


def test_a_changed_reference_runs_what_depends_on_it(course: Tiny, gradebook: Gradebook) -> None:
    _grade_all(course, gradebook)
    reference = course.root / "reference" / "doubling" / "twice.py"
    reference.write_text(tiny.REFERENCE + "\n# better\n", encoding="utf-8")
    both = ["twice-value", "twice-half"]
    assert _grade_all(course, gradebook) == [("ada", both), ("ben", both)]


def test_a_changed_title_of_the_assignment_runs_nothing(course: Tiny, gradebook: Gradebook) -> None:
    _grade_all(course, gradebook)
    spec = course.assignment / "assignment.yaml"
    text = tiny.ASSIGNMENT.format(points=6).replace("Doubling numbers", "Twice is nice")
    spec.write_text(text, encoding="utf-8")
    assert _grade_all(course, gradebook) == []


def test_another_seed_runs_everything(course: Tiny, gradebook: Gradebook) -> None:
    _grade_all(course, gradebook)
    spec = course.assignment / "assignment.yaml"
    text = tiny.ASSIGNMENT.format(points=6).replace("seed: 7", "seed: 8")
    spec.write_text(text, encoding="utf-8")
    assert len(_grade_all(course, gradebook)) == 2


def test_marks_of_a_person_count_and_touch_nothing_else(course: Tiny, gradebook: Gradebook) -> None:
    _grade_all(course, gradebook)
    marks = course.root / "marks" / "doubling.yaml"
    marks.parent.mkdir()
    marks.write_text(
        "ada:\n  essay-text:\n    rubric: {clear: 1.5}\n    comment: A little long.\n",
        encoding="utf-8",
    )
    assert _grade_all(course, gradebook) == [("ada", [])]
    part = _part(gradebook, "ada", "essay-text")
    assert (part.status, part.points, part.summary) == (
        Status.PARTIAL,
        Fraction(3, 2),
        "A little long.",
    )


@pytest.mark.parametrize("function", ["twice", "squared"])
def test_a_reference_that_exits_is_a_fault_of_the_grader(
    function: str, course: Tiny, gradebook: Gradebook
) -> None:
    reference = course.root / "reference" / "doubling" / "twice.py"
    text = reference.read_text(encoding="utf-8")
    exits = text.replace(f"def {function}(x):\n", f"def {function}(x):\n    raise SystemExit(4)\n")
    reference.write_text(exits, encoding="utf-8")
    course.hand_in("ada", "a wrong one")
    _grade_all(course, gradebook)
    part = _part(gradebook, "ada", "twice-value")
    assert part.status is Status.GRADER_FAULT
    assert "SystemExit(4)" in part.summary


def test_a_submission_that_is_gone_is_no_longer_listed(course: Tiny, gradebook: Gradebook) -> None:
    _grade_all(course, gradebook)
    (course.submissions / "ben" / "solution.py").unlink()
    (course.submissions / "ben").rmdir()
    _grade_all(course, gradebook)
    report = gradebook.report("doubling")
    assert report is not None
    assert [s.submission for s in report.submissions] == ["ada"]


def test_a_file_that_cannot_be_read_is_refused_with_the_reason(
    course: Tiny, gradebook: Gradebook
) -> None:
    (course.submissions / "ada" / "solution.py").write_bytes(b"# caf\xe9\n")
    ran = _grade_all(course, gradebook)
    part = _part(gradebook, "ada", "twice-value")
    assert ran[0] == ("ada", [])
    assert (part.status, part.summary) == (
        Status.REFUSED,
        "solution.py cannot be read: line 1 is not UTF-8; save it as UTF-8.",
    )


def test_plans_that_were_made_elsewhere_are_taken(course: Tiny, gradebook: Gradebook) -> None:
    assignment = load(course.assignment, course.root / "reference", part_models())
    made = Plans(assignment, visible_only=True)

    class Given:
        """Plans of one case for every part with calls."""

        now = ""

        def of(self, problem: LoadedProblem, student: str) -> tuple[Planned, ...]:
            return tuple(
                replace(item, plan=replace(item.plan, calls=item.plan.calls[:1], expected=one))
                for item in made.of(problem, student)
                for one in [item.plan.expected[:1]]
            )

    sandbox = FakeSandbox()
    collection = collect(course.submissions)
    mode = Mode(visible_only=True)
    grading = AssignmentGrading(
        assignment, collection, gradebook, lambda: sandbox, mode=mode, plans=Given()
    )
    grading.grade("ada")
    assert [len(part.calls) for part in sandbox.requests[0].parts] == [1, 1]
    assert grading.planning() == ""
