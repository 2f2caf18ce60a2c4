"""Somebody, or the kernel out of memory, kills processes of a run at random moments."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.errors import SandboxError
from grader.records import Call, Limits, Outcome
from grader.sandbox.host import Sandbox
from tests.faults import running
from tests.sandbox.processes import children, descendants, templates
from tests.tiny import Tiny

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has the sandbox")

# Slow enough that there is a middle to be killed in.
PAUSE_S = 0.05
SLOW = f"import time\ntime.sleep({PAUSE_S})\n"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    return running.crowd(tmp_path_factory.mktemp("course"), before=SLOW)


@pytest.fixture(scope="module")
def undisturbed(course: Tiny) -> dict[str, Any]:
    assert running.grade(course).code == 0
    return running.results(course)


def _template(of: int) -> list[int]:
    return [pid for pid in children(of) if pid in templates(of)]


def _workers(of: int) -> list[int]:
    # The template that was started has forked the one that forks them, in its own namespace.
    inner = [pid for template in _template(of) for pid in children(template)]
    return [pid for template in inner for pid in children(template)]


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("victims", [_template, _workers, descendants])
def test_what_is_killed_below_the_grader_costs_nobody_a_point(
    victims: Callable[[int], list[int]],
    seed: int,
    course: Tiny,
    undisturbed: dict[str, Any],
    tmp_path: Path,
) -> None:
    chance = random.Random(seed)  # noqa: S311  (no secret)
    elsewhere = Tiny(tmp_path)
    with running.start(course, "--reports", str(elsewhere.reports)) as run:
        assert run.stdout is not None
        run.stdout.readline()  # it has begun
        for _ in range(4):
            time.sleep(chance.random() * 2 * PAUSE_S)
            found = victims(run.pid)
            with contextlib.suppress(ProcessLookupError):
                if found:
                    os.kill(chance.choice(found), signal.SIGKILL)
        out, err = run.communicate()
    assert (run.returncode, "Traceback" in err) in {(0, False), (3, False)}, out + err
    assert running.no_worse(running.results(elsewhere), undisturbed)
    again = running.grade(course, reports=elsewhere.reports)
    assert (again.code, again.err) == (0, "")
    assert running.results(elsewhere) == undisturbed


SLEEPS = b"import time\ndef f():\n    time.sleep(60)\n"
TWICE_KILLED = (
    "a process of the sandbox was killed from outside, and so was the next one that tried the "
    "same, as happens when this machine runs out of memory; grade with fewer --jobs"
)


def test_a_child_that_is_killed_twice_is_a_fault_of_the_machine_and_no_verdict() -> None:
    with Sandbox(preload=()) as sandbox, sandbox.open({"s.py": SLEEPS}, Limits()) as session:
        killer = _Killer()
        session.on_call = killer
        with pytest.raises(SandboxError) as caught:
            session.call("s.py", Call("f"), 60.0)
    assert str(caught.value) == TWICE_KILLED
    assert killer.killed == 2


def test_a_child_that_is_killed_once_is_replaced_and_the_call_made_again() -> None:
    source = b"import time\ndef f():\n    time.sleep(0.3)\n    return 1\n"
    with Sandbox(preload=()) as sandbox, sandbox.open({"s.py": source}, Limits()) as session:
        session.on_call = _Killer(most=1)
        seen = session.call("s.py", Call("f"), 60.0)
    assert (seen.outcome, seen.value) == (Outcome.RETURNED, 1)


class _Killer:
    """Kills the process that has just begun a call."""

    def __init__(self, most: int = 2) -> None:
        self.most = most
        self.killed = 0

    def __call__(self, part: str, number: int, count: int) -> None:
        del part, number, count
        if self.killed < self.most:
            self.killed += 1
            for pid in _workers(os.getpid()):
                os.kill(pid, signal.SIGKILL)
