"""The folder of reports: index.html, and for each assignment results.json and its pages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from grader.records import AssignmentReport
from grader.report.files import head, remove_stale_pages, write_if_changed
from grader.report.fingerprint import Fingerprints
from grader.report.names import page_file, safe_name
from grader.report.overview import overview
from grader.report.pages import index_html, submission_html
from grader.report.results import results_json
from grader.report.submission_page import submission_page


def write(reports: Sequence[AssignmentReport], folder: Path) -> Path:
    """Return the path of index.html, after writing all reports into a folder.

    A file is rewritten only where its content changed, in one step.  Pages of submissions that
    are gone are removed; folders of assignments that are not among the reports are left alone.
    """
    for report in reports:
        _write_assignment(report, folder / safe_name(report.outline.id))
    index = folder / "index.html"
    write_if_changed(index, index_html(tuple(overview(report) for report in reports)))
    return index


def _write_assignment(report: AssignmentReport, folder: Path) -> None:
    write_if_changed(folder / "results.json", results_json(report))
    fingerprints = Fingerprints(report)
    names = set()
    for submission in report.submissions:
        name = page_file(submission.submission)
        names.add(name)
        fingerprint = fingerprints.of(submission)
        if fingerprint.encode("ascii") not in head(folder / name):
            page = submission_html(submission_page(report, submission), fingerprint)
            write_if_changed(folder / name, page)
    remove_stale_pages(folder, names)
