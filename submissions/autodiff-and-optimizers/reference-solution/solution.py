"""Automatic differentiation by hand, and three optimizers."""

import math

import numpy as np
import torch


def p1_graph():
    return [
        ("v1", "mul", ["x1", "x2"]),
        ("v2", "sin", ["x3"]),
        ("v3", "mul", ["v1", "v2"]),
        ("v4", "exp", ["v1"]),
        ("v5", "add", ["v3", "v4"]),
        ("v6", "div", ["v5", "x3"]),
    ]


def p1_forward():
    x1, x2, x3 = 1.0, 1.5, 2.0
    v1, d1 = x1 * x2, x1
    v2, d2 = math.sin(x3), 0.0
    v3, d3 = v1 * v2, d1 * v2 + v1 * d2
    v4, d4 = math.exp(v1), math.exp(v1) * d1
    v5, d5 = v3 + v4, d3 + d4
    v6, d6 = v5 / x3, d5 / x3
    return {
        "x1": (x1, 0.0), "x2": (x2, 1.0), "x3": (x3, 0.0),
        "v1": (v1, d1), "v2": (v2, d2), "v3": (v3, d3), "v4": (v4, d4), "v5": (v5, d5), "v6": (v6, d6),
    }  # fmt: skip


def p1_reverse():
    values = {name: v for name, (v, _) in p1_forward().items()}
    x1, x2, x3, v1, v2, v3, v4, v5, v6 = values.values()
    bar = {"v6": 1.0}
    bar["v5"] = bar["v6"] / x3
    bar["v4"] = bar["v5"]
    bar["v3"] = bar["v5"]
    bar["v2"] = bar["v3"] * v1
    bar["v1"] = bar["v3"] * v2 + bar["v4"] * v4
    bar["x3"] = bar["v2"] * math.cos(x3) - bar["v6"] * v5 / x3**2
    bar["x2"] = bar["v1"] * x1
    bar["x1"] = bar["v1"] * x2
    return {name: (values[name], bar[name]) for name in bar}


def p2_forward(X, Y, W1, W2, W3):
    V1 = W1 @ X
    V2 = np.maximum(V1, 0)
    V3 = W2 @ V2
    V4 = np.maximum(V3, 0)
    V5 = W3 @ V4
    D = Y - V5
    return {"V1": V1, "V2": V2, "V3": V3, "V4": V4, "V5": V5, "D": D, "z": (D**2).sum() / 2}


def p2_backward(X, Y, W1, W2, W3):
    v = p2_forward(X, Y, W1, W2, W3)
    g = {"z": 1.0, "D": v["D"]}
    g["V5"] = -g["D"]
    g["W3"] = g["V5"] @ v["V4"].T
    g["V4"] = W3.T @ g["V5"]
    g["V3"] = g["V4"] * (v["V3"] > 0)
    g["W2"] = g["V3"] @ v["V2"].T
    g["V2"] = W2.T @ g["V3"]
    g["V1"] = g["V2"] * (v["V1"] > 0)
    g["W1"] = g["V1"] @ X.T
    g["X"] = W1.T @ g["V1"]
    return g


def p2_torch(X, Y, W1, W2, W3):
    X, Y = torch.as_tensor(X), torch.as_tensor(Y)
    W1, W2, W3 = (torch.tensor(W, requires_grad=True) for W in (W1, W2, W3))
    z = ((Y - W3 @ torch.relu(W2 @ torch.relu(W1 @ X))) ** 2).sum() / 2
    z.backward()
    return W1.grad, W2.grad, W3.grad


def p3_network(inputs, classes):
    return torch.nn.Sequential(
        torch.nn.Linear(inputs, 96),
        torch.nn.ReLU(),
        torch.nn.Linear(96, 64),
        torch.nn.ReLU(),
        torch.nn.Linear(64, classes),
    )


def p3_loss(output, target):
    return torch.nn.functional.cross_entropy(output, target)


class Optimizer:
    """What the three have in common: parameters, and the memory of each."""

    def __init__(self, params, lr):
        self.params = list(params)
        self.lr = lr

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        self.before_step()
        for number, p in enumerate(self.params):
            if p.grad is not None:
                p -= self.change(number, p.grad)

    def before_step(self):
        pass


class Adagrad(Optimizer):
    def __init__(self, params, lr=0.01, eps=1e-10):
        super().__init__(params, lr)
        self.eps = eps
        self.squares = [torch.zeros_like(p) for p in self.params]

    def change(self, number, grad):
        self.squares[number] += grad**2
        return self.lr * grad / (self.squares[number].sqrt() + self.eps)


class RMSprop(Optimizer):
    def __init__(self, params, lr=0.01, alpha=0.99, eps=1e-8):
        super().__init__(params, lr)
        self.alpha, self.eps = alpha, eps
        self.squares = [torch.zeros_like(p) for p in self.params]

    def change(self, number, grad):
        average = self.squares[number]
        average.mul_(self.alpha).add_(grad**2, alpha=1 - self.alpha)
        return self.lr * grad / (average.sqrt() + self.eps)


class Adam(Optimizer):
    def __init__(self, params, lr=0.001, betas=(0.9, 0.999), eps=1e-8):
        super().__init__(params, lr)
        self.betas, self.eps = betas, eps
        self.means = [torch.zeros_like(p) for p in self.params]
        self.squares = [torch.zeros_like(p) for p in self.params]
        self.t = 0

    def before_step(self):
        self.t += 1

    def change(self, number, grad):
        b1, b2 = self.betas
        mean, square = self.means[number], self.squares[number]
        mean.mul_(b1).add_(grad, alpha=1 - b1)
        square.mul_(b2).add_(grad**2, alpha=1 - b2)
        corrected_mean = mean / (1 - b1**self.t)
        corrected_square = square / (1 - b2**self.t)
        return self.lr * corrected_mean / (corrected_square.sqrt() + self.eps)


def p3_train(optimizer, X, y, X_test, seed):
    torch.manual_seed(seed)
    X = torch.as_tensor(X, dtype=torch.float32)
    y = torch.as_tensor(y)
    classes = int(y.max()) + 1
    network = p3_network(X.shape[1], classes)
    made = {"adagrad": (Adagrad, 0.02), "rmsprop": (RMSprop, 0.001), "adam": (Adam, 0.002)}
    kind, lr = made[optimizer]
    steps = kind(network.parameters(), lr=lr)
    history = []
    for _ in range(40):
        total = 0.0
        for batch in torch.randperm(len(X)).split(32):
            steps.zero_grad()
            loss = p3_loss(network(X[batch]), y[batch])
            loss.backward()
            steps.step()
            total += loss.item() * len(batch)
        history.append(total / len(X))
    with torch.no_grad():
        predictions = network(torch.as_tensor(X_test, dtype=torch.float32)).argmax(dim=1)
    return history, predictions
