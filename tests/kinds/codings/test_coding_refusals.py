"""Codings that go around autograd, and those that only look like it."""

from __future__ import annotations

import struct
import warnings
from copy import deepcopy
from typing import Any

import numpy as np
import pytest
import torch

from grader.records import Status
from tests.kinds import course
from tests.kinds.codings.coded import (
    JUMP,
    NONE,
    PROBLEM,
    f,
    g,
    jump,
)
from tests.kinds.student import COURSE, Result, judge, module, observe, plan


class Own(torch.autograd.Function):
    @staticmethod
    def forward(_: Any, x: Any) -> Any:
        return 2 * x + torch.sign(x)

    @staticmethod
    def backward(_: Any, grad: Any) -> Any:
        return 2 * grad


def own_function(x: Any) -> Any:
    return Own.apply(x)  # type: ignore[no-untyped-call]


def with_hook(x: Any) -> Any:
    value = f(x)
    value.register_hook(lambda grad: grad + 2)
    return value


def without_graph(x: Any) -> Any:
    with torch.no_grad():
        value = f(x)
    return value + 2 * x - 2 * x


@torch.no_grad()
def decorated(x: Any) -> Any:
    return f(x)


def for_inference(x: Any) -> Any:
    with torch.inference_mode():
        value = float(f(x))
    return value + 0 * x


def detached(x: Any) -> Any:
    return f(x).detach() + 2 * (x - x.detach())


def through_item(x: Any) -> Any:
    return f(x).item() + 2 * x - 2 * x.item()


def through_float(x: Any) -> Any:
    return 0 * x + float(f(x))


def through_numpy(x: Any) -> Any:
    return 0 * x + torch.from_numpy(f(x).detach().numpy())


def through_a_list(x: Any) -> Any:
    return 0 * x + f(x).tolist()


def through_data(x: Any) -> Any:
    return 0 * x + f(x).data


def through_a_copy(x: Any) -> Any:
    return 0 * x + torch.tensor(f(x))


def into_data(x: Any) -> Any:
    value = 2 * x
    value.data = f(x).data
    return value


def without_gradient(x: Any) -> Any:
    return f(x.clone().detach_().requires_grad_(requires_grad=False)) + 0 * x


