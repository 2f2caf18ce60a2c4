"""P5 of sheet 000, second half: multi-class logistic regression with R classes.

With scores s_jk = <w_k, x_j> for k = 1 … R-1 and s_jR = 0 (that is, w_R = 0), the posterior of
class k at sample j is p_jk = exp(s_jk) / (1 + Σ_{l<R} exp(s_jl)), and the log-likelihood of N
samples

    L(W) = Σ_j ( s_{j,y_j} - log(1 + Σ_{l<R} exp(s_jl)) ).

**Gradient.**  Σ_j s_{j,y_j} has the derivative Σ_{j: y_j = k} x_j with respect to w_k.  The
derivative of log(1 + Σ exp(s_jl)) with respect to s_jk is p_jk.  By the chain rule

    ∂L/∂w_k = Σ_j ( [y_j = k] - p_jk ) x_j.

Adding (λ/2) Σ_l ‖w_l‖² as the sheet states it (with a plus, although L is maximised) adds λ w_k.

In code, classes are numbered from 0, so that class R-1 is the one without weights.  Every exponent
is shifted by the largest score of its sample, 0 among them: no term exceeds 1, nothing overflows.
"""

from __future__ import annotations

import numpy as np
import torch


def log_likelihood(W: torch.Tensor, X: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """Return L for weights W (R-1, D), samples X (N, D) and labels y (N,)."""
    scores = X @ W.T
    scores = torch.cat([scores, torch.zeros(len(X), 1, dtype=scores.dtype)], dim=1)
    chosen = scores[torch.arange(len(X)), y]
    return (chosen - torch.logsumexp(scores, dim=1)).sum()


def regularised_log_likelihood(
    W: torch.Tensor, X: torch.Tensor, y: torch.Tensor, lam: torch.Tensor
) -> torch.Tensor:
    """Return L + (λ/2) Σ ‖w_l‖², as the sheet states it."""
    return log_likelihood(W, X, y) + lam / 2 * (W**2).sum()


def p5_log_likelihood(W: np.ndarray, X: np.ndarray, y: np.ndarray) -> float:
    """Return L for weights W (R-1, D), samples X (N, D) and labels y (N,)."""
    scores = _scores(W, X)
    largest = scores.max(axis=1)
    normaliser = largest + np.log(np.exp(scores - largest[:, None]).sum(axis=1))
    return float((scores[np.arange(len(X)), y] - normaliser).sum())


def p5_gradient(W: np.ndarray, X: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return ∂L/∂w_k for every k, shape (R-1, D)."""
    classes = np.arange(len(W))
    return np.asarray(((y[:, None] == classes) - _posterior(_scores(W, X))[:, :-1]).T @ X)


def p5_regularised_gradient(W: np.ndarray, X: np.ndarray, y: np.ndarray, lam: float) -> np.ndarray:
    """Return the gradient of L + (λ/2) Σ ‖w_l‖², shape (R-1, D)."""
    return p5_gradient(W, X, y) + lam * W


def _scores(W: np.ndarray, X: np.ndarray) -> np.ndarray:
    """Return the scores of all R classes, shape (N, R); those of the last are 0."""
    return np.hstack([X @ W.T, np.zeros((len(X), 1))])


def _posterior(scores: np.ndarray) -> np.ndarray:
    """Return the softmax of each row."""
    terms = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(terms / terms.sum(axis=1, keepdims=True))


# ---- known wrong answers -----------------------------------------------------------------------


def mean_log_likelihood(W: np.ndarray, X: np.ndarray, y: np.ndarray) -> float:
    """Return the mean over the samples in place of their sum."""
    return p5_log_likelihood(W, X, y) / len(X)


def negative_log_likelihood(W: np.ndarray, X: np.ndarray, y: np.ndarray) -> float:
    """Return the loss, -L."""
    return -p5_log_likelihood(W, X, y)


def log_likelihood_without_one(W: np.ndarray, X: np.ndarray, y: np.ndarray) -> float:
    """Return Σ (s - log Σ_{l<R} exp(s_l)): the 1 of the class without weights is forgotten."""
    scores = _scores(W, X)
    largest = scores[:, :-1].max(axis=1)
    terms = np.exp(scores[:, :-1] - largest[:, None])
    normaliser = largest + np.log(terms.sum(axis=1))
    return float((scores[np.arange(len(X)), y] - normaliser).sum())


def log_likelihood_of_shifted_labels(W: np.ndarray, X: np.ndarray, y: np.ndarray) -> float:
    """Return L where class 0, and not class R-1, is taken for the one without weights."""
    return p5_log_likelihood(W, X, _shifted(W, y))


def mean_gradient(W: np.ndarray, X: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the gradient of the mean over the samples."""
    return p5_gradient(W, X, y) / len(X)


def negative_gradient(W: np.ndarray, X: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the gradient of -L."""
    return -p5_gradient(W, X, y)


def gradient_without_one(W: np.ndarray, X: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the gradient with a softmax over R-1 classes: its denominator lacks the 1."""
    posterior = _posterior(_scores(W, X)[:, :-1])
    return np.asarray(((y[:, None] == np.arange(len(W))) - posterior).T @ X)


def transposed_gradient(W: np.ndarray, X: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the gradient with a column, and not a row, for each weight vector, shape (D, R-1)."""
    return p5_gradient(W, X, y).T


def gradient_of_shifted_labels(W: np.ndarray, X: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the gradient where class 0 is taken for the one without weights."""
    return p5_gradient(W, X, _shifted(W, y))


def _shifted(W: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return labels one lower; class 0 becomes the last, the one without weights."""
    return np.asarray((y - 1) % (len(W) + 1))


def weights_subtracted(W: np.ndarray, X: np.ndarray, y: np.ndarray, lam: float) -> np.ndarray:
    """Return the gradient with -λw, as if L were penalised."""
    return p5_gradient(W, X, y) - lam * W


def weights_twice(W: np.ndarray, X: np.ndarray, y: np.ndarray, lam: float) -> np.ndarray:
    """Return the gradient with 2λw, as if the factor 1/2 were not there."""
    return p5_gradient(W, X, y) + 2 * lam * W


def weights_halved(W: np.ndarray, X: np.ndarray, y: np.ndarray, lam: float) -> np.ndarray:
    """Return the gradient with λw/2: the square was not differentiated."""
    return p5_gradient(W, X, y) + lam / 2 * W


def regulariser_missing(W: np.ndarray, X: np.ndarray, y: np.ndarray, lam: float) -> np.ndarray:
    """Return the gradient of L alone."""
    del lam
    return p5_gradient(W, X, y)
