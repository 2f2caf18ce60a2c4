"""``grader export``: the grades in the format of another place, from the gradebook alone."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from grader.cli.console import complain, one_line, say
from grader.cli.gradebooks import existing, graded, reports_folder
from grader.errors import GraderError, ReportError, UsageError
from grader.messages.text import counted
from grader.records import AssignmentReport
from grader.report.exports.gradescope import VISIBILITIES
from grader.report.exports.registry import FORMATS, Format, format_called
from grader.report.exports.request import MIB, Document, Export
from grader.report.exports.rows import Standing, named, rows
from grader.report.files import write_if_changed
from grader.report.names import safe_name
from grader.report.words import UNCONFINED
from grader.spec.faults import suggestion

EXPORTED, BAD_USAGE, GRADER_FAULT = 0, 2, 3
STDOUT = "-"
_STEP_SUMMARY = "GITHUB_STEP_SUMMARY"


@dataclass(frozen=True, slots=True)
class Wishes:
    """The options of the command line, as they were given."""

    students: Sequence[str] = ()
    visibility: Sequence[str] = ()
    update: Path | None = None
    column: str | None = None
    so_far: bool = False
    folder: str | None = None

    def given(self) -> set[str]:
        """Return the names of those that only some formats know."""
        values = {
            "visibility": self.visibility,
            "update": self.update,
            "column": self.column,
            "so-far": self.so_far,
            "folder": self.folder,
        }
        return {name for name, value in values.items() if value}


def run(
    assignment: str,
    *,
    format_name: str,
    to: str | None,
    wishes: Wishes,
    reports: Path | None,
    course: Path | None,
) -> int:
    """Return the exit code of an export; where it went is printed unless it went to stdout."""
    try:
        chosen = format_called(format_name)
        _fits(chosen, wishes)
        folder = reports_folder(reports, course)
        with existing(folder) as gradebook:
            report = _selected(graded(gradebook, assignment), wishes.students)
        if chosen.single and len(report.submissions) != 1:
            raise UsageError(
                f"--format {chosen.name} is about one submission; {assignment} has "
                f"{len(report.submissions)}. Name one with --student"
            )
        deliver(report, chosen, wishes, _target(chosen, report, folder, to, wishes))
    except GraderError as error:
        complain(str(error))
        return BAD_USAGE
    return _faults(report)


def deliver(report: AssignmentReport, chosen: Format, wishes: Wishes, target: str) -> None:
    """Write an export to a path, or to stdout if that is "-"; say where it went.

    Raises UsageError for wishes that cannot be met, ReportError if it cannot be written.
    """
    export = _export(report, wishes)
    if _is_step_summary(target):
        size = Path(target).stat().st_size if Path(target).exists() else 0
        export = replace(export, room=max(0, MIB - size))
    made = chosen.make(report, export)
    where = _deliver(made.documents, target, many=_many(chosen, wishes))
    if target != STDOUT and made.documents:
        files = f"{counted(len(made.documents), 'file')} to " if _many(chosen, wishes) else ""
        say(f"Wrote {files}{where}")
    for note in (*made.notes, *([UNCONFINED] if report.unconfined else [])):
        complain(f"note: {note}")


def _fits(chosen: Format, wishes: Wishes) -> None:
    for name in sorted(wishes.given() - chosen.options):
        able = [each.name for each in FORMATS.values() if name in each.options]
        raise UsageError(
            f"--{name} is for --format {' or '.join(able)}; {chosen.name} has no use for it"
        )


def _selected(report: AssignmentReport, students: Sequence[str]) -> AssignmentReport:
    known = [submission.submission for submission in report.submissions]
    for name in students:
        if name not in known:
            raise UsageError(
                f"no submission called {one_line(name)!r} has been graded{suggestion(name, known)}"
            )
    if not students:
        return report
    kept = tuple(each for each in report.submissions if each.submission in students)
    return replace(report, submissions=kept)


def _export(report: AssignmentReport, wishes: Wishes) -> Export:
    parts = [part.id for problem in report.outline.problems for part in problem.parts]
    everywhere, single = VISIBILITIES[0], {}
    for wish in wishes.visibility:
        part, _, when = wish.rpartition("=")
        if when not in VISIBILITIES:
            raise UsageError(
                f"--visibility {one_line(wish)}: Gradescope has no visibility {one_line(when)!r}; "
                f"it has {', '.join(VISIBILITIES)}{suggestion(when, VISIBILITIES)}"
            )
        if part and part not in parts:
            raise UsageError(
                f"--visibility {one_line(wish)}: no part is called {one_line(part)!r}"
                f"{suggestion(part, parts)}"
            )
        if part:
            single[part] = when
        else:
            everywhere = when
    return Export(
        visibility=everywhere,
        visibility_of=single,
        column=wishes.column or "",
        update=_read(wishes.update) if wishes.update else None,
        so_far=wishes.so_far,
        folder=wishes.folder or "",
    )


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(
            f"--update {path}: {error.strerror}; give the CSV file that Canvas exported"
        ) from None


def _many(chosen: Format, wishes: Wishes) -> bool:
    """Whether the export is a folder of files: it is one file if one student was chosen."""
    return chosen.many and len(wishes.students) != 1


def _target(
    chosen: Format, report: AssignmentReport, folder: Path, to: str | None, wishes: Wishes
) -> str:
    """Return where the export goes: a path, or "-" for stdout."""
    if to == STDOUT and _many(chosen, wishes):
        raise UsageError(
            f"--format {chosen.name} is a file for each submission, too many for stdout; name a "
            "folder with --to, or one student with --student"
        )
    if to:
        return to
    if chosen.name == "github" and os.environ.get(_STEP_SUMMARY):
        return os.environ[_STEP_SUMMARY]
    if chosen.printed:
        return STDOUT
    exports = folder / safe_name(report.outline.id) / "exports" / chosen.file
    if chosen.many and not _many(chosen, wishes):
        return str(exports / f"{safe_name(wishes.students[0])}.json")
    return str(exports)


def _is_step_summary(target: str) -> bool:
    summary = os.environ.get(_STEP_SUMMARY)
    return target != STDOUT and bool(summary) and Path(target) == Path(summary or "")


def _deliver(documents: Sequence[Document], target: str, *, many: bool) -> str:
    """Write the files; return where they went.  Raises ReportError if that is not possible."""
    path = Path(target)
    try:
        if target == STDOUT:
            for document in documents:
                _print(document.content)
        elif many:
            path.mkdir(parents=True, exist_ok=True)
            for document in documents:
                write_if_changed(path / document.name, document.content)
        else:
            for document in documents:
                path = path / document.name if path.is_dir() else path
                _write(path, document.content)
    except OSError as error:
        raise ReportError(
            f"{target} cannot be written: {error.strerror}; name another place with --to"
        ) from None
    return str(path)


def _write(path: Path, content: bytes) -> None:
    if _is_step_summary(str(path)):
        with path.open("ab") as file:
            file.write(content)
    elif path.exists() and not path.is_file():  # a pipe or a device is written to, not replaced
        path.write_bytes(content)
    else:
        write_if_changed(path.resolve(), content)


def _print(content: bytes) -> None:
    """Write to stdout; nothing happens if nobody reads it."""
    if sys.stdout is None:
        return
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def _faults(report: AssignmentReport) -> int:
    faulty = [row.id for row in rows(report) if row.standing is Standing.FAULT]
    if not faulty:
        return EXPORTED
    complain(
        f"the grader failed on a part of {named(faulty)}; its points are exported as unknown, not "
        "as zero. Grade again, then export again"
    )
    return GRADER_FAULT
