from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import UsageError
from grader.records import SubmissionResult
from grader.report.exports.canvas import canvas
from grader.report.exports.request import Export, Exported

from . import consumers, sample

USERS = {"101": "ada", "102": "grace", "al1": "ada", "gh2": "grace", "grace": "grace"}
ASSIGNMENTS = {"7": "Slopes & curves", "8": "Slopes"}
EXPORT = """\
Student,ID,SIS User ID,SIS Login ID,Section,Notes,Slopes (8),Slopes & curves (7),Final Score
,,,,,,,Manual Posting,
    Points Possible,,,,,,4,10,(read only)
"Lovelace, Ada",101,ada,al1,"A, B",- ill,4,3.00,70
"=1+1",102,s2,grace,A,,EX,,
"Zorn, Max",103,s3,max,B,,1,2.50,25
"""


def update(text: str, *submissions: SubmissionResult, **options: str | bool) -> Exported:
    export = Export(update=text.encode(), **options)  # type: ignore[arg-type]
    return canvas(sample.report(*submissions), export)


def content(exported: Exported) -> bytes:
    (document,) = exported.documents
    return document.content


def test_the_file_of_the_sample(matches_gold: Callable[[str, str], None]) -> None:
    exported = canvas(sample.report(), Export(so_far=True))
    matches_gold("exports/canvas.csv", content(exported).decode())


def test_a_new_file_sets_scores_and_the_maximum() -> None:
    exported = canvas(sample.report(), Export())
    found = consumers.canvas(content(exported), USERS, ASSIGNMENTS)
    assert found.scores == {
        ("ada", "Slopes & curves"): "11",
        ("grace", "Slopes & curves"): "6.99",
    }
    assert found.maxima == {"Slopes & curves": "10"}
    assert found.created == ()


def test_scores_that_are_not_complete_are_left_out_and_said() -> None:
    exported = canvas(sample.report(), Export())
    hostile = '=HYPERLINK("http://x.example"), <script>[U+202E]|`x`'
    waits = "a part waits for a person; --so-far exports the points without it"
    assert set(exported.notes) == {
        f"no score for {hostile}: {waits}",
        "no score for zeno: the grader failed on a part",
        "no score for yves: a part was never graded",
    }


def test_a_score_so_far_is_exported_if_that_is_asked_for() -> None:
    exported = canvas(sample.report(sample.waiting()), Export(so_far=True))
    found = consumers.canvas(content(exported), {}, ASSIGNMENTS)
    assert list(found.scores.values()) == ["4.88"]
    assert exported.notes == ()


def test_a_name_that_is_a_formula_stands_behind_an_apostrophe() -> None:
    for name in ("=1+1", "+1", "-1", "@SUM(A1)"):
        text = content(canvas(sample.report(sample.renamed(name)), Export())).decode()
        assert text.splitlines()[2] == f"'{name},,,'{name},,6.99"


def test_a_student_cannot_change_the_row_of_maxima() -> None:
    named = sample.renamed("Points Possible")
    exported = canvas(sample.report(named), Export())
    found = consumers.canvas(content(exported), {"Points Possible": "mallory"}, ASSIGNMENTS)
    assert found.maxima == {"Slopes & curves": "10"}
    assert found.scores == {("mallory", "Slopes & curves"): "6.99"}


def test_a_title_that_canvas_passes_over_is_refused() -> None:
    with pytest.raises(UsageError) as refused:
        canvas(sample.report(), Export(column="My Final Score"))
    assert str(refused.value) == (
        "Canvas would take the column 'My Final Score' for one of its own sums and pass it over; "
        "give the assignment another name with --column"
    )


def test_an_update_fills_in_the_column_by_id_and_leaves_the_rest_alone() -> None:
    exported = update(EXPORT, sample.full(), sample.plain())
    assert content(exported).decode() == (
        "Student,ID,SIS User ID,SIS Login ID,Section,Notes,Slopes (8),Slopes & curves (7),"
        "Final Score\n"
        ",,,,,,,Manual Posting,\n"
        "    Points Possible,,,,,,4,10,(read only)\n"
        '"Lovelace, Ada",101,ada,al1,"A, B",- ill,4,11,70\n'
        "'=1+1,102,s2,grace,A,,EX,6.99,\n"
        '"Zorn, Max",103,s3,max,B,,1,2.50,25\n'
    )
    assert exported.notes == ()


def test_an_update_is_read_by_canvas() -> None:
    exported = update(EXPORT, sample.full(), sample.plain())
    users = USERS | {"103": "max"}
    found = consumers.canvas(content(exported), users, ASSIGNMENTS, custom=("Notes",))
    assert found.scores == {
        ("ada", "Slopes & curves"): "11",
        ("grace", "Slopes & curves"): "6.99",
        ("max", "Slopes & curves"): "2.50",
        ("ada", "Slopes"): "4",
        ("grace", "Slopes"): "EX",
        ("max", "Slopes"): "1",
    }
    assert found.maxima == {"Slopes & curves": "10", "Slopes": "4"}
    assert found.created == ()


def test_an_update_keeps_the_cell_of_a_score_that_is_not_known() -> None:
    text = EXPORT.replace("102,s2,grace", "102,s2,zeno")
    exported = update(text, sample.full(), sample.faulty())
    assert "'=1+1,102,s2,zeno,A,,EX,," in content(exported).decode()
    assert exported.notes == ("no score for zeno: the grader failed on a part",)


