"""Hunts through a course of one small assignment, in one real sandbox for all of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from grader.grading.mutants import excuses
from grader.grading.mutants.bench import Bench
from grader.grading.mutants.hunt import Bag, Choice, Fate, Hunt
from grader.kinds.functions.derivatives import Value
from grader.kinds.registry import part_models
from grader.sandbox.host import Sandbox
from grader.spec.loader import load
from grader.submissions.folder import read
from tests import tiny
from tests.tiny import Tiny

TWICE = "def twice(x): return [2 * v for v in x]\n"
HALF = "def half(x): return x / 2\n"
BRANCH = f"{TWICE}def half(x):\n    if x[0] > 9:\n        return x - x / 2\n    return x / 2\n"
RARE = f"{TWICE}def half(x): return np.minimum(x, 3) / 2 + np.maximum(x - 3, 0) / 2\n"
ALSO = "    also: [{x: [10, 1]}]\n"
ALL = Choice()
OF_HALF = Choice(("twice-half",))


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(preload=("numpy",)) as one:
        yield one


@pytest.fixture
def course(tmp_path: Path) -> Tiny:
    """A course with a hundred cases for the half."""
    course = tiny.make_auditable(tmp_path)
    file = course.assignment / "twice.yaml"
    first, half = file.read_text(encoding="utf-8").split("  - id: twice-half")
    half = half.replace("count: 5", "count: 100")
    file.write_text(f"{first}  - id: twice-half{half}", encoding="utf-8")
    return course


@pytest.fixture
def hunted(course: Tiny, sandbox: Sandbox) -> Any:
    """Hand in a reference solution, and return what a hunt through it found."""

    def hunt(solution: str, choice: Choice = ALL) -> Bag:
        course.hand_in("reference-solution", solution)
        references = course.root / "reference"
        assignment = load(course.assignment, references, part_models())
        bench = Bench(
            assignment, read(course.submissions / "reference-solution", "it"), lambda: sandbox
        )
        excused = excuses.read(references / "doubling" / excuses.FILE)
        with ThreadPoolExecutor(2) as pool:
            return Hunt(bench, choice, excused, pool).run()

    return hunt


def said(bag: Bag, *fates: Fate) -> dict[str, str]:
    return {each.mutant.change.becomes: each.says for each in bag.hunted if each.fate in fates}


def numbers(bag: Bag) -> dict[str, dict[str, int]]:
    return {
        part: {str(fate): count for fate, count in fates.items() if count}
        for part, fates in bag.fates().items()
    }


def test_good_cases_kill_every_mutant(hunted: Any) -> None:
    bag = hunted(TWICE + HALF)
    assert bag.sound
    assert numbers(bag) == {"twice-value": {"killed": 7}, "twice-half": {"killed": 8}}
    assert (bag.left_out, bag.not_run, bag.stale, bag.faults) == (0, (), (), ())


def test_a_mutant_is_graded_by_the_parts_that_run_it(hunted: Any) -> None:
    shared = "FACTOR = 2\ndef twice(x): return FACTOR * x\ndef half(x): return x / 2\n"
    found = {each.mutant.change.becomes: each for each in hunted(shared).hunted}
    assert found["FACTOR = 3"].parts == ("twice-value", "twice-half")  # both import the file
    assert found["FACTOR = 3"].home == "twice-value"
    assert found["def half(x): return x * 2"].parts == ("twice-half",)


def test_what_stands_outside_of_functions_counts_for_the_part_that_uses_it(hunted: Any) -> None:
    rest = "SHARE = 2\ndef half(x): return part(x)\ndef part(x): return x / SHARE\n"
    homes = {each.mutant.change.line: each.home for each in hunted(TWICE + rest).hunted}
    assert homes["SHARE = 2"] == homes["def part(x): return x / SHARE"] == "twice-half"


def test_a_survivor_is_found_when_a_case_is_taken_away(course: Tiny, hunted: Any) -> None:
    file = course.assignment / "twice.yaml"
    without = file.read_text(encoding="utf-8")
    file.write_text(without + ALSO, encoding="utf-8")
    assert hunted(BRANCH, OF_HALF).sound
    file.write_text(without, encoding="utf-8")
    bag = hunted(BRANCH, OF_HALF)
    assert not bag.sound
    assert said(bag, Fate.SURVIVED)["return x + x / 2"] == "no case runs this place: line 4"


def test_what_differs_for_further_inputs_survives_and_is_not_equivalent(hunted: Any) -> None:
    survivors = said(hunted(f"import numpy as np\n{RARE}", OF_HALF), Fate.SURVIVED)
    assert survivors["def half(x): return np.minimum(x, 3) / 2"] == (
        "twice-half, seed 9: wrong: Entry [1] of 2 is wrong; the others are right in every case. "
        "(99 of 100 cases are right.)"
    )


def test_what_is_the_same_for_a_thousand_further_inputs_is_equivalent(hunted: Any) -> None:
    bag = hunted(f"{TWICE}def half(x): return 0.0 + x / 2\n", OF_HALF)
    assert bag.sound
    assert said(bag, Fate.EQUIVALENT) == {
        "def half(x): return x / 2": "twice-half: 1000 further inputs"
    }


def test_a_part_without_further_inputs_is_not_decided(course: Tiny, hunted: Any) -> None:
    file = course.assignment / "twice.yaml"
    text = file.read_text(encoding="utf-8")
    first, half = text.split("  - id: twice-half")
    half = half.replace("normal: [2]", "integers: {low: 4, high: 4, shape: [2]}")
    file.write_text(f"{first}  - id: twice-half{half}", encoding="utf-8")
    survivors = said(hunted(f"{TWICE}def half(x): return x / 2 + 0 * x\n", OF_HALF), Fate.SURVIVED)
    assert survivors["def half(x): return x / 2"] == (
        "not decided: twice-half: no further inputs can be drawn"
    )


def test_a_mutant_that_hangs_is_killed(course: Tiny, hunted: Any) -> None:
    file = course.assignment / "assignment.yaml"
    text = file.read_text(encoding="utf-8").replace("wall_s: 2", "wall_s: 0.5")
    file.write_text(text, encoding="utf-8")
    loop = "def half(x):\n    n = 0\n    while n < 1:\n        n += 1\n    return x / 2 * n\n"
    killed = said(hunted(TWICE + loop, OF_HALF), Fate.KILLED)
    assert killed["n -= 1"] == "twice-half: timed_out"


def test_a_sample_says_how_many_are_left_out_and_is_the_same_each_time(hunted: Any) -> None:
    first, again = (hunted(TWICE + HALF, Choice(limit=4, seed=3)) for _ in range(2))
    assert (len(first.hunted), first.left_out) == (4, 11)
    assert first.hunted == again.hunted
    assert [e.mutant.number for e in first.hunted] == sorted(e.mutant.number for e in first.hunted)


def test_only_the_mutants_of_a_part_may_be_asked_for(hunted: Any) -> None:
    bag = hunted(TWICE + HALF, OF_HALF)
    assert numbers(bag) == {"twice-half": {"killed": 8}}


def test_functions_that_no_part_runs_are_told(hunted: Any) -> None:
    bag = hunted(f"{TWICE}{HALF}def main(): print(half([1 + 1]))\n", Choice(limit=1))
    assert bag.not_run == ("solution.py: main",)
    assert bag.left_out == 14


def test_a_part_that_the_reference_gets_wrong_cannot_be_hunted_in(hunted: Any) -> None:
    bag = hunted(f"{TWICE}def half(x): return x\n", Choice(limit=1))
    assert not bag.sound
    ((part, says),) = bag.faults
    assert part == "twice-half"
    assert says.startswith("the reference solution is not right there: ")


def test_a_part_whose_reference_raises_anything_cannot_be_hunted_in(
    course: Tiny, hunted: Any
) -> None:
    file = course.root / "reference" / "doubling" / "twice.py"
    text = file.read_text(encoding="utf-8")
    line = "def half(x):\n"
    assert text.count(line) == 1
    worst = f"{line}    raise BaseException('no')\n"
    file.write_text(text.replace(line, worst), encoding="utf-8")
    bag = hunted(TWICE + HALF, Choice(limit=1))
    assert bag.faults == (("twice-half", "planning twice-half failed: BaseException('no')"),)


EXCUSE = """\
mutants:
  - within: half
    line: "{line}"
    becomes: {becomes}
    reason: This is said only to have something to be read.
