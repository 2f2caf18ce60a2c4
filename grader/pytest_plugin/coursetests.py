"""A course's own tests: the `student` proxy, and their verdicts in the gradebook."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from grader import messages
from grader.grading import cells
from grader.grading.assignment import AssignmentGrading
from grader.kinds import outcomes
from grader.pytest_plugin import run_key
from grader.records import Call, Notebook, Outcome, PartResult, Status
from grader.spec.tests import CourseTest, CourseTests, part_id
from grader.submissions import answers


class StudentCodeError(AssertionError):
    """A call to a student's function that gave no value; the message is for the student."""


class StudentFile:
    """A Python file of the submission: its functions can be called as if they were here."""

    def __init__(
        self, session: Any, file: str, wall_s: float, notebooks: Sequence[Notebook] = ()
    ) -> None:
        self._session = session
        self._file = file
        self._wall_s = wall_s
        self._notebooks = notebooks

    def call(self, function: str, *arguments: Any) -> Any:
        """Return what a function of the student gives for these arguments, as plain data.

        Raises StudentCodeError if it is not there, raises, or does not finish.
        """
        __tracebackhide__ = True
        named = {f"argument {number + 1}": value for number, value in enumerate(arguments)}
        observation = self._session.call(self._file, Call(function, named), self._wall_s)
        if observation.outcome is not Outcome.RETURNED:
            observation = cells.observed(observation, self._notebooks)
            says = outcomes.sentence(observation, function, self._file)
            raise StudentCodeError(cells.sentence(says, self._notebooks))
        return observation.value

    def __getattr__(self, function: str) -> Any:
        if function.startswith("_"):
            raise AttributeError(function)
        return lambda *arguments: self.call(function, *arguments)


class Student(StudentFile):
    """The submission under test.

    ``student.q3_gradient(x)`` calls a function of solution.py in the sandbox;
    ``student.file("diy_autograd.py")`` is another file, ``student.answers`` what answers.yaml says.
    """

    def __init__(
        self,
        session: Any,
        name: str,
        given: Any,
        wall_s: float,
        notebooks: Sequence[Notebook] = (),
    ) -> None:
        super().__init__(session, "solution.py", wall_s, notebooks)
        self.name = name
        self.answers = given

    def file(self, name: str) -> StudentFile:
        """Return another Python file of the submission."""
        return StudentFile(self._session, name, self._wall_s, self._notebooks)


@dataclass
class _Noted:
    """The verdicts of a run so far.

    A test with parameters is several items for each submission, and is judged when all have run.
    """

    items: Counter[tuple[str, str, str]] = field(default_factory=Counter)  # that there are
    verdicts: dict[tuple[str, str, str], dict[str, dict[str, PartResult]]] = field(
        default_factory=dict
    )  # by (assignment, submission, file), by test, by the item's id


_noted_key = pytest.StashKey[_Noted]()


def proxy(request: pytest.FixtureRequest) -> Iterator[Student | None]:
    """Yield the proxy of a submission, with a session of its own in the sandbox."""
    run = request.config.stash[run_key]
    grading = run.grading(request.path.parent.name)
    submission = grading.submissions[request.param]
    if _good_result(request.node) is not None:
        yield None
        return
    limits = grading.assignment.spec.limits.record()
    given = answers.read(submission.files).given
    with run.runner().open(submission.runnable, limits) as session:
        yield Student(session, submission.id, given, limits.wall_s, submission.notebooks)


def answer_from_gradebook(item: pytest.Function) -> object | None:
    """Return something true if the test passed before; fail as before; None if it has to run."""
    verdict = _good_result(item)
    if verdict is None:
        return None
    if verdict.status is Status.SKIPPED:
        pytest.skip(verdict.summary)
    if verdict.status is not Status.CORRECT:
        pytest.fail(verdict.summary, pytrace=False)
    return True


def count(config: pytest.Config, items: Iterable[Any]) -> None:
    """Note how many items each test of a module is for each submission, before any is left out."""
    noted = config.stash.setdefault(_noted_key, _Noted())
    for found in filter(None, map(_test_of, items)):
        grading, _, test, submission = found
        noted.items[grading.assignment.id, submission, test.id] += 1


