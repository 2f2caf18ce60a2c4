import numpy as np

STATIONARY = np.array([[1, -1], [0.375, -0.75], [0, -1], [0, 0]])


def q3_gradient(x):
    a, b = x
    return np.array([b * (1 + b) * (2 * a + b), a * (a + 2 * a * b + 2 * b + 3 * b * b)])


def q3_hessian(x):
    a, b = x
    m = 2 * a + 4 * a * b + 2 * b + 3 * b * b
    return np.array([[2 * b + 2 * b * b, m], [m, 2 * a * a + 2 * a + 6 * a * b]])


def q3_stationary_points():
    return STATIONARY


def q3_hessians():
    return [q3_hessian(p) for p in STATIONARY]


def q3_classification():
    words = []
    for p in STATIONARY:
        low, high = np.linalg.eigvalsh(q3_hessian(p))
        if low > 0:
            words.append("minimum")
        elif high < 0:
            words.append("maximum")
        elif low < 0 < high:
            words.append("saddle")
        else:
            words.append("degenerate")
    return words


def q4_stationary_points():
    return [[-4, 3]]


def q4_hessian(x):
    return np.diag([2, -4])


def q4_classification():
    return "saddle"
