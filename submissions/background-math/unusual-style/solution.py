"""Written as I would on paper: exact fractions, tuples, whatever fits."""

from fractions import Fraction as Q
from functools import cache

import numpy as np
import torch

f = lambda x: x.sum() * (x.prod() + x[0] * x[1] ** 2)


def q3_gradient(x):
    """Let torch do it. A leaf that wants gradients, and a result that still hangs on its graph."""
    leaf = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    (gradient,) = torch.autograd.grad(f(leaf), leaf, create_graph=True)
    return gradient


class Symmetric:
    """A symmetric 2 by 2 matrix by its three numbers."""

    def __init__(self, a, b, c):
        self.a, self.b, self.c = a, b, c

    def rows(self):
        return (self.a, self.b), (self.b, self.c)


def q3_hessian(x):
    p, q = map(np.float64, x)
    return Symmetric(2 * q * (1 + q), 2 * p + 4 * p * q + 2 * q + 3 * q * q, 2 * p * (p + 1 + 3 * q)).rows()


@cache
def q3_stationary_points():
    return (
        (Q(3, 8), Q(-3, 4)),
        (1, -1),
        (np.int64(0), np.float64(-1)),
        (False, 0j),
    )


def q3_hessians():
    def exact(p, q):
        off = 2 * p + 4 * p * q + 2 * q + 3 * q * q
        return [[2 * q + 2 * q * q, off], [off, 2 * p * p + 2 * p + 6 * p * q]]

    return [
        exact(Q(3, 8), Q(-3, 4)),
        np.matrix(exact(1, -1)),
        torch.tensor(exact(0, -1)),
        np.array(exact(Q(0), Q(0)), dtype=object),
    ]


def q3_classification():
    runs = {"maximum": 1, "Saddle ": 2, "SADDLE": 1}
    return tuple(word for word, times in runs.items() for _ in range(times))


q4_stationary_points = lambda: torch.tensor([-4, 3])


class _Constant:
    def __init__(self, value):
        self.value = value

    def __call__(self, x=None):
        return self.value


q4_hessian = _Constant(np.ma.masked_array(np.diag([2, -4]), mask=False))


def q4_classification():
    return ["saddle"]
