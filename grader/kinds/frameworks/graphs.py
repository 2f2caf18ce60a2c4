"""Random computation graphs, and their gradients in float64 torch.

A program has a row per node: an input with its value, or an operation whose operands are earlier
nodes or plain numbers.  Every node leads to the last one, so that every gradient says something.
Values stay moderate and away from kinks, poles and the edges of domains.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np

Group: TypeAlias = Literal["chains", "shared", "operators", "linear"]
Operand: TypeAlias = "int | float"  # an int is the number of a node, a float a plain number

SYMBOLS = {"add": "+", "sub": "-", "mul": "*", "div": "/", "pow": "**"}
# What an operator of `Variable` needs of the student's classes; `Prod` is given.
NEEDS: Mapping[str, set[str]] = {
    "add": {"Add"},
    "sub": {"Add"},
    "mul": set(),
    "div": {"Inv"},
    "pow": {"Pow"},
    "neg": set(),
}
UNARY = ("Inv", "Ln", "Sin", "Cos", "Tan")
BINARY = ("Min", "Max")


@dataclass(frozen=True, slots=True)
class Node:
    """An input (`operation` is "input", one number) or an operation on operands."""

    operation: str
    operands: tuple[Operand, ...]


@dataclass(frozen=True, slots=True)
class Program:
    """A graph, node by node; the last one is the output."""

    nodes: tuple[Node, ...]

    @property
    def classes(self) -> set[str]:
        """The student's classes that the graph needs."""
        needed: set[str] = set()
        for node in self.nodes:
            if node.operation != "input":
                needed |= NEEDS.get(node.operation, {node.operation})
        return needed

    def rows(self) -> list[list[Any]]:
        """Return the graph as data for the probe: plain numbers stand in lists of one."""
        rows: list[list[Any]] = []
        for node in self.nodes:
            if node.operation == "input":
                rows.append(["input", node.operands[0]])
            else:
                operands = [[o] if isinstance(o, float) else o for o in node.operands]
                rows.append([node.operation, *operands])
        return rows

    def name(self, number: int) -> str:
        """Return the name of a node in `source`: x0, x1, … for inputs, v2, v3, … for others."""
        return f"{'x' if self.nodes[number].operation == 'input' else 'v'}{number}"

    def uses(self, number: int) -> int:
        """Return how often a node stands as an operand."""
        return sum(
            operand == number and isinstance(operand, int)
            for node in self.nodes
            if node.operation != "input"
            for operand in node.operands
        )

    def source(self, limit: int = 24) -> str:
        """Return Python that builds the graph and runs backward, for a student to paste."""
        lines = [self._line(number) for number in range(len(self.nodes))]
        if len(lines) > limit:
            left_out = len(lines) - limit + 2
            lines = [*lines[: limit - 4], f"# … {left_out} more lines of this kind", *lines[-2:]]
        return "\n".join([*lines, f"{self.name(len(self.nodes) - 1)}.backward()"])

    def _line(self, number: int) -> str:
        node = self.nodes[number]
        if node.operation == "input":
            return f"{self.name(number)} = Variable({node.operands[0]!r})"
        words = [repr(o) if isinstance(o, float) else self.name(o) for o in node.operands]
        if node.operation in SYMBOLS:
            right = f" {SYMBOLS[node.operation]} ".join(words)
        elif node.operation == "neg":
            right = f"-{words[0]}"
        else:
            right = f"{node.operation}.forward({', '.join(words)})"
        return f"{self.name(number)} = {right}"


