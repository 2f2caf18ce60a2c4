"""The backward of an operation."""

import numpy as np


def q1_backward(X, Y, grad):
    return grad / Y, -grad * X / Y**2


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


SLOPES = {
    "sigmoid": lambda x: sigmoid(x) * (1 - sigmoid(x)),
    "tanh": lambda x: 1 - np.tanh(x) ** 2,
    "exp": np.exp,
    "sin": np.cos,
    "square": lambda x: 2 * x,
}


def q2_backward(name, X, grad):
    return SLOPES[name](X) * grad


def q3_forward(X, W):
    return X @ W


def q3_backward(X, W, grad):
    return grad @ W.T, X.T @ grad


def q4_forward(x):
    return np.repeat(x[:, None], 16, axis=1)


def q4_backward(grad):
    return grad.sum(axis=1)


def q8_forward(x):
    return x / x.sum(axis=1, keepdims=True)


def q8_backward(x, grad):
    s = x.sum(axis=1, keepdims=True)
    return grad / s - (grad * x).sum(axis=1, keepdims=True) / s**2


class ReLU:
    """The operation max(0, x), element by element."""

    @staticmethod
    def forward(context, x):
        context["positive"] = x > 0
        return np.maximum(x, 0)

    @staticmethod
    def backward(context, grad):
        return grad * context["positive"]
