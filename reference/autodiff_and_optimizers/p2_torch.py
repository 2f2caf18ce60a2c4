"""P2 (b) of sheet 001: the gradients of a network with three matrices, left to torch.

    f(W1, W2, W3) = 1/2 ||Y - W3 relu(W2 relu(W1 X))||_F^2

By hand, with V1 = W1 X, V2 = relu(V1), V3 = W2 V2, V4 = relu(V3), D = Y - W3 V4 and ḡ for the
gradient of f with respect to a quantity:

    V̄5 = -D          W̄3 = V̄5 V4ᵀ       V̄4 = W3ᵀ V̄5
    V̄3 = V̄4 ⊙ [V3 > 0]   W̄2 = V̄3 V2ᵀ   V̄2 = W2ᵀ V̄3
    V̄1 = V̄2 ⊙ [V1 > 0]   W̄1 = V̄1 Xᵀ

A column in which all of V2 is zero has V3 = 0, where relu has a kink; what is taken there does not
matter, since V̄3 is then multiplied by V2 = 0, and V̄2 by [V1 > 0] = 0.
"""

from __future__ import annotations

import numpy as np
import torch


def objective(
    X: torch.Tensor, Y: torch.Tensor, W1: torch.Tensor, W2: torch.Tensor, W3: torch.Tensor
) -> torch.Tensor:
    """Return f."""
    hidden = torch.relu(W2 @ torch.relu(W1 @ X))
    return 0.5 * ((Y - W3 @ hidden) ** 2).sum()


def p2_torch(
    X: np.ndarray, Y: np.ndarray, W1: np.ndarray, W2: np.ndarray, W3: np.ndarray
) -> tuple[torch.Tensor, ...]:
    """Return the gradients for W1, W2 and W3, by torch."""
    weights = [torch.tensor(W, requires_grad=True) for W in (W1, W2, W3)]
    return torch.autograd.grad(objective(torch.tensor(X), torch.tensor(Y), *weights), weights)


def gradients_by_hand(
    X: np.ndarray, Y: np.ndarray, W1: np.ndarray, W2: np.ndarray, W3: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the gradients for W1, W2 and W3, by the formulas above."""
    V1 = W1 @ X
    V2 = np.maximum(V1, 0)
    V3 = W2 @ V2
    V4 = np.maximum(V3, 0)
    g5 = W3 @ V4 - Y
    g3 = (W3.T @ g5) * (V3 > 0)
    g1 = (W2.T @ g3) * (V1 > 0)
    return g1 @ X.T, g3 @ V2.T, g5 @ V4.T
