from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.errors import UsageError
from grader.submissions.collecting import rosters
from grader.submissions.collecting.rosters import Roster, moment
from grader.submissions.collecting.sources import Who
from tests.submissions.collecting.downloads import utc


def roster(folder: Path, text: str | bytes) -> Roster:
    path = folder / "roster.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return rosters.read(path)


def refusal(folder: Path, text: str | bytes) -> str:
    with pytest.raises(UsageError) as caught:
        roster(folder, text)
    return str(caught.value).replace(str(folder), "…")


def ids(found: Roster) -> list[str]:
    return [student.id for student in found.students]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("id,name,email\ns1,Ada,a@x\ns2,Ben,b@x\n", ["s1", "s2"]),
        ("name;email\nAda Lovelace;a@x\n", ["a@x"]),
        ("First name\tLast name\nAda\tLovelace\n", ["Ada-Lovelace"]),
        ("\ufeffStudent ID,Name\n 7 , Ada \n\n,,\n", ["7"]),
        (
            'Student,ID,SIS Login ID\n  Points Possible,,\n"Doe, Jane",11,jd\n"Student, Test",2,\n',
            ["11"],
        ),
        ("First Name,Last Name,SID,Email\nAda,Lovelace,,a@x\n", ["a@x"]),
        ("Identifier,Full name\nParticipant 501,Jane Doe\n", ["Jane-Doe"]),
        ("identifier,github_username,github_id,name\nada@x,adal,1,\n", ["ada@x"]),
    ],
)
def test_the_columns_of_many_platforms_are_known(
    text: str, expected: list[str], tmp_path: Path
) -> None:
    assert ids(roster(tmp_path, text)) == expected


def test_a_file_of_a_spreadsheet_on_windows_is_read(tmp_path: Path) -> None:
    found = roster(tmp_path, "id;name\r\n1;Jörg\r\n".encode("cp1252"))
    assert found.students[0].name == "Jörg"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a,b\n1,2\n", "…/roster.csv needs a column id, name or email; it has a, b"),
        ("", "…/roster.csv needs a column id, name or email; it has none"),
        ("id,name\n", "…/roster.csv lists no student"),
        ("id,grade\n,3\n", "…/roster.csv:2: this row has no id, name or email"),
        (
            "id\ns1\nS1\n",
            "…/roster.csv:3: S1 stands in line 2, too; every student needs an id of their own",
        ),
        (b"id\n" + b"x" * 200_000, "…/roster.csv:2: field larger than field limit (131072)"),
    ],
)
def test_a_roster_that_cannot_be_used_is_told(text: str | bytes, says: str, tmp_path: Path) -> None:
    assert refusal(tmp_path, text) == says


def test_a_roster_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        rosters.read(tmp_path / "none.csv")
    assert str(caught.value) == f"{tmp_path}/none.csv cannot be read: No such file or directory"


CLASS = "id,name,email\ns1,Jan van der Berg,jan@uni.edu\ns2,Ada Lovelace,ada@uni.edu\n12,Ben,\n"


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        (Who(keys=("s2",)), "s2"),
        (Who(keys=("S2",)), "s2"),
        (Who(keys=("ADA@uni.edu",)), "s2"),
        (Who(keys=("ada",)), "s2"),
        (Who("vanderbergjan"), "s1"),
        (Who("Berg, Jan van der"), "s1"),
        (Who("jan van der berg"), "s1"),
        (Who("Someone Else"), None),
        (Who("Ben", numbers=("12",)), "12"),
        (Who("Someone Else", numbers=("12",)), None),
        (Who("", numbers=("12",)), "12"),
        (Who(), None),
    ],
)
def test_a_student_is_found_by_what_a_platform_says(
    who: Who, expected: str | None, tmp_path: Path
) -> None:
    found = roster(tmp_path, CLASS).find(who)
    assert (found and found.id) == expected


def test_a_name_that_two_students_have_finds_neither(tmp_path: Path) -> None:
    found = roster(tmp_path, "id,name\ns1,Ada\ns2,Ada\ns3,Ada\n")
    assert found.find(Who("Ada")) is None
    assert found.find(Who("Ada", keys=("s2",))) == found.students[1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-01T23:10:00+01:00", utc(2026, 3, 1, 22, 10)),
        ("2026-03-01 23:10", utc(2026, 3, 1, 21, 10)),
        ("Sunday, 1 March 2026, 11:10 PM", utc(2026, 3, 1, 21, 10)),
        ("-", None),
        ("", None),
    ],
)
def test_a_time_is_read_in_the_zone_that_was_told(text: str, expected: datetime | None) -> None:
    assert moment(text, timezone(timedelta(hours=2))) == expected


def test_a_time_without_any_zone_is_the_machines() -> None:
    found = moment("2026-03-01 23:10", None)
    assert found is not None
    assert found.replace(tzinfo=None) == datetime(2026, 3, 1, 23, 10)  # noqa: DTZ001
    assert found.astimezone(UTC).tzinfo is UTC


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.binary(max_size=200)
    | st.text(alphabet="idname,;\n\"'\t ", max_size=60).map(str.encode)
)
def test_no_file_raises_anything_but_a_usage_error(content: bytes, tmp_path: Path) -> None:
    with suppress(UsageError):
        roster(tmp_path, content)
