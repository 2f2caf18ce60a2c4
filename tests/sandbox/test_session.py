import time
from dataclasses import replace

import numpy as np
import pytest

from grader.errors import SandboxError
from grader.records import Call, Failure, Limits, Observation, Outcome, PartCalls, RunRequest
from grader.sandbox.host import Sandbox
from grader.sandbox.protocol import Buffers, write_answer
from grader.sandbox.session import Session
from grader.sandbox.worker import Ending

from .conftest import Run

DEATHS = """
import os, time, threading
def good(): return 1
def exits(): os._exit(3)
def crashes():
    import ctypes
    ctypes.string_at(0)
def hangs():
    while True: pass
def swallows():
    while True:
        try:
            while True: time.sleep(0.01)
        except BaseException:
            pass
def takes(seconds): time.sleep(seconds)
def closes():
    os.close(3)
    time.sleep(60)
def babbles():
    os.write(3, b"x" * 64)
    time.sleep(60)
def forges():
    os.write(3, b"\\x04\\x00\\x00\\x00\\x81\\xa1a\\x01")
    time.sleep(60)
def announces():
    os.write(3, b"\\xff\\xff\\xff\\xff")
    time.sleep(60)
def dribbles():
    for _ in range(1000):
        os.write(3, b"\\x00")
        time.sleep(0.05)
"""


def outcomes(observations: tuple[Observation, ...]) -> list[str]:
    return [observation.outcome.value for observation in observations]


def test_a_call_that_exits_is_marked_and_the_next_is_made(run: Run) -> None:
    seen = run(DEATHS, "good", "exits", "good").observations["part"]
    assert outcomes(seen) == ["returned", "died", "returned"]
    assert seen[1].failure == Failure(
        "ProcessDied", "the process left with exit status 3 before the call returned"
    )


LARGE = """
import numpy as np
def large(): return np.zeros(1 << 20, np.uint8)
def many(): return [[] for _ in range(20_000)]
def small(): return 1
"""


