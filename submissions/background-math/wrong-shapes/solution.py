import numpy as np


def q3_gradient(x):
    """column vector, as in the lecture"""
    x1, x2 = float(x[0]), float(x[1])
    return np.array([[x2*(1 + x2)*(2*x1 + x2)],
                     [x1*(x1 + 2*x1*x2 + 2*x2 + 3*x2**2)]])


def q3_hessian(x):
    """f11, f12, f22 (it is symmetric)"""
    x1, x2 = float(x[0]), float(x[1])
    return np.array([2*x2 + 2*x2**2,
                     2*x1 + 4*x1*x2 + 2*x2 + 3*x2**2,
                     2*x1**2 + 2*x1 + 6*x1*x2])


def q3_stationary_points():
    # x1 in the first row, x2 in the second
    return np.array([[0, 1, 3/8],
                     [-1, -1, -3/4]])


def q3_hessians():
    return np.array([[[0, 1], [1, 0]],
                     [[0, -1], [-1, -2]],
                     [[-3/8, -3/16], [-3/16, -21/32]]])


def q3_classification():
    return "saddle, saddle, maximum"


def q4_stationary_points():
    return {"x1": -4, "x2": 3}


def q4_hessian(x):
    return np.array([2, -4])  # the diagonal


def q4_classification():
    return ["saddle"]
