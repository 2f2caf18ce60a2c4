"""The update rules of Adagrad, RMSprop and Adam in NumPy: right, and with one thing changed.

They recognise what a student's optimizer does.  The right ones are held against `torch.optim` each
time that a plan is made; the others are what goes wrong in practice.

    Adagrad   s += g²                    p -= lr g / (√s + ε)
    RMSprop   s  = a s + (1-a) g²        p -= lr g / (√s + ε)          a for alpha
    Adam      m  = β₁ m + (1-β₁) g       v = β₂ v + (1-β₂) g²
              m̂ = m / (1-β₁ᵗ)            v̂ = v / (1-β₂ᵗ)          p -= lr m̂ / (√v̂ + ε)

Where ε stands is a matter of taste: outside the root, as here and in torch; inside it, √(s + ε);
and for Adam in the order of section 2 of arXiv 1412.6980, lr √(1-β₂ᵗ)/(1-β₁ᵗ) · m / (√v + ε),
which is the same rule with another ε.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

Options: TypeAlias = Mapping[str, Any]
Gradient: TypeAlias = Callable[[Sequence[np.ndarray]], list[np.ndarray]]

PLACEMENTS = {
    "adagrad": ("outside", "inside"),
    "rmsprop": ("outside", "inside"),
    "adam": ("outside", "inside", "efficient", "efficient-inside"),
}
_OF_SQUARES = (
    "without-root",
    "eps-added-to-step",
    "without-eps",
    "eps-fixed",
    "average-one-late",
    "started-at-one",
    "gradient-not-squared",
)
_BY_SHAPE = "state-by-shape"
MISTAKES = {
    "adagrad": (*_OF_SQUARES, "decaying-sum", _BY_SHAPE),
    "rmsprop": (
        *_OF_SQUARES,
        "learning-rate-for-decay",
        "decay-swapped",
        "sum-not-average",
        _BY_SHAPE,
    ),
    "adam": (
        "without-root",
        "eps-added-to-step",
        "without-eps",
        "eps-fixed",
        "no-bias-correction",
        "first-not-corrected",
        "second-not-corrected",
        "power-missing",
        "time-per-parameter",
        "time-one-behind",
        "time-one-ahead",
        "second-moment-of-first",
        "betas-swapped",
        "corrected-kept",
        "sum-not-average",
        _BY_SHAPE,
    ),
}
"""The mistakes that are told apart, by rule."""

_DECAYS = (0.9, 0.95, 0.99, 0.999)
_FIXED_EPS = (1e-8, 1e-10, 1e-7, 1e-6)


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to write a rule; without a mistake it is right."""

    rule: str
    placement: str = "outside"
    mistake: str = ""
    number: float = 0.0  # of a mistake that has one: how fast a sum decays, an ε of its own


def right(rule: str) -> list[Variant]:
    """Return the right ways to write a rule, the one of torch first."""
    return [Variant(rule, placement) for placement in PLACEMENTS[rule]]


def wrong(rule: str) -> Iterator[Variant]:
    """Yield the wrong ways to write a rule."""
    for mistake in MISTAKES[rule]:
        numbers: tuple[float, ...] = (0.0,)
        if mistake == "decaying-sum":
            numbers = (*_DECAYS, *(-decay for decay in _DECAYS))
        elif mistake == "eps-fixed":
            numbers = _FIXED_EPS
        elif mistake == "eps-added-to-step":
            numbers = (0.0, 1.0, -1.0)
        for placement in PLACEMENTS[rule]:
            if mistake == "corrected-kept" and placement.startswith("efficient"):
                continue  # that order corrects no moment, it has none to keep
            for number in numbers:
                yield Variant(rule, placement, mistake, number)


def trajectory(
    variant: Variant,
    gradient: Gradient,
    start: Sequence[np.ndarray],
    options: Options,
    steps: int,
) -> list[np.ndarray]:
    """Return each parameter before the first step and after each one: (steps + 1, *shape)."""
    options = _changed(variant, options)
    parameters = [np.array(item) for item in start]
    states: list[dict[str, Any]] = [{} for _ in parameters]
    if variant.mistake == _BY_SHAPE:
        shared = {item.shape: state for item, state in zip(parameters, states, strict=True)}
        states = [shared[item.shape] for item in parameters]
    path = [[np.array(item) for item in parameters]]
    update = _UPDATES[variant.rule]
    with np.errstate(all="ignore"):
        for step in range(1, steps + 1):
            slopes = gradient(parameters)
            for number, (slope, state) in enumerate(zip(slopes, states, strict=True)):
                time = _time(variant, step, number, len(parameters))
                moved = update(variant, slope, state, time, options)
                parameters[number] = parameters[number] - moved
            path.append([np.array(item) for item in parameters])
    return [np.stack(entries) for entries in zip(*path, strict=True)]


def quadratic(matrix: np.ndarray, vector: np.ndarray) -> Gradient:
    """Return the gradient of 1/2 x'Ax - b'x, x being all parameters but the last."""

    def gradient(parameters: Sequence[np.ndarray]) -> list[np.ndarray]:
        x = np.concatenate([item.reshape(-1) for item in parameters[:-1]])
        slope, taken, found = matrix @ x - vector, 0, []
        for item in parameters[:-1]:
            found.append(slope[taken : taken + item.size].reshape(item.shape))
            taken += item.size
        return [*found, np.zeros_like(parameters[-1])]

    return gradient


