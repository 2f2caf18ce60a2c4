"""Everything in float32, as on the GPU later."""

import numpy as np
import torch

DTYPE = np.float32


def q3_gradient(x):
    x1, x2 = np.asarray(x, dtype=DTYPE)
    g = x1 * x2 + x1 * x2 * x2
    u = x1 + x2
    return np.array([g + u * (x2 + x2 * x2), g + u * (x1 + 2 * x1 * x2)], dtype=DTYPE)


def q3_hessian(x):
    x = torch.as_tensor(np.asarray(x), dtype=torch.float32)
    x1, x2 = x
    mixed = 2 * x1 + 4 * x1 * x2 + 2 * x2 + 3 * x2**2
    return torch.stack(
        [
            torch.stack([2 * x2 + 2 * x2**2, mixed]),
            torch.stack([mixed, 2 * x1**2 + 2 * x1 + 6 * x1 * x2]),
        ]
    )


def q3_stationary_points():
    return np.array([[0, 0], [0, -1], [1, -1], [0.375, -0.75]], dtype=DTYPE)


def q3_hessians():
    return torch.stack([q3_hessian(p) for p in q3_stationary_points()])


def q3_classification():
    words = []
    for hessian in q3_hessians():
        eigenvalues = torch.linalg.eigvalsh(hessian)
        if torch.all(eigenvalues < 0):
            words.append("maximum")
        elif torch.all(eigenvalues > 0):
            words.append("minimum")
        elif eigenvalues[0] < 0 < eigenvalues[1]:
            words.append("saddle")
        else:
            words.append("degenerate")
    return words


def q4_stationary_points():
    return torch.tensor([[-4.0, 3.0]])


def q4_hessian(x):
    return np.diag(np.array([2, -4], dtype=DTYPE))


def q4_classification():
    return "saddle"
