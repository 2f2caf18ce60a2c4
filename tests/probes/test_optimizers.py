"""The probe that drives an optimizer class along an objective."""

from __future__ import annotations

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch

from grader.probes import optimizers

QUADRATIC = {"name": "quadratic", "A": np.diag([1.0, 2.0]), "b": np.array([1.0, 0.0])}
START = [np.array([1.0, 1.0]), np.array([5.0])]


class Descent:
    """Plain gradient descent."""

    def __init__(self, params: Iterable[torch.Tensor], lr: float) -> None:
        self.params, self.lr = list(params), lr

    @torch.no_grad()
    def step(self) -> None:
        for parameter in self.params:
            parameter.sub_(self.lr * parameter.grad)  # type: ignore[operator]

    def zero_grad(self) -> None:
        for parameter in self.params:
            parameter.grad = None


def run(made: Any, form: str = "list", **options: Any) -> dict[str, Any]:
    given = options or {"lr": 0.5}
    module: Any = SimpleNamespace(made=made)
    return optimizers.trajectory(module, "made", QUADRATIC, START, given, 2, form)


@pytest.mark.parametrize("form", ["list", "generator"])
def test_it_gives_every_parameter_at_every_step(form: str) -> None:
    found = run(Descent, form)
    # The gradient of 1/2 x'Ax - b'x is (x1 - 1, 2 x2).
    first, second = found["trajectory"]
    np.testing.assert_allclose(first, [[1, 1], [1, 0], [1, 0]], atol=1e-15)
    np.testing.assert_allclose(second, [[5], [5], [5]])
    assert found["cleared"] is True


def test_the_last_parameter_has_a_gradient_of_zero() -> None:
    seen = []

    class Watching(Descent):
        def step(self) -> None:
            seen.append(self.params[-1].grad)

    run(Watching)
    assert [item.tolist() for item in seen if item is not None] == [[0.0], [0.0]]


def test_gradients_that_are_left_are_told_and_cleared() -> None:
    class Keeping(Descent):
        def zero_grad(self) -> None:
            pass

    found = run(Keeping)
    assert found["cleared"] is False
    np.testing.assert_array_equal(found["trajectory"][0], run(Descent)["trajectory"][0])


def test_the_start_is_not_changed() -> None:
    run(Descent)
    assert START[0].tolist() == [1, 1]


def test_options_go_in_by_name_or_in_their_order() -> None:
    class Swapped(Descent):
        def __init__(self, params: Any, other: float = 0, lr: float = 0) -> None:
            assert (lr, other) == (0.5, 3)
            super().__init__(params, lr)

    class Renamed(Descent):
        def __init__(self, params: Any, rate: float, more: float) -> None:
            assert (rate, more) == (0.5, 3)
            super().__init__(params, rate)

    for made in (Swapped, Renamed):
        assert "trajectory" in run(made, lr=0.5, other=3)


def test_a_pair_goes_in_as_a_tuple() -> None:
    class Paired(Descent):
        def __init__(self, params: Any, betas: Any) -> None:
            assert betas == (0.5, 0.25)
            super().__init__(params, 0.1)

    assert "trajectory" in run(Paired, betas=[0.5, 0.25])


def test_a_class_that_takes_something_else_is_reported() -> None:
    assert run(Descent, lr=0.5, eps=1.0) == {"signature": "(params: 'Iterable[torch.Tensor]', "
                                             "lr: 'float') -> 'None'"}  # fmt: skip


def test_a_parameter_of_the_network_that_takes_no_part_has_no_gradient() -> None:
    seen = []

    class Watching(Descent):
        def step(self) -> None:
            seen.append([parameter.grad is None for parameter in self.params])

    objective = {"name": "network", "X": np.ones((3, 2)), "Y": np.ones((3, 1))}
    shapes = [(4, 2), (4,), (1, 4), (1,), (7,)]
    start = [np.ones(shape) for shape in shapes]
    module: Any = SimpleNamespace(made=Watching)
    found = optimizers.trajectory(module, "made", objective, start, {"lr": 0.1}, 1, "list")
    assert seen == [[False] * 4 + [True]]
    assert [item.shape for item in found["trajectory"]] == [(2, *shape) for shape in shapes]


def test_an_optimizer_that_is_forbidden_is_reported() -> None:
    module: Any = SimpleNamespace(made=torch.optim.SGD)
    found = optimizers.trajectory(
        module, "made", QUADRATIC, START, {"lr": 0.5}, 2, "list", ["torch.optim"]
    )
    assert found == {"forbidden": "torch.optim.sgd.SGD.__init__"}
    assert "trajectory" in run(torch.optim.SGD)


def test_an_error_of_the_student_is_the_students() -> None:
    class Broken(Descent):
        def step(self) -> None:
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        run(Broken)
