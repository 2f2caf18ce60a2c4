"""Items: one per submission and part."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from grader.errors import GraderError, ReportError
from grader.grading.assignment import AssignmentGrading
from grader.grading.run import GradingRun, write_reports
from grader.pytest_plugin import HANDED_OVER, coursetests, run_key, run_of
from grader.records import PartResult, Status
from grader.report.plain import part_text
from grader.spec.models import Part


class NotRightError(Exception):
    """A part that is not right; carries what its student is told."""

    def __init__(self, result: PartResult) -> None:
        super().__init__(result.summary)
        self.result = result


class AssignmentFile(pytest.File):
    """An `assignment.yaml`."""

    def collect(self) -> Iterator[SubmissionNode]:
        """Yield the selected submissions."""
        try:
            grading = run_of(self.config, self.path).grading(self.path.parent.name)
        except GraderError as error:
            raise self.CollectError(str(error)) from None
        for name in grading.selected:
            yield SubmissionNode.from_parent(self, name=name, grading=grading)


class SubmissionNode(pytest.Collector):
    """One submission of an assignment."""

    def __init__(self, *, grading: AssignmentGrading, **rest: Any) -> None:
        super().__init__(**rest)
        self.grading = grading

    def collect(self) -> Iterator[SubmissionItem | PartItem]:
        """Yield the parts in order, or one item for all where nobody looks at the items."""
        if self.config.pluginmanager.get_plugin(HANDED_OVER) is not None:
            yield SubmissionItem.from_parent(self, name="parts")
            return
        for problem in self.grading.assignment.problems:
            for part in problem.spec.parts:
                yield PartItem.from_parent(
                    self, name=part.id, part=part, problem=problem.spec.problem
                )


class SubmissionItem(pytest.Item):
    """All parts of one submission, for the command line, which tells of the verdicts itself."""

    parent: SubmissionNode

    def runtest(self) -> None:
        """Wait for the submission's results."""
        self.config.stash[run_key].wait(self.parent.grading.assignment.id, self.parent.name)


class PartItem(pytest.Item):
    """One part of one submission."""

    parent: SubmissionNode

    def __init__(self, *, part: Part, problem: str, **rest: Any) -> None:
        super().__init__(**rest)
        self.part = part
        self.problem = problem

    def runtest(self) -> None:
        """Wait for the submission's results; fail, skip or pass as the part did."""
        grading, submission = self.parent.grading, self.parent.name
        self.config.stash[run_key].wait(grading.assignment.id, submission)
        result = grading.result(submission, self.problem)
        assert result is not None  # noqa: S101  (grading always leaves a result)
        verdict = next(part for part in result.parts if part.id == self.part.id)
        if verdict.status in {Status.PENDING, Status.SKIPPED}:
            raise pytest.skip.Exception(verdict.summary, _use_item_location=True)
        if verdict.status is not Status.CORRECT:
            raise NotRightError(verdict)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Return what the student is told, or for a fault of ours pytest's own account."""
        if isinstance(excinfo.value, NotRightError):
            return part_text(excinfo.value.result)
        if isinstance(excinfo.value, GraderError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Any, int | None, str]:
        """Return how pytest calls the item."""
        return self.path, 0, f"{self.parent.name}::{self.name}"


def begin(session: pytest.Session, run: GradingRun) -> None:
    """Grade in the background what the selected items need, if that was asked for."""
    if run.settings.jobs > 1 or run.settings.on_done is not None:
        wanted = {
            (item.parent.grading.assignment.id, item.parent.name)
            for item in session.items
            if isinstance(item, (PartItem, SubmissionItem))
        }
        run.start(wanted)


def finish(config: pytest.Config) -> None:
    """Keep what is left and write the reports; the command line does the latter for itself."""
    try:
        _finish(config)
    except ReportError as error:
        pytest.exit(str(error), pytest.ExitCode.INTERNAL_ERROR)


def _finish(config: pytest.Config) -> None:
    if run_key not in config.stash:
        # Under xdist the workers graded; what they wrote is read from the gradebook.
        folder = config.getoption("--reports")
        if folder is None or not (config.getoption("numprocesses", None)):
            return
        from grader.gradebook.file import FILE  # noqa: PLC0415
        from grader.gradebook.store import Gradebook  # noqa: PLC0415

        if (folder / FILE).is_file():
            with Gradebook(folder / FILE) as gradebook:
                write_reports(gradebook, folder)
        return
    run = config.stash[run_key]
    coursetests.keep_rest(config)
    if config.pluginmanager.get_plugin(HANDED_OVER) is not None:
        return
    with run:
        run.stop()
        if run.settings.reports is not None and not config.option.collectonly:
            run.write_reports()
