"""Train a small network on two classes of points, with the operation that you choose.

    python train_mlp.py sigmoid
    python train_mlp.py relu         # with the class ReLU from your solution.py

A point has six coordinates.  In the plane of the first two, the classes are two rings around each
other; the other four are noise, and the network has to find out.  Everything is seeded: the same
operation always gives the same numbers.  After each epoch it prints the training loss and the share
of right answers on points that are not trained on; the last one is the validation accuracy that is
asked for.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import numpy as np
from small_autograd import CrossEntropy, Sigmoid, TensorNode, do_forward

SEED = 4
EPOCHS = 20
BATCH = 20
RATE = 0.17
COORDINATES, HIDDEN = 6, 16
TRAINING, VALIDATION = 1200, 600


def points(count: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return points (count, 6) and their classes (count,): 0 in the inner ring, 1 in the outer."""
    classes = np.arange(count) % 2
    radius = 0.7 + 0.9 * classes + 0.2 * rng.normal(size=count)
    angle = rng.uniform(0, 2 * np.pi, size=count)
    noise = 0.8 * rng.normal(size=(count, COORDINATES - 2))
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle), noise]), classes


class Network:
    """A layer of hidden units with the nonlinearity `op`, and a linear layer behind it."""

    def __init__(self, op: type, rng: np.random.Generator) -> None:
        self.op = op
        self.W1 = TensorNode(rng.normal(size=(COORDINATES, HIDDEN)) * np.sqrt(2 / COORDINATES))
        self.b1 = TensorNode(np.zeros(HIDDEN))
        self.W2 = TensorNode(rng.normal(size=(HIDDEN, 2)) / np.sqrt(HIDDEN))
        self.b2 = TensorNode(np.zeros(2))

    def __call__(self, x: np.ndarray) -> TensorNode:
        """Return the scores of both classes for each row of x."""
        hidden = do_forward(self.op, TensorNode(x) @ self.W1 + self.b1)
        return hidden @ self.W2 + self.b2

    def step(self, rate: float) -> None:
        """Go one step against the gradients, and forget the graph that they came from."""
        for name in ("W1", "b1", "W2", "b2"):
            tensor = getattr(self, name)
            setattr(self, name, TensorNode(tensor.value - rate * tensor.grad))


def train(op: type, report: Callable[[str], None] | None = None) -> dict[str, list[float]]:
    """Return the mean loss and the validation accuracy of each epoch; tell `report` of each."""
    rng = np.random.default_rng(SEED)
    x, classes = points(TRAINING, rng)
    x_validation, classes_validation = points(VALIDATION, rng)
    target = np.eye(2)[classes]
    network = Network(op, rng)
    losses, accuracies = [], []
    for epoch in range(EPOCHS):
        order = rng.permutation(TRAINING)
        total = 0.0
        for start in range(0, TRAINING, BATCH):
            batch = order[start : start + BATCH]
            loss = do_forward(CrossEntropy, network(x[batch]), TensorNode(target[batch]))
            loss.backward()
            network.step(RATE)
            total += float(loss.value) * len(batch)
        right = network(x_validation).value.argmax(axis=1) == classes_validation
        losses.append(total / TRAINING)
        accuracies.append(float(right.mean()))
        if report is not None:
            report(f"epoch {epoch:2d}   loss {losses[-1]:.4f}   accuracy {accuracies[-1]:.4f}")
    return {"losses": losses, "accuracies": accuracies}


def main() -> None:
    """Train with the operation that the command line names."""
    name = sys.argv[1] if len(sys.argv) > 1 else "sigmoid"
    if name == "sigmoid":
        op = Sigmoid
    elif name == "relu":
        from solution import ReLU as op  # noqa: N813, PLC0415  (only for this)
    else:
        raise SystemExit(f"expected sigmoid or relu, found {name}")
    train(op, print)


if __name__ == "__main__":
    main()
