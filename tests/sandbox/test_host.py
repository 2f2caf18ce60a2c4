import gc
import os
import subprocess
import sys
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from grader.errors import SandboxError
from grader.records import Call, Limits, Observation, PartCalls, RunRequest
from grader.sandbox.host import MAX_SESSIONS, Sandbox

from .conftest import run_part
from .processes import kill_template, open_files, templates

GOOD = "import numpy as np\ndef f(x): return x * 2"


def test_every_part_has_its_observations_in_order(sandbox: Sandbox) -> None:
    parts = (
        PartCalls("a", "s.py", (Call("f", {"x": 1}), Call("f", {"x": 2})), 5.0),
        PartCalls("b", "s.py", (Call("f", {"x": 3}),), 5.0),
    )
    outcome = sandbox.run(RunRequest({"s.py": GOOD.encode()}, parts))
    values = {
        name: [seen.value for seen in all_of] for name, all_of in outcome.observations.items()
    }
    assert values == {"a": [2, 4], "b": [6]}


def test_several_threads_use_one_sandbox(sandbox: Sandbox) -> None:
    def submission(number: int) -> object:
        source = f"import time\ndef f(x):\n    time.sleep(0.01)\n    return x + {number}"
        return run_part(sandbox, source, Call("f", {"x": 1})).observations["part"][0].value

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(submission, range(40))) == list(range(1, 41))


def test_two_sandboxes_run_at_a_time(sandbox: Sandbox) -> None:
    with (
        Sandbox(preload=("numpy",)) as other,
        other.open({"s.py": GOOD.encode()}, Limits()) as second,
        sandbox.open({"s.py": GOOD.encode()}, Limits()) as first,
    ):
        assert first.call("s.py", Call("f", {"x": 1}), 5.0).value == 2
        assert second.call("s.py", Call("f", {"x": 2}), 5.0).value == 4


def test_sessions_are_limited_in_number() -> None:
    with Sandbox(preload=()) as small:
        sessions = [small.open({}, Limits()) for _ in range(MAX_SESSIONS)]
        with pytest.raises(SandboxError, match="64 sessions are open at once, as many as"):
            small.open({}, Limits())
        for session in sessions:
            session.close()
        small.open({}, Limits()).close()


def test_a_closed_sandbox_says_so() -> None:
    closed = Sandbox(preload=())
    closed.close()
    with pytest.raises(SandboxError, match="this sandbox is closed"):
        closed.open({}, Limits())


def test_a_sandbox_may_be_closed_twice_and_before_it_is_ready() -> None:
    closed = Sandbox(preload=("numpy",))
    closed.close()
    closed.close()


def test_a_package_that_cannot_be_imported_is_named() -> None:
    with (
        Sandbox(preload=("nothing_of_this_name",)) as broken,
        pytest.raises(SandboxError, match="No module named 'nothing_of_this_name'"),
    ):
        broken.open({}, Limits())


def test_a_probe_that_cannot_be_imported_is_named() -> None:
    with (
        Sandbox(preload=(), probes=("no.such.module:probe",)) as broken,
        pytest.raises(SandboxError, match=r"No module named 'no'"),
    ):
        broken.open({}, Limits())


def test_a_template_killed_between_parts_is_replaced() -> None:
    with Sandbox(preload=("numpy",)) as mortal:
        with mortal.open({"s.py": GOOD.encode()}, Limits()) as session:
            assert session.call("s.py", Call("f", {"x": 1}), 5.0).value == 2
            kill_template()
            assert session.call("s.py", Call("f", {"x": 2}), 5.0).value == 4
        assert run_part(mortal, GOOD, Call("f", {"x": 3})).observations["part"][0].value == 6


def test_a_template_killed_during_a_call_is_replaced_and_the_part_repeated() -> None:
    source = "import time\ndef f(x):\n    time.sleep(1)\n    return x * 2"
    with Sandbox(preload=("numpy",)) as mortal, ThreadPoolExecutor(1) as pool:
        mortal.mechanisms  # noqa: B018  (waits)
        running = pool.submit(run_part, mortal, source, Call("f", {"x": 1}))
        time.sleep(0.5)
        kill_template()
        assert running.result().observations["part"][0].value == 2


