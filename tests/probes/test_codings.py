"""The probe that evaluates two codings, looks for jumps, and sees what cuts the graph."""

from __future__ import annotations

from copy import deepcopy
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import torch

from grader.probes.codings import CONSTANT, NO_DERIVATIVE, NUMBER, UNRELATED, codings

OFFSETS = np.array([0.0, 1e-3, -1e-3, 0.5, -0.5])
GRID = np.array([-3.0, -1.0, 2.0])
GENERIC = np.array([0.7, -1.3, 2.1])
STEPS = [1e-3, 1e-6]


def probed(first: Any, second: Any = lambda x: x, x0: Any = 0.0) -> dict[str, Any]:
    module = ModuleType("solution")
    vars(module).update({"f": first, "g": second, "x0": x0})
    return codings(module, "f", ["f", "g"], "x0", OFFSETS, GRID, GENERIC, STEPS)


def one(first: Any) -> dict[str, Any]:
    found: dict[str, Any] = probed(first)["functions"][0]
    return found


def test_values_and_derivatives_come_back_at_every_point() -> None:
    found = probed(lambda x: x**2)
    x, squared = found["x"], found["functions"][0]
    assert {0.0, 1e-3, -0.5, 2.0} <= set(x)
    np.testing.assert_allclose(squared["values"], x**2)
    np.testing.assert_allclose(squared["slopes"], 2 * x)
    assert not squared["states"].any()
    assert found["x0"] == 0


def test_each_function_gets_a_fresh_number_with_a_graph() -> None:
    seen = []

    def look(x: Any) -> Any:
        seen.append((x.dtype, x.shape, x.requires_grad, x.grad_fn))
        return 2 * x

    one(look)
    assert set(seen) == {(torch.float64, torch.Size([]), True, None)}


def test_why_there_is_no_derivative_is_told() -> None:
    weight = torch.ones((), requires_grad=True)
    for function, state in (
        (lambda _: torch.tensor(1.0), CONSTANT),
        (lambda _: 1, NUMBER),
        (lambda _: 2 * weight, UNRELATED),
    ):
        found = one(function)
        assert set(found["states"]) == {state}
        assert np.isnan(found["slopes"]).all()


def test_a_jump_is_narrowed_down_to_neighbouring_numbers() -> None:
    found = one(lambda x: torch.floor(x + 0.25))
    gaps = np.abs(found["jumps"][:, 3] - found["jumps"][:, 2])
    low, high = found["jumps"][int(np.argmax(gaps)), :2]
    assert gaps.max() == 1
    assert high == np.nextafter(low, np.inf)


def test_both_functions_are_tried_on_either_side_of_a_jump_of_one() -> None:
    found = probed(lambda x: torch.floor(x + 0.25), lambda x: x)
    ends = {end for row in found["functions"][0]["jumps"] for end in row[:2]}
    assert ends <= set(found["x"])
    np.testing.assert_allclose(found["functions"][1]["values"], found["x"])


def test_what_is_used_in_a_condition_does_not_count_as_left() -> None:
    assert one(lambda x: 2 * x if x.item() > 0 else x)["left"] == 0
    assert one(lambda x: x * torch.sign(x.detach()))["left"] == 0


def test_what_is_built_from_a_number_outside_the_graph_counts_at_every_point() -> None:
    assert one(lambda x: x.item() + 0 * x)["left"] == 3
    assert one(lambda x: (2 * x).detach() + 2 * (x - x.detach()))["left"] == 3


def test_what_cuts_the_graph_is_named() -> None:
    def hooked(x: Any) -> Any:
        y = 2 * x
        y.register_hook(lambda grad: grad)
        with torch.no_grad():
            return y + 0 * x

    assert one(hooked)["cuts"] == ["hook", "no_grad"]
    assert one(lambda x: 2 * x)["cuts"] == []


def test_everything_is_as_it_was_afterwards() -> None:
    before = dict(vars(torch.Tensor)), torch.tensor, torch.no_grad.__enter__
    one(lambda x: x.item() + 0 * x)
    assert (dict(vars(torch.Tensor)), torch.tensor, torch.no_grad.__enter__) == before
    assert torch.tensor(2.0).item() == 2

    def stops(_: Any) -> Any:
        raise ValueError("no")

    probed(stops)
    assert (dict(vars(torch.Tensor)), torch.tensor, torch.no_grad.__enter__) == before


def test_an_exception_is_told_with_function_and_point() -> None:
    def stops(x: Any) -> Any:
        if x > 1:
            raise ValueError(f"too large: {x.item():g}")
        return x

    stopped = probed(stops)["stopped"]
    assert (stopped["function"], stopped["x"], stopped["type"]) == (
        "f",
        np.nextafter(1, 2),
        "ValueError",
    )
    assert stopped["message"] == "too large: 1"
    assert stopped["frames"][-1][2] == "stops"


def test_an_exception_without_a_text_is_told_without() -> None:
    class MuteError(Exception):
        def __str__(self) -> str:
            raise RuntimeError

    def stops(_: Any) -> Any:
        raise MuteError

    assert probed(stops)["stopped"]["message"] == ""


def test_an_exception_of_a_backward_is_told() -> None:
    class Odd(torch.autograd.Function):
        @staticmethod
        def forward(_: Any, x: Any) -> Any:
            return x.clone()

        @staticmethod
        def backward(_: Any, __: Any) -> Any:
            raise ValueError("in backward")

    found = one(Odd.apply)
    assert set(found["states"]) == {NO_DERIVATIVE}
    assert found["says"] == "in backward"
    assert np.isnan(found["slopes"]).all()


