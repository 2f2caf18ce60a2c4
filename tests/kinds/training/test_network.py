"""Networks and losses that students write, of many architectures, and what can be wrong."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from grader.kinds.base import PartPlan
from grader.kinds.training.network import NetworkPart
from grader.messages import training as says
from grader.records import Observation, Outcome, Status
from tests.kinds.student import Result, grade, judge, module, part, plan, reference


@cache
def asked() -> NetworkPart:
    made: NetworkPart = part(
        "network",
        function="p3_network",
        loss="p3_loss",
        sizes=[{"inputs": 16, "classes": 3}, {"inputs": 36, "classes": 4}],
        samples=12,
        steps=8,
    )
    return made


@cache
def planned() -> PartPlan:
    return plan(asked(), reference())


def plain(inputs: int, classes: int) -> nn.Module:
    return nn.Sequential(
        nn.Linear(inputs, 8), nn.ReLU(), nn.Linear(8, 8), nn.ReLU(), nn.Linear(8, classes)
    )


def entropy(output: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    return nn.functional.cross_entropy(output, target)


def graded(network: Callable[..., Any] = plain, loss: Callable[..., Any] = entropy) -> Result:
    return grade(asked(), reference(), p3_network=network, p3_loss=loss)


class Convolutional(nn.Module):
    def __init__(self, inputs: int, classes: int) -> None:
        super().__init__()
        self.side = round(inputs**0.5)
        self.first = nn.Conv2d(1, 4, 3, padding=1)
        self.second = nn.Conv2d(4, 4, 3, padding=1)
        self.norm = nn.BatchNorm2d(4)
        self.last = nn.Linear(4 * inputs, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = x.reshape(-1, 1, self.side, self.side)
        x = torch.relu(self.first(x))
        x = torch.relu(self.norm(self.second(x)))
        return self.last(x.flatten(1))  # type: ignore[no-any-return]


def with_end(*end: nn.Module) -> Callable[..., nn.Module]:
    return lambda inputs, classes: nn.Sequential(*plain(inputs, classes), *end)  # type: ignore[misc]


def double(inputs: int, classes: int) -> nn.Module:
    return plain(inputs, classes).double()


def with_dropout(_: int, classes: int) -> nn.Module:
    return nn.Sequential(
        nn.LazyLinear(8), nn.Dropout(0.5), nn.PReLU(), nn.Linear(8, 8), nn.Tanh(),
        nn.Linear(8, classes, bias=False),
    )  # fmt: skip


class ByHand(nn.Module):
    def __init__(self, inputs: int, classes: int) -> None:
        super().__init__()
        sizes = [(inputs, 8), (8, 8), (8, classes)]
        self.weights = nn.ParameterList([0.3 * torch.randn(size) for size in sizes])
        self.biases = nn.ParameterList([torch.zeros(1, columns) for _, columns in sizes])
        self.unused = nn.Linear(3, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for number, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            x = x @ weight + bias
            x = torch.sigmoid(x) if number < 2 else x
        return x


def squares(output: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    return ((output - nn.functional.one_hot(target, output.shape[1])) ** 2).mean()


def likelihood(output: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    return nn.functional.nll_loss(output, target)


@pytest.mark.parametrize(
    ("network", "loss"),
    [
        (plain, entropy),
        (plain, lambda output, target: entropy(output, target).reshape(1)),
        (plain, nn.CrossEntropyLoss(reduction="sum")),
        (with_end(nn.LogSoftmax(dim=1)), likelihood),
        (with_end(nn.Softmax(dim=1)), squares),
        (with_end(nn.Softmax(dim=1)), lambda p, t: likelihood(torch.log(p), t)),
        (double, entropy),
        (with_dropout, entropy),
        (Convolutional, entropy),
        (ByHand, entropy),
    ],
)
def test_any_architecture_and_any_loss_that_fits_is_right(network: Any, loss: Any) -> None:
    torch.manual_seed(0)
    result = graded(network, loss)
    assert (result.status, result.points, result.summary) == (Status.CORRECT, 2, says.NETWORK_RIGHT)


def deep(layers: int) -> Callable[..., nn.Module]:
    def network(inputs: int, classes: int) -> nn.Module:
        inner = [module for _ in range(layers - 2) for module in (nn.Linear(8, 8), nn.Tanh())]
        return nn.Sequential(nn.Linear(inputs, 8), *inner, nn.Linear(8, classes))

    return network


@pytest.mark.parametrize("layers", [2, 4])
def test_another_number_of_layers_is_wrong(layers: int) -> None:
    result = graded(deep(layers))
    assert result.status is Status.WRONG
    assert result.summary.startswith(f"Expected 3 weight layers, found {layers}: (8, 16), ")


class Unregistered(nn.Module):
    def __init__(self, inputs: int, classes: int) -> None:
        super().__init__()
        self.layers = [nn.Linear(inputs, 8), nn.Linear(8, 8), nn.Linear(8, classes)]

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self.layers:
            x = layer(x)
        return x


def constant(output: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    del target
    return (output**2).mean() + 1


def zero(output: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    return 0 * entropy(output, target)


@pytest.mark.parametrize(
    ("network", "loss", "sentence"),
    [
        (Unregistered, entropy, says.NO_PARAMETERS),
        (
            plain,
            nn.CrossEntropyLoss,
            "p3_loss is a class; make an instance of it: p3_loss = CrossEntropyLoss().",
        ),
        (plain, lambda o, t: -o.gather(1, t[:, None]).mean(), says.UNBOUNDED),
        (lambda inputs, classes: (inputs, classes), entropy, says.not_module("tuple")),
        (deep(3), lambda o, t: entropy(o, t).item(), says.loss_type("p3_loss", "float")),
        (deep(3), lambda o, t: entropy(o, t).detach(), says.NO_GRADIENT),
        (deep(3), nn.CrossEntropyLoss(reduction="none"), says.loss_shape("p3_loss", (12,))),
        (deep(3), lambda o, t: -entropy(o, t), says.LOSS_RISES_WITH_TRUTH),
        (deep(3), zero, says.loss_stays(0.0, 0.0)),
        (deep(3), lambda o, t: entropy(o, t) * float("nan"), says.loss_not_finite(float("nan"))),
        (
            lambda inputs, classes: deep(3)(inputs, classes + 1),
            entropy,
            says.wrong_output((12, 4), (12, 3)),
        ),
    ],
)
def test_what_is_wrong_is_told(network: Any, loss: Any, sentence: str) -> None:
    torch.manual_seed(0)
    result = graded(network, loss)
    assert (result.status, result.points) == (Status.WRONG, 0)
    assert result.summary == sentence


def test_a_loss_that_ignores_the_target_is_wrong() -> None:
    torch.manual_seed(0)
    result = graded(deep(3), constant)
    assert result.summary in {says.LOSS_RISES_WITH_TRUTH, says.LOSS_BLIND}


def test_a_network_for_one_size_only_is_told_its_crash() -> None:
    def network(_: int, classes: int) -> nn.Module:
        return plain(16, classes)

    result = graded(network)
    assert result.status is Status.CRASHED
    assert result.summary.startswith("p3_network stopped with RuntimeError")
    assert result.summary.endswith("(1 of 2 cases are right.)")


def broken_loss(output: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    return nn.functional.cross_entropy(output, target, weight=torch.ones(2))


def unwritten_loss(output: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    raise NotImplementedError


def test_a_loss_that_raises_is_named_and_not_the_network() -> None:
    result = graded(plain, broken_loss)
    assert (result.status, result.points) == (Status.CRASHED, 0)
    assert result.summary.startswith("p3_loss stopped with RuntimeError: weight tensor should be")


def test_the_line_of_the_submission_in_which_a_loss_raises_is_told(tmp_path: Path) -> None:
    file = tmp_path / "solution.py"
    file.write_text("def p3_loss(output, target):\n    return output + 'x'\n", encoding="utf-8")
    student = module(p3_network=plain)
    student.__file__ = str(file)
    exec(compile(file.read_text(encoding="utf-8"), str(file), "exec"), student.__dict__)  # noqa: S102
    result = grade(asked(), reference(), student)
    assert result.summary.startswith("p3_loss stopped with TypeError in line 2 of solution.py: ")


def test_a_loss_as_the_starter_left_it_is_missing() -> None:
    result = graded(plain, unwritten_loss)
    assert (result.status, result.points) == (Status.MISSING, 0)
    assert result.summary == "Not there yet: p3_loss still raises NotImplementedError."


class Dummies(nn.Module):
    def __init__(self, inputs: int, classes: int) -> None:
        super().__init__()
        self.body = nn.Sequential(nn.Linear(inputs, 8), nn.ReLU(), nn.Linear(8, classes))
        self.dummy = nn.Parameter(torch.randn(5, 5))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.body(x) + 1e-9 * self.dummy.sum()  # type: ignore[no-any-return]


def test_a_parameter_that_does_nothing_is_no_layer() -> None:
    result = graded(Dummies)
    assert (result.status, result.points) == (Status.WRONG, 0)
    assert result.summary.startswith("Expected 3 weight layers, found 2: (8, 16), (3, 8). ")


def test_a_network_with_a_narrow_layer_is_right() -> None:
    torch.manual_seed(0)

    def network(inputs: int, classes: int) -> nn.Module:
        return nn.Sequential(
            nn.Linear(inputs, 1), nn.Tanh(), nn.Linear(1, 8), nn.ReLU(), nn.Linear(8, classes)
        )

    assert graded(network).status is Status.CORRECT


def test_a_loss_that_is_not_there_is_named() -> None:
    result = grade(asked(), reference(), p3_network=plain)
    assert result.summary == says.no_function("p3_loss", "solution.py")


def test_the_built_in_optimizers_are_refused() -> None:
    def network(inputs: int, classes: int) -> nn.Module:
        made = plain(inputs, classes)
        getattr(torch, "mitpo"[::-1]).SGD(made.parameters(), lr=0.1)
        return made

    result = graded(network)
    assert (result.status, result.points) == (Status.REFUSED, 0)
    assert result.summary == says_reached("torch.optim.sgd.SGD.__init__")


def says_reached(name: str) -> str:
    from grader.messages import optimizers  # noqa: PLC0415

    return optimizers.reached(name)


@pytest.mark.parametrize("told", [{}, {"type": 3}, {"line": []}, {"file": {}}, "x", None])
def test_a_forged_exception_is_never_a_fault(told: Any) -> None:
    value = {"output": [12, 3], "loss_raised": told}
    seen = [Observation(Outcome.RETURNED, value) for _ in planned().calls]
    assert judge(asked(), reference(), planned(), seen).points == 0


keys = [
    "output",
    "loss_raised",
    "loss_class",
    "weights",
    "losses",
    "margins",
    "wrong",
    "no_gradient",
    "loss_shape",
    "missing",
]
garbage = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(keys), inner, max_size=6)
    ),
    max_leaves=12,
)


@given(value=garbage)
def test_a_forged_answer_is_never_a_fault(value: Any) -> None:
    seen = [Observation(Outcome.RETURNED, value) for _ in planned().calls]
    result = judge(asked(), reference(), planned(), seen)
    assert result.points == 0
