"""The guard: whatever way leads to a forbidden module, its code does not run."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FunctionType, ModuleType
from typing import Any

import pytest
import torch

from grader.probes.guard import ForbiddenError, Guard

HELD_EARLY = torch.optim.Adam
FUNCTION_HELD_EARLY = sys.modules["torch.optim.adam"].adam
KERNEL = "_fused_adam_"


def parameters() -> list[torch.Tensor]:
    return [torch.zeros(2, requires_grad=True)]


def made_before() -> torch.optim.Optimizer:
    return torch.optim.SGD(parameters(), lr=0.1)


OLD = made_before()


@pytest.mark.parametrize(
    ("way", "reached"),
    [
        (lambda: HELD_EARLY(parameters()), "torch.optim.adam.Adam.__init__"),
        (lambda: getattr(torch, "mitpo"[::-1]).SGD(parameters()), "torch.optim.sgd.SGD.__init__"),
        (OLD.zero_grad, "torch.optim.optimizer.Optimizer.zero_grad"),
        (lambda: FUNCTION_HELD_EARLY([], [], [], [], [], []), "torch.optim."),
        (lambda: sys.modules["torch.optim.sgd"].sgd([], [], []), "torch.optim.sgd."),
        (OLD.step, "torch.optim."),
        (lambda: torch.optim.lr_scheduler.StepLR(OLD, 1), "torch.optim.lr_scheduler."),
        (lambda: getattr(torch, KERNEL)([], [], [], [], []), f"torch.{KERNEL}"),
        (lambda: getattr(torch.ops.aten, KERNEL)([], [], [], [], []), f"torch.{KERNEL}"),
    ],
)
def test_a_way_is_barred_and_noted(way: Callable[[], Any], reached: str) -> None:
    with Guard(["torch.optim"]) as guard, pytest.raises(ForbiddenError):
        way()
    assert guard.reached.startswith(reached)


def test_the_first_thing_that_was_reached_is_kept() -> None:
    with Guard(["torch.optim"]) as guard:
        for made in (torch.optim.SGD, torch.optim.Adam):
            with pytest.raises(ForbiddenError):
                made(parameters())
    assert guard.reached == "torch.optim.sgd.SGD.__init__"


def test_a_subclass_is_barred_as_soon_as_it_uses_what_it_inherits() -> None:
    class Mine(torch.optim.Optimizer):
        def __init__(self) -> None:
            super().__init__(parameters(), {})

    with Guard(["torch.optim"]) as guard, pytest.raises(ForbiddenError):
        Mine()
    assert guard.reached == "torch.optim.optimizer.Optimizer.__init__"


def test_afterwards_everything_is_as_before() -> None:
    kernel, init = getattr(torch, KERNEL), torch.optim.Adam.__init__
    assert isinstance(init, FunctionType)
    code = init.__code__
    with Guard(["torch.optim"]):
        assert init.__code__ is not code
    assert init.__code__ is code
    assert getattr(torch, KERNEL) is kernel
    weights = parameters()
    weights[0].sum().backward()  # type: ignore[no-untyped-call]
    torch.optim.SGD(weights, lr=1.0).step()
    assert weights[0].tolist() == [-1, -1]
    assert "_grader_note" not in vars(sys.modules["torch.optim.sgd"])


def test_the_rest_of_torch_goes_on() -> None:
    with Guard(["torch.optim"]) as guard:
        network = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.ReLU(), torch.nn.Dropout())
        network(torch.ones(1, 2)).sum().backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        torch._foreach_add_([torch.zeros(2)], 1.0)
    assert guard.reached == ""


def test_a_module_that_is_not_there_yet_cannot_be_imported(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    with Guard(["colorsys"]) as guard, pytest.raises(ForbiddenError, match="colorsys"):
        __import__("colorsys")
    assert guard.reached == "colorsys"
    assert __import__("colorsys").rgb_to_hsv(0, 0, 0) == (0, 0, 0)


def test_a_submodule_that_its_package_imports_is_let_through(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    guard = Guard(["package.part"])
    guard.find_spec("package.part")
    package = ModuleType("package")
    monkeypatch.setitem(sys.modules, "package", package)
    with pytest.raises(ForbiddenError):
        guard.find_spec("package.part")


def test_without_names_nothing_is_barred() -> None:
    with Guard([]) as guard:
        torch.optim.SGD(parameters(), lr=0.1)
    assert guard.reached == ""
