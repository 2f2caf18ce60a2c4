"""``grader grade --submission DIR``: one submitted folder, and its grade where it is looked for.

For jobs that grade one student's repository: no submissions/ folder, no reports unless asked for,
and nothing in the folder but what was handed in.
"""

from __future__ import annotations

import contextlib
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from pathlib import Path

from grader.cli import grade, safeguards
from grader.cli.console import complain, one_line, say
from grader.cli.export import STDOUT, Wishes, deliver
from grader.cli.options import Single
from grader.cli.progress import Progress
from grader.errors import GraderError, ReportError, UsageError
from grader.grading.run import GradingRun, Settings
from grader.messages.text import points_text
from grader.records import AssignmentReport
from grader.report.exports.registry import Format, format_called
from grader.report.exports.request import Export
from grader.report.names import safe_name
from grader.spec.course import Course
from grader.submissions import metadata
from grader.submissions.folder import read, readable

GRADED, TOO_FEW, BAD_USAGE, GRADER_FAULT, INTERRUPTED = 0, 1, 2, 3, 130
RESULTS = Path("/autograder/results/results.json")
"""Where Gradescope looks."""
_STEP_SUMMARY, _STEP_OUTPUT = "GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT"


@dataclass(frozen=True, slots=True)
class _Delivery:
    """An export, and where it goes."""

    chosen: Format
    target: str
    wishes: Wishes


def run(wanted: Single, *, reports: Path | None, unsafe: bool, course: Path | None) -> int:
    """Return the exit code of grading one submission; it is exported to where it is asked for."""
    try:
        folder = safeguards.submitted_folder(wanted.submission or Path())
        safeguards.refuse_foreign_modules(folder)
        found = safeguards.course_for(folder, course)
        name = _assignment(wanted.assignment, found)
        student, submitted_at = _who_and_when(wanted, folder)
        least = None if wanted.fail_under is None else _Least.read(wanted.fail_under)
        place = None if reports is None else safeguards.output_place(reports, folder)
        deliveries = _deliveries(wanted, folder, name, student, place)
        progress = Progress()
        settings = Settings(
            reports=place,
            alone=replace(read(folder, student), submitted_at=submitted_at),
            unsafe=unsafe,
            on_done=progress.done,
            on_call=progress.began,
        )
        # Libraries look into the folder that one is in, matplotlib for its matplotlibrc.
        with contextlib.chdir(found.root), GradingRun(found, settings) as grading_run:
            with _apart(wanted.to):
                code = grade.graded(grading_run, [name], progress)
            report = grading_run.gradebook.report(name)
        if code == BAD_USAGE or report is None or not report.submissions:
            return code or GRADER_FAULT
        for delivery in deliveries:
            _deliver(report, delivery)
        return code or (GRADED if least is None else _judged(report, least))
    except GraderError as error:
        complain(str(error))
        return BAD_USAGE
    except KeyboardInterrupt:
        say("Interrupted; nothing was exported.")
        return INTERRUPTED


# ---- what is graded ------------------------------------------------------------------------------


def _assignment(named: str | None, course: Course) -> str:
    names = course.names()
    if named is None and len(names) > 1:
        raise UsageError(f"which assignment is this? Say it with --assignment: {', '.join(names)}")
    (name,) = course.chosen([named] if named is not None else names)
    return name


def _who_and_when(wanted: Single, folder: Path) -> tuple[str, datetime | None]:
    told = None if wanted.metadata is None else metadata.read(wanted.metadata)
    key = wanted.student_from or metadata.KEYS[0]
    if key not in metadata.KEYS:
        known = ", ".join(metadata.KEYS)
        raise UsageError(f"--student-from {one_line(key)}: expected one of {known}")
    student = wanted.student
    if student is None:
        student = told.submission(key) if told else readable(folder.name)
    if not student:
        raise UsageError(f"{folder} has no name; say whose submission it is with --student")
    if wanted.submitted_at is not None:
        return student, _moment(wanted.submitted_at)
    return student, told.submitted_at if told else None


def _moment(text: str) -> datetime:
    with contextlib.suppress(ValueError):
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            return moment
    raise UsageError(
        f"--submitted-at {one_line(text)}: expected a time with its zone, such as "
        "2026-03-01T17:30:00+01:00"
    )


# ---- where it goes -------------------------------------------------------------------------------


