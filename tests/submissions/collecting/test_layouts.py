from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from grader.errors import UsageError
from tests.submissions.collecting.downloads import CODE, Desk, zipped

METADATA = """\
---
submission_101:
  :submitters:
  - :name: Ada Lovelace
    :sid: s1
    :email: ada@uni.edu
  :created_at: 2026-03-01 22:10:05.190432000 Z
  :score: 3.0
  :results:
    output: "anything"
  :history:
  - :created_at: 2026-03-01 20:00:00.000000000 Z
    :score: 1.0
submission_102:
  :submitters:
  - :name: Ben Bit
    :sid:
    :email: ben@uni.edu
  - :name: Cleo Code
    :sid: s3
    :email: cleo@uni.edu
  :created_at: 2026-03-02 07:30:00 +01:00
  :history: []
submission_103:
  :submitters:
  - :name: Dora
    :sid: s4
    :email:
  :created_at: nonsense
"""


def gradescope(metadata: str = METADATA) -> dict[str, bytes]:
    root = "assignment_7_export"
    return {
        f"{root}/submission_metadata.yml": metadata.encode(),
        f"{root}/submission_101/solution.py": CODE,
        f"{root}/submission_102/solution.py": CODE,
        f"{root}/submission_102/data/x.txt": b"1",
        f"{root}/submission_999/solution.py": b"",
        f"__MACOSX/{root}/._submission_metadata.yml": b"",
    }


@pytest.mark.parametrize("packing", ["zip", "folder"])
def test_gradescope_says_who_and_when(packing: str, desk: Desk) -> None:
    files = gradescope()
    collected = desk.collect(zipped(files) if packing == "zip" else files)
    assert collected.layout == "gradescope"
    assert list(desk.files()) == [
        "ben@uni.edu/data/x.txt",
        "ben@uni.edu/solution.py",
        "manifest.csv",
        "s1/solution.py",
        "s3/data/x.txt",
        "s3/solution.py",
    ]
    assert desk.manifest() == [
        "ben@uni.edu,2026-03-02T07:30:00+01:00,gradescope",
        "s1,2026-03-01T22:10:05+00:00,gradescope",
        "s3,2026-03-02T07:30:00+01:00,gradescope",
    ]
    assert collected.notes == [
        "submission_103 is in submission_metadata.yml, but has no files",
        "submission_999 was ignored: it is not in submission_metadata.yml",
        "ben@uni.edu (Ben Bit): handed in together with Cleo Code",
        "s1 (Ada Lovelace): handed in 2 times; the export holds the one that is active there",
        "s3 (Cleo Code): handed in together with Ben Bit",
    ]


def test_a_list_of_gradescope_that_is_broken_is_told(desk: Desk) -> None:
    with pytest.raises(UsageError) as caught:
        desk.collect(zipped(gradescope("a: [")))
    assert str(caught.value).startswith(
        "assignment_7_export/submission_metadata.yml cannot be used: it is not the YAML that "
        "Gradescope writes ("
    )


CANVAS = {
    "doejane_LATE_12345_67890_solution-1.py": CODE,
    "doejane_LATE_12345_67891_answers.yaml": b"a: 1\n",
    "müllerjörg_22_70_hw1-2.zip": zipped({"hw1/solution.py": CODE}),
    "anon_x9Zq3_71_solution.py": CODE,
    "smithbob_23_text.html": b"<p>2x</p>",
    "lee_24_link.html": b"<a>",
}


@pytest.mark.parametrize("packing", ["zip", "folder"])
def test_canvas_names_the_student_in_the_file(packing: str, desk: Desk) -> None:
    collected = desk.collect(zipped(CANVAS) if packing == "zip" else CANVAS)
    assert collected.layout == "canvas"
    assert list(desk.files()) == [
        "doejane-12345/answers.yaml",
        "doejane-12345/solution.py",
        "lee-24/link.html",
        "müllerjörg-22/solution.py",
        "smithbob-23/text.html",
        "x9Zq3/solution.py",
    ]
    assert collected.notes == [
        "doejane-12345 (doejane_12345): Canvas marks it as late",
        "doejane-12345 (doejane_12345): solution-1.py was renamed solution.py",
        "lee-24 (lee_24): a link was handed in; what it leads to was not fetched",
        "müllerjörg-22 (müllerjörg_22): everything in hw1-2.zip lay in hw1/",
    ]


