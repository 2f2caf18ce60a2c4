import numpy as np


# ---- Question 3 ----

def q3_gradient(x):
    x1, x2 = x[0], x[1]
    u = x1 + x2
    g = x1*x2 + x1*x2**2
    return np.array([g + u*(x2 + x2**2), g + u*(x1 + 2*x1*x2)])


def q3_hessian(x):
    x1, x2 = x[0], x[1]
    H = np.zeros((2, 2))
    H[0, 0] = 2*x2 + 2*x2**2
    H[1, 1] = 2*x1**2 + 2*x1 + 6*x1*x2
    H[0, 1] = 2*x1 + 4*x1*x2 + 2*x2 + 3*x2**2
    H[1, 0] = H[0, 1]
    return H


def q3_stationary_points():
    return np.array([[0, 0], [1, -1], [3/8, -6/8]])


def q3_hessians():
    return np.array([q3_hessian(p) for p in q3_stationary_points()])


def q3_classification():
    return ["saddle", "saddle", "maximum"]


# ---- Question 4 ----

def q4_gradient(x):
    return np.array([8 + 2*x[0], 12 - 4*x[1]])


def q4_stationary_points():
    # gradient descent until the gradient is zero
    x = np.array([0.0, 0.0])
    while np.any(q4_gradient(x) != 0):
        x = x - 0.1*q4_gradient(x)
    return np.array([x])


def q4_hessian(x):
    return np.array([[2.0, 0.0], [0.0, -4.0]])


def q4_classification():
    return "saddle"
