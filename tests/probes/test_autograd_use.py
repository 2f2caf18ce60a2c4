"""The probe that sees whether torch's automatic differentiation ran."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from torch.autograd import backward, grad
from torch.func import grad as functional_grad

from grader.probes.autograd_use import call

FUNCTIONAL: Any = torch.autograd.functional


def cube(w: torch.Tensor) -> torch.Tensor:
    return (w**3).sum()


def leaf(W: np.ndarray) -> torch.Tensor:
    return torch.tensor(W, requires_grad=True)


def by_backward(W: np.ndarray) -> Any:
    w = leaf(W)
    cube(w).backward()  # type: ignore[no-untyped-call]
    return w.grad


def by_function(W: np.ndarray) -> Any:
    w = leaf(W)
    backward(cube(w))
    return w.grad


def by_grad(W: np.ndarray) -> Any:
    w = leaf(W)
    return grad(cube(w), w)[0]


def by_vjp(W: np.ndarray) -> Any:
    pull: Any = torch.func.vjp(cube, torch.tensor(W))[1]
    return pull(torch.ones((), dtype=torch.float64))[0]


def by_jvp(W: np.ndarray) -> Any:
    rows = torch.eye(len(W), dtype=torch.float64)
    slopes = [torch.func.jvp(cube, (torch.tensor(W),), (row,))[1] for row in rows]
    return torch.stack(slopes)


def by_dual_numbers(W: np.ndarray) -> Any:
    forward: Any = torch.autograd.forward_ad
    slopes = []
    for row in torch.eye(len(W), dtype=torch.float64):
        with forward.dual_level():
            dual = forward.make_dual(torch.tensor(W), row)
            slopes.append(forward.unpack_dual(cube(dual)).tangent)
    return torch.stack(slopes)


def by_engine(W: np.ndarray) -> Any:
    w = leaf(W)
    engine = torch.autograd.Variable._execution_engine
    ones = torch.ones((), dtype=torch.float64)
    return engine.run_backward((cube(w),), (ones,), False, False, (w,), True, False)[0]


def in_a_thread(W: np.ndarray) -> Any:
    found: list[Any] = []
    thread = threading.Thread(target=lambda: found.append(by_backward(W)))
    thread.start()
    thread.join()
    return found[0]


WAYS: dict[str, Callable[[np.ndarray], Any]] = {
    "backward": by_backward,
    "autograd.backward": by_function,
    "autograd.grad": by_grad,
    "func.grad": lambda W: functional_grad(cube)(torch.tensor(W)),
    "func.vjp": by_vjp,
    "func.jacrev": lambda W: torch.func.jacrev(cube)(torch.tensor(W)),
    "func.jacfwd": lambda W: torch.func.jacfwd(cube)(torch.tensor(W)),
    "func.jvp": by_jvp,
    "autograd.functional": lambda W: FUNCTIONAL.jacobian(cube, torch.tensor(W)),
    "forward_ad": by_dual_numbers,
    "engine": by_engine,
    "thread": in_a_thread,
}


@pytest.mark.filterwarnings("ignore")  # forward mode makes torch import what it has deprecated
@pytest.mark.parametrize("way", WAYS)
def test_every_way_to_a_derivative_is_seen(way: str) -> None:
    found = call(SimpleNamespace(f=WAYS[way]), "f", {"W": np.array([1.0, 2.0])})  # type: ignore[arg-type]
    assert found["ran"] is True
    np.testing.assert_allclose(found["returned"], [3, 12])


@pytest.mark.parametrize(
    "by_hand",
    [
        lambda W: 3 * W**2,
        lambda W: 3 * leaf(W) ** 2,
        lambda W: cube(leaf(W)).detach() * 0 + torch.tensor(3 * W**2),
    ],
)
def test_a_formula_is_no_automatic_differentiation(by_hand: Callable[[np.ndarray], Any]) -> None:
    found = call(SimpleNamespace(f=by_hand), "f", {"W": np.array([1.0, 2.0])})  # type: ignore[arg-type]
    assert found["ran"] is False
    np.testing.assert_allclose(found["returned"], [3, 12])


def test_what_ran_before_does_not_count() -> None:
    by_backward(np.ones(2))
    found = call(SimpleNamespace(f=lambda W: W), "f", {"W": np.ones(2)})  # type: ignore[arg-type]
    assert found["ran"] is False


def test_the_arguments_go_in_in_order() -> None:
    found = call(SimpleNamespace(f=lambda *x: list(x)), "f", {"b": 1.0, "a": 2.0})  # type: ignore[arg-type]
    assert found["returned"] == [1.0, 2.0]


def test_an_exception_leaves_no_watch_behind() -> None:
    import sys  # noqa: PLC0415

    before = sys.getprofile()

    def broken() -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        call(SimpleNamespace(f=broken), "f", {})  # type: ignore[arg-type]
    assert sys.getprofile() is before
