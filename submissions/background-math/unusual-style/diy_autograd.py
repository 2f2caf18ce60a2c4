"""The framework again, from scratch and the functional way round.

An operation is a pair of functions (value, slopes) from which `operation` makes the class.
"""

import math
import operator
from itertools import count
from types import SimpleNamespace

_number = count(1)


class Node:
    """What a graph is made of; knows nothing of arithmetic."""

    __slots__ = ("id", "value", "children", "func", "grad", "name")

    def __init__(self, value, children=None, func=None, name=None):
        self.id, self.value, self.func, self.name = next(_number), value, func, name
        self.children = tuple(children or ())
        self.grad = 0

    def topoSort(self):
        """Kahn's algorithm from the output down: a node is ready when all its users are done."""
        users, frontier = {self: 0}, [self]
        while frontier:
            for child in frontier.pop().children:
                if child not in users:
                    users[child] = 0
                    frontier.append(child)
                users[child] += 1
        ready = [self]
        for node in ready:  # grows while we walk it
            for child in node.children:
                users[child] -= 1
                if not users[child]:
                    ready.append(child)
        return ready

    def backward(self, seed=1):
        self.grad = seed
        for node in self.topoSort():
            if node.children:
                for child, slope in zip(node.children, node.func.backward(node, node.children)):
                    child.grad = child.grad + node.grad * slope


class Variable(Node):
    """A Node with operators, put on it below."""

    __slots__ = ()

    @classmethod
    def convert(cls, thing):
        return thing if isinstance(thing, Node) else cls(thing)


def operation(name, label, value, slopes):
    """Return a class with forward and backward; `slopes` gets the result and the operands."""

    def forward(*operands):
        nodes = [Variable.convert(operand) for operand in operands]
        return Variable(value(*(node.value for node in nodes)), nodes, cls)

    def backward(parent, children):
        return tuple(slopes(parent.value, *(child.value for child in children)))

    cls = type(name, (), dict(label=label, forward=staticmethod(forward), backward=staticmethod(backward)))
    return cls


def _step(x):
    """0, one half or 1: where a tie is, both share."""
    return (1 + (x > 0) - (x < 0)) / 2


Prod = operation("Prod", "*", operator.mul, lambda y, a, b: (b, a))
Add = operation("Add", "+", operator.add, lambda y, a, b: (1, 1))
Inv = operation("Inv", "1/", lambda a: 1 / a, lambda y, a: [-y * y])
Ln = operation("Ln", "ln", math.log, lambda y, a: [1 / a])
Sin = operation("Sin", "sin", math.sin, lambda y, a: [math.cos(a)])
Cos = operation("Cos", "cos", math.cos, lambda y, a: [-math.sin(a)])
Tan = operation("Tan", "tan", math.tan, lambda y, a: [math.cos(a) ** -2])
Min = operation("Min", "min", min, lambda y, a, b: (_step(b - a), _step(a - b)))
Max = operation("Max", "max", max, lambda y, a, b: (_step(a - b), _step(b - a)))
Pow = operation(
    "Pow",
    "**",
    operator.pow,
    lambda y, a, b: (y * b / a, y * math.log(a) if a > 0 else 0),
)
Neg = operation("Neg", "-", operator.neg, lambda y, a: [-1])
Sub = operation("Sub", "-", operator.sub, lambda y, a, b: (1, -1))
Div = operation("Div", "/", operator.truediv, lambda y, a, b: (1 / b, -y / b))

for symbol, cls in dict(add=Add, sub=Sub, mul=Prod, truediv=Div, pow=Pow).items():
    setattr(Variable, f"__{symbol}__", lambda self, other, f=cls.forward: f(self, other))
    setattr(Variable, f"__r{symbol}__", lambda self, other, f=cls.forward: f(other, self))
Variable.__neg__ = lambda self: Neg.forward(self)


def gradient_ascent(steps=500, rate=0.05):
    at = SimpleNamespace(x1=1, x2=-0.5)
    for _ in range(steps):
        x1, x2 = map(Variable, (at.x1, at.x2))
        ((x1 + x2) * (x1 * x2 + x1 * x2**2)).backward()
        at = SimpleNamespace(x1=at.x1 + rate * x1.grad, x2=at.x2 + rate * x2.grad)
    return (at.x1, at.x2)
