"""Every attack of the corpus gets what it deserves, and touches nobody.

All are graded in one run of `grader grade`; `python -m tests.hostile` does the same with fewer
privileges, and measures.
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from tests.hostile import corpus, course
from tests.hostile.elsewhere import TESTS
from tests.hostile.findings import Findings
from tests.hostile.grading import graded

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is for Linux")


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> Findings:
    root = tmp_path_factory.mktemp("hostile").resolve()
    corpus.lay_out(root, corpus.known())
    return Findings(graded(root))


@pytest.mark.parametrize("name", corpus.known())
def test_an_attack_gets_the_verdict_it_deserves(findings: Findings, name: str) -> None:
    assert findings.of_verdict(name) == []


@pytest.mark.parametrize("name", corpus.known())
def test_nothing_secret_is_in_what_a_student_gets(findings: Findings, name: str) -> None:
    assert findings.of_page(name) == []


def test_right_submissions_among_them_are_graded_as_ever(findings: Findings) -> None:
    assert findings.of_neighbours() == []


def test_nothing_outlives_the_run(findings: Findings) -> None:
    assert findings.of_run() == []


def test_the_machine_is_said_to_be_ready(findings: Findings) -> None:
    assert findings.graded.ready


@pytest.mark.parametrize("name", corpus.known())
def test_a_module_says_what_it_tries_and_who_falls_for_it(name: str) -> None:
    tries, falls = corpus.told(name)
    assert tries.endswith(".")
    assert falls.startswith("Graders ")
    assert falls.endswith(".")
    assert set(corpus.known()[name].wanted) <= set(course.PARTS)


@pytest.mark.parametrize("test", sorted({test for tests in TESTS.values() for test in tests}))
def test_a_test_elsewhere_is_there(test: str) -> None:
    file, _, name = test.partition("::")
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
