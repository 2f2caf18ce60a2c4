import numpy as np


def q1_backward(X, Y, grad):
    gX = 1 / Y
    gY = -X / Y ** 2
    return gX, gY


def q2_backward(name, X, grad):
    if name == 'sigmoid':
        return X * (1 - X) * grad
    if name == 'tanh':
        return (1 - np.tanh(X) ** 2) * grad
    if name == 'exp':
        return np.exp(X) * grad
    if name == 'sin':
        return np.cos(X) * grad
    if name == 'square':
        return 2 * X * grad


def q3_forward(X, W):
    return np.dot(X, W)


def q3_backward(X, W, grad):
    return np.dot(grad, W.T), np.dot(X.T, grad)


def q4_forward(x):
    return np.tile(x.reshape(-1, 1), (1, 16))


def q4_backward(grad):
    return grad.mean(axis=1)


def q8_forward(x):
    return x / np.sum(x, axis=1, keepdims=True)


def q8_backward(x, grad):
    n, m = x.shape
    out = np.zeros_like(x)
    for i in range(n):
        s = np.sum(x[i])
        for j in range(m):
            for k in range(m):
                d = (1 if j == k else 0) / s - x[i, j] / s ** 2
                out[i, k] += grad[i, j] * d
    return out


class ReLU:
    @staticmethod
    def forward(context, x):
        x[x < 0] = 0
        context['x'] = x
        return x

    @staticmethod
    def backward(context, grad):
        grad[context['x'] <= 0] = 0
        return grad