def note(item: pytest.Function, call: pytest.CallInfo[None], report: pytest.TestReport) -> None:
    """Keep the verdict of a test once it ran; commit when its file is complete."""
    found = _test_of(item)
    if found is None or _good_result(item) is not None:
        return
    if report.when != "call" and report.passed:
        return
    grading, tests, test, submission = found
    noted = item.config.stash[_noted_key]
    at = (grading.assignment.id, submission, tests.id)
    of_test = noted.verdicts.setdefault(at, {}).setdefault(test.id, {})
    verdict, before = _verdict(test, call, report), of_test.get(item.nodeid)
    of_test[item.nodeid] = verdict if before is None else _worst((before, verdict))
    parts = _complete(noted, at, tests)
    if len(parts) == len(tests.tests):
        grading.commit_tests(submission, tests, parts)


def keep_rest(config: pytest.Config) -> None:
    """Commit the verdicts of files of which only some tests were selected."""
    noted = config.stash.get(_noted_key, _Noted())
    for at in noted.verdicts:
        assignment, submission, file = at
        grading = config.stash[run_key].grading(assignment)
        tests = next(tests for tests in grading.assignment.tests if tests.id == file)
        parts = _complete(noted, at, tests)
        if len(parts) < len(tests.tests):
            grading.commit_tests(submission, tests, parts)


def _complete(noted: _Noted, at: tuple[str, str, str], tests: CourseTests) -> list[PartResult]:
    """Return the verdicts of those tests of a file of which every item has run, in order."""
    assignment, submission, _ = at
    found = noted.verdicts[at]
    return [
        _worst(found[test.id].values())
        for test in tests.tests
        if len(found.get(test.id, ())) == noted.items[assignment, submission, test.id] > 0
    ]


_WORST_FIRST = (Status.GRADER_FAULT, Status.WRONG, Status.CORRECT, Status.SKIPPED)


def _worst(verdicts: Iterable[PartResult]) -> PartResult:
    """Return what a test with several items gets: right only if none that ran is wrong."""
    return min(verdicts, key=lambda verdict: _WORST_FIRST.index(verdict.status))


def _test_of(item: Any) -> tuple[AssignmentGrading, CourseTests, CourseTest, str] | None:
    callspec = getattr(item, "callspec", None)
    if callspec is None or run_key not in item.config.stash:
        return None
    grading = item.config.stash[run_key].gradings.get(item.path.parent.name)
    if grading is None:
        return None
    wanted = part_id(item.originalname)
    for tests in grading.assignment.tests:
        for test in tests.tests:
            if tests.file == item.path and test.id == wanted:
                return grading, tests, test, callspec.params["student"]
    return None


def _good_result(item: Any) -> PartResult | None:
    found = _test_of(item)
    if found is None:
        return None
    grading, tests, test, submission = found
    result = grading.kept_tests(submission, tests)
    parts = result.parts if result else ()
    return next((part for part in parts if part.id == test.id), None)


def _verdict(
    test: CourseTest, call: pytest.CallInfo[None], report: pytest.TestReport
) -> PartResult:
    nothing = test.points * 0
    if report.passed:
        return PartResult(test.id, Status.CORRECT, test.points, test.points, "Right.")
    if report.skipped:
        says = getattr(report, "wasxfail", "") or _first_line(call, "Skipped.")
        return PartResult(test.id, Status.SKIPPED, nothing, test.points, says)
    error = call.excinfo.value if call.excinfo else None
    if isinstance(error, (AssertionError, pytest.fail.Exception)):
        says = _first_line(call, messages.calls.ASSERTION)
        return PartResult(test.id, Status.WRONG, nothing, test.points, says[:1000])
    # Without an error it is one that was expected to fail, strictly, and did not.
    ended = f"raised {error!r}" if error else f"ended with {report.longreprtext}"
    says = messages.intake.grader_fault(f"the course's test {test.function} {ended}")
    return PartResult(test.id, Status.GRADER_FAULT, nothing, test.points, says)


def _first_line(call: pytest.CallInfo[None], otherwise: str) -> str:
    """Return what a test says; below it pytest shows what was compared."""
    says = str(call.excinfo.value) if call.excinfo else ""
    return says.strip().split("\n")[0] or otherwise
