from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from grader import values
from grader.records import Call, Failure, Frame, Outcome
from grader.sandbox.protocol import (
    Buffers,
    ProtocolError,
    read_answer,
    read_files,
    read_request,
    write_answer,
    write_files,
    write_request,
)


def reader(buffers: Buffers) -> Callable[[memoryview], None]:
    data = bytearray(b"".join(buffers))

    def read_into(view: memoryview) -> None:
        view[:] = data[: len(view)]
        del data[: len(view)]

    return read_into


def test_files_cross_unchanged() -> None:
    files = {"a.py": b"x = 1", "data/b.bin": bytes(range(256)), "empty": b""}
    assert read_files(reader(write_files(files))) == files


def test_requests_cross_unchanged() -> None:
    calls = [Call("f", {"x": 1, "y": [2.0]}, "a.b:c", 7), Call("g")]
    number, file, orders = read_request(reader(write_request(4, "s.py", calls)))
    assert (number, file) == (4, "s.py")
    assert [(o.target, o.arguments, o.probe, o.seed) for o in orders] == [
        ("f", {"x": 1, "y": [2.0]}, "a.b:c", 7),
        ("g", {}, None, 0),
    ]


def test_answers_cross_unchanged() -> None:
    failure = Failure("ValueError", "no", (Frame("s.py", 3, "f", "raise"),))
    answer = read_answer(reader(write_answer(5, Outcome.RAISED, None, failure, ["x"])), 5)
    assert (answer.outcome, answer.failure, answer.changed) == (Outcome.RAISED, failure, ("x",))


def test_an_answer_out_of_turn_is_refused() -> None:
    with pytest.raises(ProtocolError, match="answer 6 came where 5 was due"):
        read_answer(reader(write_answer(6, Outcome.RETURNED)), 5)


@pytest.mark.parametrize("outcome", [Outcome.DIED, Outcome.TIMED_OUT, Outcome.NOT_RUN])
def test_an_outcome_that_only_the_grader_can_know_is_refused(outcome: Outcome) -> None:
    frame = write_answer(1, outcome, None, Failure("a", "b"))
    with pytest.raises(
        ProtocolError, match=f"{outcome.value} is not for the process itself to say"
    ):
        read_answer(reader(frame), 1)


def test_a_failure_without_a_reason_is_refused() -> None:
    with pytest.raises(ProtocolError, match="raised came without saying why"):
        read_answer(reader(write_answer(1, Outcome.RAISED)), 1)


@pytest.mark.parametrize(
    "message",
    [
        None,
        [],
        {"number": 1},
        {"number": "1", "outcome": "returned"},
        {"number": 1, "outcome": "perfect"},
        {"number": 1, "outcome": "returned", "points": 9},
        {"number": 1, "outcome": "raised", "failure": {"type": 1, "message": ""}},
        {"number": 1, "outcome": "returned", "changed": [1]},
        {"number": 1, "outcome": "returned", "changed": np.ones(3)},
    ],
)
def test_another_form_is_refused(message: Any) -> None:
    with pytest.raises(ProtocolError):
        read_answer(reader(values.dump(message)), 1)


def test_long_texts_of_a_failure_are_cut() -> None:
    frames = tuple(Frame("s" * 999, 1, "f" * 999, "t" * 999) for _ in range(30))
    frame = write_answer(1, Outcome.RAISED, None, Failure("T" * 999, "m" * 9999, frames))
    failure = read_answer(reader(frame), 1).failure
    assert failure is not None
    assert (len(failure.type), len(failure.message), len(failure.frames)) == (200, 2000, 20)
    assert failure.frames[0] == Frame("s" * 200, 1, "f" * 200, "t" * 200)
