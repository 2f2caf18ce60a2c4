"""The worked solution, written down as code, with its mistakes."""

import numpy as np


def q1_element():
    W1 = 2 * np.array([[-1, 0, 0, 1], [0, -1, 0, 1], [0, 0, -1, 1]])
    b1 = np.array([0, 0, 0])
    W2 = -2 * np.array([1, 1, 1])
    b2 = -2
    return W1, b1, W2, b2


def q1_permutation():
    # First layer: nine nodes, each checks whether x_i = x_j for an i in {1, 2, 3} and a j in
    # {4, 5, 6}; as in 1.1, a factor of 2, and 1 on [-1, 1].
    W1 = np.zeros((9, 6))
    node = {}
    for i in (1, 2, 3):
        for j in (4, 5, 6):
            row = len(node)
            node[i, j] = row
            W1[row, j - 1] = 2
            W1[row, i - 1] = -2
    # Second layer: one node for every permutation, 1 where all three comparisons are 1.
    W2 = np.zeros((6, 9))
    orders = [(4, 5, 6), (4, 6, 5), (5, 4, 6), (5, 6, 4), (6, 4, 5), (6, 5, 4)]
    for row, (i, j, k) in enumerate(orders):
        W2[row, node[1, i]] = W2[row, node[2, j]] = W2[row, node[3, k]] = 1
    # Output: any of the six.
    W3 = np.ones((1, 6))
    return [
        (W1, np.zeros(9), (-1, 1)),
        (W2, np.zeros(6), (3, 3)),
        (W3, np.zeros(1), (1, 1)),
    ]


def q2_graph():
    return [
        ("z1", "affine", ("W1", "x", "b1")),
        ("h", "relu", ("z1",)),
        ("z2", "affine", ("W2", "x", "b2")),
        ("g1", "sigmoid", ("z2",)),
        ("g2", "mul", ("h", "g1")),
        ("y", "affine", ("W3", "g2", "b3")),
        ("yp", "softmax", ("y",)),
        ("S", "log_at", ("yp", "t")),
        ("J", "neg", ("S",)),
    ]


def softmax(y):
    e = np.exp(y - y.max())
    return e / e.sum()


def q2_softmax_jacobian(y):
    # lemma 1
    n = len(y)
    p = softmax(y)
    return np.array([[(i == j) * p[i] - p[i] * p[j] for j in range(n)] for i in range(n)])


def q2_softmax_vjp(y, g):
    return q2_softmax_jacobian(y).T @ g


def q2_backward(x, t, W1, b1, W2, b2, W3, b3):
    z1 = W1 @ x + b1
    h = np.where(z1 > 0, z1, 0)
    z2 = W2 @ x + b2
    g1 = 1 / (1 + np.exp(-z2))
    g2 = h * g1
    y = W3 @ g2 + b3
    yp = softmax(y)

    J_bar = 1
    S_bar = -J_bar
    yp_bar = np.zeros(len(yp))
    yp_bar[t] = S_bar / yp[t]
    y_bar = q2_softmax_jacobian(y).T @ yp_bar
    g2_bar = W3.T @ y_bar
    h_bar = g2_bar * g1
    g1_bar = g2_bar * h
    z2_bar = np.exp(-z2) / (1 + np.exp(-z2)) ** 2 * g1_bar
    z1_bar = np.where(z1 >= 0, 1, 0) * h_bar
    x_bar = W1.T @ z1_bar + W2.T @ z2_bar
    return {
        "J": J_bar, "S": S_bar, "yp": yp_bar, "y": y_bar, "g2": g2_bar, "h": h_bar,
        "g1": g1_bar, "z2": z2_bar, "z1": z1_bar, "x": x_bar,
    }  # fmt: skip


def q2_hessian(v):
    # The document differentiates x'vv'x to vv'x, and that to 2vv'; the second step does not follow
    # from the first, but its result is right.
    H = np.outer(v, v)
    H *= 2
    return H


def q3_reverse(v, y):
    M = v @ y
    return v * M


def q3_forward(v, y):
    H = np.outer(v, v)
    z = H @ y
    return z


def q4_reverse(v, y1, y2):
    B1 = np.outer(y1, y2)
    B2 = v @ B1
    Z = np.outer(v, B2)
    return Z


def q4_forward(v, y1, y2):
    A1 = np.outer(v, v)
    A2 = A1 @ y1
    Z = np.outer(A2, y2)
    return Z
