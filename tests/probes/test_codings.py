"""The probe that evaluates two codings, looks for jumps, and sees what cuts the graph."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np
import torch

from grader.probes.codings import CONSTANT, NUMBER, UNRELATED, codings

OFFSETS = np.array([0.0, 1e-3, -1e-3, 0.5, -0.5])
GRID = np.array([-3.0, -1.0, 2.0])
GENERIC = np.array([0.7, -1.3, 2.1])


def probed(first: Any, second: Any = lambda x: x, x0: Any = 0.0) -> dict[str, Any]:
    module = ModuleType("solution")
    vars(module).update({"f": first, "g": second, "x0": x0})
    return codings(module, "f", ["f", "g"], "x0", OFFSETS, GRID, GENERIC)


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
    assert (stopped["function"], stopped["x"], stopped["type"]) == ("f", 2.0, "ValueError")
    assert stopped["message"] == "too large: 2"
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

    stopped = probed(Odd.apply)["stopped"]
    assert (stopped["type"], stopped["message"]) == ("ValueError", "in backward")


def test_what_is_no_number_is_told() -> None:
    assert probed(lambda _: [1, 2])["stopped"] == {"function": "f", "x": 0.0, "returned": "list"}
    shape = probed(lambda x: x * torch.ones(2))["stopped"]
    assert shape == {"function": "f", "x": 0.0, "shape": [2]}


def test_what_is_missing_is_named() -> None:
    assert probed(None) == {"missing": "f"}
    assert probed(abs, abs, None) == {"missing": "x0"}
    assert probed(abs, abs, "a") == {"not_number": "str"}
    assert np.isnan(probed(abs, abs, np.nan)["x0"])
