"""A student's framework as text, right as it stands, to be changed line by line."""

from __future__ import annotations

from types import ModuleType

SOURCE = """
import math

class Variable:
    def __init__(self, value, children=(), func=None):
        self.value, self.children, self.func, self.grad = value, list(children), func, 0.0

    @staticmethod
    def convert(a):
        return a if isinstance(a, Variable) else Variable(a)

    def __add__(self, other): return Add.forward(self, other)
    def __radd__(self, other): return Add.forward(other, self)
    def __sub__(self, other): return Add.forward(self, Prod.forward(-1.0, other))
    def __rsub__(self, other): return Add.forward(other, Prod.forward(-1.0, self))
    def __mul__(self, other): return Prod.forward(self, other)
    def __rmul__(self, other): return Prod.forward(other, self)
    def __truediv__(self, other): return Prod.forward(self, Inv.forward(other))
    def __rtruediv__(self, other): return Prod.forward(other, Inv.forward(self))
    def __pow__(self, other): return Pow.forward(self, other)
    def __rpow__(self, other): return Pow.forward(other, self)
    def __neg__(self): return Prod.forward(-1.0, self)

    def topological(self):
        finished, seen = [], set()
        def visit(node):
            if id(node) in seen:
                return
            seen.add(id(node))
            for child in node.children:
                visit(child)
            finished.append(node)
        visit(self)
        return finished[::-1]

    def backward(self):
        self.grad = 1.0
        for node in self.topological():
            if node.func is None:
                continue
            slopes = node.func.backward(node, node.children)
            for child, slope in zip(node.children, slopes):
                child.grad += node.grad * slope

def operation(name, value, *partials):
    class Operation:
        @staticmethod
        def forward(*operands):
            operands = [Variable.convert(operand) for operand in operands]
            return Variable(value(*(o.value for o in operands)), operands, Operation)

        @staticmethod
        def backward(parent, children):
            return [partial(*(child.value for child in children)) for partial in partials]
    Operation.__name__ = name
    return Operation

def by_exponent(a, b):
    return a**b * math.log(a) if a > 0 else math.nan

Prod = operation("Prod", lambda a, b: a * b, lambda a, b: b, lambda a, b: a)
Inv = operation("Inv", lambda a: 1 / a, lambda a: -1 / a**2)
Add = operation("Add", lambda a, b: a + b, lambda a, b: 1.0, lambda a, b: 1.0)
Ln = operation("Ln", lambda a: math.log(a), lambda a: 1 / a)
Pow = operation("Pow", lambda a, b: a**b, lambda a, b: b * a ** (b - 1), by_exponent)
Sin = operation("Sin", lambda a: math.sin(a), lambda a: math.cos(a))
Cos = operation("Cos", lambda a: math.cos(a), lambda a: -math.sin(a))
Tan = operation("Tan", lambda a: math.tan(a), lambda a: 1 + math.tan(a) ** 2)
Min = operation("Min", min, lambda a, b: float(a <= b), lambda a, b: float(a > b))
Max = operation("Max", max, lambda a, b: float(a >= b), lambda a, b: float(a < b))
"""

NAMES = ("Inv", "Add", "Ln", "Pow", "Sin", "Cos", "Tan", "Min", "Max")


def student(*changes: tuple[str, str]) -> ModuleType:
    """Return the framework with these texts in it changed."""
    source = SOURCE
    for old, new in changes:
        assert source.count(old) == 1, (old, source.count(old))
        source = source.replace(old, new)
    module = ModuleType("diy_autograd")
    exec(compile(source, "/submission/diy_autograd.py", "exec"), module.__dict__)  # noqa: S102
    return module


def line(text: str) -> int:
    """Return the number of the line in which a text stands."""
    return SOURCE[: SOURCE.index(text)].count("\n") + 1
