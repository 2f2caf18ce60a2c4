"""One grading run over several assignments: the sandbox, the pool, and what is left to do."""

from __future__ import annotations

import gc
import os
import re
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self, TypeAlias

from grader.errors import CourseError, GraderError, ReportError, SandboxError, UsageError
from grader.gradebook.brief import Brief
from grader.gradebook.file import FILE
from grader.gradebook.store import Gradebook
from grader.grading.assignment import AssignmentGrading, Mode, Runner
from grader.kinds.registry import part_models, probes
from grader.report import site
from grader.sandbox.host import Sandbox
from grader.sandbox.mechanisms import shortfall
from grader.spec.course import Course
from grader.spec.faults import suggestion
from grader.spec.loader import Assignment, load, read_marks
from grader.submissions.folder import Collection as Submissions
from grader.submissions.folder import Submission, collect

# What of torch imports torch._dynamo when it is first used: optimizers, torch.func, the compiler.
_COMPILED = re.compile(
    rb"torch\.(?:func|optim|compile)\b|torch import[^\n]*\b(?:func|optim|compile)\b|functorch|vmap"
)
# What has torch import SymPy, for a quarter of a second: a gradient that is given.
_WEIGHED = re.compile(rb"\bbackward\(\s*[^)\s]|\bgrad\(|grad_outputs")


@dataclass(frozen=True, slots=True)
class Settings:
    """What the person who runs the grader chose."""

    reports: Path | None = None  # None: nothing is written, nothing is remembered
    submissions: Path | None = None  # for one assignment; by default the course's folder
    alone: Submission | None = None  # for one assignment: this and nothing else
    jobs: int = 1
    only: tuple[str, ...] = ()
    rerun: bool = False
    unsafe: bool = False
    on_done: Callable[[str, str], None] | None = None  # (assignment, submission), from any thread
    # (assignment, submission, part, number of its call, how many it has), from any thread, as a
    # call begins that may take long
    on_call: Callable[[str, str, str, int, int], None] | None = None


def _states(folder: Path) -> list[tuple[str, int, int]]:
    """Return the names, sizes and times of an assignment's YAML files."""
    found = [(path.name, path.stat()) for path in sorted(folder.glob("*.yaml"))]
    return [(name, state.st_size, state.st_mtime_ns) for name, state in found]


def usable_cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def packages(submissions: Iterable[Submission]) -> tuple[str, ...]:
    """Return what a sandbox imports ahead: what takes a second only if some code names it."""
    found = {"numpy"}
    for submission in submissions:
        for name, content in submission.files.items():
            if name.endswith(".py") and b"torch" in content:
                found.add("torch")
                if _COMPILED.search(content):
                    found.add("torch._dynamo")
                if _WEIGHED.search(content):
                    found.add("torch.fx.experimental.symbolic_shapes")
    return tuple(sorted(found))


