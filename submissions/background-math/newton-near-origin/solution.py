# I let the computer find the points: Newton's method on the gradient from many starts.
import numpy as np


def f(x):
    return (x[0] + x[1]) * (x[0] * x[1] + x[0] * x[1] ** 2)


def q3_gradient(x, h=1e-6):
    # difference quotient
    g = np.zeros(2)
    for i in range(2):
        e = np.zeros(2)
        e[i] = h
        g[i] = (f(x + e) - f(x)) / h
    return g


def exact_gradient(x):
    a, b = x
    return np.array([b * (1 + b) * (2 * a + b), a * (a + 2 * a * b + 2 * b + 3 * b**2)])


def q3_hessian(x):
    a, b = x
    m = 2 * a + 4 * a * b + 2 * b + 3 * b**2
    return np.array([[2 * b + 2 * b**2, m], [m, 2 * a**2 + 2 * a + 6 * a * b]])


def newton(x, tolerance=1e-8):
    for _ in range(60):
        g = exact_gradient(x)
        if np.linalg.norm(g) < tolerance:  # stationary, good enough
            return x
        x = x - np.linalg.solve(q3_hessian(x), g)
    return None


def q3_stationary_points():
    starts = [np.array(s) for s in [(0.2, 0.3), (0.1, -1.2), (1.2, -1.1), (0.4, -0.7)]]
    found = [newton(s) for s in starts]
    return np.array([p for p in found if p is not None])


def q3_hessians():
    return [q3_hessian(p) for p in q3_stationary_points()]


def q3_classification():
    words = []
    for h in q3_hessians():
        low, high = np.linalg.eigvalsh(h)
        if abs(low) < 1e-3 or abs(high) < 1e-3:
            words.append("degenerate")
        elif low * high < 0:
            words.append("saddle")
        else:
            words.append("maximum" if low < 0 else "minimum")
    return words


def q4_stationary_points():
    # quadratic: one Newton step from anywhere is exact
    return [-np.linalg.solve(q4_hessian(None), [8, 12])]


def q4_hessian(x):
    return np.array([[2, 0], [0, -4]])


def q4_classification():
    return "saddle"
