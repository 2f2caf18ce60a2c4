"""Logistic regression with many classes, as the course asks it: what passes, what is named."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from grader.records import Status

from .course import asked, graded, known, planned

HERE = ("autodiff-basics", "p5-multiclass-logistic")
GRADIENT, REGULARISED, VALUE = "p5_gradient", "p5_regularised_gradient", "p5_log_likelihood"


def by_loops(W: Any, X: Any, y: Any) -> Any:
    weights = [*W, np.zeros(X.shape[1])]
    found = np.zeros_like(W)
    for x, label in zip(X, y, strict=True):
        scores = np.array([w @ x for w in weights])
        p = np.exp(scores - scores.max())
        p = p / p.sum()
        for k in range(len(W)):
            found[k] += ((label == k) - p[k]) * x
    return found.tolist()


def by_autograd(W: Any, X: Any, y: Any) -> Any:
    weights = torch.tensor(W, requires_grad=True)
    scores = torch.cat([torch.tensor(X) @ weights.T, torch.zeros(len(X), 1)], dim=1)
    loss = torch.nn.functional.cross_entropy(scores, torch.tensor(y), reduction="sum")
    return torch.autograd.grad(-loss, weights)[0]


def in_single_precision(W: Any, X: Any, y: Any) -> Any:
    return np.asfortranarray(known(*HERE).loaded.p5_gradient(W, X, y)).astype(np.float32)


@pytest.mark.parametrize("student", [by_loops, by_autograd, in_single_precision])
def test_a_right_gradient_passes_in_any_form(student: Callable[..., Any]) -> None:
    result = graded(*HERE, "p5-gradient", **{GRADIENT: student})
    assert (result.status, result.points) == (Status.CORRECT, 4)


def naive_gradient(W: Any, X: Any, y: Any) -> Any:
    with np.errstate(all="ignore"):
        terms = np.exp(X @ W.T)
        p = terms / (1 + terms.sum(axis=1, keepdims=True))
        return ((y[:, None] == np.arange(len(W))) - p).T @ X


def naive_value(W: Any, X: Any, y: Any) -> Any:
    with np.errstate(all="ignore"):
        scores = np.hstack([X @ W.T, np.zeros((len(X), 1))])
        return (scores[np.arange(len(y)), y] - np.log(np.exp(scores).sum(axis=1))).sum()


@pytest.mark.parametrize(
    ("part", "function", "student", "points"),
    [("p5-gradient", GRADIENT, naive_gradient, 3), ("p5-log-likelihood", VALUE, naive_value, 2)],
)
def test_overflow_at_large_scores_costs_one_point_and_is_told(
    part: str, function: str, student: Callable[..., Any], points: int
) -> None:
    result = graded(*HERE, part, **{function: student})
    assert (result.status, result.points) == (Status.PARTIAL, points)
    assert result.summary.startswith(
        "Scores around ±1000: NaN or infinity came back in every case that is wrong"
    )


@pytest.mark.parametrize(
    ("part", "function", "mistake", "wrong"),
    [
        (part.id, part.function, mistake.name, mistake.function)
        for part in asked(*HERE).values()
        if part.kind != "expression"
        for mistake in part.mistakes
    ],
)
def test_a_known_wrong_answer_is_named_and_earns_nothing(
    part: str, function: str, mistake: str, wrong: str
) -> None:
    student = getattr(known(*HERE).loaded, wrong)
    result = graded(*HERE, part, **{function: student})
    assert (result.mistake, result.points) == (mistake, 0)


def test_a_gradient_that_forgets_the_regulariser_is_not_right_at_any_strength() -> None:
    strengths = asked(*HERE)["p5-regularised-gradient"].inputs["lam"].uniform
    assert strengths.low > 0


@pytest.mark.parametrize("shape", [(1,), (1, 1)])
def test_a_log_likelihood_in_a_small_array_is_right(shape: tuple[int, ...]) -> None:
    def student(W: Any, X: Any, y: Any) -> Any:
        return np.full(shape, known(*HERE).loaded.p5_log_likelihood(W, X, y))

    result = graded(*HERE, "p5-log-likelihood", **{VALUE: student})
    assert (result.status, result.points) == (Status.CORRECT, 3)


def test_one_sample_with_one_feature_and_two_classes_is_among_the_cases() -> None:
    shapes = [
        (*np.shape(call.arguments["W"]), len(call.arguments["X"]))
        for call in planned(*HERE, "p5-log-likelihood").calls
    ]
    assert {(1, 1, 1), (4, 5, 8), (1, 5, 8), (4, 1, 8), (4, 5, 1)} <= set(shapes)
