"""The update rules in NumPy: right ones against torch.optim, wrong ones against each other."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.kinds.training import update_rules
from grader.kinds.training.optimizer import _OBJECTIVES, NAMES, SETTINGS
from grader.kinds.training.update_rules import MISTAKES, Variant, right, trajectory, wrong
from grader.probes import optimizers as probe

RULES = list(NAMES)
STEPS = 50
FIRST = 15


def gradient(objective: dict[str, Any]) -> update_rules.Gradient:
    if objective["name"] == "quadratic":
        return update_rules.quadratic(objective["A"], objective["b"])
    return update_rules.network(objective["X"], objective["Y"])


def torch_path(rule: str, objective: dict[str, Any], start: Any, options: Any) -> list[np.ndarray]:
    made: Any = SimpleNamespace(made=getattr(torch.optim, NAMES[rule]))
    found = probe.trajectory(made, "made", objective, start, options, STEPS, "list")
    paths: list[np.ndarray] = found["trajectory"]
    return paths


@settings(max_examples=15, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    name=st.sampled_from(["quadratic", "network"]),
    rule=st.sampled_from(RULES),
    lr=st.floats(1e-3, 0.1),
    decay=st.floats(0.5, 0.99),
    eps=st.floats(1e-4, 0.1),
)
def test_the_right_rules_go_the_way_of_torch(
    seed: int, name: str, rule: str, lr: float, decay: float, eps: float
) -> None:
    objective, start = _OBJECTIVES[name](np.random.default_rng(seed))
    options: dict[str, Any] = {"lr": lr, "eps": eps}
    if rule == "rmsprop":
        options["alpha"] = decay
    if rule == "adam":
        options["betas"] = [decay, (1 + decay) / 2]
    ours = trajectory(Variant(rule), gradient(objective), start, options, STEPS)
    for found, there in zip(ours, torch_path(rule, objective, start, options), strict=True):
        # Near a minimum, steps of a fixed size go back and forth and magnify the last digit; the
        # settings of the course are held against torch over all steps when they are planned.
        np.testing.assert_allclose(found[:FIRST], there[:FIRST], rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize("name", ["quadratic", "network"])
def test_the_gradients_agree_with_torch(name: str) -> None:
    objective, start = _OBJECTIVES[name](np.random.default_rng(3))
    tensors = [torch.tensor(item, requires_grad=True) for item in start]
    slopes = torch.autograd.grad(probe.loss(torch, objective, tensors), tensors)
    for found, there in zip(gradient(objective)(start), slopes, strict=True):
        np.testing.assert_allclose(found, there.numpy(), atol=1e-13)


def paths(rule: str) -> dict[tuple[str, str, float], np.ndarray]:
    """Return every variant's way on both objectives, as one row of numbers."""
    found = {}
    for variant in [*right(rule), *wrong(rule)]:
        row = []
        for name, options in zip(("quadratic", "network"), SETTINGS[rule], strict=True):
            objective, start = _OBJECTIVES[name](np.random.default_rng(5))
            way = trajectory(variant, gradient(objective), start, options, STEPS)
            row += [np.nan_to_num(item, nan=1e6, posinf=2e6, neginf=-2e6).ravel() for item in way]
        key = (variant.mistake, variant.placement, variant.number)
        found[key] = np.concatenate(row)
    return found


@pytest.mark.parametrize("rule", RULES)
def test_no_two_mistakes_look_alike_and_none_looks_right(rule: str) -> None:
    found = paths(rule)
    # Far more than what single precision is allowed, 5e-5.
    for one in found:
        for other in found:
            if one[0] != other[0]:
                distance = np.max(np.abs(found[one] - found[other]))
                assert distance > 1e-3, (one, other, distance)


@pytest.mark.parametrize("rule", RULES)
def test_the_places_of_eps_are_told_apart(rule: str) -> None:
    ways = [way for key, way in paths(rule).items() if not key[0]]
    assert len(ways) == len(update_rules.PLACEMENTS[rule])
    for number, way in enumerate(ways):
        for other in ways[:number]:
            assert np.max(np.abs(way - other)) > 1e-2


@pytest.mark.parametrize("rule", RULES)
def test_every_mistake_has_variants(rule: str) -> None:
    assert {variant.mistake for variant in wrong(rule)} == set(MISTAKES[rule])


def test_the_efficient_order_is_adam_with_another_eps() -> None:
    objective, start = _OBJECTIVES["quadratic"](np.random.default_rng(0))
    options = {"lr": 0.1, "betas": [0.7, 0.95], "eps": 0.0}
    start[-1] = start[-1] * 0  # without eps, a gradient of zero would be 0/0

    def moving(parameters: Any) -> list[np.ndarray]:
        return [*gradient(objective)(parameters)[:-1], np.ones(2)]

    one, other = (
        trajectory(Variant("adam", place), moving, start, options, 20)
        for place in ("outside", "efficient")
    )
    for found, there in zip(one, other, strict=True):
        np.testing.assert_allclose(found, there, rtol=1e-12, atol=1e-12)
