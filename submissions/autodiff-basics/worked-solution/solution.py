"""The worked solution, written down as code: P2, P4 and P5."""

import numpy as np
import torch


def p2_forward(w1, w2):
    # Fix w1 = u and w2 = v.
    u, v = w1, w2
    z1 = u / v
    dz1 = 1 / v
    z2 = np.sin(2 * np.pi * z1)
    dz2 = 2 * np.pi * np.cos(2 * np.pi * z1) * dz1
    z3 = np.exp(2 * v)
    dz3 = 0.0
    z4 = 3 * z1 - z3  # the document prints 3 z1 z3 here, and differentiates 3 z1 - z3
    dz4 = 3 * dz1 - dz3
    z5 = z2 + z4
    dz5 = dz2 + dz4
    z6 = z4 * z5
    dz6 = z5 * dz4 + z4 * dz5
    return [[z1, dz1], [z2, dz2], [z3, dz3], [z4, dz4], [z5, dz5], [z6, dz6]]


def p2_reverse(w1, w2):
    (z1, _), _, _, (z4, _), (z5, _), _ = p2_forward(w1, w2)
    dz6 = 1.0
    dz5 = z4
    dz4 = z4 + z5
    dz3 = -z4 - z5
    dz2 = z4
    dz1 = 2 * np.pi * np.cos(2 * np.pi * z1) * dz2 + 3 * dz4
    dw1 = 1 / w2 * dz1
    dw2 = -w1 / w2**2 * dz1 + 2 * np.exp(2 * w2) * dz3
    return {
        "z6": dz6, "z5": dz5, "z4": dz4, "z3": dz3, "z2": dz2, "z1": dz1, "w1": dw1, "w2": dw2,
    }  # fmt: skip


# Listings 1 and 2


def p4_f(x):
    assert x.requires_grad
    return (2 * x * torch.sign(x) + 1) * torch.sign(x)


def p4_g(x):
    if x.data > 0:
        return 2 * x + 1
    elif x.data < 0:
        return 2 * x - 1
    else:
        return 2 * x


p4_x0 = 0


# Listing 3


def p4_smooth_f(x):
    assert x.requires_grad
    return 2 * x * torch.sign(x) * torch.sign(x)


def p4_smooth_g(x):
    assert x.requires_grad
    return 2 * x


p4_smooth_x0 = 0


def posterior(W, X):
    # equations (7) and (8)
    e = np.exp(X @ W.T)
    return e / (1 + e.sum(axis=1, keepdims=True))


def p5_log_likelihood(W, X, y):
    # equation (11), with w_R = 0
    weights = np.vstack([W, np.zeros(W.shape[1])])
    first = (weights[y] * X).sum(axis=1)
    return (first - np.log(1 + np.exp(X @ W.T).sum(axis=1))).sum()


def p5_gradient(W, X, y):
    # equation (12)
    p = posterior(W, X)
    return np.array([X[y == k].sum(axis=0) - X.T @ p[:, k] for k in range(len(W))])


def p5_regularised_gradient(W, X, y, lam):
    # equation (14)
    return p5_gradient(W, X, y) + lam * W
