"""The workflows in `ci-templates/` do what they say: their own lines are run, in a clean directory.

What a CI server brings is laid out before: the folders that it checks out, its variables.  There
are stand-ins for what installs, and for nothing else.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import yaml

from tests import tiny

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the scripts are for Linux")

ROOT = Path(__file__).resolve().parents[1]
TEMPLATES = ROOT / "ci-templates"
PUSHED_AT = "1772382600"

PIP = """\
#!/bin/sh
# Installs nothing: the environment of these tests is taken for what a real one would make.
echo "$@" >> "$HOME/installed"
test -f "$4" && test -d "$5"
"""


class Machine:
    """A clean directory with a course, a submission, a fresh HOME, and a PATH of its own."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.home, self.programs = root / "home", root / "programs"
        self.work = root / "work"
        for folder in (self.home, self.programs, self.work):
            folder.mkdir()
        self.program("pip", PIP)
        self.program("grader", f'#!/bin/sh\nexec "{sys.executable}" -P -m grader "$@"\n')

    def program(self, name: str, text: str) -> None:
        file = self.programs / name
        file.write_text(text, encoding="utf-8")
        file.chmod(file.stat().st_mode | stat.S_IXUSR)

    def course(self, folder: Path) -> None:
        """Write what is checked out of the course: the course, and what pip installs from."""
        tiny.make(folder)
        shutil.copy(ROOT / "constraints.txt", folder)

    def submission(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "solution.py").write_text(tiny.SQUARED, encoding="utf-8")

    def run(
        self, script: str, variables: Mapping[str, str], *, strict: bool = False
    ) -> subprocess.CompletedProcess[str]:
        """Run a script in the work folder, with these variables and no others."""
        environment = {
            "PATH": f"{self.programs}:/usr/bin:/bin",
            "HOME": str(self.home),
            "LANG": "C.UTF-8",
            **variables,
        }
        file = self.root / "script.sh"
        file.write_text(script, encoding="utf-8")
        return subprocess.run(  # noqa: S603
            ["bash", *(["-e"] if strict else []), str(file)],  # noqa: S607
            cwd=self.work,
            env=environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )

    def installed(self) -> str:
        return (self.home / "installed").read_text(encoding="utf-8")


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def _template(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.load(
        (TEMPLATES / name).read_text(encoding="utf-8"),
        Loader=yaml.BaseLoader,  # noqa: S506
    )
    return found


# ---- GitHub Actions ------------------------------------------------------------------------------


@pytest.fixture
def job() -> dict[str, Any]:
    (found,) = _template("github.yml")["jobs"].values()
    assert isinstance(found, dict)
    return found


def _expressions(value: str, given: Mapping[str, str]) -> str:
    """Return a value of a workflow with its ``${{ }}`` filled in, as GitHub does it."""
    return re.sub(r"\$\{\{ *([^ }]+) *\}\}", lambda found: given[found[1]], value)


def test_the_workflow_of_github_grades_what_was_pushed(
    machine: Machine, job: dict[str, Any], tmp_path: Path
) -> None:
    event = {
        "github.event.repository.name": "homework-ada",
        "github.event.repository.pushed_at": PUSHED_AT,
    }
    checkouts = [step["with"] for step in job["steps"] if "checkout" in step.get("uses", "")]
    submission, course = (machine.work / each["path"] for each in checkouts)
    machine.submission(submission)
    machine.course(course)
    summary = tmp_path / "summary.md"
    variables = {name: _expressions(value, event) for name, value in job["env"].items()}
    variables |= {"ASSIGNMENT": "doubling", "GITHUB_STEP_SUMMARY": str(summary)}
    printed = ""
    for step in job["steps"]:
        if "run" in step:
            done = machine.run(step["run"], variables, strict=True)  # as the runner does
            assert (done.returncode, done.stderr) == (0, ""), step["name"]
            printed += done.stdout
    assert "## Doubling numbers: homework-ada\n\n**1 of 6.**\n" in summary.read_text("utf-8")
    assert "::error file=solution.py,title=twice-value%3A wrong::" in printed
    assert "Submissions can be graded here: their code is confined." in printed
    assert machine.installed() == "install --quiet --constraint course/constraints.txt ./course\n"
    kept = machine.work / job["steps"][-1]["with"]["path"]
    row = json.loads((kept / "grades.jsonl").read_text(encoding="utf-8"))
    assert (row["submission"], row["score"]) == ("homework-ada", 1)
    assert (kept / "report" / "index.html").is_file()


def test_the_workflow_of_github_may_read_and_nothing_else(job: dict[str, Any]) -> None:
    workflow = _template("github.yml")
    assert workflow["permissions"] == {"contents": "read"}
    assert list(workflow["on"]) == ["push"]
    for step in job["steps"]:
        if "checkout" in step.get("uses", ""):
            assert step["with"]["persist-credentials"] == "false"


def test_no_text_of_an_event_gets_into_a_script(job: dict[str, Any]) -> None:
    """A branch called `$(curl …)` is harmless in a variable, and code in a script."""
    assert not [step["name"] for step in job["steps"] if "${{" in step.get("run", "")]


# ---- GitLab --------------------------------------------------------------------------------------


def _variables(given: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of a job as GitLab expands them: from one another."""
    found = dict(given)
    for _ in found:
        for name, value in found.items():
            found[name] = re.sub(
                r"\$\{?(\w+)\}?", lambda match: found.get(match[1], match[0]), value
            )
    return found


@pytest.mark.skipif(shutil.which("git") is None, reason="the job clones the course with git")
def test_the_job_of_gitlab_grades_what_was_pushed(machine: Machine, tmp_path: Path) -> None:
    job = _template("gitlab-ci.yml")["grade"]
    origin = tmp_path / "course.git"
    machine.course(origin)
    _commit(origin, job["variables"]["COURSE_REF"])
    machine.submission(machine.work)
    variables = _variables(
        job["variables"]
        | {
            "CI_PROJECT_NAME": "homework-ada",
            "CI_PIPELINE_CREATED_AT": "2026-03-01T16:30:00Z",
            "ASSIGNMENT": "doubling",
            "COURSE_URL": origin.as_uri(),
        }
    )
    # As the runner does: all lines in one shell, which ends at the first that fails.
    script = "set -eo pipefail\n" + "\n".join(job["script"])
    done = machine.run(script, variables)
    assert (done.returncode, _without_advice(done.stderr)) == (0, "")
    suite = ET.parse(machine.work / job["artifacts"]["reports"]["junit"]).getroot()[0]  # noqa: S314
    properties = {each.get("name"): each.get("value") for each in suite.iter("property")}
    assert properties["score"] == "1"
    assert "homework-ada" in suite.get("name", "")
    (kept,) = job["artifacts"]["paths"]
    assert (machine.work / kept / "report" / "index.html").is_file()
    assert "install --quiet --constraint " in machine.installed()


@pytest.mark.skipif(shutil.which("git") is None, reason="the job clones the course with git")
def test_results_that_the_student_has_put_there_are_not_what_is_uploaded(
    machine: Machine, tmp_path: Path
) -> None:
    job = _template("gitlab-ci.yml")["grade"]
    origin = tmp_path / "course.git"
    machine.course(origin)
    _commit(origin, "v1.0")
    machine.submission(machine.work)
    (machine.work / "grades").symlink_to(origin)
    variables = job["variables"] | {
        "STUDENT": "ada",
        "CI_PIPELINE_CREATED_AT": "2026-03-01T16:30:00Z",
        "ASSIGNMENT": "doubling",
        "COURSE_URL": origin.as_uri(),
    }
    script = "set -eo pipefail\n" + "\n".join(job["script"])
    done = machine.run(script, variables)
    assert done.returncode == 0, done.stderr
    assert not (machine.work / "grades").is_symlink()
    assert not (origin / "junit.xml").exists()


def _without_advice(text: str) -> str:
    """Return what git complains of, without what it notes on a commit that no branch has."""
    return "" if text.startswith("Note: switching to") else text


def _commit(folder: Path, tag: str) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        **{f"GIT_{who}_NAME": "staff" for who in ("AUTHOR", "COMMITTER")},
        **{f"GIT_{who}_EMAIL": "staff@example.org" for who in ("AUTHOR", "COMMITTER")},
    }
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "The course"], ["tag", tag]):
        subprocess.run(  # noqa: S603
            ["git", *command],  # noqa: S607
            cwd=folder,
            env=environment,
            check=True,
        )


# ---- all of them ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["setup.sh", "run_autograder"])
def test_the_scripts_for_gradescope_are_those_of_the_release(name: str) -> None:
    released = ROOT / "grader" / "release" / "autograder" / name
    assert (TEMPLATES / "gradescope" / name).read_bytes() == released.read_bytes()


def test_every_line_that_has_to_be_changed_says_so() -> None:
    made_up = ("my-organisation", "my-group", "v1.0", "background-math")
    for name in ("github.yml", "gitlab-ci.yml"):
        lines = (TEMPLATES / name).read_text(encoding="utf-8").splitlines()
        for place, line in enumerate(lines):
            if any(word in line for word in made_up) and not line.lstrip().startswith("#"):
                around = " ".join(lines[max(0, place - 4) : place + 1]).lower()
                assert "change" in around, line