@contextmanager
def uncollected() -> Iterator[None]:
    """Look for no garbage while things are made that stay, nor among them afterwards.

    Importing torch alone makes so many objects that looking takes a tenth of a second each time.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if enabled:
            gc.enable()


Briefs: TypeAlias = Mapping[str, Brief | None]
"""What a gradebook holds of every assignment; None where another version wrote it."""


def briefs(gradebook: Gradebook) -> Briefs:
    """Return what a gradebook holds of every assignment, without the pages of students."""
    return {name: gradebook.brief(name) for name in gradebook.assignments()}


def write_reports(gradebook: Gradebook, folder: Path, found: Briefs | None = None) -> Path:
    """Write the pages of everything in a gradebook; return the path of the first one.

    `found` is what `briefs` returns, if that is known.  Raises ReportError if they cannot be
    written.
    """
    pages = [
        site.Pages(brief.report, brief.states, partial(gradebook.whole, name), brief.state)
        for name, brief in (briefs(gradebook) if found is None else found).items()
        if brief is not None
    ]
    try:
        return site.write(pages, folder)
    except OSError as error:
        where = error.filename or folder
        raise ReportError(
            f"the reports cannot be written: {where}: {error.strerror}; what the gradebook holds "
            "is kept, so mend this and run it again"
        ) from None


class GradingRun:
    """The gradings of a run, sharing one gradebook, one sandbox and one pool of threads."""

    def __init__(self, course: Course, settings: Settings) -> None:
        """Open the gradebook; load nothing yet."""
        self.course = course
        self.settings = settings
        path = settings.reports / FILE if settings.reports else None
        self.gradebook = Gradebook(path)
        self.gradings: dict[str, AssignmentGrading] = {}
        self._sandbox: Sandbox | None = None
        self._checked = False
        self._lock = threading.Lock()
        self._pool: ThreadPoolExecutor | None = None
        self._futures: dict[tuple[str, str], Future[None]] = {}
        self._stopped = False
        self._briefs: Briefs | None = None
        self.failures: dict[tuple[str, str], Exception] = {}  # why there is no result

    def __enter__(self) -> Self:
        """Return the run itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop what is still going on, and close the sandbox and the gradebook."""
        self.close()

    def grading(self, name: str) -> AssignmentGrading:
        """Return the grading of an assignment, loaded on the first call.

        Raises CourseError for faults in the course's files, UsageError for a folder of submissions
        that is not there or a submission that is not in it.
        """
        if name not in self.gradings:
            folder = self.course.assignment(name)
            before = _states(folder)
            grading = self._grading(load(folder, self.course.references, part_models()))
            if _states(folder) != before:  # or the keys might be those of other files
                raise CourseError(f"{folder} was changed while it was read; run this again")
            self.gradings[name] = grading
        return self.gradings[name]

    def _grading(self, assignment: Assignment) -> AssignmentGrading:
        settings = self.settings
        folder = settings.submissions or self.course.submissions(assignment.id)
        alone = settings.alone
        attempts = assignment.spec.attempts
        collection = Submissions((alone,)) if alone is not None else collect(folder, attempts)
        marks = read_marks(self.course.marks(assignment.id), assignment)
        if alone is not None:  # who else has marks is not told to this student
            marks = {name: given for name, given in marks.items() if name == alone.id}
        whose = {submission.id: submission.student for submission in collection.submissions}
        known = dict.fromkeys((*whose, *whose.values()))
        for name in settings.only:
            if name not in known:
                raise UsageError(
                    f"{folder} has no submission called {name!r}{suggestion(name, known)}"
                )
        only = [name for name in whose if {name, whose[name]} & set(settings.only)]
        return AssignmentGrading(
            assignment,
            collection,
            self.gradebook,
            self.runner,
            marks=marks,
            selected=only or None,
            rerun=settings.rerun,
            mode=Mode(unconfined=settings.unsafe),
            on_call=settings.on_call and partial(settings.on_call, assignment.id),
        )

    def runner(self) -> Runner:
        """Return the sandbox, started on the first call.

        Raises SandboxError if this machine cannot confine student code, unless that was allowed.
        """
        with self._lock:
            self._start_sandbox()
            assert self._sandbox is not None  # noqa: S101  (just started)
            if not self._checked and not self.settings.unsafe:
                lacking = shortfall(self._sandbox.mechanisms, self.course.root)
                if lacking:
                    raise SandboxError(lacking)
            self._checked = True
            return self._sandbox

    def require_sandbox(self) -> None:
        """Raise SandboxError if something is to be run and this machine cannot confine it.

        The sandbox starts while the plans are made, which takes about as long.
        """
        stale = [grading for grading in self.gradings.values() if grading.stale_submissions()]
        if not stale:
            return
        with self._lock:
            self._start_sandbox()
        for grading in stale:
            grading.make_plans()
        self.runner()

    def _start_sandbox(self) -> None:
        if self._sandbox is None:
            used = {p.kind for g in self.gradings.values() for p in g.assignment.parts}
            try:
                self._sandbox = Sandbox(
                    preload=packages(
                        s for g in self.gradings.values() for s in g.submissions.values()
                    ),
                    probes=probes(sorted(used)),
                    confine=not self.settings.unsafe,
                )
            except OSError as error:
                raise SandboxError(f"the sandbox cannot be started: {error}") from None

    def start(self, wanted: Collection[tuple[str, str]]) -> None:
        """Begin to grade those of the wanted (assignment, submission) that have no good result."""
        waiting = [
            (name, submission)
            for name, grading in self.gradings.items()
            for submission in grading.stale_submissions()
            if (name, submission) in wanted and (name, submission) not in self._futures
        ]
        if not waiting:
            return
        # The template imports torch while this process does the same for its plans.
        with self._lock:
            self._start_sandbox()
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self.settings.jobs, thread_name_prefix="grading")
        for name, submission in waiting:
            self._futures[name, submission] = self._pool.submit(self._grade, name, submission)

    def _grade(self, name: str, submission: str) -> None:
        if self._stopped:
            return
        try:
            self.gradings[name].grade(submission)
        except Exception as error:
            self.failures[name, submission] = error
            raise
        if self.settings.on_done is not None:
            self.settings.on_done(name, submission)
        self._write_page(name, submission)

    def _write_page(self, name: str, submission: str) -> None:
        """Write the page of a submission while others are still graded.

        Not where more is to come for it: tests of the course, other attempts.  What fails here is
        told when all reports are written.
        """
        grading, folder = self.gradings[name], self.settings.reports
        own = grading.submissions[submission].student == submission
        if folder is None or grading.assignment.tests or not own:
            return
        with suppress(OSError, GraderError):
            whole = self.gradebook.whole(name, submission)
            if whole is not None:
                state = self.gradebook.state(name, submission)
                site.write_early(grading.outline, self.settings.unsafe, whole, state, folder)

    def wait(self, name: str, submission: str) -> None:
        """Return when a submission is graded; grade it here and now if nothing has begun it."""
        future = self._futures.get((name, submission))
        if future is not None:
            future.result()
        elif self.gradings[name].stale_problems(submission):
            self.gradings[name].grade(submission)

    def write_reports(self) -> Path:
        """Write the pages of everything in the gradebook; return the path of the first one.

        Raises ReportError if they cannot be written.
        """
        assert self.settings.reports is not None  # noqa: S101  (the callers ask first)
        return write_reports(self.gradebook, self.settings.reports, self.briefs())

    def briefs(self) -> Briefs:
        """Return what the gradebook holds of every assignment; asked for when all is graded."""
        if self._briefs is None:
            self._briefs = briefs(self.gradebook)
        return self._briefs

    def stop(self) -> None:
        """Begin nothing more, and wait for what has begun."""
        self._stopped = True
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None

    def close(self) -> None:
        """Stop, and close the sandbox and the gradebook."""
        self.stop()
        if self._sandbox is not None:
            self._sandbox.close()
            self._sandbox = None
        self.gradebook.close()
