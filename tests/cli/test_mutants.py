from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest

from grader.cli.mutants import MISSING, Wishes, run
from tests import tiny
from tests.cli.conftest import Grader
from tests.tiny import Tiny

SOLUTION = """\
def twice(x): return 2 * x
def half(x):
    if x[0] > 9:
        return 0.5 * x
    return x / 2
def main(): return half(3)
"""


@pytest.fixture
def course(tmp_path: Path) -> Tiny:
    course = tiny.make_auditable(tmp_path)
    course.hand_in("reference-solution", SOLUTION)
    return course


def page(course: Tiny) -> Path:
    file = course.root / "mutants.md"
    places = [f"<!-- begin {name} -->\n<!-- end {name} -->\n" for name in ("operators", "doubling")]
    file.write_text("".join(places), encoding="utf-8")
    return file


def test_survivors_are_listed_with_what_changed_and_why(course: Tiny, capsys: Any) -> None:
    assert run([], Wishes(jobs=1, only=["twice-half"], limit=6, seed=5), course.root) == 1
    out = capsys.readouterr().out
    assert out.startswith("Grading 6 mutants of doubling.\n")
    assert (
        "\ndoubling\n"
        "              mutants  killed  equivalent  excused  survivors\n"
        "  twice-half        6       2           2        0          2\n"
        "  all               6       2           2        0          2\n"
    ) in out
    assert "  19 more mutants left out: --limit\n" in out
    assert (
        "\n  survived: solution.py:4 in half, sign\n"
        "    - return 0.5 * x\n"
        "    + return -(0.5 * x)\n"
        "    parts     twice-half\n"
        "    why       no case runs this place: line 4\n"
    ) in out


def test_a_course_whose_cases_see_everything_is_sound_and_gets_its_table(
    course: Tiny, capsys: Any
) -> None:
    course.hand_in(
        "reference-solution",
        "def twice(x): return 2 * x\ndef half(x): return x / 2\ndef main(): return half(3)\n",
    )
    file = page(course)
    assert run(["doubling"], Wishes(table=file), course.root) == 0
    out = capsys.readouterr().out
    assert out.endswith("\nNo mutant survives that is not equivalent or excused.\n")
    assert "  left alone, since no part runs them: solution.py: main\n" in out
    text = file.read_text(encoding="utf-8")
    assert "| twice-value | 8 | 8 | 0 | 0 | 0 |\n| twice-half | 8 | 8 | 0 | 0 | 0 |\n" in text


def test_excuses_that_hold_no_longer_are_listed(course: Tiny, capsys: Any) -> None:
    file = course.root / "reference" / "doubling" / "equivalent-mutants.yaml"
    file.write_text(
        "mutants:\n  - {line: gone, becomes: other, reason: It was excused a year ago.}\n",
        encoding="utf-8",
    )
    assert run([], Wishes(limit=1, seed=0), course.root) == 1
    assert (
        "\n  stale excuse, line 2\n    - gone\n    + other\n    found     there is no such mutant\n"
    ) in capsys.readouterr().out


def test_a_table_is_for_whole_assignments(course: Tiny, capsys: Any) -> None:
    assert run([], Wishes(table=page(course), limit=3), course.root) == 2
    assert capsys.readouterr().err == (
        "grader: --table is for whole assignments: leave out --only and --limit\n"
    )


def test_a_page_that_is_not_there_is_bad_usage(course: Tiny, capsys: Any) -> None:
    assert run([], Wishes(table=course.root / "no.md"), course.root) == 2
    assert capsys.readouterr().err.endswith("no.md: cannot be read: No such file or directory\n")


def test_without_libcst_it_says_what_to_install(
    course: Tiny, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    assert run([], Wishes(), course.root) == 2
    assert capsys.readouterr().err == f"grader: {MISSING}\n"
    assert "pip install 'grader[mutants]'" in MISSING


def test_the_options_of_mutants_go_with_mutants(grader: Grader) -> None:
    done = grader("audit", "--only", "twice-half")
    assert done.returncode == 2
    assert "--only, --limit and --table go with --mutants" in " ".join(done.stderr.split())


@pytest.mark.usefixtures("course")
def test_the_command_line_leads_there(grader: Grader) -> None:
    done = grader("audit", "--mutants", "doubling", "--limit", "1")
    assert done.stdout.startswith("Grading 1 mutant of doubling.\n"), done.stderr
    assert done.returncode in {0, 1}