@pytest.mark.parametrize(
    ("coding", "mistake"),
    [
        (own_function, "custom-function"),
        (with_hook, "hook"),
        (without_graph, "no-grad"),
        (decorated, "no-grad"),
        (for_inference, "no-grad"),
        (detached, "detached"),
        (through_item, "detached"),
        (through_float, "detached"),
        (through_numpy, "detached"),
        (through_a_list, "detached"),
        (through_data, "detached"),
        (through_a_copy, "detached"),
        (into_data, "detached"),
        (without_gradient, "detached"),
    ],
)
def test_a_way_around_autograd_is_seen_when_it_runs(coding: Any, mistake: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch warns of some of it
        result = jump(p4_g=lambda x: coding(x) if x != 0 else 2 * x)
    assert (result.status, result.points, result.mistake) == (Status.REFUSED, 0, mistake)
    assert result.summary.startswith("p4_g takes a ")
    assert "ordinary operations and branches" in result.summary


SOURCE = """
import torch

class Own(torch.autograd.Function):
    '''Not reached.'''

def p4_f(x):
    # no_grad, detach() and hooks are not code here
    return (2 * x * torch.sign(x) + 1) * torch.sign(x)

def p4_g(x):
    if x.data > 0:
        return 2 * x + 1
    return {}

p4_x0 = 0.0
"""


def checked(last: str, coding: Any = g) -> Result:
    (call,) = plan(JUMP, NONE).calls
    seen = [observe(call, module(p4_f=f, p4_g=coding, p4_x0=0.0))]
    sources = {"solution.py": SOURCE.replace("{}", last).encode()}
    return judge(JUMP, NONE, plan(JUMP, NONE), seen, sources=sources)


def test_a_line_alone_refuses_nothing() -> None:
    assert checked("2 * x.detach() - 1").points == 6
    assert checked("2 * x * settings.data").points == 6
    assert checked("Own.apply(x)").points == 6


def cut_off(x: Any) -> Any:
    return torch.sign(x) + 2 * (x - torch.ops.aten.detach(x)) + 2 * x


def test_a_line_is_named_where_the_run_shows_that_the_graph_is_cut() -> None:
    result = checked("2 * x.detach() - 1", cut_off)
    assert (result.status, result.points, result.mistake) == (Status.REFUSED, 0, "detached")
    assert result.summary.startswith(
        "Line 14 of solution.py has x.detach(): what is detached counts as a constant, whatever "
        "the function is. The two codings are to differ in ordinary operations and branches only, "
        "so that it is the chain rule itself that goes astray. At x = "
    )
    assert result.summary.endswith(
        ", the values of p4_g have the slope 2, and autograd gives 4; the like is found at 40 of "
        "40 points tried."
    )
    assert checked("Own.apply(x)", own_function).summary.startswith("Line 4 of solution.py has ")
    assert checked("2 * x.data", detached).summary.startswith("Line 14 of solution.py has x.data")


# ---- other ways around autograd ------------------------------------------------------------------


def by_aten(x: Any) -> Any:
    return torch.ops.aten.detach(x)


def by_base(x: Any) -> Any:
    return torch._C.TensorBase.detach(x)


def by_switch(x: Any) -> Any:
    torch._C._set_grad_enabled(False)
    number = 1 * x
    torch._C._set_grad_enabled(True)
    return number


def by_gradient(x: Any) -> Any:
    (number,) = torch.autograd.grad(x * x / 2, x)
    return number


def by_backward(x: Any) -> Any:
    (x * x / 2).backward()
    number = x.grad.clone()
    x.grad = None
    return number


def by_new_tensor(x: Any) -> Any:
    return x.new_tensor(x)


def by_linspace(x: Any) -> Any:
    return torch.linspace(x, x, 1, dtype=torch.float64)[0]


def by_parameter(x: Any) -> Any:
    return torch.nn.Parameter(x, requires_grad=False)


def by_storage(x: Any) -> Any:
    return torch.empty(0, dtype=torch.float64).set_(x.untyped_storage(), 0, (), ())


def by_bytes(x: Any) -> Any:
    return struct.unpack("d", bytes(x.untyped_storage()))[0]


def by_complex(x: Any) -> Any:
    return complex(x).real


def by_view(x: Any) -> Any:
    return (x.view(torch.int64) + 0).view(torch.float64)


def by_text(x: Any) -> Any:
    return float(f"{x:.17g}")


WAYS = [
    by_aten,
    by_base,
    by_switch,
    by_gradient,
    by_backward,
    by_new_tensor,
    by_linspace,
    by_parameter,
    by_storage,
    by_bytes,
    by_complex,
    by_view,
    by_text,
]


@pytest.mark.parametrize("way", WAYS)
def test_any_way_around_autograd_shows_in_what_it_gives(way: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        result = jump(p4_f=torch.sign, p4_g=lambda x: torch.sign(x) + 2 * (x - way(x)))
    assert (result.status, result.points, result.mistake) == (Status.REFUSED, 0, "detached")


def test_a_way_without_a_name_is_told_by_what_it_does() -> None:
    result = jump(p4_f=torch.sign, p4_g=lambda x: torch.sign(x) + 2 * (x - by_aten(x)))
    assert result.summary.startswith("At x = ")
    assert result.summary.endswith(
        ", the values of p4_g have the slope 0, and autograd gives 2; the like is found at 40 of "
        "40 points tried. Ordinary operations have the slope of their values there, so that "
        "something goes around autograd. The two codings are to differ in ordinary operations and "
        "branches only, so that it is the chain rule itself that goes astray."
    )


def test_a_hook_on_the_graph_itself_shows_too() -> None:
    def hooked(x: Any) -> Any:
        y = x * 0 + torch.sign(x)
        node = y.grad_fn.next_functions[0][0]
        node.register_hook(lambda given, _: (given[0] + 2, *given[1:]))
        return y

    assert jump(p4_f=torch.sign, p4_g=hooked).status is Status.REFUSED


def narrowed(x: Any) -> Any:
    low, high = -1e7, 1e7
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if x > middle else (low, middle)
    return high


def split(x: Any) -> Any:
    mantissa, exponent = torch.frexp(x)
    return torch.ldexp(torch.round(mantissa * 2.0**53) * 2.0**-53, exponent)


@pytest.mark.parametrize("way", [narrowed, split, lambda x: torch.floor(x * 2.0**60) / 2.0**60])
def test_rounding_that_follows_the_number_is_left_to_a_person(way: Any) -> None:
    result = jump(p4_f=torch.sign, p4_g=lambda x: torch.sign(x) + 2 * (x - way(x)))
    assert (result.status, result.points, result.mistake) == (Status.PENDING, 0, None)
    assert result.summary.endswith("A person decides whether these are ordinary operations.")


def test_rounding_saves_no_coding_that_is_wrong_anyway() -> None:
    def rounded(x: Any) -> Any:
        return x - torch.floor(x * 2.0**60) / 2.0**60

    result = jump(p4_f=lambda x: rounded(x) * 0 + x, p4_g=lambda x: rounded(x) + x)
    assert (result.status, result.mistake) == (Status.WRONG, "continuous")


def test_the_reference_is_not_refused() -> None:
    planned = course.planned(*PROBLEM, "p4-two-codings")
    known = course.known(*PROBLEM)
    path = COURSE / "reference" / "autodiff_basics" / "p4_two_codings.py"
    seen = [observe(call, known.loaded) for call in planned.calls]
    sources = {"solution.py": path.read_bytes()}
    assert judge(JUMP, known, planned, seen, sources=sources).points == 6


# ---- what only looks like it ---------------------------------------------------------------------


def printing(x: Any) -> Any:
    assert f"{x} {x!r} {x:.3f}" + str([x])
    return g(x)


def copying(x: Any) -> Any:
    assert deepcopy(x) == x
    return g(x)


def looking_without_a_graph(x: Any) -> Any:
    with torch.no_grad():
        positive, negative = x > 0, x < 0
    return 2 * x + positive.double() - negative.double()


class Settings:
    data = 2.0


def with_settings(x: Any) -> Any:
    return g(x) if x != 0 else Settings.data * x


def with_a_detached_constant(x: Any) -> Any:
    return g(x) if x != 0 else torch.tensor(2.0).detach() * x


def by_masks(x: Any) -> Any:
    positive = torch.gt(x.detach(), 0).double()
    return 2 * x + positive - np.heaviside(-x.detach().numpy(), 0.0).item()


@pytest.mark.parametrize(
    "coding",
    [
        printing,
        copying,
        looking_without_a_graph,
        with_settings,
        with_a_detached_constant,
        by_masks,
    ],
)
def test_what_only_looks_like_a_way_around_autograd_is_right(coding: Any) -> None:
    assert jump(p4_g=coding).points == 6