def network(inputs: np.ndarray, targets: np.ndarray) -> Gradient:
    """Return the gradient of half the mean squared error of tanh(X W1' + b1) W2' + b2."""

    def gradient(parameters: Sequence[np.ndarray]) -> list[np.ndarray]:
        first, bias, second, offset = parameters
        hidden = np.tanh(inputs @ first.T + bias)
        error = (hidden @ second.T + offset - targets) / len(inputs)
        before = (error @ second) * (1 - hidden**2)
        return [before.T @ inputs, before.sum(axis=0), error.T @ hidden, error.sum(axis=0)]

    return gradient


def _changed(variant: Variant, options: Options) -> Options:
    if variant.mistake == "eps-fixed":
        return {**options, "eps": variant.number}
    if variant.mistake == "betas-swapped":
        return {**options, "betas": tuple(reversed(options["betas"]))}
    if variant.mistake == "decay-swapped":
        return {**options, "alpha": 1 - options["alpha"]}
    return options


def _time(variant: Variant, step: int, number: int, count: int) -> int:
    """Return what the rule takes for the number of the step."""
    if variant.mistake == "time-per-parameter":
        return (step - 1) * count + number + 1
    return step + {"time-one-behind": -1, "time-one-ahead": 1}.get(variant.mistake, 0)


def _adagrad(
    variant: Variant, slope: np.ndarray, state: dict[str, Any], time: int, options: Options
) -> np.ndarray:
    del time
    before = state.get("sum", _first(variant, slope))
    square = slope if variant.mistake == "gradient-not-squared" else slope**2
    decay = variant.number if variant.mistake == "decaying-sum" else 1.0
    if decay == 1.0:
        state["sum"] = before + square
    elif decay > 0:
        state["sum"] = decay * before + (1 - decay) * square
    else:
        state["sum"] = -decay * before + square
    used = before if variant.mistake == "average-one-late" else state["sum"]
    return _scaled(variant, slope, used, options)


def _rmsprop(
    variant: Variant, slope: np.ndarray, state: dict[str, Any], time: int, options: Options
) -> np.ndarray:
    del time
    before = state.get("average", _first(variant, slope))
    square = slope if variant.mistake == "gradient-not-squared" else slope**2
    alpha, weight = options["alpha"], 1 - options["alpha"]
    if variant.mistake == "learning-rate-for-decay":
        weight = options["lr"]
    elif variant.mistake == "sum-not-average":
        weight = 1.0
    state["average"] = alpha * before + weight * square
    used = before if variant.mistake == "average-one-late" else state["average"]
    return _scaled(variant, slope, used, options)


def _adam(
    variant: Variant, slope: np.ndarray, state: dict[str, Any], time: int, options: Options
) -> np.ndarray:
    (decay1, decay2), mistake = options["betas"], variant.mistake
    weight1, weight2 = (1.0, 1.0) if mistake == "sum-not-average" else (1 - decay1, 1 - decay2)
    zero = np.zeros_like(slope)
    first = state["first"] = decay1 * state.get("first", zero) + weight1 * slope
    squared = first if mistake == "second-moment-of-first" else slope
    second = state["second"] = decay2 * state.get("second", zero) + weight2 * squared**2
    power = 1 if mistake == "power-missing" else time
    correct1, correct2 = np.float64(1 - decay1**power), np.float64(1 - decay2**power)
    if mistake in {"no-bias-correction", "first-not-corrected"}:
        correct1 = np.float64(1)
    if mistake in {"no-bias-correction", "second-not-corrected"}:
        correct2 = np.float64(1)
    if variant.placement.startswith("efficient"):
        scale = np.sqrt(correct2) / correct1
        return np.asarray(scale * _scaled(variant, first, second, options))
    first, second = first / correct1, second / correct2
    if mistake == "corrected-kept":
        state["first"], state["second"] = first, second
    return _scaled(variant, first, second, options)


_UPDATES = {"adagrad": _adagrad, "rmsprop": _rmsprop, "adam": _adam}


def _first(variant: Variant, slope: np.ndarray) -> np.ndarray:
    return np.full_like(slope, float(variant.mistake == "started-at-one"))


def _scaled(
    variant: Variant, numerator: np.ndarray, square: np.ndarray, options: Options
) -> np.ndarray:
    """Return the step for a numerator and a second moment: lr · numerator / (√square + ε)."""
    rate, eps = options["lr"], options["eps"]
    if variant.mistake == "eps-added-to-step":
        step = numerator / np.sqrt(square)
        # It is added before the learning rate, after it, or to the parameter.
        if variant.number == 0:
            return np.asarray(rate * (step + eps))
        return np.asarray(rate * step + variant.number * eps)
    if variant.mistake == "without-eps":
        return np.asarray(rate * numerator / np.sqrt(square))
    if variant.mistake == "without-root":
        return np.asarray(rate * numerator / (square + eps))
    if variant.placement.endswith("inside"):
        return np.asarray(rate * numerator / np.sqrt(square + eps))
    return np.asarray(rate * numerator / (np.sqrt(square) + eps))