def test_an_excused_student_stays_excused() -> None:
    text = EXPORT.replace("4,3.00,70", "4,EX,70")
    exported = update(text, sample.full())
    assert ",4,EX,70\n" in content(exported).decode()
    assert exported.notes == ("excused or not assigned in Canvas, so left as it is: ada",)


def test_who_is_not_in_the_export_is_said() -> None:
    exported = update(EXPORT, sample.full(), sample.renamed("nobody"))
    assert exported.notes == ("not in the Canvas export, so left out: nobody",)


def test_an_export_of_another_course_is_refused() -> None:
    with pytest.raises(UsageError, match="none of the submissions is in the Canvas export: nobody"):
        update(EXPORT, sample.renamed("nobody"))


def test_case_matters_only_between_two_who_differ_in_it() -> None:
    exported = update(EXPORT, sample.renamed("ADA"))
    assert ",4,6.99,70\n" in content(exported).decode()
    both = EXPORT.replace("103,s3,max", "103,s3,ADA")
    exported = update(both, sample.renamed("ADA"))
    assert "103,s3,ADA,B,,1,6.99,25\n" in content(exported).decode()


def test_two_submissions_of_one_student_are_refused() -> None:
    with pytest.raises(UsageError) as refused:
        update(EXPORT, sample.full(), sample.renamed("101"))
    assert str(refused.value) == (
        "'101' and 'ada' are both the student 'Lovelace, Ada' of the Canvas export; export them "
        "one at a time with --student"
    )


def test_another_maximum_in_canvas_is_said_and_kept() -> None:
    exported = update(EXPORT.replace(",4,10,", ",4,20,"), sample.full())
    assert ",4,20,(read only)" in content(exported).decode()
    assert exported.notes == (
        "Canvas has 20 points possible, the gradebook 10; scores are not scaled",
    )


def test_a_maximum_that_canvas_does_not_have_is_filled_in() -> None:
    exported = update(EXPORT.replace(",4,10,", ",4,,"), sample.full())
    assert ",4,10,(read only)" in content(exported).decode()


@pytest.mark.parametrize("chosen", ["Slopes (8)", "Slopes", "8"])
def test_the_column_may_be_chosen_by_header_title_or_number(chosen: str) -> None:
    exported = update(EXPORT, sample.full(), column=chosen)
    assert "- ill,11,3.00,70" in content(exported).decode()


def test_a_column_that_is_not_there_is_explained() -> None:
    with pytest.raises(UsageError) as refused:
        update(EXPORT, sample.full(), column="Slopes & curve")
    assert str(refused.value) == (
        "the Canvas export has no column for 'Slopes & curve'; it has 'Slopes (8)', "
        "'Slopes & curves (7)'; did you mean 'Slopes & curves (7)'?; name one with --column, or "
        "leave out --update for a file from which Canvas makes a new assignment"
    )


def test_two_columns_of_one_title_are_explained() -> None:
    with pytest.raises(UsageError, match="has 2 columns for 'Slopes & curves'; name one of them"):
        update(EXPORT.replace("Slopes (8)", "Slopes & curves (8)"), sample.full())


def test_a_column_that_canvas_only_shows_is_not_taken() -> None:
    header, hidden, maxima, *rows = EXPORT.splitlines()
    doubled = [
        f"{header},Slopes & curves (9)",
        f"{hidden},",
        f"{maxima},(read only)",
        *(f"{row}," for row in rows),
    ]
    exported = update("\n".join(doubled), sample.full())
    assert "- ill,4,11,70,\n" in content(exported).decode()


def test_semicolons_and_a_byte_order_mark_are_read_and_semicolons_kept() -> None:
    text = (
        "\ufeffStudent;ID;SIS User ID;SIS Login ID;Section;Slopes & curves (7)\n"
        "    Points Possible;;;;;10,00\n"
        "Lovelace, Ada;101;ada;al1;A;3,5\n"
    )
    assert content(update(text, sample.full())).decode() == (
        "Student;ID;SIS User ID;SIS Login ID;Section;Slopes & curves (7)\n"
        "    Points Possible;;;;;10,00\n"
        "Lovelace, Ada;101;ada;al1;A;11\n"
    )


@pytest.mark.parametrize(
    ("given_file", "says"),
    [
        (b"", "begins with the columns (none); expected Student, ID,"),
        (b"Name,Points\nada,3\n", "begins with the columns Name, Points; expected Student, ID,"),
        (b"\xff\xfeS\x00", "is not UTF-8 at byte 0; give the file as Canvas wrote it"),
        (b'Student,ID,Section\n"ada', "is not CSV"),
        (b"Student,ID,Section,Slopes & curves (7)\nada,1,A,\n", "no row 'Points Possible'"),
    ],
)
def test_a_file_that_is_no_export_is_explained(given_file: bytes, says: str) -> None:
    with pytest.raises(UsageError) as refused:
        canvas(sample.report(sample.full()), Export(update=given_file))
    assert says in str(refused.value)


@given(st.text())
def test_whatever_a_student_is_called_the_file_keeps_its_shape(name: str) -> None:
    exported = canvas(sample.report(sample.renamed(name), sample.full()), Export())
    found = consumers.canvas(content(exported), USERS, ASSIGNMENTS)
    assert found.maxima == {"Slopes & curves": "10"}
    assert found.created == ()
    assert found.scores["ada", "Slopes & curves"] in {"11", "6.99"}
    for line in content(exported).decode().splitlines():
        assert line[0] not in "=+-@"
