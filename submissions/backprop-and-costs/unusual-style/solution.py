"""Right throughout, by roads that a grader might not expect."""

import itertools

import numpy as np
import torch


def q1_element():
    # Differences scaled by 5, and the count of matches read off by a unit that wants 1.
    W1 = [[5, 0, 0, -5], [0, 5, 0, -5], [0, 0, 5, -5]]
    return W1, [0.25, -0.25, 0.0], [[3.0, 3.0, 3.0]], [-3.5]


def q1_permutation():
    # Signed differences in one layer of 18 thresholds: x_i >= x_j and x_i <= x_j.
    first, second = [], []
    pairs = list(itertools.product(range(3), range(3, 6)))
    for i, j in pairs:
        row = [0] * 6
        row[i], row[j] = 1, -1
        first += [row, [-r for r in row]]
    for column, _ in enumerate(pairs):
        second.append([float(k // 2 == column) for k in range(18)])
    # x_i = x_j needs both; a permutation needs three equalities, since halves have distinct entries
    return [
        (np.array(first), np.zeros(18), (0, 100)),
        (torch.tensor(second), torch.zeros(9), (2, 2)),
        ([[1] * 9], [0], (3, 3)),
    ]


def q2_graph():
    affine = lambda W, x, b: {"op": "affine", "inputs": (W, x, b)}
    nodes = {
        "z2": affine("W2", "x", "b2"),
        "g1": {"op": "sigmoid", "inputs": ("z2",)},
        "z1": affine("W1", "x", "b1"),
        "h": {"op": "relu", "inputs": ("z1",)},
        "g2": {"op": "mul", "inputs": ("g1", "h")},
        "y": affine("W3", "g2", "b3"),
        "yp": {"op": "softmax", "inputs": ("y",)},
        "S": {"op": "log_at", "inputs": ("yp", "t")},
        "J": {"op": "neg", "inputs": "S"},
    }
    return tuple((name, node["op"], node["inputs"]) for name, node in nodes.items())


def q2_softmax_jacobian(y):
    return torch.func.jacfwd(lambda s: torch.softmax(s, 0))(torch.as_tensor(y))


def q2_softmax_vjp(y, g):
    return torch.func.vjp(lambda s: s.softmax(0), torch.as_tensor(y))[1](torch.as_tensor(g))[0]


def q2_backward(x, t, W1, b1, W2, b2, W3, b3):
    x, W1, b1, W2, b2, W3, b3 = map(torch.as_tensor, (x, W1, b1, W2, b2, W3, b3))
    x.requires_grad_()
    z1 = W1 @ x + b1
    h = z1.relu()
    z2 = W2 @ x + b2
    g1 = z2.sigmoid()
    g2 = g1 * h
    y = W3 @ g2 + b3
    yp = y.softmax(0)
    S = yp[t].log()
    J = -S
    kept = {"J": J, "S": S, "yp": yp, "y": y, "g2": g2, "h": h, "g1": g1, "z2": z2, "z1": z1, "x": x}
    for node in kept.values():
        node.retain_grad()
    J.backward()
    return {name: node.grad for name, node in kept.items()}


def q2_hessian(v):
    n = len(v)
    H = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            H[i, j] = v[i] * v[j]
            H[i, j] *= 2
    return H


def q3_reverse(v, y):
    product = sum(a * b for a, b in zip(v, y))
    return [a * product for a in v]


def q3_forward(v, y):
    H = [[a * b for b in v] for a in v]
    return np.array([sum(h * b for h, b in zip(row, y)) for row in H])


def q4_reverse(v, y1, y2):
    B1 = np.einsum("i,j->ij", y1, y2)
    B2 = np.einsum("i,ij->j", v, B1)
    return np.einsum("i,j->ij", v, B2)


def q4_forward(v, y1, y2):
    A1 = v[:, None] * v[None, :]
    A2 = np.dot(A1, y1)
    return A2.reshape(-1, 1) @ y2.reshape(1, -1)
