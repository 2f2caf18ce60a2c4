"""Q3 and Q4, with the framework of Q6 doing the gradient."""

import numpy as np
from diy_autograd import Variable


def q3_gradient(x):
    x1, x2 = Variable(x[0]), Variable(x[1])
    f = (x1 + x2) * (x1 * x2 + x1 * x2**2)
    f.backward()
    return np.array([x1.grad, x2.grad])


def q3_hessian(x):
    x1, x2 = x
    mixed = 2 * x1 + 4 * x1 * x2 + 2 * x2 + 3 * x2**2
    return np.array([[2 * x2 + 2 * x2**2, mixed], [mixed, 2 * x1**2 + 2 * x1 + 6 * x1 * x2]])


def q3_stationary_points():
    points = [(0, 0), (0, -1), (1, -1), (3 / 8, -6 / 8)]
    for point in points:
        assert np.abs(q3_gradient(point)).max() < 1e-12
    return np.array(points)


def q3_hessians():
    return np.array([q3_hessian(point) for point in q3_stationary_points()])


def q3_classification():
    return ["saddle", "saddle", "saddle", "maximum"]


def q4_stationary_points():
    return np.array([[-4.0, 3.0]])


def q4_hessian(x):
    return np.array([[2.0, 0.0], [0.0, -4.0]])


def q4_classification():
    return "saddle"
