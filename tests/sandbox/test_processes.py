"""Processes for code that is not confined: started ahead, spare ones, fresh ones."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.errors import SandboxError
from grader.records import Call, Limits, PartCalls, RunOutcome, RunRequest
from grader.sandbox import processes
from grader.sandbox.plain import PlainSandbox

SOURCE = b"""
import os, sys
def pid(): return os.getpid()
def modules(): return " ".join(sys.modules)
"""


@pytest.fixture
def sandbox() -> Iterator[PlainSandbox]:
    """One that starts no process that is not asked for."""
    with PlainSandbox(preload=("numpy",), eager=False) as made:
        yield made


def run(sandbox: PlainSandbox, *parts: PartCalls) -> RunOutcome:
    return sandbox.run(RunRequest({"s.py": SOURCE}, parts, Limits()))


def part(name: str, function: str = "pid", *, fresh: bool = False) -> PartCalls:
    return PartCalls(name, "s.py", (Call(function),), 10.0, fresh)


def value(outcome: RunOutcome, name: str) -> object:
    return outcome.observations[name][0].value


def children() -> set[int]:
    """Return the processes that this one has started."""
    task = Path(f"/proc/self/task/{os.getpid()}/children")
    if not task.is_file():
        pytest.skip("Linux lists the children of a process there")
    return {int(pid) for pid in task.read_text(encoding="ascii").split()}


def test_the_first_process_serves_the_first_run() -> None:
    first = processes.start(["numpy"], thorough=False)
    with PlainSandbox(preload=("numpy",), first=first, eager=False) as sandbox:
        assert value(run(sandbox, part("a")), "a") == first.process.pid


def test_no_spare_process_is_started_that_is_not_asked_for(sandbox: PlainSandbox) -> None:
    before = children()
    run(sandbox, part("a"), part("b"))
    assert children() <= before


def test_a_spare_process_serves_the_next_run(sandbox: PlainSandbox) -> None:
    run(sandbox, part("a"))
    before = children()
    sandbox.warm(["numpy"])
    (spare,) = children() - before
    assert value(run(sandbox, part("a")), "a") == spare


def test_a_spare_process_is_kept_while_its_packages_are_right(sandbox: PlainSandbox) -> None:
    before = children()
    sandbox.warm(["numpy"])
    assert children() == before
    sandbox.warm(["numpy", "fractions"])
    assert children() != before
    assert "fractions" in str(value(run(sandbox, part("a", "modules")), "a")).split()


def test_parts_share_a_process_but_for_fresh_ones(sandbox: PlainSandbox) -> None:
    outcome = run(
        sandbox, part("a"), part("b"), part("c", fresh=True), part("d", fresh=True), part("e")
    )
    pids = [value(outcome, name) for name in "abcde"]
    assert pids[0] == pids[1]
    assert len(set(pids)) == 4


def test_a_fresh_part_takes_the_process_that_nobody_has_used() -> None:
    first = processes.start(["numpy"], thorough=False)
    with PlainSandbox(preload=("numpy",), first=first, eager=False) as sandbox:
        assert value(run(sandbox, part("a", fresh=True)), "a") == first.process.pid


def test_a_process_that_nobody_took_ends_with_its_folder() -> None:
    started = processes.start([], thorough=False)
    assert Path(started.folder).is_dir()
    started.end()
    started.end()
    assert started.process.returncode is not None
    assert not Path(started.folder).exists()


def test_ending_a_process_after_the_sandbox_has_ended_it_does_nothing() -> None:
    started = processes.start([], thorough=False)
    PlainSandbox(preload=(), first=started, eager=False).close()
    started.end()
    assert not Path(started.folder).exists()


def test_a_process_that_cannot_be_started_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    with pytest.raises(SandboxError, match=r"no process can be started for the code: .*/nowhere"):
        processes.start([])


def test_a_message_to_a_process_that_has_ended_is_no_error() -> None:
    started = processes.start([], thorough=False)
    started.kill()
    started.process.wait()
    started.tell({"probes": ["x" * 100_000]})
    started.end()


def test_a_process_whose_grader_has_gone_ends_and_removes_its_folder() -> None:
    started = processes.start([], thorough=False)
    assert started.process.stdin is not None
    started.process.stdin.close()
    assert started.process.wait(60) == 0
    assert not Path(started.folder).exists()
    for pipe in (started.process.stdout, started.process.stderr):
        assert pipe is not None
        pipe.close()
