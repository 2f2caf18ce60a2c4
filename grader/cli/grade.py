"""``grader grade``: a pytest run with the plugin, a progress display, and a summary."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from grader.cli.console import complain, one_line, say
from grader.cli.progress import Progress
from grader.errors import GraderError
from grader.grading.run import GradingRun, Settings, usable_cores
from grader.messages.text import counted, points_text
from grader.records import Status
from grader.report.words import bonus, of_them_bonus
from grader.spec.course import Course

GRADED, BAD_USAGE, GRADER_FAULT, INTERRUPTED = 0, 2, 3, 130
PATIENCE_S = 15.0
"""After so long, it is said which part is still being planned: its reference may never end."""
_NAME_WIDTH = 40


class HandedOver:
    """A grading run in the form of a pytest plugin, so that `grader.pytest_plugin` finds it."""

    __name__ = "grader-run"

    def __init__(self, run: GradingRun) -> None:
        self.run = run
        self.interrupted = False
        self.not_collected: list[str] = []

    def pytest_keyboard_interrupt(self) -> None:
        """Say at once that Ctrl-C was heard: what has begun may take as long as it is allowed."""
        self.interrupted = True
        say("Stopping; what has begun is finished first.")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note a file of course tests that cannot be imported."""
        if report.failed:
            self.not_collected.append(report.longreprtext)


def run(
    names: Sequence[str],
    *,
    submissions: Path | None,
    reports: Path | None,
    jobs: int | None,
    only: Sequence[str],
    rerun: bool,
    unsafe: bool,
    course: Path | None,
) -> int:
    """Return the exit code of a grading run; everything it has to say is printed."""
    progress = Progress()
    try:
        found = Course.find(course or Path())
        chosen = found.chosen(list(names))
        if submissions is not None and len(chosen) != 1:
            complain("--submissions is for one assignment; name it, as in: grader grade NAME")
            return BAD_USAGE
        settings = Settings(
            reports=(reports or found.reports).resolve(),
            submissions=submissions,
            jobs=jobs or usable_cores(),
            only=tuple(only),
            rerun=rerun,
            unsafe=unsafe,
            on_done=progress.done,
            on_call=progress.began,
        )
        with GradingRun(found, settings) as grading_run:
            return _grade(grading_run, chosen, progress)
    except GraderError as error:
        complain(str(error))
        return BAD_USAGE
    except KeyboardInterrupt:
        say("Interrupted; what was graded is kept, and the next run goes on from there.")
        return INTERRUPTED


def _grade(run: GradingRun, names: Sequence[str], progress: Progress) -> int:
    ready = []
    for name in names:
        try:
            run.grading(name)
            ready.append(name)
        except GraderError as error:
            # One assignment that cannot be graded does not stop the others.
            complain(str(error))
    if not ready:
        return BAD_USAGE
    with _patience(run):
        run.require_sandbox()
    handed_over = HandedOver(run)
    arguments = [str(run.course.assignment(name)) for name in ready]
    with progress.over(run, ready), _own_plugins_only():
        code = pytest.main(
            ["-c", os.devnull, f"--rootdir={run.course.root}", *_QUIET, *arguments],
            plugins=[handed_over],
        )
        run.stop()
    if code == pytest.ExitCode.USAGE_ERROR:  # pytest has said which conftest.py, and why
        complain("nothing was graded: pytest could not start")
        return BAD_USAGE
    not_graded = _not_graded(run)
    run.write_reports()
    if handed_over.interrupted:
        raise KeyboardInterrupt
    if code not in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.INTERRUPTED}:
        complain(f"pytest ended with {code!r}; run it by hand to see why: pytest {arguments[0]}")
        return GRADER_FAULT
    faults = _summary(run, ready)
    for text in handed_over.not_collected:
        complain(text)
    if len(ready) < len(names) or handed_over.not_collected:
        return BAD_USAGE
    return GRADER_FAULT if faults or not_graded else GRADED


@contextmanager
def _patience(run: GradingRun) -> Iterator[None]:
    """Say which part is being planned if that takes long."""

    def say_it() -> None:
        planning = [grading.planning() for grading in run.gradings.values()]
        part = next(filter(None, planning), "")
        if part:
            complain(
                f"still computing what is expected of {part}; if its reference never ends, "
                "stop with Ctrl-C"
            )

    timer = threading.Timer(PATIENCE_S, say_it)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


# Progress and summary are ours and come while pytest runs, so its reporter and its capturing are
# off; so is whatever costs time at every item and serves none of them, and the cache, which would
# be written into the course's folder.
_OFF = (
    "cacheprovider",
    "doctest",
    "faulthandler",
    "junitxml",
    "logging",
    "pastebin",
    "setuponly",
    "setupplan",
    "stepwise",
    "terminal",
    "threadexception",
    "unittest",
    "unraisableexception",
    "warnings",
)
_QUIET = (
    "-s",
    "--continue-on-collection-errors",
    "-p",
    "grader.pytest_plugin",
    *(word for name in _OFF for word in ("-p", f"no:{name}")),
)


@contextmanager
def _own_plugins_only() -> Iterator[None]:
    """Keep plugins that happen to be installed, and options for other runs, out of this one."""
    kept = {
        name: os.environ.get(name) for name in ("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "PYTEST_ADDOPTS")
    }
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    os.environ.pop("PYTEST_ADDOPTS", None)
    try:
        yield
    finally:
        for name, value in kept.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _summary(run: GradingRun, names: Sequence[str]) -> int:
    """Print the scores and where the report is; return how many submissions met a fault of ours."""
    faults = 0
    for name in names:
        report = run.gradebook.report(name)
        if report is None:
            continue
        selected = set(run.gradings[name].selected)
        say(f"\n{report.outline.title} ({name})")
        shown = [s for s in report.submissions if s.submission in selected]
        names_shown = [one_line(s.submission) for s in shown]
        # One very long name does not push the scores of all out of sight.
        width = max((len(n) for n in names_shown if len(n) <= _NAME_WIDTH), default=0)
        for submission, called in zip(shown, names_shown, strict=True):
            pending = f", {points_text(submission.pending)} waiting" if submission.pending else ""
            score = (
                f"{points_text(submission.score):>6} of {points_text(report.outline.max_points)}"
            )
            extra = bonus(report.outline, submission)
            extra_text = f", {of_them_bonus(extra)}" if extra else ""
            faulty = sum(part.status is Status.GRADER_FAULT for part in submission.parts)
            fault = f"  grader fault in {counted(faulty, 'part')}" if faulty else ""
            faults += bool(faulty)
            say(f"  {called:<{width}}  {score}{extra_text}{pending}{fault}")
        for note in report.notes:
            say(f"  note: {note}")
    assert run.settings.reports is not None  # noqa: S101  (grade always has a folder)
    say(f"\nReport: {run.settings.reports / 'index.html'}")
    return faults


def _not_graded(run: GradingRun) -> int:
    """Complain of the submissions without a result, once for each reason; return their number."""
    reasons: dict[str, list[str]] = {}
    for (name, submission), error in run.failures.items():
        reasons.setdefault(str(error) or repr(error), []).append(f"{name}/{one_line(submission)}")
    for reason, submissions in reasons.items():
        first, *others = submissions
        more = f" and {len(others)} more" if others else ""
        complain(f"{first}{more} not graded: {reason}")
    return len(run.failures)
