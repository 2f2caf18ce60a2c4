from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from grader.records import AssignmentReport
from grader.report.names import page_file
from grader.report.site import STATE, Pages
from grader.report.site import write as write_pages

from . import sample


def write(reports: Sequence[AssignmentReport], folder: Path) -> Path:
    return write_pages([Pages.of(report) for report in reports], folder)


def _times(folder: Path) -> dict[str, int]:
    return {str(path): path.stat().st_ino for path in folder.rglob("*") if path.is_file()}


def test_the_index_the_results_and_a_page_for_each_submission_are_written(
    report: AssignmentReport, tmp_path: Path
) -> None:
    assert write([report], tmp_path) == tmp_path / "index.html"
    assert sorted(path.name for path in (tmp_path / "background-math").iterdir()) == sorted(
        [
            STATE,
            "index.html",
            "results.json",
            *(page_file(each.submission) for each in report.submissions),
        ]
    )


def test_a_folder_that_does_not_exist_yet_is_made_even_for_no_report(tmp_path: Path) -> None:
    index = write([], tmp_path / "a" / "reports")
    assert "No assignment has been graded yet." in index.read_text(encoding="utf-8")


def test_nothing_is_written_again_when_nothing_changed(
    report: AssignmentReport, tmp_path: Path
) -> None:
    write([report], tmp_path)
    before = _times(tmp_path)
    write([report], tmp_path)
    assert _times(tmp_path) == before


def test_only_the_files_that_a_changed_submission_touches_are_written_again(
    report: AssignmentReport, tmp_path: Path
) -> None:
    write([report], tmp_path)
    before = _times(tmp_path)
    first, *others = report.submissions
    changed = replace(first, output_kib=9.5)
    write([replace(report, submissions=(changed, *others))], tmp_path)
    after = _times(tmp_path)
    written = {Path(name).name for name in after if after[name] != before[name]}
    assert written == {"worked-solution.html", STATE}


def test_the_page_of_a_submission_that_is_gone_is_removed(
    report: AssignmentReport, tmp_path: Path
) -> None:
    write([report], tmp_path)
    write([replace(report, submissions=report.submissions[:1])], tmp_path)
    pages = [path.name for path in (tmp_path / "background-math").glob("*.html")]
    assert sorted(pages) == ["index.html", "worked-solution.html"]


def test_what_others_keep_in_the_folder_of_reports_stays(
    report: AssignmentReport, tmp_path: Path
) -> None:
    kept = [
        tmp_path / "grades.sqlite",
        tmp_path / "background-math" / "my-notes.html",
        tmp_path / "other-assignment" / "ada.html",
    ]
    for path in kept:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"<p>mine</p>")
    write([report], tmp_path)
    assert all(path.read_bytes() == b"<p>mine</p>" for path in kept)


def test_no_unfinished_file_is_left_behind(report: AssignmentReport, tmp_path: Path) -> None:
    write([report], tmp_path)
    assert not [path for path in tmp_path.rglob("*") if path.name.endswith(".tmp")]


@pytest.mark.parametrize(
    "identifier",
    ["..", ".", "", "a/b", "con", "index", "changes", "x" * 5000, "\udc80", "a\x00b", "../../x"],
)
def test_every_name_of_a_student_gets_a_page_inside_the_folder(
    identifier: str, tmp_path: Path
) -> None:
    submission = replace(sample.finished(), submission=identifier)
    write([sample.report(submission)], tmp_path)
    folder = tmp_path / "background-math"
    pages = list(tmp_path.rglob("*.html"))
    assert sorted(page.parent for page in pages) == [tmp_path, folder, folder]


def test_changes_have_a_page_as_long_as_there_are_any(tmp_path: Path) -> None:
    write([sample.regraded()], tmp_path)
    page = tmp_path / "background-math" / "changes.html"
    assert "Before and after" in page.read_text(encoding="utf-8")
    write([sample.report()], tmp_path)
    assert not page.exists()


def test_a_page_that_somebody_removed_is_written_again(
    report: AssignmentReport, tmp_path: Path
) -> None:
    write([report], tmp_path)
    page = tmp_path / "background-math" / "worked-solution.html"
    page.unlink()
    write([report], tmp_path)
    assert page.is_file()


def test_a_submission_that_is_gone_meanwhile_has_no_page(
    report: AssignmentReport, tmp_path: Path
) -> None:
    pages = replace(Pages.of(report), whole=lambda _: None)
    write_pages([pages], tmp_path)
    assert not (tmp_path / "background-math" / "worked-solution.html").exists()
    assert (tmp_path / "background-math" / "index.html").is_file()
