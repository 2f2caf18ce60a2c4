"""The folder of reports: index.html, and a folder for each assignment.

index.html                    all assignments
<assignment>/index.html       the class
<assignment>/changes.html     whose score a later grading changed, if there was one
<assignment>/<student>.html
<assignment>/results.json     the same for programs
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from grader.records import AssignmentReport
from grader.report.files import head, remove_stale_pages, write_if_changed
from grader.report.fingerprint import Fingerprints
from grader.report.names import page_file, safe_name
from grader.report.overview import Overview, overview
from grader.report.pages import changes_html, class_html, index_html, submission_html
from grader.report.results import results_json
from grader.report.submission_page import submission_page


def write(reports: Sequence[AssignmentReport], folder: Path) -> Path:
    """Return the path of index.html, after writing all reports into a folder.

    A file is rewritten only where its content changed, in one step.  Pages of submissions that
    are gone are removed; folders of assignments that are not among the reports are left alone.
    """
    views = []
    for report in reports:
        view = overview(report)
        _write_assignment(report, view, folder / safe_name(report.outline.id))
        views.append(view)
    index = folder / "index.html"
    write_if_changed(index, index_html(tuple(views)))
    return index


def _write_assignment(report: AssignmentReport, view: Overview, folder: Path) -> None:
    write_if_changed(folder / "results.json", results_json(report))
    write_if_changed(folder / "index.html", class_html(view))
    names = {"index.html"}
    if view.regradings:
        write_if_changed(folder / "changes.html", changes_html(view))
        names.add("changes.html")
    fingerprints = Fingerprints(report)
    for submission in report.submissions:
        name = page_file(submission.submission)
        names.add(name)
        fingerprint = fingerprints.of(submission)
        if fingerprint.encode("ascii") not in head(folder / name):
            page = submission_html(submission_page(report, submission), fingerprint)
            write_if_changed(folder / name, page)
    remove_stale_pages(folder, names)
