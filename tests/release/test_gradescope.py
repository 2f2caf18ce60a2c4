"""The zip for Gradescope, unpacked and run in a folder that stands for its /autograder."""

from __future__ import annotations

import io
import json
import os
import stat
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

import grader
from grader import messages
from grader.errors import CourseError
from grader.release import gradescope
from grader.spec.course import Course
from tests import tiny
from tests.tiny import Tiny

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the scripts are for Linux")

# What a virtual environment and pip would do, with the environment of these tests for the result;
# the tool itself is that of the zip.
PYTHON = """\
#!/bin/sh
if [ "$1 $2" = "-m venv" ]; then
  mkdir -p "$3/bin" && cp "$(dirname "$0")/pip-of-an-environment" "$3/bin/pip"
else
  exec {python} "$@"
fi
"""
PIP = """\
#!/bin/sh
test "$1 $2" = "install --constraint" && test -f "$3" && test -f "$4/pyproject.toml" || exit 9
cat > "$(dirname "$0")/grader" <<END
#!/bin/sh
exec {python} -P -c "
import sys
sys.path.insert(0, '$4')
import grader.cli
assert grader.cli.__file__.startswith('$4')
grader.cli.main()" "\\$@"
END
chmod +x "$(dirname "$0")/grader"
"""
APT = '#!/bin/sh\necho "$@" >> "$HOME/installed"\n'


def _build(course: Tiny) -> bytes:
    return gradescope.build(Course(course.root), "doubling")


