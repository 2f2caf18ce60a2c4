"""The sandboxes of these tests, and a short way to run a line of student code in them."""

import sys
import textwrap
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import pytest

from grader.records import Call, Limits, Observation, PartCalls, RunOutcome, RunRequest
from grader.sandbox.host import Sandbox
from grader.sandbox.plain import PlainSandbox

from . import samples

if sys.platform != "linux":
    collect_ignore_glob = ["test_*.py"]

PROBES = (samples.CALL_TWICE, samples.NAME_OF_MODULE, samples.NOTED)

LIMITS = Limits()

Student: TypeAlias = Callable[..., Any]
"""Gives an Observation; not said so here, since its value is of any type."""
Run: TypeAlias = Callable[..., RunOutcome]


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(preload=("numpy",), probes=PROBES) as made:
        yield made


@pytest.fixture(scope="session")
def torch_sandbox() -> Iterator[Sandbox]:
    with Sandbox(preload=("numpy", "torch")) as made:
        yield made


@pytest.fixture(scope="session")
def plain() -> Iterator[PlainSandbox]:
    with PlainSandbox(preload=("numpy",), probes=PROBES) as made:
        yield made


def run_part(
    sandbox: Sandbox | PlainSandbox,
    source: str,
    *calls: Call | str,
    limits: Limits = LIMITS,
    wall_s: float = 10.0,
) -> RunOutcome:
    """Run calls on one file; a call given as a name has no arguments."""
    made = tuple(Call(call) if isinstance(call, str) else call for call in calls)
    files = {"solution.py": textwrap.dedent(source).encode()}
    part = PartCalls("part", "solution.py", made, wall_s)
    return sandbox.run(RunRequest(files, (part,), limits))


def first_value(outcome: RunOutcome) -> Any:
    """Return what the first call of the part returned."""
    return outcome.observations["part"][0].value


@pytest.fixture
def run(sandbox: Sandbox) -> Run:
    def in_sandbox(source: str, *calls: Call | str, **options: Any) -> RunOutcome:
        return run_part(sandbox, source, *calls, **options)

    return in_sandbox


@pytest.fixture
def student(run: Run) -> Student:
    """Return a function that gives the observation of one call of `f` in a source text."""

    def call_f(source: str, seed: int = 0, **arguments: Any) -> Observation:
        outcome = run(source, Call("f", arguments, seed=seed))
        return outcome.observations["part"][0]

    return call_f
