"""Networks by hand, the backward pass of a gated network, and products in two orders."""

from itertools import permutations

import numpy as np


def q1_element():
    # h_i is 1 where x4 = x_i: the difference is doubled, so that 1 falls outside of [-1, 1]
    W1 = 2 * np.array([[-1, 0, 0, 1], [0, -1, 0, 1], [0, 0, -1, 1]])
    # the number of matches is 0 or 1; -2 * matches + 2 lies in [-1, 1] for 1 only
    return W1, np.zeros(3), -2 * np.ones(3), 2


def q1_permutation():
    # nine units: x_i = x_j for i among the first three and j among the last three
    pairs = [(i, j) for i in range(3) for j in range(3, 6)]
    equal = np.zeros((9, 6))
    for row, (i, j) in enumerate(pairs):
        equal[row, i], equal[row, j] = 1, -1
    # six units, one for each permutation: its three equalities hold
    orders = list(permutations(range(3, 6)))
    hold = np.array([[float(j == order[i]) for i, j in pairs] for order in orders])
    return [
        (equal, np.zeros(9), (-0.5, 0.5)),
        (hold, np.zeros(6), (2.5, 3.5)),
        (np.ones((1, 6)), np.zeros(1), (0.5, 6.5)),
    ]


def q2_graph():
    return [
        ("z1", "affine", ["W1", "x", "b1"]),
        ("h", "relu", ["z1"]),
        ("z2", "affine", ["W2", "x", "b2"]),
        ("g1", "sigmoid", ["z2"]),
        ("g2", "mul", ["h", "g1"]),
        ("y", "affine", ["W3", "g2", "b3"]),
        ("yp", "softmax", ["y"]),
        ("S", "log_at", ["yp", "t"]),
        ("J", "neg", ["S"]),
    ]


def softmax(y):
    e = np.exp(y - y.max())
    return e / e.sum()


def q2_softmax_jacobian(y):
    p = softmax(y)
    return np.diag(p) - np.outer(p, p)


def q2_softmax_vjp(y, g):
    p = softmax(y)
    return p * (g - p @ g)


def q2_backward(x, t, W1, b1, W2, b2, W3, b3):
    z1 = W1 @ x + b1
    h = np.maximum(z1, 0)
    z2 = W2 @ x + b2
    g1 = 1 / (1 + np.exp(-z2))
    g2 = h * g1
    y = W3 @ g2 + b3
    yp = softmax(y)

    bar = {"J": 1.0, "S": -1.0}
    bar["yp"] = np.zeros_like(yp)
    bar["yp"][t] = bar["S"] / yp[t]
    bar["y"] = q2_softmax_vjp(y, bar["yp"])
    bar["g2"] = W3.T @ bar["y"]
    bar["h"] = bar["g2"] * g1
    bar["g1"] = bar["g2"] * h
    bar["z2"] = bar["g1"] * g1 * (1 - g1)
    bar["z1"] = bar["h"] * (z1 > 0)
    bar["x"] = W1.T @ bar["z1"] + W2.T @ bar["z2"]
    return bar


def q2_hessian(v):
    H = np.outer(v, v)
    H *= 2
    return H


def q3_reverse(v, y):
    return v * (v @ y)


def q3_forward(v, y):
    H = np.outer(v, v)
    return H @ y


def q4_reverse(v, y1, y2):
    B1 = np.outer(y1, y2)
    B2 = v @ B1
    return np.outer(v, B2)


def q4_forward(v, y1, y2):
    A1 = np.outer(v, v)
    A2 = A1 @ y1
    return np.outer(A2, y2)