"""


def excuse(course: Tiny, line: str, becomes: list[str]) -> None:
    file = course.root / "reference" / "doubling" / excuses.FILE
    listed = json.dumps(becomes)
    file.write_text(EXCUSE.format(line=line, becomes=listed), encoding="utf-8")


def test_a_survivor_may_be_excused(course: Tiny, hunted: Any) -> None:
    excuse(course, "return x - x / 2", sorted(said(hunted(BRANCH, OF_HALF), Fate.SURVIVED)))
    bag = hunted(BRANCH, OF_HALF)
    assert bag.sound
    assert set(said(bag, Fate.EXCUSED).values()) == {
        "This is said only to have something to be read."
    }


@pytest.mark.parametrize(
    ("becomes", "says"),
    [
        ("def half(x): return 3", "there is no such mutant"),
        ("def half(x): return x * 2", "killed: twice-half: wrong"),
    ],
)
def test_an_excuse_for_nothing_is_stale(becomes: str, says: str, course: Tiny, hunted: Any) -> None:
    excuse(course, HALF.strip(), [becomes])
    bag = hunted(TWICE + HALF)
    assert not bag.sound
    ((stale, found),) = bag.stale
    assert (stale.becomes, found) == (becomes, says)


def test_excuses_for_what_was_not_tried_are_not_stale(course: Tiny, hunted: Any) -> None:
    excuse(course, HALF.strip(), ["def half(x): return x * 2"])
    assert hunted(TWICE + HALF, Choice(("twice-value",))).stale == ()


@pytest.mark.parametrize("error", [ValueError("no such thing"), BaseException("no such thing")])
def test_a_judge_that_fails_on_a_mutant_is_no_kill(
    error: BaseException, hunted: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge = Value.judge

    def fragile(self: Value, part: Any, plan: Any, observations: Any, judging: Any) -> Any:
        if b"x * 2" in judging.sources["solution.py"]:
            raise error
        return judge(self, part, plan, observations, judging)

    monkeypatch.setattr(Value, "judge", fragile)
    bag = hunted(TWICE + HALF, OF_HALF)
    assert not bag.sound
    assert said(bag, Fate.FAULT) == {
        "def half(x): return x * 2": f"twice-half: judging failed: {error!r}"
    }