class Builder:
    """Grows a program node by node and refuses operations that leave the safe range."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.values: list[float] = []

    def input(self, value: float) -> int:
        """Add an input; return its number."""
        self.nodes.append(Node("input", (value,)))
        self.values.append(value)
        return len(self.nodes) - 1

    def apply(self, operation: str, *operands: Operand) -> int | None:
        """Add an operation; return its number, or None if its value would not be safe."""
        numbers = [o if isinstance(o, float) else self.values[o] for o in operands]
        if not _in_domain(operation, numbers):
            return None
        if operation in {"pow", "Pow"} and numbers[0] < 0 and not isinstance(operands[1], float):
            return None  # the partial by a Variable in the exponent does not exist
        same = len(operands) == 2 and operands[0] == operands[1]
        if operation in BINARY and not same and abs(numbers[0] - numbers[1]) < 0.1:
            return None  # a tie, where torch and the student may both be right
        value = _SCALAR[operation](*numbers)
        if not 1e-2 <= abs(value) <= 50:
            return None
        self.nodes.append(Node(operation, operands))
        self.values.append(value)
        return len(self.nodes) - 1

    def program(self, rng: np.random.Generator) -> Program | None:
        """Return the program with every loose end led to one output; None if that is unsafe."""
        while len(loose := self._loose_ends()) > 1:
            left, right = loose[0], loose[1]
            joined = self.apply("mul", left, right)
            if joined is None:
                damped = self.apply("mul", left, float(np.round(rng.uniform(0.1, 0.5), 3)))
                if damped is None or self.apply("mul", damped, right) is None:
                    return None
        return Program(tuple(self.nodes))

    def _loose_ends(self) -> list[int]:
        used = {
            operand
            for node in self.nodes
            if node.operation != "input"
            for operand in node.operands
            if isinstance(operand, int)
        }
        return [number for number in range(len(self.nodes)) if number not in used]


def _in_domain(operation: str, numbers: list[float]) -> bool:
    if operation == "Ln":
        return numbers[0] >= 0.2
    if operation in {"Inv", "div"}:
        return abs(numbers[-1]) >= 0.2
    if operation == "Tan":
        return abs(math.cos(numbers[0])) >= 0.3
    if operation in {"pow", "Pow"}:
        base, exponent = numbers
        whole = exponent == round(exponent)
        return abs(exponent) <= 4 and (base >= 0.2 or (whole and base <= -0.2))
    return True


_SCALAR: dict[str, Callable[..., float]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "pow": lambda a, b: a**b,
    "neg": lambda a: -a,
    "Inv": lambda a: 1 / a,
    "Ln": math.log,
    "Sin": math.sin,
    "Cos": math.cos,
    "Tan": math.tan,
    "Min": min,
    "Max": max,
}


def programs(
    group: Group, count: int, rng: np.random.Generator, *, chain: int, levels: int
) -> list[Program]:
    """Return the programs of a group.

    Among them are some that need a single class each and some that need none, so that whatever
    classes failed elsewhere, there is something left to judge.
    """
    if group == "linear":
        return [doubling("add", 1.5, levels), doubling("mul", 1.0, levels)]
    if group == "chains":
        return [*_each(_chain, count, rng), *_alone(_chain, rng), long_chain(chain)]
    if group == "shared":
        return [*_fixed_shared(), *_each(_shared, count, rng), *_alone(_shared, rng)]
    return [*_fixed_operators(), *_each(_operators, count, rng)]


def doubling(operation: str, start: float, levels: int) -> Program:
    """Return `y = y + y` (or `y * y`, at 1) so many times: two to the `levels` paths."""
    nodes = [Node("input", (start,))]
    nodes += [Node(operation, (number, number)) for number in range(levels)]
    return Program(tuple(nodes))


def long_chain(length: int) -> Program:
    """Return a chain of multiplications by numbers near one."""
    nodes = [Node("input", (1.25,))]
    nodes += [Node("mul", (number, 1.001 if number % 2 else 0.999)) for number in range(length)]
    return Program(tuple(nodes))


_Grow: TypeAlias = Callable[[Builder, np.random.Generator, tuple[str, ...]], None]


def _each(grow: _Grow, count: int, rng: np.random.Generator) -> list[Program]:
    operations = (*SYMBOLS, "neg", *UNARY, *BINARY)
    return [_grown(grow, rng, operations) for _ in range(count)]


def _alone(grow: _Grow, rng: np.random.Generator) -> list[Program]:
    """Return programs with multiplication and at most one other operation each."""
    singles = ("add", "pow", *UNARY, *BINARY)
    return [_grown(grow, rng, ("mul",)), *(_grown(grow, rng, ("mul", one)) for one in singles)]


def _grown(grow: _Grow, rng: np.random.Generator, operations: tuple[str, ...]) -> Program:
    while True:  # almost every draw is safe; an unsafe one is drawn again
        builder = Builder()
        grow(builder, rng, operations)
        program = builder.program(rng)
        wanted = set(operations) - {"mul"}
        used = {node.operation for node in builder.nodes}
        if program is not None and (len(operations) > 2 or wanted <= used):
            return program


def _number(rng: np.random.Generator) -> float:
    return float(np.round(rng.uniform(0.3, 2.5) * rng.choice([-1.0, 1.0]), 3))


def _chain(builder: Builder, rng: np.random.Generator, operations: tuple[str, ...]) -> None:
    """Each node is used once: a tree, where `=` for `+=` does not show."""
    node = builder.input(abs(_number(rng)))
    for _ in range(6):
        operation = str(rng.choice(operations))
        if operation in SYMBOLS or operation in BINARY:
            other = builder.input(abs(_number(rng)))
            made = builder.apply(operation, node, other)
            if made is None:
                builder.nodes.pop()
                builder.values.pop()
        else:
            made = builder.apply(operation, node)
        node = node if made is None else made


def _shared(builder: Builder, rng: np.random.Generator, operations: tuple[str, ...]) -> None:
    """Any earlier node may be an operand again, also twice in one operation."""
    for _ in range(3):
        builder.input(_number(rng))
    for _ in range(9):
        operation = str(rng.choice(operations))
        left, right = (int(rng.integers(len(builder.nodes))) for _ in range(2))
        if operation == "pow":
            # A variable exponent asks for a positive base; a square does not.
            builder.apply("pow", left, right if builder.values[left] > 0 else 2.0)
        elif operation in SYMBOLS or operation in BINARY:
            builder.apply(operation, left, right)
        else:
            builder.apply(operation, left)


def _operators(builder: Builder, rng: np.random.Generator, operations: tuple[str, ...]) -> None:
    """Plain numbers stand on either side of every operator."""
    builder.input(abs(_number(rng)))
    builder.input(_number(rng))
    for _ in range(8):
        operation = str(rng.choice([name for name in operations if name in SYMBOLS]))
        node = int(rng.integers(len(builder.nodes)))
        plain = abs(_number(rng)) if operation != "pow" else float(rng.integers(1, 4))
        builder.apply(operation, *((plain, node) if rng.random() < 0.5 else (node, plain)))


def _fixed_shared() -> list[Program]:
    """Return the smallest graphs on which `=` for `+=`, and a wrong order, show."""
    square = [Node("input", (3.0,)), Node("mul", (0, 0))]
    diamond = [*square, Node("mul", (1, 0)), Node("mul", (1, 2))]
    # v2 needs v1, and the output needs both: visited depth first, v1 is left too early.
    late = [Node("input", (0.5,)), Node("Sin", (0,)), Node("mul", (1, 0)), Node("add", (1, 2))]
    low = [Node("input", (2.0,)), Node("Min", (0, 0))]
    high = [Node("input", (2.0,)), Node("Max", (0, 0))]
    power = [Node("input", (1.5,)), Node("pow", (0, 0)), Node("add", (0, 1))]
    return [Program(tuple(nodes)) for nodes in (square, diamond, late, low, high, power)]


def _fixed_operators() -> list[Program]:
    rows = [("sub", 2.0), ("div", 2.0), ("pow", 2.0), ("add", 2.0), ("mul", 2.0)]
    reflected = [Program((Node("input", (1.7,)), Node(name, (n, 0)))) for name, n in rows]
    plain = [Program((Node("input", (1.7,)), Node(name, (0, n)))) for name, n in rows]
    negative = Program((Node("input", (-1.7,)), Node("pow", (0, 2.0)), Node("neg", (1,))))
    return [*reflected, *plain, negative, *_fixed_classes()]


def _fixed_classes() -> list[Program]:
    """Return graphs in which the classes without an operator get plain numbers."""
    start = Node("input", (1.7,))
    chosen = [("Min", 2.5), ("Max", 0.5)]  # so that the input is what is chosen
    pairs = [(name, pair) for name, plain in chosen for pair in ((0, plain), (plain, 0))]
    sides = [Program((start, Node(name, pair))) for name, pair in pairs]
    single = [Program((start, Node(name, (0.8,)), Node("mul", (0, 1)))) for name in UNARY]
    return [*sides, *single]