def test_what_is_no_number_is_told() -> None:
    assert probed(lambda _: [1, 2])["stopped"] == {"function": "f", "x": 0.0, "returned": "list"}
    shape = probed(lambda x: x * torch.ones(2))["stopped"]
    assert shape == {"function": "f", "x": 0.0, "shape": [2]}


def test_what_is_missing_is_named() -> None:
    assert probed(None) == {"missing": "f"}
    assert probed(abs, abs, None) == {"not_number": "NoneType"}
    assert codings(ModuleType("solution"), "f", [], "x0", OFFSETS, GRID, GENERIC, STEPS) == {
        "missing": "x0"
    }
    assert probed(abs, abs, "a") == {"not_number": "str"}
    assert np.isnan(probed(abs, abs, np.nan)["x0"])


def test_the_point_may_stand_in_an_array_of_one_and_may_be_too_large() -> None:
    assert probed(torch.abs, torch.abs, np.array([0.5]))["x0"] == 0.5
    assert probed(torch.abs, torch.abs, torch.tensor([[0.5]]))["x0"] == 0.5
    assert probed(torch.abs, torch.abs, np.zeros(2)) == {"not_number": "numpy.ndarray"}
    assert probed(torch.abs, torch.abs, 10**400)["x0"] == np.inf

    class Odd:
        def __float__(self) -> float:
            raise ZeroDivisionError

    assert "Odd" in probed(torch.abs, torch.abs, Odd())["not_number"]


def jumped(first: Any, x0: float = 0.0) -> list[list[float]]:
    found = probed(first, first, x0)["functions"][0]["jumps"]
    large = np.abs(found[:, 3] - found[:, 2]) > 0.5
    rows: list[list[float]] = found[large].tolist()
    return rows


@pytest.mark.parametrize(
    "function",
    [
        lambda x: x**3 + (x > 1.625),
        lambda x: torch.exp(x) + (x > 1.625),
        lambda x: 1e4 * x + (x > 1.625),
    ],
)
def test_a_jump_on_a_slope_is_found_where_the_code_knows_it(function: Any) -> None:
    ((_, high, _, _, side),) = [row for row in jumped(function) if row[0] == 1.625]
    assert high == np.nextafter(1.625, 2)
    assert side < 0.1


def test_a_single_point_that_the_code_knows_is_tried() -> None:
    def at_a_point(x: Any) -> Any:
        return 7 + 0 * x if x == 1.7123 else 0 * x

    assert {row[0] for row in jumped(at_a_point)} == {np.nextafter(1.7123, 0), 1.7123}


def test_a_pole_and_an_oscillation_are_found_at_the_point() -> None:
    assert jumped(lambda x: 1 / x if x != 0 else 0 * x)
    assert jumped(lambda x: torch.sin(1 / x) if x != 0 else 0 * x)


def test_the_search_of_a_function_with_many_jumps_ends() -> None:
    found = one(lambda x: torch.floor(1e3 * x))
    assert 20 < len(found["jumps"]) <= 61


def test_an_operation_without_a_derivative_leaves_the_values() -> None:
    probe = probed(lambda x: x // 1)
    found = probe["functions"][0]
    assert set(found["states"]) == {NO_DERIVATIVE}
    assert "floor_divide" in found["says"]
    np.testing.assert_array_equal(found["values"], np.floor(probe["x"]))


def test_secants_come_back_beside_what_autograd_says() -> None:
    table = one(lambda x: 3 * x)["secants"]
    x = GENERIC
    h = 1e-3 * np.maximum(1, np.abs(x))
    np.testing.assert_allclose(table[:, :5].T, [x, 3 + 0 * x, 3 * x, 3 * (x - h), 3 * (x + h)])
    assert set(one(lambda _: torch.tensor(1.0))["secants"][:, 1]) == {0}


def test_what_torch_does_by_itself_is_no_cut() -> None:
    def looks(x: Any) -> Any:
        assert f"{x!r} {x}" + str(deepcopy(x))
        torch.testing.assert_close(x, x)
        return 2 * x

    assert one(looks)["cuts"] == []
    assert one(looks)["left"] == 0


def test_a_decorated_function_is_a_cut() -> None:
    assert one(torch.no_grad()(lambda x: 2 * x))["cuts"] == ["no_grad"]


def test_a_function_of_the_student_is_seen_in_the_graph() -> None:
    class Own(torch.autograd.Function):
        @staticmethod
        def forward(_: Any, x: Any) -> Any:
            return x.clone()

        @staticmethod
        def backward(_: Any, grad: Any) -> Any:
            return grad

    early: Any = Own.apply  # taken before anything is watched
    assert one(early)["cuts"] == ["function"]


def test_rounding_and_many_decisions_are_noted() -> None:
    def narrowed(x: Any) -> Any:
        low, high = -10.0, 10.0
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if x > middle else (low, middle)
        return 0 * x + high

    assert one(lambda x: torch.floor(x * 2.0**40))["rounded"] == 3
    assert one(narrowed)["rounded"] == 3
    assert one(lambda x: x if x > 0 else 2 * x)["rounded"] == 0


def test_a_check_that_fails_for_what_is_only_shown_stops_nothing() -> None:
    def checks(x: Any) -> Any:
        assert x.detach() == x
        return 2 * x

    found = probed(checks)
    assert "stopped" not in found
    assert found["functions"][0]["left"] == 0


def test_an_end_of_the_domain_is_told_from_a_jump() -> None:
    found = one(lambda x: torch.where(x == 1.5, torch.inf, 1 / (x - 1.5)))["jumps"]
    assert np.isinf(found[np.abs(found[:, 0] - 1.5) < 1e-9][:, 2:]).any(axis=1).all()
