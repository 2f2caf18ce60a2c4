"""What is counted: the algorithms of the sheets, the rules, and a counter that goes by hand."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.tracing import codes, counting
from grader.tracing.record import _ARITY, NONE, Record, read

from .runs import Function, costs, raw, run, vector

SIZES = [(3, 2), (4, 3), (5, 5), (7, 4)]


def reverse(v: Any, y: Any) -> Any:
    number = v @ y
    return v * number


def forward(v: Any, y: Any) -> Any:
    matrix = np.outer(v, v)
    return matrix @ y


def reverse_in_loops(v: Any, y: Any) -> Any:
    number = 0
    for a, b in zip(v, y, strict=True):
        number += a * b
    z = np.zeros(len(v))
    for i in range(len(v)):
        z[i] = number * v[i]
    return z


def forward_in_loops(v: Any, y: Any) -> Any:
    n = len(v)
    matrix, z = np.zeros((n, n)), np.zeros(n)
    for i in range(n):
        for j in range(n):
            matrix[i, j] = v[i] * v[j]
    for i in range(n):
        for j in range(n):
            product = matrix[i, j] * y[j]
            z[i] = z[i] + product
    return z


def reverse_in_lists(v: Any, y: Any) -> Any:
    number = sum(a * b for a, b in zip(v, y, strict=True))
    return [a * number for a in v]


def reverse_by_einsum(v: Any, y: Any) -> Any:
    number = np.einsum("i,i->", v, y)
    return np.einsum("i,->i", v, number)


def forward_by_einsum(v: Any, y: Any) -> Any:
    matrix = np.einsum("i,j->ij", v, v)
    return np.einsum("ij,j->i", matrix, y)


def forward_by_broadcasting(v: Any, y: Any) -> Any:
    matrix = v[:, None] * v
    return np.dot(matrix, y)


def forward_by_kron(v: Any, y: Any) -> Any:
    matrix = np.kron(v, v).reshape(len(v), len(v)).T
    return np.tensordot(matrix, y, axes=1)


@pytest.mark.parametrize("way", [reverse, reverse_in_loops, reverse_in_lists, reverse_by_einsum])
@pytest.mark.parametrize("n", [3, 4, 7])
def test_reverse_takes_2n_multiplications_and_3n_plus_1_numbers(
    way: Callable[..., Any], n: int
) -> None:
    found = costs(way, vector(n), vector(n, 1))
    assert (found.multiplications, found.memory) == (2 * n, 3 * n + 1)
    assert found.additions == n - 1


@pytest.mark.parametrize(
    "way",
    [forward, forward_in_loops, forward_by_einsum, forward_by_broadcasting, forward_by_kron],
)
@pytest.mark.parametrize("n", [3, 4, 7])
def test_forward_takes_2nn_multiplications_and_nn_plus_3n_numbers(
    way: Callable[..., Any], n: int
) -> None:
    found = costs(way, vector(n), vector(n, 1))
    assert (found.multiplications, found.memory) == (2 * n * n, n * n + 3 * n)
    assert found.additions == n * (n - 1)


def reverse_of_three(v: Any, y1: Any, y2: Any) -> Any:
    matrix = np.outer(y1, y2)
    row = v @ matrix
    return np.outer(v, row)


def forward_of_three(v: Any, y1: Any, y2: Any) -> Any:
    matrix = np.outer(v, v)
    column = matrix @ y1
    return np.outer(column, y2)


@pytest.mark.parametrize(("n", "m"), SIZES)
def test_right_to_left_takes_3mn_multiplications_and_two_of_everything(n: int, m: int) -> None:
    found = costs(reverse_of_three, vector(n), vector(n, 1), vector(m, 2))
    assert (found.multiplications, found.memory) == (3 * m * n, 2 * (m + n + m * n))


@pytest.mark.parametrize(("n", "m"), SIZES)
def test_left_to_right_takes_the_square_matrix(n: int, m: int) -> None:
    found = costs(forward_of_three, vector(n), vector(n, 1), vector(m, 2))
    expected = n * (2 * n + m), 3 * n + m + n * n + m * n
    assert (found.multiplications, found.memory) == expected


def doubled_in_place(v: Any) -> Any:
    matrix = np.outer(v, v)
    matrix *= 2
    return matrix


def doubled_entry_by_entry(v: Any) -> Any:
    return [[a * b * 2 for b in v] for a in v]


@pytest.mark.parametrize("way", [doubled_in_place, doubled_entry_by_entry])
@pytest.mark.parametrize("n", [3, 5])
def test_doubling_in_place_needs_no_second_matrix(way: Callable[..., Any], n: int) -> None:
    found = costs(way, vector(n))
    assert (found.multiplications, found.memory) == (2 * n * n, n * n + n)


@pytest.mark.parametrize("n", [3, 5])
def test_a_second_array_counts_whole(n: int) -> None:
    found = costs(lambda v: 2 * np.outer(v, v), vector(n))
    assert (found.multiplications, found.memory) == (2 * n * n, 2 * n * n + n)


def test_a_number_times_an_array_costs_a_multiplication_an_entry() -> None:
    assert costs(lambda v, y: np.dot(v, y) * v, vector(5), vector(5, 1)).multiplications == 10


def test_a_matrix_product_takes_abc_multiplications() -> None:
    left, right = vector(6).reshape(2, 3), vector(12).reshape(3, 4)
    assert costs(lambda a, b: a @ b, left, right).multiplications == 2 * 3 * 4


@pytest.mark.parametrize(
    ("rule", "multiplications", "additions", "calls"),
    [
        (lambda x, y: x * y, 1, 0, 0),
        (lambda x: x * 1, 1, 0, 0),
        (lambda x: 0 * x, 1, 0, 0),
        (lambda x: x * (2.0 * 3.0), 1, 0, 0),
        (lambda x: [x, 2.0 * 3.0], 0, 0, 0),
        (lambda x, y: x / y, 1, 0, 0),
        (lambda x: x / 2, 1, 0, 0),
        (lambda x: 1 / x, 1, 0, 0),
        (lambda x, y: x + y, 0, 1, 0),
        (lambda x: x - 1, 0, 1, 0),
        (lambda x: 1 - x, 0, 1, 0),
        (lambda x: -x, 0, 1, 0),
        (lambda x: 0 - x, 0, 1, 0),
        (lambda x: +x, 0, 0, 0),
        (lambda x: x + 0, 0, 0, 0),
        (lambda x: 0.0 + x, 0, 0, 0),
        (lambda x: x - 0, 0, 0, 0),
        (lambda x, y: sum([x, y]), 0, 1, 0),
        (lambda x: x**2, 1, 0, 0),
        (lambda x: x**3, 2, 0, 0),
        (lambda x: x**8, 3, 0, 0),
        (lambda x: x**1 + x**0, 0, 1, 0),
        (lambda x: x**-2, 2, 0, 0),
        (lambda x: x**0.5, 0, 0, 1),
        (lambda x: 2**x, 0, 0, 1),
        (lambda x, y: x**y, 0, 0, 1),
        (lambda x, y: math.exp(x) + np.sqrt(y), 0, 1, 2),
        (lambda x, y: np.maximum(x, y) + 0, 0, 0, 1),
        (lambda x: abs(x) + 0, 0, 0, 1),
    ],
)
def test_each_rule(
    rule: Callable[..., Any], multiplications: int, additions: int, calls: int
) -> None:
    found = costs(rule, *(0.5, 2.5)[: rule.__code__.co_argcount])
    assert (found.multiplications, found.additions) == (multiplications, additions)
    assert (found.calls, found.comparisons) == (calls, 0)


def test_comparisons_are_counted_apart() -> None:
    found = costs(lambda v: [max(v), min(v)], vector(4))
    assert (found.comparisons, found.multiplications, found.calls) == (6, 0, 0)


def test_infinite_and_huge_exponents_are_calls() -> None:
    powers = [math.inf, math.nan, 2.0**40]
    assert costs(lambda x: [x**power for power in powers], 0.5).calls == 3


def test_nothing_done_takes_the_inputs_only() -> None:
    found = costs(lambda v: v, vector(4))
    assert (found.memory, found.multiplications) == (4, 0)


def test_an_input_that_is_overwritten_lends_its_cell() -> None:
    def squared(v: Any) -> Any:
        v *= v
        return v

    assert costs(squared, vector(4)).memory == 4


def test_a_product_that_is_used_twice_needs_a_cell() -> None:
    def twice(x: Any, y: Any) -> Any:
        product = x * y
        return [product + x, product]

    assert costs(twice, 2.0, 3.0).memory == 4
    assert costs(lambda x, y: [x * y + x], 2.0, 3.0).memory == 3


def test_a_product_that_waits_for_its_addition_needs_a_cell() -> None:
    # The first of two products has to be kept while the second is made.
    assert costs(lambda x, y: x * x + y * y, 2.0, 3.0).memory == 3
    assert costs(lambda x, y: x * x + (y + y), 2.0, 3.0).memory == 4


def test_a_product_added_to_itself_needs_a_cell() -> None:
    def doubled(x: Any) -> Any:
        product = x * x
        return [product + product, x]

    found = run(doubled, 2.0)
    assert not counting.registers(found).any()


@pytest.mark.parametrize(
    ("exponent", "expected"),
    [(0.0, 0), (1.0, 0), (2.0, 1), (7.0, 4), (16.0, 4), (-1.0, 1), (-3.0, 3), (0.5, None)],
)
def test_powers_take_what_repeated_squaring_takes(exponent: float, expected: int | None) -> None:
    assert counting.power_multiplications(exponent) == expected


# ---- a counter that goes through a run step by step, written without looking at the other -------


@dataclass
class ByHand:
    """Goes through the events of a record and keeps a set of cells."""

    record: Record

    def after(self, event: int) -> list[int]:
        return list(range(event + 1, len(self.record.codes)))

    def register(self, event: int) -> bool:
        if self.record.codes[event] != codes.MUL:
            return False
        result = self.record.results[event]
        if result in self.record.outputs.reshape(-1).tolist():
            return False
        uses = [
            other
            for other in self.after(event)
            for operand in (self.record.left[other], self.record.right[other])
            if self.record.codes[other] != codes.RELEASE and operand == result
        ]
        following = [e for e in self.after(event) if self.record.codes[e] != codes.RELEASE]
        added = bool(following) and self.record.codes[following[0]] in (codes.ADD, codes.SUB)
        return added and uses == following[:1]

    def memory(self) -> int:
        registers = {
            int(self.record.results[event])
            for event in range(len(self.record.codes))
            if self.register(event)
        }
        cells = set(range(self.record.inputs))
        most = len(cells)
        for event, code in enumerate(self.record.codes.tolist()):
            if code == codes.RELEASE:
                cells.discard(int(self.record.left[event]))
                continue
            result = int(self.record.results[event])
            if result == NONE or result in registers:
                continue
            operands = {int(self.record.left[event]), int(self.record.right[event])}
            freed = None
            for other in self.after(event):
                released = int(self.record.left[other])
                if self.record.codes[other] != codes.RELEASE:
                    break
                if released not in registers:
                    freed = released
                    break
            cells.add(result)
            most = max(most, len(cells) - (freed in operands))
        return most


Step = tuple[int, int, int, str]
STEPS = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(0, 4), st.sampled_from("+-*/n2c")),
    max_size=25,
)


def program(steps: list[Step]) -> Callable[..., Any]:
    """Return a function that overwrites five variables, one after the other."""

    def compute(v: Any) -> Any:
        slots = list(v)
        for place, left, right, sign in steps:
            a, b = slots[left], slots[right]
            if sign == "+":
                slots[place] = a + b
            elif sign == "-":
                slots[place] = a - b
            elif sign == "*":
                slots[place] = a * b
            elif sign == "/":
                slots[place] = a / (b * b + 1)
            elif sign == "n":
                slots[place] = -a
            elif sign == "2":
                slots[place] = a**2 + a * 3
            else:
                slots[place] = a * b + slots[place]
            del a, b
        return slots

    return compute


@given(STEPS)
def test_counts_of_any_program_are_those_counted_by_hand(steps: list[Step]) -> None:
    found = costs(program(steps), vector(5))
    signs = "".join(sign for *_, sign in steps)
    times = signs.count("*") + 2 * signs.count("/") + 2 * signs.count("2") + signs.count("c")
    plus = sum(signs.count(sign) for sign in "+-/n2c")
    assert (found.multiplications, found.additions) == (times, plus)


@given(STEPS)
def test_memory_of_any_program_is_that_counted_by_hand(steps: list[Step]) -> None:
    record = read(raw(program(steps), vector(5)), 5)
    assert counting.memory(record) == ByHand(record).memory()


def with_releases(function: Function, *inputs: Any) -> int:
    """Return the memory where each input is let go of right after its last use."""
    made = raw(function, *inputs)
    events = [[int(code)] for code in made["codes"]]
    operands = iter(made["operands"].tolist())
    for event in events:
        event += [next(operands) for _ in range(_ARITY[event[0]])]
    for number in range(made["inputs"]):
        if [codes.RELEASE, number] in events:
            events.remove([codes.RELEASE, number])
        uses = [place for place, event in enumerate(events) if number in event[1:]]
        events.insert(uses[-1] + 1, [codes.RELEASE, number])
    made["codes"] = np.array([event[0] for event in events], np.uint8)
    made["operands"] = np.array([at for event in events for at in event[1:]], np.int32)
    return counting.memory(read(made, made["inputs"]))


def test_an_input_that_is_let_go_of_leaves_no_room_for_others() -> None:
    def sums(v: Any, y: Any) -> Any:
        number = v @ y
        total = v[0] + 1
        return [total * number, total + number, total / number, total - 2]

    inputs = vector(6), vector(6, 1)
    # The twelve inputs stay, but for two over which a result is written: the first entry of v, and
    # the last of y.  The number, the total and the four results make six more.
    assert costs(sums, *inputs).memory == 12 + 6
    assert with_releases(sums, *inputs) == 12 + 6 - 2


def test_an_input_that_is_overwritten_leaves_its_cell_to_the_result() -> None:
    def overwrites(v: Any, y: Any) -> Any:
        number = v @ y
        v *= number
        return v

    assert costs(overwrites, vector(4), vector(4, 1)).memory == 2 * 4 + 1
