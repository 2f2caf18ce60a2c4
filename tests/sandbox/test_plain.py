import os
import tempfile
import time
from pathlib import Path

import numpy as np
import pytest

from grader.errors import SandboxError
from grader.records import Call, Failure, Limits, PartCalls, RunRequest
from grader.sandbox.plain import PlainSandbox

from . import samples
from .conftest import first_value, run_part

SOURCE = """
import os, time
def f(x): return x * 2
def hangs(): time.sleep(600)
def exits(): os._exit(3)
def raises(): raise ValueError("no")
def prints(): print("here")
def folder(): return os.getcwd()
"""


def test_calls_work_as_in_the_sandbox(plain: PlainSandbox) -> None:
    outcome = run_part(
        plain, SOURCE, Call("f", {"x": np.ones(2)}), "raises", "exits", "nothing", "f"
    )
    seen = outcome.observations["part"]
    assert [one.outcome.value for one in seen] == [
        "returned",
        "raised",
        "died",
        "missing",
        "raised",
    ]
    np.testing.assert_array_equal(seen[0].value, [2.0, 2.0])
    assert seen[2].failure == Failure(
        "ProcessDied", "the process left with exit status 3 before the call returned"
    )


def test_a_call_that_outruns_the_budget_ends_the_part(plain: PlainSandbox) -> None:
    calls = [Call("f", {"x": 1}), Call("hangs"), Call("f", {"x": 1})]
    seen = run_part(plain, SOURCE, *calls, wall_s=0.5).observations["part"]
    assert [one.outcome.value for one in seen] == ["returned", "timed_out", "not_run"]


def test_a_session_may_wait_longer_than_a_call(plain: PlainSandbox) -> None:
    with plain.open({"s.py": SOURCE.encode()}, Limits()) as session:
        assert session.call("s.py", Call("f", {"x": 1}), 0.3).value == 2
        time.sleep(0.5)
        assert session.call("s.py", Call("f", {"x": 2}), 0.3).value == 4


def test_no_module_of_the_grader_is_within_reach(plain: PlainSandbox) -> None:
    source = """
        import sys
        def f(): return [name for name in sys.modules if name.startswith("grader")]
    """
    assert first_value(run_part(plain, source, "f")) == []


def test_output_is_told(plain: PlainSandbox) -> None:
    assert run_part(plain, SOURCE, "prints").output == "here\n"


def test_a_flood_of_output_costs_no_points(plain: PlainSandbox) -> None:
    source = (
        "import os\ndef f():\n    for _ in range(10**3): os.write(1, b'x' * 10**5)\n    return 7"
    )
    outcome = run_part(plain, source, "f", limits=Limits(output_kib=2))
    assert outcome.observations["part"][0].value == 7
    assert outcome.output == "x" * 2048
    assert outcome.output_cut


def test_an_import_that_hangs_is_told_for_every_call(plain: PlainSandbox) -> None:
    part = PartCalls("part", "s.py", (Call("f"), Call("f")), 5.0)
    request = RunRequest({"s.py": b"import time; time.sleep(600)"}, (part,), Limits(wall_s=0.3))
    seen = plain.run(request).observations["part"]
    assert [one.outcome.value for one in seen] == ["timed_out", "timed_out"]


def test_a_probe_runs_beside_the_module(plain: PlainSandbox) -> None:
    call = Call("f", {"x": 2}, probe=samples.CALL_TWICE)
    assert run_part(plain, SOURCE, call).observations["part"][0].value == [4, 4]


def test_the_folder_of_a_submission_is_removed(plain: PlainSandbox) -> None:
    folder = run_part(plain, SOURCE, "folder").observations["part"][0].value
    assert isinstance(folder, str)
    assert folder.startswith(os.path.realpath(tempfile.gettempdir()))
    assert not Path(folder).exists()


def test_nothing_protects(plain: PlainSandbox) -> None:
    assert plain.mechanisms == ()


def test_what_it_started_ends_with_a_submission(plain: PlainSandbox) -> None:
    source = """
        import subprocess
        def f(): return subprocess.Popen(["sleep", "600"]).pid
    """
    pid = run_part(plain, source, "f").observations["part"][0].value
    assert isinstance(pid, int)
    for _ in range(50):
        if (
            not Path(f"/proc/{pid}").exists()
            or "Z" in Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").split()
        ):
            return
        time.sleep(0.1)
    pytest.fail("a process of the submission still runs")


def test_a_closed_sandbox_says_so() -> None:
    closed = PlainSandbox(preload=())
    closed.close()
    closed.close()
    with pytest.raises(SandboxError, match="this sandbox is closed"):
        closed.open({}, Limits())
