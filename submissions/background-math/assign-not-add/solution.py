import numpy as np

# Q3


def q3_gradient(x):
    x1, x2 = x
    common = x1 * x2 + x1 * x2**2
    return np.array([common + (x1 + x2) * (x2 + x2**2), common + (x1 + x2) * (x1 + 2 * x1 * x2)])


def q3_hessian(x):
    x1, x2 = x
    mixed = (x1 + x2) * (1 + 2 * x2) + (x1 + 2 * x1 * x2) + (x2 + x2**2)
    return np.array([[2 * (x2 + x2**2), mixed], [mixed, 2 * x1 * (x1 + x2) + 2 * (x1 + 2 * x1 * x2)]])


def q3_stationary_points():
    return np.array([[0, 0], [0, -1], [1, -1], [3 / 8, -6 / 8]])


def q3_hessians():
    return np.array(
        [
            [[0, 0], [0, 0]],
            [[0, 1], [1, 0]],
            [[0, -1], [-1, -2]],
            [[-0.375, -0.1875], [-0.1875, -0.65625]],
        ]
    )


def q3_classification():
    # (0, 0): no idea, the Hessian is zero
    return ["degenerate", "saddle", "saddle", "maximum"]


# Q4


def q4_stationary_points():
    return np.array([[-4.0, 3.0]])


def q4_hessian(x):
    return np.array([[2.0, 0.0], [0.0, -4.0]])


def q4_classification():
    return "saddle"
