from __future__ import annotations

import errno
import os
import tracemalloc
from contextlib import suppress
from datetime import UTC
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.errors import UsageError
from grader.submissions import manifest
from grader.submissions.collecting import unpacking
from grader.submissions.collecting.collecting import Request, collect
from grader.submissions.folder import collect as read_folder
from tests.submissions.collecting.downloads import CODE, Desk, utc, zipped

CLASS = {"ada/solution.py": CODE, "ben/solution.py": b"b", "zed/solution.py": b"z"}
ROSTER = "id,name\nada,Ada Lovelace\nben,Ben Bit\ncleo,Cleo Code\n"


def entries(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# ---- what is said ------------------------------------------------------------------------------


def test_the_report_says_who_is_missing_came_twice_and_is_unknown(desk: Desk) -> None:
    old, new = zipped({"solution.py": b"old"}), zipped({"hw/solution-1.py": b"new", "../x": b""})
    files = {"ada.zip": old, "ada (1).zip": new, "ben/solution.py": CODE, "ben/__MACOSX/x": b""}
    source = desk.source(zipped({**files, "zed.zip": b"broken", "notes.txt": b""}))
    collected = desk.collect(source, ROSTER)
    assert (
        collected.text
        == f"""\
Collected hw1 from {source} (folders): 3 students, 4 submissions.

Missing, of 3 on the roster (1):
  cleo  Cleo Code

Handed in more than once; which one counts is said by `attempts` in assignment.yaml, and is the \
last one without it (1):
  ada: 2 attempts, the last one ada (1).zip of 2026-03-01T12:00:00+00:00

Not on the roster (1):
  zed  zed.zip

Ignored or changed (6):
  notes.txt was ignored: it is not in a student's folder
  ada (ada (1).zip): ada (1).zip: ../x was ignored: its path leads out of the folder
  ada (ada (1).zip): everything in ada (1).zip lay in hw/
  ada (ada (1).zip): solution-1.py was renamed solution.py
  zed (zed.zip): zed.zip was ignored: it is not a zip that can be read (file is not a zip file)
  zed (zed.zip): nothing is left of it; an empty folder stands for it

{desk.to}: 3 new, 0 replaced, 0 unchanged.
1 hidden or generated file passed over, such as __MACOSX and .git.
"""
    )


def test_what_was_replaced_is_named_with_its_place(desk: Desk) -> None:
    desk.collect(zipped(CLASS))
    collected = desk.collect(zipped({"ada/solution.py": b"other", "new/solution.py": b"n"}))
    earlier = collected.changes.earlier
    assert earlier is not None
    assert (earlier / "ada" / "solution.py").read_bytes() == CODE
    assert collected.text.splitlines()[2:] == [
        f"{desk.to}: 1 new, 1 replaced, 0 unchanged, 2 not in this source and left as they are.",
        f"What was replaced (ada) lies in {earlier}.",
    ]


def test_students_without_a_time_are_named(desk: Desk) -> None:
    collected = desk.collect(zipped(CLASS, date_time=(1980, 1, 1, 0, 0, 0)))
    assert "\nNo time is known (3):\n  ada\n  ben\n  zed\n" in collected.text
    assert not (desk.to / "manifest.csv").exists()


def test_a_name_cannot_forge_a_line_of_the_report(desk: Desk) -> None:
    roster = 'id,name\ns1,"Ada\nben: was ignored"\n'
    collected = desk.collect(zipped(CLASS), roster)
    assert collected.missing == ["s1  Ada\\nben: was ignored"]


# ---- nothing is overwritten silently -------------------------------------------------------------


def test_collecting_twice_changes_nothing(desk: Desk) -> None:
    desk.collect(zipped(CLASS), ROSTER)
    before = {
        path: path.stat().st_mtime_ns for path in desk.root.rglob("*") if "submi" in str(path)
    }
    again = desk.collect(zipped(CLASS), ROSTER)
    assert again.changes.unchanged == ["ada", "ben", "zed"]
    assert not again.changes.manifest
    assert before.keys() == {path for path in desk.root.rglob("*") if "submi" in str(path)}
    files = [path for path in before if path.is_file()]
    assert {path: path.stat().st_mtime_ns for path in files} == {
        path: before[path] for path in files
    }


def test_a_dry_run_says_what_would_happen_and_writes_nothing(desk: Desk) -> None:
    source = desk.source(zipped(CLASS))
    before = entries(desk.root)
    collected = desk.collect(source, dry_run=True)
    assert entries(desk.root) == before
    assert collected.text == (
        f"Would collect hw1 from {source} (folders): 3 students, 3 submissions.\n\n"
        f"{desk.to}: 3 new, 0 replaced, 0 unchanged.\nNothing was written.\n"
    )


def test_a_dry_run_names_what_would_be_replaced(desk: Desk) -> None:
    desk.collect(zipped(CLASS))
    collected = desk.collect(zipped({"ada/solution.py": b"new"}), dry_run=True)
    assert "\nTo be replaced: ada.\n" in collected.text
    assert desk.files()["ada/solution.py"] == CODE


@pytest.mark.parametrize("source", [b"no zip", zipped({"solution.py": b""})])
def test_a_source_that_cannot_be_used_leaves_everything_as_it_was(
    source: bytes, desk: Desk
) -> None:
    desk.collect(zipped(CLASS))
    before = desk.files()
    with pytest.raises(UsageError):
        desk.collect(source)
    assert desk.files() == before
    assert entries(desk.to.parent) == ["hw1"]


def test_a_full_disk_leaves_everything_as_it_was(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.collect(zipped(CLASS))

    def full(*_arguments: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(unpacking.Unpacking, "_copy", full)
    with pytest.raises(UsageError) as caught:
        desk.collect(zipped({"ada/solution.py": b"new"}))
    assert str(caught.value) == "hw1 could not be collected: No space left on device"
    assert desk.files()["ada/solution.py"] == CODE
    assert entries(desk.to.parent) == ["hw1"]


def test_a_source_that_is_not_there_is_told(desk: Desk) -> None:
    with pytest.raises(UsageError) as caught:
        desk.collect(desk.root / "none.zip")
    assert str(caught.value) == (
        f"there is no {desk.root}/none.zip; expected a folder, a zip, or a CSV file of repositories"
    )


@pytest.mark.parametrize("inside", [".", "submissions", "submissions/hw1", "submissions/hw1/ada"])
def test_a_source_and_a_target_in_each_other_are_refused(inside: str, desk: Desk) -> None:
    desk.collect(zipped(CLASS))
    source = desk.root / inside
    with pytest.raises(UsageError) as caught:
        desk.collect(source)
    assert str(caught.value) == (
        f"{source} and {desk.to}, where the submissions go, lie in each other; name another "
        "source, or another folder with --to"
    )


def test_an_unknown_layout_is_told(desk: Desk) -> None:
    with pytest.raises(UsageError) as caught:
        desk.collect(zipped(CLASS), layout="blackboard")
    assert str(caught.value) == (
        "--layout blackboard: there is no such layout; expected one of auto, canvas, gradescope, "
        "moodle, folders"
    )


# ---- who is who --------------------------------------------------------------------------------


def test_folders_whose_names_differ_in_case_stay_apart(desk: Desk) -> None:
    collected = desk.collect(zipped({"Ada/solution.py": b"1", "ada/solution.py": b"2"}))
    made = [path.name for path in desk.to.iterdir() if path.is_dir()]
    assert len({name.casefold() for name in made}) == 2
    assert "Ada" in made
    assert any(note.endswith(": there is another ada") for note in collected.notes)


def test_a_stranger_does_not_get_the_name_of_a_student(desk: Desk) -> None:
    roster = "id,name\nzed,Someone Else\nada,Ada\n"
    files = {"doe_1_5_a.py": b"1", "ada_9_6_a.py": b"2", "zed_8_7_a.py": b"3"}
    desk.collect(zipped(files), roster)
    assert desk.files() == {"ada/a.py": b"2", "doe-1/a.py": b"1", "zed-8/a.py": b"3"}


def test_two_deliveries_of_one_student_on_the_roster_are_attempts(desk: Desk) -> None:
    roster = "id,name,email\ns1,Ada Lovelace,ada@uni.edu\n"
    files = {
        "Ada Lovelace.zip": zipped({"solution.py": b"by name"}),
        "s1/solution.py": b"by id",
        "ada@uni.edu/solution.py": b"by mail",
    }
    collected = desk.collect(zipped(files), roster)
    assert (collected.students, collected.submissions) == (1, 3)
    assert entries(desk.to / "s1") == ["attempt-1", "attempt-2", "attempt-3"]


def test_a_name_without_a_letter_gets_a_folder(desk: Desk) -> None:
    desk.collect(zipped({"!!!/solution.py": b"1", "ada/solution.py": b"2"}))
    made = [path.name for path in desk.to.iterdir() if path.is_dir()]
    assert sorted(name[:8] for name in made) == ["ada", "student-"]


# ---- one bad archive never stops the others ------------------------------------------------------


def bomb() -> bytes:
    return zipped({"zeros": bytes(20 << 20)})


@pytest.mark.parametrize(
    "bad",
    [
        bomb(),
        zipped({"1.zip": zipped({"2.zip": zipped({"3.zip": bomb()})})}),
        zipped({f"{number}": b"" for number in range(3000)}),
        b"",
        b"Rar!",
        zipped({"../../x": b"", "/x": b"", "C:\\x": b"", "aux": b"", "a\u202eb": b""}),
    ],
)
def test_one_bad_archive_never_stops_the_others(bad: bytes, desk: Desk) -> None:
    collected = desk.collect(zipped({"bad.zip": bad, "good.zip": zipped({"solution.py": CODE})}))
    assert desk.files()["good/solution.py"] == CODE
    assert any(note.startswith("bad") for note in collected.notes)


def test_memory_stays_small_whatever_is_handed_in(desk: Desk) -> None:
    heavy = zipped({f"{number}.bin": os.urandom(1 << 20) * 8 for number in range(4)})
    source = desk.source(zipped({f"s{number}.zip": heavy for number in range(4)}))
    tracemalloc.start()
    try:
        desk.collect(source)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 20 << 20


_NAMES = st.sampled_from(
    [
        *("ada/solution.py", "ada.zip", "doe_1_2_solution.py", "../x", "a/../../x", "/x", "C:/x"),
        *("Doe_1_assignsubmission_file_/solution.py", "submission_metadata.yml", "A", "a", "a/b"),
        *("x/submission_metadata.yml", "x/submission_1/solution.py", "con/x", "attempt-1/x/y"),
    ]
) | st.text(max_size=8)
_CONTENT = st.binary(max_size=30) | st.dictionaries(_NAMES, st.binary(max_size=9), max_size=3).map(
    lambda files: zipped(
        {name.encode("utf-8", "replace").decode(): raw for name, raw in files.items()}
    )
)


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(files=st.dictionaries(_NAMES, _CONTENT, max_size=5))
def test_no_source_writes_outside_or_fails_with_anything_but_a_usage_error(
    files: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = tmp_path_factory.mktemp("collect")
    names = {name.encode("utf-8", "replace").decode(): raw for name, raw in files.items()}
    (root / "x.zip").write_bytes(zipped(names))
    with suppress(UsageError):
        collect(Request(root / "x.zip", "hw1", root / "subs" / "hw1", zone=UTC))
    assert entries(root) in (["x.zip"], ["subs", "x.zip"])
    if (root / "subs").exists():
        assert entries(root / "subs") in ([], ["hw1"])


# ---- what grading makes of it --------------------------------------------------------------------


def test_grading_reads_what_was_collected(desk: Desk) -> None:
    old, new = zipped({"solution.py": b"old"}), zipped({"solution.py": b"new"})
    desk.collect(zipped({"ada.zip": old, "ada (1).zip": new, "ben/solution.py": CODE}))
    collection = read_folder(desk.to)
    assert [each.id for each in collection.submissions] == ["ada", "ben"]
    assert collection.notes == ()
    assert collection.submissions[0].files == {"solution.py": b"new"}
    listed = manifest.read(desk.to).entries
    assert {name: entry.submitted_at for name, entry in listed.items()} == {
        "ada/attempt-1": utc(2026, 3, 1, 12),
        "ada/attempt-2": utc(2026, 3, 1, 12),
        "ben": utc(2026, 3, 1, 12),
    }
