"""A disk that is full, and a folder of reports that nobody may write to."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.faults import running
from tests.tiny import Tiny

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="stages disks as Linux does")

# With a disk of its own in place of the folder of reports, that nobody else sees.
ON_A_DISK = """\
import json, sys
from pathlib import Path
from tests.faults import running
from tests.tiny import Tiny

course = Tiny(Path(sys.argv[1]))
course.reports.mkdir(exist_ok=True)
MOUNTS
linux.mount("tmpfs", str(course.reports), "tmpfs", 0, "size=4m")

def told(said):
    seen = running.results(course) if course.results.exists() else None
    return {"code": said.code, "out": said.out, "err": said.err, "results": seen}

"""
FULL = """\
ballast = course.reports / "ballast"
ballast.write_bytes(bytes((4 << 20) - (int(sys.argv[2]) << 10)))
full = told(running.grade(course))
ballast.unlink()
print(json.dumps([full, told(running.grade(course))]))
"""
READ_ONLY = """\
written = told(running.grade(course))
flags = linux.MS_REMOUNT | linux.MS_RDONLY
linux.mount(None, str(course.reports), None, flags)
student = course.submissions / "ada" / "solution.py"
kept = student.read_bytes()
student.write_bytes(b"def twice(x): return 0\\n")
refused = told(running.grade(course))
linux.mount(None, str(course.reports), None, linux.MS_REMOUNT)
student.write_bytes(kept)
print(json.dumps([written, refused, told(running.grade(course))]))
"""


MAY_MOUNT = """\
import os
from grader.sandbox import linux
if os.geteuid():
    linux.enter_user_namespace()
linux.unshare(linux.NEWNS)
linux.mount(None, "/", None, linux.MS_REC | linux.MS_PRIVATE)
"""


@pytest.fixture(scope="module")
def disks() -> None:
    """Skip where no disk can be mounted."""
    tried = subprocess.run(  # noqa: S603
        [sys.executable, "-c", MAY_MOUNT],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if tried.returncode:
        reason = tried.stderr.splitlines()[-1]
        pytest.skip(f"nobody but root, and those with user namespaces, may mount: {reason}")


def _on_a_disk(script: str, course: Tiny, *arguments: object) -> list[dict[str, Any]]:
    done = subprocess.run(  # noqa: S603
        [
            sys.executable,
            "-c",
            ON_A_DISK.replace("MOUNTS", MAY_MOUNT) + script,
            str(course.root),
            *map(str, arguments),
        ],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    padding = "# This file is as long as some are.\n" * 1000
    return running.crowd(tmp_path_factory.mktemp("course"), before=padding)


@pytest.fixture(scope="module")
def right(course: Tiny, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    elsewhere = Tiny(tmp_path_factory.mktemp("elsewhere"))
    assert running.grade(course, reports=elsewhere.reports).code == 0
    return running.results(elsewhere)


NO_ROOM = "make room on its disk and run this again; what was graded before is kept"


@pytest.mark.usefixtures("disks")
@pytest.mark.parametrize("free_kib", [0, 96, 240])
def test_on_a_full_disk_all_that_was_said_to_be_done_is_kept_and_the_rest_told(
    free_kib: int, course: Tiny, right: dict[str, Any]
) -> None:
    full, again = _on_a_disk(FULL, course, free_kib)
    assert full["code"] == 2
    file = course.reports / "grades.sqlite"
    says = f"the gradebook {file} cannot be used: database or disk is full; {NO_ROOM}\n"
    done = full["out"].count("[")  # [1/8] doubling/ada
    if free_kib:
        *_, first, second = full["err"].splitlines(keepends=True)
        assert first.startswith("grader: doubling/")
        assert first.endswith(f" not graded: {says}")
        assert second == (
            f"grader: the reports cannot be written: {course.reports}: No space left on device; "
            "what the gradebook holds is kept, so mend this and run it again\n"
        )
    else:
        assert full["err"] == f"grader: {says}"
    assert (full["results"], again["code"], again["err"]) == (None, 0, "")
    assert again["results"] == right
    assert again["out"].count("[") == len(right) - done


@pytest.mark.usefixtures("disks")
def test_a_folder_of_reports_that_becomes_read_only_is_told_and_loses_nothing(
    course: Tiny, right: dict[str, Any]
) -> None:
    written, refused, again = _on_a_disk(READ_ONLY, course)
    assert (written["code"], written["results"]) == (0, right)
    assert (refused["code"], refused["out"]) == (2, "")
    assert refused["err"] == (
        f"grader: the gradebook {course.reports / 'grades.sqlite'} cannot be used: unable to open "
        "database file; make the folder writable, or move the file away to start a new one\n"
    )
    assert refused["results"] == right
    assert again == written | {"out": again["out"]}
    assert "8 of 8 submissions are unchanged" in again["out"]


def test_a_folder_that_belongs_to_somebody_else_is_told(tmp_path: Path) -> None:
    reports = tmp_path / "reports"
    reports.mkdir()
    reports.chmod(stat.S_IRUSR | stat.S_IXUSR)
    as_nobody = "import os\nos.setresgid(65534, 65534, 65534)\nos.setresuid(65534, 65534, 65534)\n"
    if os.geteuid() == 0:
        made = [each for each in tmp_path.parents if each.name.startswith(("pytest-", "popen-"))]
        for folder in (tmp_path, *made):
            folder.chmod(folder.stat().st_mode | stat.S_IXGRP | stat.S_IXOTH)
        reports.chmod(0o755)
    script = (
        "import sys\nfrom pathlib import Path\nfrom grader.errors import GradebookError\n"
        "from grader.gradebook.store import Gradebook\n"
        f"{as_nobody if os.geteuid() == 0 else ''}"
        "try:\n    Gradebook(Path(sys.argv[1]))\nexcept GradebookError as error:\n    print(error)"
    )
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", script, str(reports / "grades.sqlite")],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.stdout == (
        f"the gradebook {reports / 'grades.sqlite'} cannot be used: unable to open database file; "
        "make the folder writable, or move the file away to start a new one\n"
    ), done.stderr
    assert list(reports.iterdir()) == []
