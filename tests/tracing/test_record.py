"""Records that no run could have left are refused, each for its own reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.tracing import codes, replay
from grader.tracing.record import Refusal, RefusedRecordError, read

from .runs import raw, vector

Forged = Callable[[dict[str, Any]], None]


def honest() -> dict[str, Any]:
    """Return the record of v (v y): events mul, mul, add, release, release, mul, mul, end, …"""

    def reverse(v: Any, y: Any) -> Any:
        number = v @ y
        return v * number

    made = raw(reverse, vector(2), vector(2, 1))
    return {
        key: item.copy() if isinstance(item, np.ndarray) else item for key, item in made.items()
    }


def refusal(value: Any, inputs: int = 4, **options: Any) -> RefusedRecordError:
    with pytest.raises(RefusedRecordError) as caught:
        read(value, inputs, **options)
    return caught.value


def test_the_honest_record_is_read() -> None:
    found = honest()
    expected = [codes.MUL, codes.MUL, codes.ADD, codes.RELEASE, codes.RELEASE, codes.MUL, codes.MUL]
    assert found["codes"].tolist()[:7] == expected
    record = read(found, 4)
    assert (record.inputs, record.values, record.compares) == (4, 9, False)
    assert record.outputs.tolist() == [7, 8]


def test_a_forward_reference_is_refused() -> None:
    forged = honest()
    forged["operands"][0] = 8
    caught = refusal(forged)
    assert (caught.why, caught.number) == (Refusal.FORWARD, 1)


def test_a_reference_to_itself_is_refused() -> None:
    forged = honest()
    forged["operands"][5] = 6  # the addition is value 6
    caught = refusal(forged)
    assert (caught.why, caught.number) == (Refusal.FORWARD, 3)


def test_use_after_release_is_refused() -> None:
    forged = honest()
    forged["operands"][8] = 4  # the first product, which is gone by then
    caught = refusal(forged)
    assert (caught.why, caught.number) == (Refusal.AFTER_RELEASE, 6)


def test_returning_a_released_value_is_refused() -> None:
    forged = honest()
    forged["outputs"][0] = 4
    assert refusal(forged).why is Refusal.AFTER_RELEASE


def test_releasing_twice_is_refused() -> None:
    forged = honest()
    assert forged["operands"][7] == 5
    forged["operands"][7] = 4
    caught = refusal(forged)
    assert (caught.why, caught.number) == (Refusal.RELEASED_TWICE, 4)


def test_inputs_that_were_not_given_are_refused() -> None:
    forged = honest()
    forged["inputs"] = 6
    caught = refusal(forged)
    assert (caught.why, caught.number, caught.more) == (Refusal.OTHER_INPUTS, 6, 4)


def test_a_record_beyond_the_limit_is_refused() -> None:
    caught = refusal(honest(), limit=8)
    assert (caught.why, caught.more) == (Refusal.TOO_LONG, 8)


@pytest.mark.parametrize("name", ["codes", "operands", "constants", "outputs"])
def test_an_array_beyond_the_limit_is_refused_before_it_is_read(name: str) -> None:
    forged = honest()
    forged[name] = np.zeros(201, forged[name].dtype)
    assert refusal(forged, limit=100).why is Refusal.TOO_LONG


def test_an_input_that_leads_nowhere_is_refused() -> None:
    record = read(raw(lambda v, y: v * 2, vector(2), vector(2, 1)), 4)  # noqa: ARG005
    with pytest.raises(RefusedRecordError) as caught:
        replay.require_inputs(record, (0, 1, 2, 3))
    assert (caught.value.why, caught.value.number) == (Refusal.UNUSED_INPUT, 2)
    replay.require_inputs(record, (0, 1))


def test_an_input_that_is_only_compared_is_used() -> None:
    record = read(raw(lambda v: v[1] if v[0] > 0 else -v[1], vector(2)), 2)
    replay.require_inputs(record, (0, 1))


def without(name: str) -> Forged:
    return lambda record: record.pop(name)


def with_item(name: str, item: Any) -> Forged:
    return lambda record: record.update({name: item})


@pytest.mark.parametrize(
    "forge",
    [
        *(without(name) for name in ("codes", "operands", "constants", "inputs", "outputs")),
        with_item("codes", [2, 2, 1]),
        with_item("codes", np.array([[2, 1]], np.uint8)),
        with_item("codes", np.array([200, 1], np.uint8)),
        with_item("codes", np.array([], np.uint8)),
        with_item("codes", np.array([4, 4, 1, 1], np.uint8)),
        with_item("operands", np.array([0, 1], np.int32)),
        with_item("operands", np.array([0.5, 1])),
        with_item("constants", np.zeros((1, 1))),
        with_item("inputs", "4"),
        with_item("inputs", True),
        with_item("outputs", np.array([90], np.int32)),
        with_item("outputs", np.array([-1], np.int32)),
        with_item("outputs", "7 8"),
    ],
)
def test_what_is_no_record_is_refused(forge: Forged) -> None:
    forged = honest()
    forge(forged)
    assert refusal(forged).why is Refusal.MALFORMED


@pytest.mark.parametrize("value", [None, 3, "codes", [], {}, np.zeros(3), {"inputs": 4}])
def test_garbage_is_refused(value: Any) -> None:
    assert refusal(value).why is Refusal.MALFORMED


def test_a_constant_that_is_not_there_is_refused() -> None:
    forged = honest()
    forged["operands"][0] = -1
    assert refusal(forged).why is Refusal.MALFORMED


def test_the_release_of_a_constant_is_refused() -> None:
    forged = honest()
    forged["constants"] = np.array([2.0])
    forged["operands"][6] = -1
    assert refusal(forged).why is Refusal.MALFORMED


@given(st.data())
def test_any_change_is_refused_or_gives_a_record_that_can_be_replayed(data: st.DataObject) -> None:
    forged = honest()
    field = data.draw(st.sampled_from(["codes", "operands", "outputs"]))
    place = data.draw(st.integers(0, len(forged[field]) - 1))
    low, high = (0, 255) if field == "codes" else (-5, 12)
    forged[field][place] = data.draw(st.integers(low, high))
    try:
        record = read(forged, 4)
    except RefusedRecordError:
        return
    found, _ = replay.in_floats(record, [0.5, 1.5, 2.5, 3.5])
    assert found.shape == (2,)


@given(st.binary(max_size=60), st.lists(st.integers(-(2**31), 2**31 - 1), max_size=60))
def test_random_bytes_never_raise_anything_else(events: bytes, operands: list[int]) -> None:
    value = {
        "codes": np.frombuffer(events, np.uint8),
        "operands": np.array(operands, np.int32),
        "constants": np.array([1.0]),
        "inputs": 2,
        "outputs": np.array([0], np.int32),
    }
    try:
        record = read(value, 2)
    except RefusedRecordError:
        return
    replay.in_floats(record, [1.0, 2.0])
