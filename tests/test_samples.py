"""The samples of the course: each gets exactly what its `expect.yaml` declares."""

from __future__ import annotations

import json
import subprocess
import sys
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from grader.kinds.registry import part_models
from grader.records import Status
from grader.spec.loader import Assignment, load
from grader.spec.samples import EXPECT_NAME, Verdict, differences, read

ROOT = Path(__file__).parents[1]
SAMPLES = sorted(path.parent for path in ROOT.glob(f"submissions/*/*/{EXPECT_NAME}"))


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], dict[str, Any]]:
    """The parts of every graded submission, by assignment and submission."""
    reports = tmp_path_factory.mktemp("reports")
    command = [sys.executable, "-m", "grader", "grade", "--reports", str(reports)]
    done = subprocess.run(  # noqa: S603
        command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    found = {}
    for file in reports.glob("*/results.json"):
        data = json.loads(file.read_text(encoding="utf-8"))
        for submission in data["submissions"]:
            parts = {part["id"]: part for part in submission["parts"]}
            found[data["assignment"], submission["id"]] = parts
    return found


@cache
def assignment(name: str) -> Assignment:
    return load(ROOT / "assignments" / name, ROOT / "reference", part_models())


def test_there_are_samples() -> None:
    assert len(SAMPLES) >= 13


@pytest.mark.parametrize("folder", SAMPLES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_sample_gets_exactly_what_it_declares(
    folder: Path, results: dict[tuple[str, str], dict[str, Any]]
) -> None:
    declared = read(folder / EXPECT_NAME, assignment(folder.parent.name))
    graded = results[folder.parent.name, folder.name]
    found = {
        name: Verdict(Status(part["status"]), _exact(part["points"]), part["mistake"])
        for name, part in graded.items()
    }
    assert differences(declared, found) == ()


def _exact(points: float) -> Fraction:
    # results.json has points as floats; 40/9 is the fraction nearby with a small denominator.
    return Fraction(points).limit_denominator(10_000)