def _names(archive: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return opened.namelist()


class Autograder:
    """A folder that stands for /autograder, with the zip unpacked as Gradescope does it."""

    def __init__(self, root: Path, archive: bytes) -> None:
        self.root, self.home, self.programs = root / "autograder", root / "home", root / "programs"
        for folder in (self.root / "results", self.root / "submission", self.home, self.programs):
            folder.mkdir(parents=True)
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            opened.extractall(self.root / "source")
            modes = {each.filename: each.external_attr >> 16 for each in opened.infolist()}
        for name in gradescope.SCRIPTS:
            assert modes[name] & stat.S_IXUSR
            (self.root / "source" / name).chmod(modes[name])
        for name, text in (("python3", PYTHON), ("pip-of-an-environment", PIP), ("apt-get", APT)):
            file = self.programs / name
            file.write_text(text.replace("{python}", sys.executable), encoding="utf-8")
            file.chmod(0o755)

    def script(self, name: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603
            [str(self.root / "source" / name)],
            cwd=self.root,
            env={
                "PATH": f"{self.programs}:/usr/bin:/bin",
                "HOME": str(self.home),
                "LANG": "C.UTF-8",
                "AUTOGRADER_ROOT": str(self.root),
            },
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )

    def results(self, files: dict[str, str]) -> dict[str, Any]:
        """Hand in files, run the autograder, and return what it leaves for Gradescope."""
        folder = self.root / "submission"
        for old in folder.iterdir():
            old.unlink()
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
        done = self.script("run_autograder")
        assert done.returncode == 0, done.stderr
        results = self.root / "results" / "results.json"
        found: dict[str, Any] = json.loads(results.read_text(encoding="utf-8"))
        return found


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    return tiny.make(tmp_path_factory.mktemp("course"), tests=True)


@pytest.fixture(scope="module")
def autograder(course: Tiny, tmp_path_factory: pytest.TempPathFactory) -> Autograder:
    made = Autograder(tmp_path_factory.mktemp("gradescope"), _build(course))
    done = made.script("setup.sh")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Submissions can be graded here: their code is confined." in done.stdout
    return made


def _scores(results: dict[str, Any]) -> Sequence[tuple[str, float | None]]:
    return [(test["extra_data"]["part"], test.get("score")) for test in results["tests"]]


def test_setup_installs_from_packages_of_the_system_and_closes_the_source(
    autograder: Autograder,
) -> None:
    assert (autograder.home / "installed").read_text(encoding="utf-8") == (
        "update\ninstall --yes --no-install-recommends python3 python3-venv libseccomp2\n"
    )
    reference = autograder.root / "source" / "course" / "reference" / "doubling" / "twice.py"
    assert stat.S_IMODE(reference.stat().st_mode) & 0o077 == 0


def test_a_right_submission_gets_its_points(autograder: Autograder) -> None:
    results = autograder.results({"solution.py": tiny.RIGHT, "answers.yaml": "essay-text: x\n"})
    assert results["score"] == 5
    assert ("essay-text", None) in _scores(results)


def test_a_wrong_submission_is_told_what_is_wrong(autograder: Autograder) -> None:
    results = autograder.results({"solution.py": tiny.SQUARED})
    assert results["score"] == 1
    assert results["tests"][0]["output"].startswith("The numbers were squared, not doubled.")


def test_a_crashing_submission_is_graded_like_any_other(autograder: Autograder) -> None:
    results = autograder.results({"solution.py": "import os\nos._exit(3)\n"})
    assert results["score"] == 0
    assert {test["extra_data"]["status"] for test in results["tests"]} == {
        "crashed",
        "missing",
        "wrong",  # the course's own tests, which see an exception
    }


def test_an_empty_submission_gets_no_points_and_words(autograder: Autograder) -> None:
    results = autograder.results({})
    assert results["score"] == 0
    assert results["output"]


def test_a_submission_is_called_by_the_email_of_its_metadata(autograder: Autograder) -> None:
    metadata = autograder.root / "submission_metadata.json"
    told = {
        "created_at": "2026-03-01T14:22:32.365935-07:00",
        "users": [{"email": "ada@example.org", "id": 3, "name": "Ada L."}],
    }
    metadata.write_text(json.dumps(told), encoding="utf-8")
    try:
        results = autograder.results({"solution.py": tiny.RIGHT})
    finally:
        metadata.unlink()
    assert results["extra_data"] == {"submission": "ada@example.org", "assignment": "doubling"}


FAILED = {
    "output": messages.exports.GRADER_FAILED,
    "output_format": "text",
    "stdout_visibility": "hidden",
}


def test_a_fault_of_the_grader_is_words_and_no_zero(autograder: Autograder) -> None:
    reference = autograder.root / "source" / "course" / "reference" / "doubling" / "twice.py"
    kept = reference.read_text(encoding="utf-8")
    reference.write_text(kept.replace("np.asarray(x) / 2", "None"), encoding="utf-8")
    try:
        assert autograder.results({"solution.py": tiny.RIGHT}) == FAILED
    finally:
        reference.write_text(kept, encoding="utf-8")


def test_without_its_environment_it_still_leaves_words(course: Tiny, tmp_path: Path) -> None:
    """As after a setup that failed half-way: an earlier result does not stay either."""
    made = Autograder(tmp_path, _build(course))
    (made.root / "results" / "results.json").write_text('{"score": 100}', encoding="utf-8")
    assert made.results({"solution.py": tiny.RIGHT}) == FAILED
    assert "grader ended with exit code 127" in made.script("run_autograder").stderr


# ---- what is in it -------------------------------------------------------------------------------


def test_the_same_course_gives_the_same_bytes(course: Tiny) -> None:
    assert _build(course) == _build(course)


def test_it_holds_the_assignment_and_nothing_of_others(tmp_path: Path) -> None:
    course = tiny.make(tmp_path, tests=True)
    other = {
        "assignments/other/assignment.yaml": "assignment: other\n",
        "reference/other/x.py": "",
        "reference/doubling/unused.py": "",
        "marks/doubling.yaml": "ada: {}\n",
        "assignments/doubling/.DS_Store": "",
        "assignments/doubling/__pycache__/x.pyc": "",
        "assignments/conftest.py": "",
        "secret.key": "0123456789abcdef0123456789abcdef\n",
    }
    for name, text in other.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    names = _names(_build(course))
    assert [name for name in names if not name.startswith("tool/")] == [
        "constraints.txt",
        "course/assignments/conftest.py",
        "course/assignments/doubling/assignment.yaml",
        "course/assignments/doubling/essay.yaml",
        "course/assignments/doubling/test_linearity.py",
        "course/assignments/doubling/twice.yaml",
        "course/reference/doubling/__init__.py",
        "course/reference/doubling/twice.py",
        "run_autograder",
        "setup.sh",
    ]
    assert {"tool/pyproject.toml", "tool/grader/cli/single.py"} < set(names)
    assert gradescope.notes(Course(tmp_path), "doubling") == (
        "It holds the reference and every hidden case: it is for Gradescope, not for students.",
        (
            "It is without the course's secret: there, hidden cases are drawn from the seed in "
            "assignment.yaml, and differ from those of grader grade."
        ),
        "Marks that people gave are not in it; give them in Gradescope.",
    )


def test_the_assignment_is_the_one_that_was_asked_for(course: Tiny) -> None:
    with zipfile.ZipFile(io.BytesIO(_build(course))) as opened:
        text = opened.read("run_autograder").decode()
    assert "\nASSIGNMENT=doubling\n" in text
    assert "background-math" not in text


def test_the_versions_of_libraries_are_those_of_here() -> None:
    lines = gradescope.constraints()
    assert lines == sorted(lines)
    versions = dict(line.split("==") for line in lines)
    assert {"numpy", "pydantic", "pydantic-core", "torch", "typer"} < set(versions)
    assert "grader" not in versions
    assert not [version for version in versions.values() if "+" in version]


def test_it_needs_what_the_tool_needs_today(course: Tiny) -> None:
    """Not what was written down when the tool was installed, which may be long ago."""
    with zipfile.ZipFile(io.BytesIO(_build(course))) as opened:
        packed = tomllib.loads(opened.read("tool/pyproject.toml").decode())["project"]
    checkout = Path(grader.__file__).parents[1] / "pyproject.toml"
    project = tomllib.loads(checkout.read_text(encoding="utf-8"))["project"]
    needed = {Requirement(each) for each in project["dependencies"]}
    assert {Requirement(each) for each in packed["dependencies"]} == needed
    assert (packed["version"], packed["scripts"]) == (project["version"], project["scripts"])


def test_data_outside_of_the_course_cannot_be_packed(tmp_path: Path) -> None:
    course = tiny.make(tmp_path / "course")
    (tmp_path / "mnist.npz").write_bytes(b"")
    spec = course.assignment / "assignment.yaml"
    text = spec.read_text(encoding="utf-8") + "data: {digits: ../../../mnist.npz}\n"
    spec.write_text(text, encoding="utf-8")
    with pytest.raises(CourseError, match="lies outside of the course, so it cannot go into"):
        _build(course)


def test_data_that_is_not_there_is_told(tmp_path: Path) -> None:
    course = tiny.make(tmp_path)
    spec = course.assignment / "assignment.yaml"
    text = spec.read_text(encoding="utf-8") + "data: {digits: ../../data/digits.npz}\n"
    spec.write_text(text, encoding="utf-8")
    with pytest.raises(CourseError, match=r"^doubling: the data digits is not there: "):
        _build(course)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "digits.npz").write_bytes(os.urandom(8))
    assert "course/data/digits.npz" in _names(_build(course))


SECRET = "0123456789abcdef0123456789abcdef"  # noqa: S105  (made up)


def test_the_secret_is_in_it_only_if_variants_need_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = tiny.make(tmp_path)
    monkeypatch.setenv("GRADER_SECRET", SECRET)
    assert "course/secret.key" not in _names(_build(course))
    problem = course.assignment / "twice.yaml"
    text = problem.read_text(encoding="utf-8")
    varied = text.replace("    kind: value\n", "    kind: value\n    variant: per-student\n", 1)
    problem.write_text(varied, encoding="utf-8")
    with zipfile.ZipFile(io.BytesIO(_build(course))) as opened:
        assert opened.read("course/secret.key") == f"{SECRET}\n".encode()
    assert gradescope.notes(Course(tmp_path), "doubling")[1] == (
        "It holds the course's secret, which the variants of this assignment need."
    )
