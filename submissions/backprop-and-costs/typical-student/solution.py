import numpy as np


def q1_element():
    W1 = np.array([[-2, 0, 0, 2],
                   [0, -2, 0, 2],
                   [0, 0, -2, 2]])
    b1 = np.zeros(3)
    W2 = np.array([2, 2, 2])
    b2 = -2
    return W1, b1, W2, b2


def q1_permutation():
    # compares only the sums and the sums of squares ... of x1, x2, x3 and x4, x5, x6
    W = np.array([[1, 1, 1, -1, -1, -1]])
    return [(W, np.zeros(1), (-0.5, 0.5))]


def q2_graph():
    return [
        ["z1", "affine", ["W1", "x", "b1"]],
        ["h", "relu", ["z1"]],
        ["z2", "affine", ["W2", "x", "b2"]],
        ["g1", "sigmoid", ["z2"]],
        ["g2", "mul", ["h", "g1"]],
        ["y", "affine", ["W3", "g2", "b3"]],
        ["yp", "softmax", ["y"]],
        ["S", "log_at", ["yp", "t"]],
        ["J", "neg", ["S"]],
    ]


def softmax(y):
    return np.exp(y) / np.sum(np.exp(y))


def q2_softmax_jacobian(y):
    p = softmax(y)
    return np.diag(p * (1 - p))


def q2_softmax_vjp(y, g):
    p = softmax(y)
    return p * g - p * np.sum(p * g)


def q2_backward(x, t, W1, b1, W2, b2, W3, b3):
    z1 = W1 @ x + b1
    h = np.maximum(0, z1)
    z2 = W2 @ x + b2
    g1 = 1 / (1 + np.exp(-z2))
    g2 = h * g1
    y = W3 @ g2 + b3
    yp = softmax(y)
    dJ = 1
    dS = -1
    dyp = np.zeros(len(yp))
    dyp[t] = -1 / yp[t]
    dy = q2_softmax_vjp(y, dyp)
    dg2 = W3.T @ dy
    dh = dg2 * g1
    dg1 = dg2 * h
    dz2 = dg1 * g1          # forgot (1 - g1)
    dz1 = dh * (z1 > 0)
    dx = W1.T @ dz1 + W2.T @ dz2
    return dict(J=dJ, S=dS, yp=dyp, y=dy, g2=dg2, h=dh, g1=dg1, z2=dz2, z1=dz1, x=dx)


def q2_hessian(v):
    return 2 * np.outer(v, v)


def q3_reverse(v, y):
    s = 0
    for i in range(len(v)):
        s = s + v[i] * y[i]
    return s * v


def q3_forward(v, y):
    return np.outer(v, v) @ y


def q4_reverse(v, y1, y2):
    return np.outer(v, np.dot(v, np.outer(y1, y2)))


def q4_forward(v, y1, y2):
    n, m = len(v), len(y2)
    A = np.outer(v, v)
    return A @ np.outer(y1, y2)