def test_a_template_that_is_killed_again_is_a_fault_of_the_sandbox() -> None:
    source = "import time\ndef f(x):\n    time.sleep(60)"
    with Sandbox(preload=()) as mortal, ThreadPoolExecutor(1) as pool:
        mortal.mechanisms  # noqa: B018  (waits)
        running = pool.submit(run_part, mortal, source, Call("f", {"x": 1}), wall_s=60.0)
        time.sleep(0.3)
        while not running.done():
            kill_template()
            time.sleep(0.3)
        with pytest.raises(SandboxError, match="the sandbox"):
            running.result()


def test_nothing_survives_a_killed_grader(tmp_path: Path) -> None:
    script = tmp_path / "grading.py"
    script.write_text(
        textwrap.dedent("""
            from grader.records import Call, Limits
            from grader.sandbox.host import Sandbox
            sandbox = Sandbox(preload=())
            session = sandbox.open({"s.py": b"def f():\\n while True: pass"}, Limits())
            print("ready", flush=True)
            session.call("s.py", Call("f"), 600.0)
        """),
        encoding="utf-8",
    )
    grading = subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE)  # noqa: S603
    assert grading.stdout is not None
    assert grading.stdout.readline() == b"ready\n"
    time.sleep(0.3)
    family = templates(of=grading.pid)
    assert family
    grading.kill()
    grading.wait()
    grading.stdout.close()
    for _ in range(100):
        if not any(Path(f"/proc/{pid}").exists() for pid in family):
            return
        time.sleep(0.1)
    pytest.fail("processes of the sandbox survived the grader")


def test_a_hundred_runs_leave_nothing_open(sandbox: Sandbox) -> None:
    source = "import os\ndef f(x): return x\ndef g(): os._exit(1)"
    run_part(sandbox, source, Call("f", {"x": 1}))
    before = (open_files(), len(templates(of=os.getpid())))
    for _ in range(100):
        seen = run_part(sandbox, source, Call("f", {"x": 1}), "g", Call("f", {"x": 2}))
        assert [one.value for one in seen.observations["part"]] == [1, None, 2]
    gc.collect()
    assert (open_files(), len(templates(of=os.getpid()))) == before


def test_arrays_cross_unchanged(sandbox: Sandbox) -> None:
    x = np.arange(100_000.0).reshape(100, 1000)
    seen: Observation = run_part(sandbox, GOOD, Call("f", {"x": x})).observations["part"][0]
    np.testing.assert_array_equal(seen.value, 2 * x)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_an_unprivileged_user_is_protected_as_well() -> None:
    script = textwrap.dedent("""
        from grader.records import Call, Limits
        from grader.sandbox.host import Sandbox
        from grader.sandbox.mechanisms import shortfall
        with Sandbox(preload=("numpy",)) as sandbox:
            session = sandbox.open({"s.py": b"import os\\ndef f(): return os.getppid()"}, Limits())
            assert session.call("s.py", Call("f"), 5.0).value == 0
            session.close()
            print(sorted(m.name for m in sandbox.mechanisms if not m.present))
            print(shortfall(sandbox.mechanisms))
    """)
    done = subprocess.run(  # noqa: S603
        [sys.executable, str(Path(__file__).with_name("as_nobody.py")), script],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout == "['separate uids']\nNone\n"


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_session_that_is_forgotten_leaves_no_process(sandbox: Sandbox) -> None:
    source = b"import threading\ndef burn():\n    while True: pass\ndef f(): return 1\n"
    source += b"threading.Thread(target=burn, daemon=True).start()"
    before = set(templates(of=os.getpid()))
    session = sandbox.open({"s.py": source}, Limits())
    assert session.call("s.py", Call("f"), 5.0).value == 1
    del session
    gc.collect()
    for _ in range(50):
        if set(templates(of=os.getpid())) == before:
            return
        time.sleep(0.1)
    pytest.fail("the process of a forgotten session still runs")


def test_sets_have_the_same_order_in_every_sandbox(sandbox: Sandbox) -> None:
    source = "def f(): return hash('order')"
    with Sandbox(preload=()) as other:
        values = [
            run_part(one, source, "f").observations["part"][0].value for one in (sandbox, other)
        ]
    assert values[0] == values[1]
