"""``grader grade``: a pytest run with the plugin, a progress display, and a summary."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from grader import messages
from grader.cli.console import complain, one_line, say
from grader.cli.ended import Ended
from grader.cli.progress import Progress
from grader.errors import GraderError
from grader.grading.run import GradingRun, Settings, uncollected, usable_cores
from grader.messages.text import counted, points_text
from grader.records import Status, SubmissionResult
from grader.report.words import bonus, of_them_bonus
from grader.spec.course import Course

GRADED, BAD_USAGE, GRADER_FAULT, INTERRUPTED = 0, 2, 3, 130
PATIENCE_S = 15.0
"""After so long, it is said which part is still being planned: its reference may never end."""
_NAME_WIDTH = 40


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
            return graded(grading_run, chosen, progress)
    except GraderError as error:
        complain(str(error))
        return BAD_USAGE
    except KeyboardInterrupt:
        say("Interrupted; what was graded is kept, and the next run goes on from there.")
        return INTERRUPTED


def graded(run: GradingRun, names: Sequence[str], progress: Progress) -> int:
    """Return the exit code of grading assignments; write the reports if the run has a folder."""
    with uncollected(), _patience(run):
        ready = _ready(run, names)
        run.require_sandbox()
    if not ready:
        return BAD_USAGE
    with progress.over(run, ready):
        ended = _run(run, ready)
        run.stop()
    if ended.refused:  # pytest has said which conftest.py, and why
        complain("pytest could not start; what was graded meanwhile is kept")
        return BAD_USAGE
    not_graded = _not_graded(run)
    if run.settings.reports is not None:
        run.write_reports()
    if ended.interrupted:
        raise KeyboardInterrupt
    if ended.fault:
        complain(ended.fault)
        return GRADER_FAULT
    faults = _summary(run, ready)
    for text in ended.not_collected:
        complain(text)
    if len(ready) < len(names) or ended.not_collected:
        return BAD_USAGE
    return GRADER_FAULT if faults or not_graded else GRADED


def _ready(run: GradingRun, names: Sequence[str]) -> list[str]:
    """Return the assignments that can be graded; one that cannot does not stop the others."""
    ready = []
    for name in names:
        try:
            run.grading(name)
            ready.append(name)
        except GraderError as error:
            complain(str(error))
    return ready


def _run(run: GradingRun, names: Sequence[str]) -> Ended:
    """Grade what has no good result; return how that ended."""
    gradings = [run.gradings[name] for name in names]
    if not any(grading.stale_submissions() or grading.stale_tests() for grading in gradings):
        return Ended()
    # pytest takes a while to start: meanwhile the first submissions are graded.
    run.start({(name, each) for name in names for each in run.gradings[name].stale_submissions()})
    from grader.cli.pytest_run import run_pytest  # noqa: PLC0415

    return run_pytest(run, names)


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


def _summary(run: GradingRun, names: Sequence[str]) -> int:
    """Print the scores and where the report is; return how many submissions met a fault of ours."""
    faults = 0
    for name in names:
        brief = run.briefs().get(name)
        if brief is None:
            continue
        report, grading = brief.report, run.gradings[name]
        selected = {grading.submissions[each].student for each in grading.selected}
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
            others = sum(attempt.fault for attempt in submission.attempts) - bool(faulty)
            fault += f"  grader fault in {counted(others, 'other attempt')}" if others > 0 else ""
            faults += bool(fault)
            say(f"  {called:<{width}}  {score}{_came(submission)}{extra_text}{pending}{fault}")
        for note in report.notes:
            say(f"  note: {note}")
    if run.settings.reports is not None:
        say(f"\nReport: {run.settings.reports / 'index.html'}")
    return faults


def _came(submission: SubmissionResult) -> str:
    """Return in brackets how late a submission is, and which attempt counts."""
    late = submission.lateness
    brief = messages.dates.briefly(submission.earned, late) if late else ""
    several = len(submission.attempts)
    counts = f"attempt {submission.arrival.attempt} of {several}" if several > 1 else ""
    words = ", ".join(filter(None, (brief, counts)))
    return f" ({words})" if words else ""


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
