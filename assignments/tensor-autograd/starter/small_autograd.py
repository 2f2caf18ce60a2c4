"""A small framework for automatic differentiation on NumPy arrays, to be read in one sitting.

A computation is a graph of two kinds of nodes.  A `TensorNode` holds an array and, later, the
gradient of the loss with respect to it.  An `OpNode` stands between tensors: it remembers which
operation was applied, to what, and what came out.

    a ─┐
       ├─ OpNode(Add) ─► c            c = a + b
    b ─┘

The graph is built while the values are computed, by `do_forward`.  `loss.backward()` then goes
through it from the loss to the parameters.
"""

from __future__ import annotations

import numpy as np


class TensorNode:
    """An array in a graph: its value, the gradient of the loss, and the operation it came from."""

    def __init__(self, value: np.ndarray, source: OpNode | None = None) -> None:
        self.value = np.asarray(value, dtype=np.float64)
        self.grad = np.zeros_like(self.value)
        self.source = source  # None for inputs and parameters
        self.users = 0  # how many operations take this tensor
        self.heard = 0  # how many of them have sent their part of the gradient

    def backward(self, is_loss: bool = True) -> None:
        """Send the gradient of the loss, from this tensor on, to all that it was computed from."""
        if is_loss:
            self.grad = np.ones_like(self.value)
        else:
            self.heard += 1
        # The gradient is complete when every operation that takes this tensor has sent its part.
        complete = is_loss or self.heard == self.users
        if complete and self.source is not None:
            self.source.backward()

    def __add__(self, other: TensorNode) -> TensorNode:
        return do_forward(Add, self, other)

    def __mul__(self, other: TensorNode) -> TensorNode:
        return do_forward(Multiply, self, other)

    def __matmul__(self, other: TensorNode) -> TensorNode:
        return do_forward(MatMul, self, other)


class OpNode:
    """One use of an operation: the operation, the tensors that went in, those that came out."""

    def __init__(self, op: type, context: dict, inputs: tuple[TensorNode, ...]) -> None:
        self.op = op
        self.context = context  # what forward kept for backward
        self.inputs = inputs
        self.outputs: tuple[TensorNode, ...] | None = None

    def backward(self) -> None:
        """Add to the gradients of the inputs, and let the inputs go on."""
        gradients = self.op.backward(self.context, *(tensor.grad for tensor in self.outputs))
        if not isinstance(gradients, tuple):
            gradients = (gradients,)
        for tensor, gradient in zip(self.inputs, gradients, strict=True):
            tensor.grad = tensor.grad + np.asarray(gradient)
        for tensor in self.inputs:
            tensor.backward(is_loss=False)


def do_forward(op: type, *inputs: TensorNode) -> TensorNode:
    """Return the tensor that an operation makes of its inputs, linked to them by an OpNode."""
    context: dict = {}
    node = OpNode(op, context, inputs)
    value = op.forward(context, *(tensor.value for tensor in inputs))
    for tensor in inputs:
        tensor.users += 1
    output = TensorNode(value, source=node)
    node.outputs = (output,)
    return output


class Op:
    """An operation: two functions on arrays, called on the class itself.

    `forward` computes the output and keeps in `context`, a dict of its own for each use, whatever
    `backward` needs.  `backward` gets the gradient of the loss with respect to the output, and
    returns that with respect to each input: a tuple, or a single array if there is one input.
    """

    @staticmethod
    def forward(context: dict, *inputs: np.ndarray) -> np.ndarray:
        """Return the output."""
        raise NotImplementedError

    @staticmethod
    def backward(context: dict, grad: np.ndarray) -> np.ndarray | tuple[np.ndarray, ...]:
        """Return the gradient for each input."""
        raise NotImplementedError


class Add(Op):
    """a + b, for arrays of one shape, or a row b that is added to each row of a."""

    @staticmethod
    def forward(context: dict, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        """Return the sum."""
        context["shape"] = b.shape
        return a + b

    @staticmethod
    def backward(context: dict, grad: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the gradients for a and b; that of a row is the sum over all rows."""
        is_row = context["shape"] != grad.shape
        return grad, grad.sum(axis=0) if is_row else grad


class Multiply(Op):
    """a * b, entry by entry."""

    @staticmethod
    def forward(context: dict, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        """Return the product."""
        context["a"], context["b"] = a, b
        return a * b

    @staticmethod
    def backward(context: dict, grad: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the gradients for a and b."""
        return grad * context["b"], grad * context["a"]


class MatMul(Op):
    """The matrix product X W."""

    @staticmethod
    def forward(context: dict, X: np.ndarray, W: np.ndarray) -> np.ndarray:
        """Return the product."""
        context["X"], context["W"] = X, W
        return X @ W

    @staticmethod
    def backward(context: dict, grad: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the gradients for X and W."""
        return grad @ context["W"].T, context["X"].T @ grad


class Sigmoid(Op):
    """1 / (1 + exp(-x)), entry by entry."""

    @staticmethod
    def forward(context: dict, x: np.ndarray) -> np.ndarray:
        """Return the sigmoid; as a tanh it never overflows."""
        context["y"] = 0.5 * (1 + np.tanh(0.5 * x))
        return context["y"]

    @staticmethod
    def backward(context: dict, grad: np.ndarray) -> np.ndarray:
        """Return the gradient for x."""
        return grad * context["y"] * (1 - context["y"])


class CrossEntropy(Op):
    """The mean of -log softmax(scores) at the right classes; a row of `target` is one-hot."""

    @staticmethod
    def forward(context: dict, scores: np.ndarray, target: np.ndarray) -> np.ndarray:
        """Return the loss."""
        shifted = scores - scores.max(axis=1, keepdims=True)
        log_sum = np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        context["p"], context["target"] = np.exp(shifted - log_sum), target
        return -np.sum(target * (shifted - log_sum)) / len(scores)

    @staticmethod
    def backward(context: dict, grad: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the gradient for the scores; the target is data and gets none."""
        p, target = context["p"], context["target"]
        return grad * (p - target) / len(p), np.zeros_like(target)
