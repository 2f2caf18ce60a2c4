"""P3 of sheet 001: a network of three layers, three optimizers, and training with them.

The rules, with g the gradient, t the number of the step from 1, everything entry by entry:

    Adagrad   s += g²                                p -= lr g / (√s + ε)
    RMSprop   s  = a s + (1-a) g²                    p -= lr g / (√s + ε)     a for alpha
    Adam      m  = β₁ m + (1-β₁) g,  m̂ = m / (1-β₁ᵗ)
              v  = β₂ v + (1-β₂) g²,  v̂ = v / (1-β₂ᵗ)   p -= lr m̂ / (√v̂ + ε)

The last one is Algorithm 1 of arXiv 1412.6980, with the correction of the bias towards zero that m
and v have because they start there.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import torch

from .p3_data import dataset

__all__ = ["Adagrad", "Adam", "RMSprop", "dataset", "p3_loss", "p3_network", "p3_train"]

_FEW = 10_000  # samples up to which there is time for many epochs
_EPOCHS_FEW, _EPOCHS_MANY = 30, 6
_BATCH_FEW, _BATCH_MANY = 64, 128
_COOLED = 0.05  # what is left of the learning rate in the end


class _Optimizer:
    def __init__(self, params: Iterable[torch.Tensor], lr: float, eps: float) -> None:
        self.params = list(params)
        self.lr, self.eps = lr, eps

    def zero_grad(self) -> None:
        """Forget the gradients."""
        for parameter in self.params:
            parameter.grad = None


class Adagrad(_Optimizer):
    """The learning rate of each entry falls with the sum of its squared gradients."""

    def __init__(
        self, params: Iterable[torch.Tensor], lr: float = 0.01, eps: float = 1e-10
    ) -> None:
        super().__init__(params, lr, eps)
        self.sums = [torch.zeros_like(parameter) for parameter in self.params]

    @torch.no_grad()
    def step(self) -> None:
        """Move every parameter that has a gradient."""
        for parameter, total in zip(self.params, self.sums, strict=True):
            if parameter.grad is not None:
                total.add_(parameter.grad**2)
                parameter.sub_(self.lr * parameter.grad / (total.sqrt() + self.eps))


class RMSprop(_Optimizer):
    """As Adagrad, with a decaying average in place of the sum."""

    def __init__(
        self,
        params: Iterable[torch.Tensor],
        lr: float = 0.01,
        alpha: float = 0.99,
        eps: float = 1e-8,
    ) -> None:
        super().__init__(params, lr, eps)
        self.alpha = alpha
        self.averages = [torch.zeros_like(parameter) for parameter in self.params]

    @torch.no_grad()
    def step(self) -> None:
        """Move every parameter that has a gradient."""
        for parameter, average in zip(self.params, self.averages, strict=True):
            if parameter.grad is not None:
                average.mul_(self.alpha).add_((1 - self.alpha) * parameter.grad**2)
                parameter.sub_(self.lr * parameter.grad / (average.sqrt() + self.eps))


class Adam(_Optimizer):
    """A decaying average of the gradients, over the root of that of their squares."""

    def __init__(
        self,
        params: Iterable[torch.Tensor],
        lr: float = 0.001,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
    ) -> None:
        super().__init__(params, lr, eps)
        self.betas = betas
        self.time = 0
        self.first = [torch.zeros_like(parameter) for parameter in self.params]
        self.second = [torch.zeros_like(parameter) for parameter in self.params]

    @torch.no_grad()
    def step(self) -> None:
        """Move every parameter that has a gradient."""
        decay1, decay2 = self.betas
        self.time += 1
        for parameter, first, second in zip(self.params, self.first, self.second, strict=True):
            gradient = parameter.grad
            if gradient is None:
                continue
            first.mul_(decay1).add_((1 - decay1) * gradient)
            second.mul_(decay2).add_((1 - decay2) * gradient**2)
            corrected1 = first / (1 - decay1**self.time)
            corrected2 = second / (1 - decay2**self.time)
            parameter.sub_(self.lr * corrected1 / (corrected2.sqrt() + self.eps))


def p3_network(inputs: int, classes: int) -> torch.nn.Module:
    """Return three linear layers with ReLU between them."""
    return torch.nn.Sequential(
        torch.nn.Linear(inputs, 128),
        torch.nn.ReLU(),
        torch.nn.Linear(128, 128),
        torch.nn.ReLU(),
        torch.nn.Linear(128, classes),
    )


def p3_loss(output: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Return the mean cross-entropy of the outputs, which are logits."""
    return torch.nn.functional.cross_entropy(output, target)


def p3_train(
    optimizer: str, X: np.ndarray, y: np.ndarray, X_test: np.ndarray, seed: int
) -> tuple[list[float], np.ndarray]:
    """Return the mean loss of each epoch, and the predicted label of each row of X_test.

    `optimizer` is "adagrad", "rmsprop" or "adam".
    """
    pictures = torch.tensor(X, dtype=torch.float32)
    labels = torch.tensor(y, dtype=torch.int64)
    random = torch.Generator().manual_seed(seed)
    network = p3_network(X.shape[1], int(y.max()) + 1)
    _initialise(network, random)
    method = _made(optimizer, network)
    few = len(y) <= _FEW
    epochs = _EPOCHS_FEW if few else _EPOCHS_MANY
    batch = _BATCH_FEW if few else _BATCH_MANY
    history = []
    for _ in range(epochs):
        total = 0.0
        for rows in torch.randperm(len(y), generator=random).split(batch):
            loss = p3_loss(network(pictures[rows]), labels[rows])
            loss.backward()
            method.step()
            method.zero_grad()
            total += loss.item() * len(rows)
        history.append(total / len(y))
        method.lr *= _COOLED ** (1 / epochs)  # large steps at first, small ones to settle down
    with torch.no_grad():
        outputs = network(torch.tensor(X_test, dtype=torch.float32))
    return history, outputs.argmax(dim=1).numpy()


def _made(name: str, network: torch.nn.Module) -> Any:
    """Return an optimizer with a learning rate that suits it."""
    if name == "adagrad":
        return Adagrad(network.parameters(), lr=0.02)
    if name == "rmsprop":
        return RMSprop(network.parameters(), lr=0.002, alpha=0.9)
    return Adam(network.parameters(), lr=0.002)


@torch.no_grad()
def _initialise(network: torch.nn.Module, random: torch.Generator) -> None:
    """Draw the weights from a generator of our own: the global one may be in use elsewhere."""
    for parameter in network.parameters():
        if parameter.ndim > 1:
            scale = (2 / parameter.shape[1]) ** 0.5
            parameter.copy_(scale * torch.randn(parameter.shape, generator=random))
        else:
            parameter.zero_()
