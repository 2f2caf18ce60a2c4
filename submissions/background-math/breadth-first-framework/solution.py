# Homework 1
import numpy as np


def q3_gradient(x):
    (p, q) = x
    # f = p^2 q + p^2 q^2 + p q^2 + p q^3
    return np.array([2*p*q + 2*p*q**2 + q**2 + q**3,
                     p**2 + 2*p**2*q + 2*p*q + 2*p*q**2 + p*q**2])


def q3_hessian(x):
    (p, q) = x
    return np.array([[2*q + 2*q**2, 2*p + 4*p*q + 2*q + 3*q**2],
                     [0,            2*p**2 + 2*p + 6*p*q]])


def q3_stationary_points():
    return np.array([[0, 0], [0, -1], [1, -1]])


def q3_hessians():
    # upper part, the lower one is the same
    return np.array([[[0, 0], [0, 0]], [[0, 1], [0, 0]], [[0, -1], [0, -2]]])


def q3_classification():
    return ["degenerate", "saddle", "saddle"]


def q4_stationary_points():
    return np.array([[-4, 3], [4, -3]])


def q4_hessian(x):
    return np.array([[2, 0], [0, -4]])


def q4_classification():
    return "degenerate"  # one eigenvalue is negative
