"""The folder of reports: index.html, and a folder for each assignment.

index.html                    all assignments
<assignment>/index.html       the class
<assignment>/changes.html     whose score a later grading changed, if there was one
<assignment>/<student>.html
<assignment>/results.json     the same for programs
<assignment>/.state           what all of these were made from

What was made from the same things as before is left alone, and not looked into; the modules that
make pages are not even imported then, which would take longer than all else.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from grader.records import AssignmentOutline, AssignmentReport, SubmissionResult
from grader.report.files import head, remove_stale_pages, write_if_changed
from grader.report.fingerprint import Fingerprints
from grader.report.names import page_file, safe_name

if TYPE_CHECKING:
    from grader.report.overview import Overview

STATE = ".state"
_one_page_at_a_time = threading.Lock()  # threads would only take turns, with more to remember


@dataclass(frozen=True, slots=True)
class Pages:
    """An assignment to be written.

    `report` may lack what only the pages of students show; `whole` returns a submission with
    everything, or None if another grader has taken it out meanwhile.  `states` says of each
    submission what its page is made from, as a digest.
    """

    report: AssignmentReport
    states: Mapping[str, str]
    whole: Callable[[str], SubmissionResult | None]
    state: str  # of the assignment as a whole

    @classmethod
    def of(cls, report: AssignmentReport) -> Pages:
        """Return the pages of a report that is whole."""
        submissions = {each.submission: each for each in report.submissions}
        states = {name: _digest(repr(each)) for name, each in submissions.items()}
        return cls(report, states, submissions.get, _digest(repr(report)))

    @property
    def folder(self) -> str:
        """The name of the assignment's folder."""
        return safe_name(self.report.outline.id)


def write(assignments: Sequence[Pages], folder: Path) -> Path:
    """Return the path of index.html, after writing all reports into a folder.

    A file is rewritten only where its content changed, in one step.  Pages of submissions that
    are gone are removed; folders of assignments that are not among the reports are left alone.
    """
    index = folder / "index.html"
    fingerprint = Fingerprints().of(*(each.state for each in assignments))
    states = folder / STATE
    changed = [each for each in assignments if not _is_written(each, folder / each.folder)]
    if not changed and index.is_file() and head(states) == fingerprint.encode("ascii"):
        return index
    from grader.report.overview import overview  # noqa: PLC0415  (see above)
    from grader.report.pages import index_html  # noqa: PLC0415

    views = []
    for each in assignments:
        view = overview(each.report)
        if each in changed:
            _write_assignment(each, view, folder / each.folder)
        views.append(view)
    write_if_changed(index, index_html(tuple(views)))
    write_if_changed(states, fingerprint.encode("ascii"))
    return index


def write_page(
    report: AssignmentReport, submission: SubmissionResult, fingerprint: str, path: Path
) -> None:
    """Write the page of one submission; of the report, only what all pages share is needed."""
    from grader.report.pages import submission_html  # noqa: PLC0415  (see above)
    from grader.report.submission_page import submission_page  # noqa: PLC0415

    with _one_page_at_a_time:
        page = submission_html(submission_page(report, submission), fingerprint)
    write_if_changed(path, page)


def write_early(
    outline: AssignmentOutline,
    unconfined: bool,
    submission: SubmissionResult,
    state: str,
    folder: Path,
) -> None:
    """Write the page of one submission before its assignment is graded as a whole."""
    report = AssignmentReport(outline, (), unconfined=unconfined)
    path = folder / safe_name(outline.id) / page_file(submission.submission)
    write_page(report, submission, Fingerprints(report).of(state), path)


def _is_written(pages: Pages, folder: Path) -> bool:
    """Return whether all files of an assignment are there, made from what they are to show."""
    if not folder.is_dir():
        return False
    if head(folder / STATE) != Fingerprints(pages.report).of(pages.state).encode("ascii"):
        return False
    there = {path.name for path in folder.iterdir()}
    return there.issuperset(_names(pages.report))


def _names(report: AssignmentReport) -> Iterator[str]:
    yield from ("index.html", "results.json")
    yield from (page_file(submission.submission) for submission in report.submissions)


def _write_assignment(pages: Pages, view: Overview, folder: Path) -> None:
    from grader.report.pages import changes_html, class_html  # noqa: PLC0415  (see above)
    from grader.report.results import results_json  # noqa: PLC0415

    report = pages.report
    write_if_changed(folder / "results.json", results_json(report))
    write_if_changed(folder / "index.html", class_html(view))
    names = set(_names(report))
    if view.regradings:
        write_if_changed(folder / "changes.html", changes_html(view))
        names.add("changes.html")
    fingerprints = Fingerprints(report)
    for submission in report.submissions:
        name = submission.submission
        path = folder / page_file(name)
        fingerprint = fingerprints.of(pages.states[name])
        if fingerprint.encode("ascii") in head(path):
            continue
        whole = pages.whole(name)
        if whole is not None:
            write_page(report, whole, fingerprint, path)
    remove_stale_pages(folder, names)
    write_if_changed(folder / STATE, fingerprints.of(pages.state).encode("ascii"))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
