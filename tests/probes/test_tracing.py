"""The probe that records a student's function, and the work of a student's framework."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np
import pytest

from grader import values
from grader.probes.tracing import backward_work, record
from grader.tracing.scalars import CannotTraceError


def student(**functions: Any) -> ModuleType:
    module = ModuleType("solution")
    vars(module).update(functions)
    return module


def test_a_record_crosses_the_wire_as_it_is() -> None:
    found = record(student(f=lambda v, n: v * n), "f", [np.arange(3.0), 2])
    sent = b"".join(bytes(buffer) for buffer in values.dump(values.plain(found)))
    stream = memoryview(sent)
    read = 0

    def read_into(view: memoryview) -> None:
        nonlocal read
        view[:] = stream[read : read + len(view)]
        read += len(view)

    received = values.load(read_into)
    assert set(received) == {"codes", "operands", "constants", "inputs", "outputs"}
    for name, item in found.items():
        np.testing.assert_array_equal(received[name], item)


def test_a_call_beyond_the_limit_is_broken_off() -> None:
    with pytest.raises(CannotTraceError, match=r"^length$"):
        record(student(f=lambda v: np.outer(v, v)), "f", [np.arange(9.0)], limit=50)


def test_what_the_function_raises_comes_through() -> None:
    def broken(v: Any) -> Any:
        raise KeyError(len(v))

    with pytest.raises(KeyError):
        record(student(f=broken), "f", [np.arange(3.0)])


class Variable:
    """A framework for products alone."""

    def __init__(self, value: Any, children: Any = ()) -> None:
        self.value, self.children, self.grad = value, children, 0.0

    def __mul__(self, other: Variable) -> Variable:
        return Variable(self.value * other.value, (self, other))

    def backward(self) -> None:
        node, self.grad = self, 1.0
        while node.children:
            left, right = node.children
            left.grad += node.grad * right.value
            right.grad += node.grad * left.value
            node = left


def test_the_work_of_backward_is_counted_for_growing_graphs() -> None:
    program = [["input", 1.0], *(["mul", n, n] for n in range(6))]
    found = backward_work(student(Variable=Variable), "Variable", program)
    assert found == {"work": [[2, 4, 2], [4, 8, 4], [6, 12, 6]]}