def _deliveries(
    wanted: Single, folder: Path, name: str, student: str, reports: Path | None
) -> list[_Delivery]:
    """Return every export that is asked for; what cannot be done is said before grading."""
    formats = [format_called(each) for each in dict.fromkeys(wanted.format)]
    if wanted.to is not None and not formats:
        raise UsageError("--to is where an export goes; say which one with --format")
    if wanted.to == STDOUT and len(formats) > 1:
        raise UsageError("--to - is for one --format; two on stdout could not be told apart")
    if wanted.visibility and all(each.name != "gradescope" for each in formats):
        raise UsageError("--visibility is for --format gradescope")
    within = folder.relative_to(safeguards.repository(folder)).as_posix()
    at = wanted.folder if wanted.folder is not None else within
    made = []
    for chosen in formats:
        wishes = Wishes(
            students=(student,),
            visibility=wanted.visibility if "visibility" in chosen.options else (),
            folder=at if "folder" in chosen.options else None,
        )
        target = _target(chosen, wanted, folder, name, reports, several=len(formats) > 1)
        made.append(_Delivery(chosen, target, wishes))
    if any(each.name == "github" for each in formats) and wanted.to != STDOUT:
        marks = format_called("annotations")
        if marks not in formats:  # the code is marked where the summary is read
            made.append(_Delivery(marks, STDOUT, Wishes(students=(student,), folder=at)))
    return made


def _target(
    chosen: Format,
    wanted: Single,
    folder: Path,
    name: str,
    reports: Path | None,
    *,
    several: bool,
) -> str:
    """Return where whoever reads this format looks: a path, or "-" for stdout."""
    file = RESULTS.name if chosen.many else chosen.file
    if wanted.to == STDOUT:
        return STDOUT
    if wanted.to is not None and not (several and chosen.printed):
        given = Path(wanted.to)
        return str(safeguards.output_place(given / file if several else given, folder))
    variable = {"github": _STEP_SUMMARY, "classroom": _STEP_OUTPUT}.get(chosen.name, "")
    if os.environ.get(variable):
        return os.environ[variable]
    if chosen.printed:
        return STDOUT
    if chosen.many and RESULTS.parent.is_dir():
        return str(RESULTS)
    if reports is not None:
        return str(reports / safe_name(name) / "exports" / file)
    raise UsageError(f"--format {chosen.name} is a file; say where with --to, as in: --to {file}")


@contextlib.contextmanager
def _apart(to: str | None) -> Iterator[None]:
    """Keep what is told during the grading off stdout if an export is to stand there alone."""
    if to != STDOUT:
        yield
        return
    with contextlib.redirect_stdout(sys.stderr):
        yield


def _deliver(report: AssignmentReport, delivery: _Delivery) -> None:
    is_output = delivery.target == os.environ.get(_STEP_OUTPUT)
    if delivery.chosen.name != "classroom" or not is_output:
        deliver(report, delivery.chosen, delivery.wishes, delivery.target)
        return
    made = delivery.chosen.make(report, Export())
    try:
        with Path(delivery.target).open("ab") as file:
            file.write(b"result=" + made.documents[0].content)
    except OSError as error:
        raise ReportError(f"{delivery.target} cannot be written: {error.strerror}") from None
    for note in made.notes:
        complain(f"note: {note}")


# ---- whether it is enough ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Least:
    """What a submission has to reach: points, or a share of those that wait for nobody."""

    text: str
    points: Fraction | None
    share: Fraction | None

    @classmethod
    def read(cls, text: str) -> _Least:
        if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?%?", text):
            raise UsageError(
                f"--fail-under {one_line(text)}: expected points or a percentage, such as 12.5 or "
                "60%"
            )
        if text.endswith("%"):
            return cls(text, None, Fraction(text[:-1]) / 100)
        return cls(text, Fraction(text), None)


def _judged(report: AssignmentReport, least: _Least) -> int:
    """Return whether the submission has reached what it has to."""
    (submission,) = report.submissions
    judged = report.outline.max_points - submission.pending
    needed = least.points if least.share is None else least.share * judged
    assert needed is not None  # noqa: S101  (one of the two is given)
    if submission.score >= needed:
        return GRADED
    complain(
        f"{points_text(submission.score)} of {points_text(judged)} points; --fail-under "
        f"{least.text} asks for {points_text(needed)}"
    )
    return TOO_FEW