def test_the_dates_of_a_download_from_canvas_are_not_those_of_handing_in(desk: Desk) -> None:
    collected = desk.collect(zipped(CANVAS))
    assert not (desk.to / "manifest.csv").exists()
    assert (
        "Canvas does not say when something was handed in; where that matters, add a column "
        "submitted_at to the roster." in collected.text
    )
    assert (desk.to / "lee-24" / "link.html").stat().st_mtime < 400_000_000  # of 1980


def test_the_roster_knows_a_student_of_canvas_by_name(desk: Desk) -> None:
    roster = 'id,name,submitted_at\ns1,Jane Doe,2026-03-01T23:00+01:00\ns2,"Müller, Jörg",\n'
    collected = desk.collect(zipped(CANVAS), roster)
    assert {path.name for path in desk.to.iterdir()} >= {"s1", "s2"}
    assert desk.manifest() == ["s1,2026-03-01T23:00:00+01:00,canvas"]
    assert collected.strangers == ["lee-24  lee_24", "smithbob-23  smithbob_23", "x9Zq3  x9Zq3"]


def test_two_students_of_one_name_stay_apart(desk: Desk) -> None:
    desk.collect(zipped({"doejane_1_5_a.py": b"1", "doejane_2_6_a.py": b"2"}))
    assert desk.files() == {"doejane-1/a.py": b"1", "doejane-2/a.py": b"2"}


def test_the_newer_of_two_files_of_one_name_counts_on_canvas(desk: Desk) -> None:
    files = {
        "doe_1_5_a.zip": zipped({"solution.py": b"old"}),
        "doe_1_6_b.zip": zipped({"solution.py": b"new"}),
    }
    desk.collect(zipped(files))
    assert desk.files() == {"doe-1/solution.py": b"new"}


def test_a_file_among_those_of_canvas_is_told(desk: Desk) -> None:
    collected = desk.collect(zipped({"doe_1_5_a.py": b"", "grades.csv": b""}))
    assert collected.notes == ["grades.csv was ignored: Canvas does not name files like this"]


MOODLE = {
    "Jane Doe_501_assignsubmission_file_/solution.py": CODE,
    "Jane Doe_501_assignsubmission_file_/data/x.txt": b"1",
    "Jane Doe_501_assignsubmission_onlinetext_/onlinetext.html": b"<p>",
    "Ben Bit_502_assignsubmission_file/hw.zip": zipped({"solution.py": CODE}),
    "Cleo Code_503_assignsubmission_file_solution.py": CODE,
    "Team 4_77_assignsubmission_file_/solution.py": CODE,
}


@pytest.mark.parametrize("packing", ["zip", "folder"])
def test_moodle_names_the_student_in_the_folder(packing: str, desk: Desk) -> None:
    collected = desk.collect(zipped(MOODLE) if packing == "zip" else MOODLE)
    assert collected.layout == "moodle"
    assert list(desk.files()) == [
        "Ben-Bit-502/solution.py",
        "Cleo-Code-503/solution.py",
        "Jane-Doe-501/data/x.txt",
        "Jane-Doe-501/onlinetext.html",
        "Jane-Doe-501/solution.py",
        "Team-4-77/solution.py",
    ]


def test_the_grading_worksheet_of_moodle_is_a_roster(desk: Desk) -> None:
    roster = (
        "Identifier,Full name,Email address,Last modified (submission)\n"
        'Participant 501,Jane Doe,jane@uni.edu,"Sunday, 1 March 2026, 11:10 PM"\n'
        "Participant 502,Ben Bit,ben@uni.edu,-\n"
    )
    desk.collect(zipped(MOODLE), roster)
    assert {"jane@uni.edu", "ben@uni.edu"} <= {path.name for path in desk.to.iterdir()}
    assert desk.manifest() == ["jane@uni.edu,2026-03-01T23:10:00+00:00,moodle"]


STUDENTS: Mapping[str, bytes] = {"ada/solution.py": b"a", "ben/hw1/solution.py": b"b"}


