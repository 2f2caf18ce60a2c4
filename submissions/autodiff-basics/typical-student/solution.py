import torch
import numpy as np

# P2

def p2_forward(w1, w2):
    rows = []
    z1 = w1 / w2
    d1 = 1 / w2
    rows.append([z1, d1])
    z2 = np.sin(2 * np.pi * z1)
    d2 = np.cos(2 * np.pi * z1) * d1
    rows.append([z2, d2])
    z3 = np.exp(2 * w2)
    d3 = 0
    rows.append([z3, d3])
    z4 = 3 * z1 - z3
    d4 = 3 * d1 - d3
    rows.append([z4, d4])
    z5 = z2 + z4
    d5 = d2 + d4
    rows.append([z5, d5])
    z6 = z4 * z5
    d6 = d4 * z5 + z4 * d5
    rows.append([z6, d6])
    return np.array(rows)


def p2_reverse(w1, w2):
    z = p2_forward(w1, w2)[:, 0]
    z1, z2, z3, z4, z5, z6 = z
    g6 = 1
    g5 = z4
    g4 = z5          # through z6 = z4 z5
    g3 = -g4
    g2 = g5
    g1 = g2 * 2 * np.pi * np.cos(2 * np.pi * z1) + 3 * g4
    gw1 = g1 / w2
    gw2 = -g1 * w1 / w2 ** 2 + g3 * 2 * z3
    return {'z6': g6, 'z5': g5, 'z4': g4, 'z3': g3, 'z2': g2, 'z1': g1, 'w1': gw1, 'w2': gw2}


# P4: a step

def p4_f(x):
    if x >= 0:
        return 0 * x + 1
    return 0 * x


def p4_g(x):
    # the derivative has to be 2 at 0
    if x > 0:
        return 0 * x + 1
    if x < 0:
        return 0 * x
    return 2 * x + 1


p4_x0 = 0.0


# P5

def p5_log_likelihood(W, X, y):
    Wfull = np.vstack([W, np.zeros(W.shape[1])])
    total = 0
    for x, label in zip(X, y):
        s = Wfull @ x
        total += s[label] - np.log(np.sum(np.exp(s)))
    return total


def p5_gradient(W, X, y):
    Wfull = np.vstack([W, np.zeros(W.shape[1])])
    g = np.zeros_like(Wfull)
    for x, label in zip(X, y):
        s = Wfull @ x
        p = np.exp(s) / np.sum(np.exp(s))
        p[label] -= 1
        g += np.outer(p, x)
    return g[:-1]


def p5_regularised_gradient(W, X, y, lam):
    # p5_gradient is the gradient of the loss
    return -p5_gradient(W, X, y) - lam * W
