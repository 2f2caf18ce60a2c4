"""``grader grade``: a pytest run with the plugin, a progress display, and a summary."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from grader.cli.console import complain, say
from grader.cli.progress import Progress
from grader.errors import GraderError
from grader.grading.run import GradingRun, Settings, usable_cores
from grader.messages import points_text
from grader.records import Status
from grader.spec.course import Course

GRADED, BAD_USAGE, GRADER_FAULT, INTERRUPTED = 0, 2, 3, 130


class HandedOver:
    """A grading run in the form of a pytest plugin, so that `grader.pytest_plugin` finds it."""

    __name__ = "grader-run"

    def __init__(self, run: GradingRun) -> None:
        self.run = run


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
        )
        with GradingRun(found, settings) as grading_run:
            return _grade(grading_run, chosen, progress)
    except GraderError as error:
        complain(str(error))
        return BAD_USAGE


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
    run.require_sandbox()
    arguments = [str(run.course.assignment(name)) for name in ready]
    with progress.over(run, ready), _own_plugins_only():
        code = pytest.main(
            ["-c", os.devnull, f"--rootdir={run.course.root}", *_QUIET, *arguments],
            plugins=[HandedOver(run), progress],
        )
    if code == pytest.ExitCode.INTERRUPTED:
        say("Interrupted; what was graded is kept, and the next run goes on from there.")
        return INTERRUPTED
    if code not in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED}:
        complain(f"pytest ended with {code!r}; run it by hand to see why: pytest {arguments[0]}")
        return GRADER_FAULT
    faults = _summary(run, ready)
    if len(ready) < len(names):
        return BAD_USAGE
    return GRADER_FAULT if faults else GRADED


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
        width = max((len(s.submission) for s in report.submissions), default=0)
        for submission in report.submissions:
            if submission.submission not in selected:
                continue
            pending = f", {points_text(submission.pending)} waiting" if submission.pending else ""
            score = (
                f"{points_text(submission.score):>6} of {points_text(report.outline.max_points)}"
            )
            faulty = sum(part.status is Status.GRADER_FAULT for part in submission.parts)
            fault = f"  grader fault in {faulty} parts" if faulty else ""
            faults += bool(faulty)
            say(f"  {submission.submission:<{width}}  {score}{pending}{fault}")
        for note in report.notes:
            say(f"  note: {note}")
    assert run.settings.reports is not None  # noqa: S101  (grade always has a folder)
    say(f"\nReport: {run.settings.reports / 'index.html'}")
    sys.stdout.flush()
    return faults
