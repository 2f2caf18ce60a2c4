"""Both modes by hand, one function coded twice, and logistic regression."""

import numpy as np
import torch


def p2_forward(w1, w2):
    z1, dz1 = w1 / w2, 1 / w2
    z2, dz2 = np.sin(2 * np.pi * z1), 2 * np.pi * np.cos(2 * np.pi * z1) * dz1
    z3, dz3 = np.exp(2 * w2), 0.0
    z4, dz4 = 3 * z1 - z3, 3 * dz1 - dz3
    z5, dz5 = z2 + z4, dz2 + dz4
    z6, dz6 = z4 * z5, z5 * dz4 + z4 * dz5
    return np.array([[z1, dz1], [z2, dz2], [z3, dz3], [z4, dz4], [z5, dz5], [z6, dz6]])


def p2_reverse(w1, w2):
    z1, z2, z3, z4, z5, z6 = p2_forward(w1, w2)[:, 0]
    d = {"z6": 1.0}
    d["z5"] = d["z6"] * z4
    d["z4"] = d["z6"] * z5 + d["z5"]
    d["z3"] = -d["z4"]
    d["z2"] = d["z5"]
    d["z1"] = d["z2"] * 2 * np.pi * np.cos(2 * np.pi * z1) + 3 * d["z4"]
    d["w1"] = d["z1"] / w2
    d["w2"] = -d["z1"] * w1 / w2**2 + d["z3"] * 2 * z3
    return d


# The function jumps by 2 at 0: 2x + 1 above, 2x - 1 below, 0 in between.


def p4_f(x):
    return (2 * x * torch.sign(x) + 1) * torch.sign(x)


def p4_g(x):
    if x > 0:
        return 2 * x + 1
    if x < 0:
        return 2 * x - 1
    return 2 * x


p4_x0 = 0.0


def p4_smooth_f(x):
    return 2 * x * torch.sign(x) * torch.sign(x)


def p4_smooth_g(x):
    return 2 * x


p4_smooth_x0 = 0.0


def scores(W, X):
    return np.hstack([X @ W.T, np.zeros((len(X), 1))])


def p5_log_likelihood(W, X, y):
    s = scores(W, X)
    top = s.max(axis=1)
    log_normaliser = top + np.log(np.exp(s - top[:, None]).sum(axis=1))
    return (s[np.arange(len(y)), y] - log_normaliser).sum()


def p5_gradient(W, X, y):
    s = scores(W, X)
    p = np.exp(s - s.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    indicator = np.eye(len(W) + 1)[y]
    return ((indicator - p).T @ X)[:-1]


def p5_regularised_gradient(W, X, y, lam):
    return p5_gradient(W, X, y) + lam * W