@pytest.mark.parametrize("target", ["large", "many"])
def test_values_that_take_too_much_memory_together_are_not_kept(
    run: Run, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    monkeypatch.setattr("grader.sandbox.session.MAX_KEPT_BYTES", 3_000_000)
    seen = run(LARGE, target, target, target, "small").observations["part"]
    assert outcomes(seen) == ["returned", "returned", "out_of_memory", "returned"]
    assert seen[2].value is None
    assert seen[2].failure == Failure(
        "MemoryError", "what it returned is too large beside that of earlier calls"
    )


def test_what_earlier_parts_returned_takes_room_from_later_ones(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.sandbox.session.MAX_KEPT_BYTES", 1_500_000)
    parts = tuple(PartCalls(name, "s.py", (Call("large"),), 5.0) for name in ("a", "b"))
    seen = sandbox.run(RunRequest({"s.py": LARGE.encode()}, parts, Limits())).observations
    assert [outcomes(seen[name]) for name in "ab"] == [["returned"], ["out_of_memory"]]


def test_calls_whose_values_nobody_keeps_take_no_room(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.sandbox.session.MAX_KEPT_BYTES", 1_500_000)
    with sandbox.open({"s.py": LARGE.encode()}, Limits()) as session:
        seen = tuple(session.call("s.py", Call("large"), 5.0) for _ in range(3))
    assert outcomes(seen) == ["returned"] * 3


def test_a_crash_is_named_by_its_signal(run: Run) -> None:
    seen = run(DEATHS, "crashes", "good").observations["part"]
    assert outcomes(seen) == ["died", "returned"]
    assert seen[0].failure == Failure(
        "ProcessDied", "the process was ended by SIGSEGV (Segmentation fault)"
    )


@pytest.mark.parametrize("target", ["hangs", "swallows"])
def test_a_call_that_outruns_the_budget_ends_the_part(run: Run, target: str) -> None:
    seen = run(DEATHS, "good", target, "good", wall_s=0.5).observations["part"]
    assert outcomes(seen) == ["returned", "timed_out", "not_run"]
    assert seen[1].failure == Failure("TimeoutError", "still running after 0.5 s, the time allowed")
    assert seen[2].failure == Failure(
        "TimeoutError", "not run: earlier calls used up the time of this part"
    )


def test_the_budget_is_for_all_calls_together(run: Run) -> None:
    calls = [Call("takes", {"seconds": 0.3})] * 4
    seen = run(DEATHS, *calls, wall_s=0.7).observations["part"]
    assert outcomes(seen) == ["returned", "returned", "timed_out", "not_run"]


def test_every_part_has_a_budget_of_its_own(sandbox: Sandbox) -> None:
    parts = tuple(PartCalls(name, "s.py", (Call(name),), 0.4) for name in ("hangs", "good"))
    outcome = sandbox.run(RunRequest({"s.py": DEATHS.encode()}, parts))
    assert {name: outcomes(seen) for name, seen in outcome.observations.items()} == {
        "hangs": ["timed_out"],
        "good": ["returned"],
    }


def test_after_three_deaths_the_rest_of_the_part_is_not_run(run: Run) -> None:
    seen = run(DEATHS, *["exits"] * 5).observations["part"]
    assert outcomes(seen) == ["died", "died", "died", "not_run", "not_run"]
    assert seen[3].failure == Failure(
        "ProcessDied", "not run: earlier calls of this part ended the process"
    )


def test_deaths_in_one_part_do_not_count_in_the_next(sandbox: Sandbox) -> None:
    parts = (
        PartCalls("a", "s.py", (Call("exits"),) * 3, 5.0),
        PartCalls("b", "s.py", (Call("exits"), Call("good")), 5.0),
    )
    outcome = sandbox.run(RunRequest({"s.py": DEATHS.encode()}, parts))
    assert outcomes(outcome.observations["b"]) == ["died", "returned"]


PIECES = """
import os, time
def takes(seconds): time.sleep(seconds); return seconds
def exits(): os._exit(3)
"""


def pieces(sandbox: Sandbox, target: str, *arguments: float, first: int) -> list[str]:
    """Return the outcomes of a part of two pieces, with another part between them."""
    calls = tuple(Call(target, {"seconds": each} if arguments else {}) for each in arguments)
    whole = PartCalls("part", "solution.py", calls, 1.0)
    request = RunRequest(
        {"solution.py": PIECES.encode()},
        (
            replace(whole, calls=calls[:first], after=len(calls) - first),
            PartCalls("between", "solution.py", (Call("takes", {"seconds": 0.0}),), 1.0),
            replace(whole, calls=calls[first:], before=first),
        ),
    )
    outcome = sandbox.run(request)
    assert outcomes(outcome.observations["between"]) == ["returned"]
    return outcomes(outcome.observations["part"])


def test_the_pieces_of_a_part_are_one_in_the_outcome(sandbox: Sandbox) -> None:
    assert pieces(sandbox, "takes", 0.0, 0.1, 0.2, first=1) == ["returned"] * 3


def test_the_pieces_of_a_part_share_its_time(sandbox: Sandbox) -> None:
    assert pieces(sandbox, "takes", 5.0, 0.0, 0.0, first=1) == ["timed_out", "not_run", "not_run"]


def test_the_pieces_of_a_part_share_its_processes(sandbox: Sandbox) -> None:
    calls = (Call("exits"),) * 4
    whole = PartCalls("part", "solution.py", calls, 5.0)
    parts = (replace(whole, calls=calls[:2], after=2), replace(whole, calls=calls[2:], before=2))
    outcome = sandbox.run(RunRequest({"solution.py": PIECES.encode()}, parts))
    assert outcomes(outcome.observations["part"]) == ["died", "died", "died", "not_run"]


def test_a_call_is_counted_in_its_part_and_not_in_its_piece(sandbox: Sandbox) -> None:
    calls = (Call("takes", {"seconds": 0.0}),) * 3
    whole = PartCalls("part", "solution.py", calls, 5.0)
    parts = (replace(whole, calls=calls[:1], after=2), replace(whole, calls=calls[1:], before=1))
    told: list[tuple[str, int, int]] = []
    request = RunRequest({"solution.py": PIECES.encode()}, parts)
    sandbox.run(request, lambda *call: told.append(call))
    assert told == [("part", 1, 3), ("part", 2, 3), ("part", 3, 3)]


def test_an_import_that_hangs_is_not_tried_again(sandbox: Sandbox) -> None:
    files = {"s.py": b"while True: pass", "t.py": b"def g(): return 2"}
    with sandbox.open(files, Limits(wall_s=0.3)) as session:
        first = session.run(PartCalls("a", "s.py", (Call("f"), Call("f")), 5.0))
        second = session.run(PartCalls("b", "s.py", (Call("f"),), 5.0))
        other = session.run(PartCalls("c", "t.py", (Call("g"),), 5.0))
        used = session.close()
    assert outcomes(first) == ["timed_out", "timed_out"]
    assert second == first[:1]
    assert outcomes(other) == ["returned"]
    assert used.cpu_s < 0.55  # one hanging import, not three


def test_an_import_that_dies_is_told_for_every_call(sandbox: Sandbox) -> None:
    with sandbox.open({"s.py": b"import os; os._exit(1)"}, Limits()) as session:
        seen = session.run(PartCalls("a", "s.py", (Call("f"), Call("f")), 5.0))
    assert outcomes(seen) == ["died", "died"]


def test_the_time_of_an_import_is_not_charged_to_the_part(sandbox: Sandbox) -> None:
    source = b"import time; time.sleep(0.5)\nimport os\ndef g(): return 1\ndef e(): os._exit(1)"
    with sandbox.open({"s.py": source}, Limits()) as session:
        seen = session.run(PartCalls("a", "s.py", (Call("e"), Call("g")), 0.4))
    assert outcomes(seen) == ["died", "returned"]


def test_closing_the_connection_is_a_death(run: Run) -> None:
    seen = run(DEATHS, "closes", "good").observations["part"]
    assert outcomes(seen) == ["died", "returned"]
    assert seen[0].failure == Failure(
        "ProcessDied", "the process closed its connection to the grader before the call returned"
    )


@pytest.mark.parametrize("target", ["babbles", "forges", "announces"])
def test_what_is_not_an_answer_is_a_death(run: Run, target: str) -> None:
    seen = run(DEATHS, target, "good").observations["part"]
    assert outcomes(seen) == ["died", "returned"]
    assert seen[0].failure is not None
    assert seen[0].failure.message.startswith("the process sent something that is not an answer: ")


def test_a_dribble_of_bytes_does_not_extend_the_time(run: Run) -> None:
    seen = run(DEATHS, "dribbles", "good", wall_s=0.5).observations["part"]
    assert seen[0].outcome in {Outcome.TIMED_OUT, Outcome.DIED}


def test_an_answer_ahead_of_its_request_is_refused(sandbox: Sandbox) -> None:
    answers = [b"".join(write_answer(number, Outcome.RETURNED, "forged")) for number in range(2, 9)]
    source = f"""
import os, threading, time
def forge():
    time.sleep(0.2)
    for answer in {answers}:
        os.write(3, answer)
def f():
    threading.Thread(target=forge, daemon=True).start()
    return "first"
def g():
    return "true"
"""
    with sandbox.open({"s.py": source.encode()}, Limits()) as session:
        assert session.call("s.py", Call("f"), 5.0).value == "first"
        time.sleep(0.5)
        assert session.call("s.py", Call("g"), 5.0).value == "true"


def test_a_process_that_dies_between_parts_harms_no_part(sandbox: Sandbox) -> None:
    source = b"""
import os, threading, time
def leave():
    time.sleep(0.1)
    os._exit(1)
def f():
    threading.Thread(target=leave).start()
    return 1
def g():
    return 2
"""
    with sandbox.open({"s.py": source}, Limits()) as session:
        assert session.call("s.py", Call("f"), 5.0).value == 1
        time.sleep(0.4)
        assert session.call("s.py", Call("g"), 5.0).value == 2


def test_state_lasts_from_call_to_call(run: Run) -> None:
    source = "n = 0\ndef f():\n    global n\n    n += 1\n    return n"
    assert [seen.value for seen in run(source, "f", "f").observations["part"]] == [1, 2]


def test_a_part_in_a_process_of_its_own_neither_inherits_nor_leaves_anything(
    sandbox: Sandbox,
) -> None:
    source = b"n = 0\ndef f():\n    global n\n    n += 1\n    return n"
    parts = (
        PartCalls("before", "s.py", (Call("f"),), 5.0),
        PartCalls("alone", "s.py", (Call("f"), Call("f")), 5.0, fresh=True),
        PartCalls("after", "s.py", (Call("f"),), 5.0),
        PartCalls("last", "s.py", (Call("f"),), 5.0),
    )
    outcome = sandbox.run(RunRequest({"s.py": source}, parts))
    seen = {part: [one.value for one in found] for part, found in outcome.observations.items()}
    assert seen == {"before": [1], "alone": [1, 2], "after": [1], "last": [2]}


def test_no_module_of_the_grader_is_within_reach(run: Run) -> None:
    source = """
        import sys
        def f(): return [name for name in sys.modules if name.startswith("grader")]
    """
    assert run(source, "f").observations["part"][0].value == []


def test_a_call_that_hangs_leaves_the_others_their_share_of_the_time(sandbox: Sandbox) -> None:
    calls = (Call("hangs"), Call("good"), Call("hangs"), Call("good"))
    part = PartCalls("p", "s.py", calls, 1.2, fair=True)
    seen = sandbox.run(RunRequest({"s.py": DEATHS.encode()}, (part,))).observations["p"]
    assert outcomes(seen) == ["timed_out", "returned", "timed_out", "returned"]
    assert seen[0].failure == Failure("TimeoutError", "still running after 0.3 s, the time allowed")


NUMBERED = """
import os, time
def f(x):
    if x == 12: os._exit(1)
    if x == 20: time.sleep(60)
    return x
"""


def test_among_many_calls_only_those_that_hang_or_die_are_lost(sandbox: Sandbox) -> None:
    calls = tuple(Call("f", {"x": number}) for number in range(50))
    part = PartCalls("p", "s.py", calls, 3.0, fair=True)
    seen = sandbox.run(RunRequest({"s.py": NUMBERED.encode()}, (part,))).observations["p"]
    lost = {number: one.outcome for number, one in enumerate(seen) if one.value != number}
    assert lost == {12: Outcome.DIED, 20: Outcome.TIMED_OUT}


class _Quick:
    """A worker that has answered everything ahead of time, and notes who is in a hurry."""

    def __init__(self, answers: int) -> None:
        self.deadline = 0.0
        self.unhurried = False
        self.noted: list[bool] = []
        self._frames = [b"".join(write_answer(n, Outcome.RETURNED)) for n in range(answers)]
        self._rest = b""

    def send(self, buffers: Buffers) -> None:
        del buffers

    def read_into(self, view: memoryview) -> None:
        if not self._rest:
            self._rest = self._frames.pop(0)
            self.noted.append(self.unhurried)
        view[:], self._rest = self._rest[: len(view)], self._rest[len(view) :]

    def is_quiet(self) -> bool:
        return True

    def end(self, *, grace_s: float = 0.0) -> Ending:
        del grace_s
        return Ending(0, None, 0.0)


@pytest.mark.parametrize("before", [0, 100])
def test_answers_are_waited_for_without_hurry_while_many_are_to_come(before: int) -> None:
    worker = _Quick(answers=2 + 10)
    with Session({"s.py": b""}, Limits(), lambda _: worker, ()) as session:
        session.on_call = lambda *_: None
        part = PartCalls("p", "s.py", (Call("f"),) * 10, 5.0, before=before)
        session.run(part)
    assert worker.noted == [False, False, True, True, *[False] * 8]


def test_arguments_too_large_for_one_frame_go_one_by_one(run: Run) -> None:
    x = np.ones(3_000_000)
    seen = run("def f(x): return x.sum()", *[Call("f", {"x": x})] * 4).observations["part"]
    assert [one.value for one in seen] == [3e6] * 4


def test_arguments_too_large_for_any_frame_are_a_fault_of_the_grader(run: Run) -> None:
    with pytest.raises(SandboxError, match="the arguments of one call of part part are too large"):
        run("", Call("f", {"x": np.ones(10_000_000)}))


def test_arguments_that_are_no_data_are_a_fault_of_the_grader(run: Run) -> None:
    with pytest.raises(SandboxError, match="an argument of part part cannot be sent"):
        run("", Call("f", {"x": object()}))


def test_a_probe_that_was_not_named_is_refused(run: Run) -> None:
    with pytest.raises(SandboxError, match="a call asks for the probe other:probe, which was not"):
        run("", Call("f", probe="other:probe"))


def test_a_closed_session_says_so(sandbox: Sandbox) -> None:
    with sandbox.open({}, Limits()) as session:
        session.close()
        with pytest.raises(SandboxError, match="this session is closed"):
            session.call("s.py", Call("f"), 1.0)


def test_a_part_without_calls_has_no_observations(run: Run) -> None:
    assert run("").observations == {"part": ()}


def test_the_processor_time_of_all_processes_is_told(run: Run) -> None:
    source = "import time\ndef f():\n    end = time.process_time() + 0.1\n"
    source += "    while time.process_time() < end: pass\n"
    assert run(source, "f").cpu_s > 0.1


def test_using_up_the_processor_time_in_threads_is_a_timeout(sandbox: Sandbox) -> None:
    source = b"""
import hashlib, threading
def burn():
    data = bytes(1 << 24)
    while True: hashlib.sha256(data).digest()
def f():
    for _ in range(4): threading.Thread(target=burn, daemon=True).start()
    burn()
"""
    with sandbox.open({"s.py": source}, Limits(), cpu_s=1.0) as session:
        seen = session.call("s.py", Call("f"), 20.0)
    assert seen.outcome is Outcome.TIMED_OUT
    assert seen.failure == Failure(
        "TimeoutError", "the processor time allowed was used up, in all threads together"
    )
