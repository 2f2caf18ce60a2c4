import struct
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
import numpy as np
import pytest

from grader import values
from grader.records import Call, Failure, Frame, Outcome
from grader.sandbox import protocol
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


def test_calls_are_written_once_for_all_requests_that_ask_for_the_very_same_ones() -> None:
    calls = (Call("f", {"x": 1}),)
    assert write_request(1, "a.py", calls)[-1] is write_request(2, "b.py", calls)[-1]


def test_calls_that_are_equal_and_not_the_same_are_written_each_as_they_are() -> None:
    numbers = [1, True, 1.0, 0.0, -0.0]
    several = [(Call("f", {"x": number}),) for number in numbers]
    sent = [read_request(reader(write_request(1, "s.py", calls)))[2] for calls in several]
    assert [repr(order.arguments["x"]) for (order,) in sent] == list(map(repr, numbers))


def test_large_calls_are_not_kept() -> None:
    calls = (Call("f", {"x": np.zeros(1 << 16)}),)
    write_request(1, "s.py", calls)
    assert id(calls) not in protocol._known


def test_the_calls_of_few_requests_are_kept() -> None:
    many = [(Call("f", {"x": number}),) for number in range(1000)]
    for calls in many:
        write_request(1, "s.py", calls)
    assert len(protocol._known) <= protocol._MOST_KNOWN


def test_the_size_of_an_answer_is_measured_and_not_claimed() -> None:
    value = [np.zeros(1000), "text", None]
    answer = read_answer(reader(write_answer(1, Outcome.RETURNED, value)), 1)
    assert answer.size_bytes > values.size_bytes(value)
    claim = {"number": 1, "outcome": "returned", "value": value, "size_bytes": 0}
    with pytest.raises(ProtocolError):
        read_answer(reader(values.dump(claim)), 1)


@pytest.mark.parametrize(
    "stranger", [datetime(2026, 1, 1, tzinfo=UTC), {1: 2}, [{"a": {None: 1}}], {(1, 2): 3}]
)
def test_a_value_that_this_format_has_not_is_no_answer(stranger: Any) -> None:
    header = msgspec.msgpack.encode({"number": 1, "outcome": "returned", "value": stranger})
    with pytest.raises(ProtocolError, match=r"not a frame: a (key|value)"):
        read_answer(reader([struct.pack("<I", len(header)) + header]), 1)