@pytest.mark.parametrize("around", ["", "all of them/"])
@pytest.mark.parametrize("packing", ["zip", "folder"])
def test_a_folder_for_each_student(packing: str, around: str, desk: Desk) -> None:
    files = {f"{around}{name}": content for name, content in STUDENTS.items()}
    collected = desk.collect(zipped(files) if packing == "zip" else files)
    assert collected.layout == "folders"
    code = {name: raw for name, raw in desk.files().items() if name.endswith(".py")}
    assert code == {"ada/solution.py": b"a", "ben/solution.py": b"b"}


def test_a_zip_for_each_student(desk: Desk) -> None:
    files = {"ada.zip": zipped({"solution.py": b"a"}), "ben.ZIP": zipped({"solution.py": b"b"})}
    desk.collect(zipped({**files, "notes.txt": b""}))
    assert desk.files() == {
        "ada/solution.py": b"a",
        "ben/solution.py": b"b",
        "manifest.csv": b"submission,submitted_at,source\n"
        b"ada,2026-03-01T12:00:00+00:00,zip\nben,2026-03-01T12:00:00+00:00,zip\n",
    }


def test_a_loose_file_is_told(desk: Desk) -> None:
    collected = desk.collect(zipped({**STUDENTS, "notes.txt": b""}))
    assert collected.notes[0] == "notes.txt was ignored: it is not in a student's folder"


def test_a_single_student_is_no_wrapping(desk: Desk) -> None:
    desk.collect(zipped({"ada/solution.py": b"a"}))
    assert "ada/solution.py" in desk.files()


def test_the_second_file_of_one_name_is_a_second_attempt(desk: Desk) -> None:
    old, new = zipped({"solution.py": b"old"}), zipped({"solution.py": b"new"})
    collected = desk.collect(zipped({"ada (1).zip": new, "ada.zip": old, "ben.zip": old}))
    assert desk.files()["ada/attempt-2/solution.py"] == b"new"
    assert collected.twice == [
        "ada: 2 attempts, the last one ada (1).zip of 2026-03-01T12:00:00+00:00"
    ]


def test_clones_of_github_classroom_are_named_after_the_login(desk: Desk) -> None:
    source = desk.source({"hw1-ada/solution.py": b"a", "hw1-ben/solution.py": b"b"}, "clones")
    desk.collect(source)
    assert {"ada", "ben"} == {path.name for path in desk.to.iterdir() if path.is_dir()}


def test_the_folder_of_a_classroom_names_the_prefix(desk: Desk) -> None:
    source = desk.source({"lab-ada/solution.py": b"a"}, "lab-submissions")
    desk.collect(source)
    assert {"ada"} == {path.name for path in desk.to.iterdir() if path.is_dir()}


def test_attempts_in_a_folder_stay_attempts(desk: Desk) -> None:
    files = {"ada/attempt-1/solution.py": b"1", "ada/attempt-2/hw/solution.py": b"2"}
    desk.collect({**files, "ben/solution.py": b"b"})
    code = [name for name in desk.files() if name.endswith(".py")]
    assert code == ["ada/attempt-1/solution.py", "ada/attempt-2/solution.py", "ben/solution.py"]


@pytest.mark.parametrize(
    ("layout", "expected"),
    [
        ("canvas", "files such as doejane_12345_67890_solution.py"),
        ("gradescope", "submission_metadata.yml beside folders such as submission_12345"),
        ("moodle", "folders such as 'Jane Doe_12345_assignsubmission_file'"),
    ],
)
def test_a_layout_that_is_not_there_is_told(layout: str, expected: str, desk: Desk) -> None:
    with pytest.raises(UsageError) as caught:
        desk.collect(zipped(STUDENTS), layout=layout)
    assert (
        str(caught.value) == f"the source is not laid out as --layout {layout}: expected {expected}"
    )


def test_a_layout_can_be_told(desk: Desk) -> None:
    files = {"a_1_2_x/solution.py": CODE, "b_3_4_y/solution.py": CODE}
    assert desk.collect(files, layout="folders").layout == "folders"


def test_a_source_without_submissions_is_told(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        desk.collect(zipped({"solution.py": CODE, "../x": b""}))
    assert str(caught.value) == (
        "the source holds no submissions; expected a folder or a zip for each student, or a "
        "download from Canvas, Gradescope or Moodle (../x was ignored: its path leads out of the "
        "folder)"
    )
    assert not (tmp_path / "submissions" / "hw1").exists()
