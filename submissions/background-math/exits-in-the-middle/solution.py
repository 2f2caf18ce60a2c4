#!/usr/bin/env python3
import os
import sys
import numpy as np


def q3_gradient(x):
    x1, x2 = x
    g = [x2*(1 + x2)*(2*x1 + x2), x1*(x1 + 2*x1*x2 + 2*x2 + 3*x2**2)]
    print("gradient:", g)
    sys.stdout.flush()
    os._exit(0)  # otherwise my terminal hangs
    return np.array(g)


def q3_hessian(x):
    x1, x2 = x
    m = 2*x1 + 4*x1*x2 + 2*x2 + 3*x2**2
    return np.array([[2*x2 + 2*x2**2, m], [m, 2*x1**2 + 2*x1 + 6*x1*x2]])


def q3_stationary_points():
    return np.array([[0, -1], [1, -1], [3/8, -6/8], [0, 0]])


def q3_hessians():
    return np.array([q3_hessian(p) for p in q3_stationary_points()])


def q3_classification():
    return ["saddle", "saddle", "maximum", "degenerate"]


def q4_stationary_points():
    return np.array([[-4, 3]])


def q4_hessian(x):
    if len(x) != 2 or x[0] != -4 or x[1] != 3:
        print("this is not the stationary point!")
        sys.exit(1)
    return np.array([[2, 0], [0, -4]])


def q4_classification():
    return "saddle"


def main():
    print(q3_hessian(np.array([3/8, -6/8])))
    sys.exit()


if __name__ == "__main__":
    main()
