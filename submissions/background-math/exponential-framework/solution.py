# Q3, Q4
from numpy import array, linalg


def q3_gradient(x):
    x1, x2 = x
    return array([
        2*x1*x2 + 2*x1*x2**2 + x2**2 + x2**3,
        x1**2 + 2*x1**2*x2 + 2*x1*x2 + 3*x1*x2**2,
    ])


def q3_hessian(x):
    x1, x2 = x
    return array([
        [2*x2 + 2*x2**2,                    2*x1 + 4*x1*x2 + 2*x2 + 3*x2**2],
        [2*x1 + 4*x1*x2 + 2*x2 + 3*x2**2,   2*x1**2 + 2*x1 + 6*x1*x2],
    ])


points = [array([0, 0]), array([0, -1]), array([1, -1]), array([0.375, -0.75])]


def q3_stationary_points():
    return array(points)


def q3_hessians():
    return array([q3_hessian(p) for p in points])


def what(H):
    e = linalg.eigvalsh(H)
    if (e < 0).all(): return "maximum"
    if (e > 0).all(): return "minimum"
    if (e == 0).any(): return "degenerate"
    return "saddle"


def q3_classification():
    return [what(H) for H in q3_hessians()]


def q4_stationary_points():
    return array([[-8/2, 12/4]])


def q4_hessian(x):
    return array([[2, 0], [0, -4]])


def q4_classification():
    return what(q4_hessian(None))
