"""A small framework for automatic differentiation of scalars.

    x1 = Variable(5.0, name="x1")
    x2 = Variable(-2.0, name="x2")
    x3 = Variable(-5.0, name="x3")
    y = ln(x1 + sin(x1)) * maximum(x2, x3) * 2
    y.backward()
    x1.grad  # the derivative of y with respect to x1
    y.drawGraph()  # needs networkx and matplotlib, and looks better with pydot and Graphviz

Computing with Variables builds a graph: each Variable remembers its operands (`children`) and the
class of the operation that made it (`func`).  `backward` walks that graph from the output down.
"""

import itertools
import math

# ---------------------------------------------------------------------------------------------
# Nodes
# ---------------------------------------------------------------------------------------------


class Variable:
    """A node of the computation graph: an input, a constant, or the result of an operation.

    id        a number that no other Variable has
    value     the number that was computed
    children  the operands, in order; an empty list for inputs and constants
    func      the class of the operation, such as Prod; None for inputs and constants
    grad      after `backward()` on an output: its derivative with respect to this node
    name      an optional label for drawings
    """

    _ids = itertools.count()

    def __init__(self, value, children=None, func=None, name=None):
        self.id = next(Variable._ids)
        self.value = value
        self.children = list(children) if children is not None else []
        self.func = func
        self.grad = 0.0
        self.name = name

    def __repr__(self):
        label = f", name={self.name!r}" if self.name else ""
        return f"Variable({self.value}{label})"

    @staticmethod
    def convert(value):
        """Return a Variable as it is, and a plain number as a new Variable without children."""
        return value if isinstance(value, Variable) else Variable(value)

    # Operators.  The reflected ones (__radd__ and the like) are called by Python where a plain
    # number stands on the left, as in 2 - x.

    def __add__(self, other):
        return Add.forward(self, other)

    def __radd__(self, other):
        return Add.forward(other, self)

    def __sub__(self, other):
        return Add.forward(self, Prod.forward(-1.0, other))

    def __rsub__(self, other):
        return Add.forward(other, Prod.forward(-1.0, self))

    def __mul__(self, other):
        return Prod.forward(self, other)

    def __rmul__(self, other):
        return Prod.forward(other, self)

    def __truediv__(self, other):
        return Prod.forward(self, Inv.forward(other))

    def __rtruediv__(self, other):
        return Prod.forward(other, Inv.forward(self))

    def __pow__(self, other):
        return Pow.forward(self, other)

    def __rpow__(self, other):
        return Pow.forward(other, self)

    def __neg__(self):
        return Prod.forward(-1.0, self)

    def topoSort(self):
        """Return all nodes that this one depends on, itself first, children after their users.

        A node that is used several times stands in the list once, after the last of its users.
        """
        finished = []  # children before their users; turned round at the end
        seen = {self.id}
        # A stack of our own in place of recursion: a chain may be longer than Python recurses.
        stack = [(self, iter(self.children))]
        while stack:
            node, waiting = stack[-1]
            for child in waiting:
                if child.id not in seen:
                    seen.add(child.id)
                    stack.append((child, iter(child.children)))
                    break
            else:
                finished.append(node)
                stack.pop()
        return finished[::-1]

    def backward(self):
        """Fill `grad` of every node with the derivative of this node with respect to it."""
        self.grad = 1.0  # the derivative of a node with respect to itself
        for node in nodes_with_func(self.topoSort()):
            for child, partial in zip(node.children, node.func.backward(node, node.children)):
                child.grad += node.grad * partial

    def drawGraph(self):
        """Show the graph in a window, inputs green; with values, and gradients once computed."""
        import matplotlib.pyplot as plt
        import networkx as nx

        graph = nx.MultiDiGraph()
        for node in self.topoSort():
            kind = getattr(node.func, "label", "") if node.func else node.name or ""
            text = f"{kind}\n{node.value:.4g}\ngrad {node.grad:.4g}"
            graph.add_node(node.id, text=text.strip(), color="cyan" if node.func else "lightgreen")
            for child in node.children:
                graph.add_edge(child.id, node.id)
        try:
            places = nx.nx_pydot.graphviz_layout(graph, prog="dot")
        except (ImportError, OSError):  # no pydot, or no Graphviz: lay it out in layers
            for layer, nodes in enumerate(nx.topological_generations(graph)):
                for number in nodes:
                    graph.nodes[number]["layer"] = layer
            places = nx.multipartite_layout(graph, subset_key="layer")
        nx.draw(
            graph,
            places,
            labels=nx.get_node_attributes(graph, "text"),
            node_color=[color for _, color in graph.nodes(data="color")],
            node_size=1600,
            font_size=7,
        )
        plt.show()


# ---------------------------------------------------------------------------------------------
# Operations
# ---------------------------------------------------------------------------------------------


def nodes_with_func(nodes):
    """Leave out inputs and constants."""
    return [node for node in nodes if node.func is not None]


class Prod:
    """The product a * b."""

    label = "*"

    @staticmethod
    def forward(a, b):
        """Return a Variable with the value a * b that remembers a, b and this class.

        a and b are Variables or plain numbers.
        """
        a = Variable.convert(a)
        b = Variable.convert(b)
        return Variable(a.value * b.value, [a, b], Prod)

    @staticmethod
    def backward(parent, children):
        """Return the local derivatives of the result by each operand, as a list.

        `parent` is the Variable that forward returned, `children` are its operands.
        """
        a, b = children
        return [b.value, a.value]  # d(ab)/da = b and d(ab)/db = a


class Inv:
    """The inverse 1 / a."""

    label = "1/x"

    @staticmethod
    def forward(a):
        """Return a Variable with the value 1 / a."""
        a = Variable.convert(a)
        return Variable(1.0 / a.value, [a], Inv)

    @staticmethod
    def backward(parent, children):
        """Return [derivative by a]."""
        a = children[0].value
        return [-1.0 / (a * a)]


class Add:
    """The sum a + b."""

    label = "+"

    @staticmethod
    def forward(a, b):
        """Return a Variable with the value a + b."""
        a, b = Variable.convert(a), Variable.convert(b)
        return Variable(a.value + b.value, [a, b], Add)

    @staticmethod
    def backward(parent, children):
        """Return [derivative by a, derivative by b]."""
        return [1.0, 1.0]


class Ln:
    """The natural logarithm of a."""

    label = "ln"

    @staticmethod
    def forward(a):
        """Return a Variable with the value ln(a)."""
        a = Variable.convert(a)
        return Variable(math.log(a.value), [a], Ln)

    @staticmethod
    def backward(parent, children):
        """Return [derivative by a]."""
        return [1 / children[0].value]


class Pow:
    """The power a ** b, where both the base and the exponent can be Variables."""

    label = "^"

    @staticmethod
    def forward(a, b):
        """Return a Variable with the value a ** b."""
        a, b = Variable.convert(a), Variable.convert(b)
        return Variable(a.value**b.value, [a, b], Pow)

    @staticmethod
    def backward(parent, children):
        """Return [derivative by a, derivative by b].

        Where a is negative the second does not exist.
        """
        a, b = children[0].value, children[1].value
        by_base = b * a ** (b - 1)
        by_exponent = parent.value * math.log(a) if a > 0 else math.nan
        return [by_base, by_exponent]


class Sin:
    """The sine of a."""

    label = "sin"

    @staticmethod
    def forward(a):
        """Return a Variable with the value sin(a)."""
        a = Variable.convert(a)
        return Variable(math.sin(a.value), [a], Sin)

    @staticmethod
    def backward(parent, children):
        """Return [derivative by a]."""
        return [math.cos(children[0].value)]


class Cos:
    """The cosine of a."""

    label = "cos"

    @staticmethod
    def forward(a):
        """Return a Variable with the value cos(a)."""
        a = Variable.convert(a)
        return Variable(math.cos(a.value), [a], Cos)

    @staticmethod
    def backward(parent, children):
        """Return [derivative by a]."""
        return [-math.sin(children[0].value)]


class Tan:
    """The tangent of a."""

    label = "tan"

    @staticmethod
    def forward(a):
        """Return a Variable with the value tan(a)."""
        a = Variable.convert(a)
        return Variable(math.tan(a.value), [a], Tan)

    @staticmethod
    def backward(parent, children):
        """Return [derivative by a]."""
        return [1 / math.cos(children[0].value) ** 2]


class Min:
    """The smaller one of a and b."""

    label = "min"

    @staticmethod
    def forward(a, b):
        """Return a Variable with the value min(a, b)."""
        a, b = Variable.convert(a), Variable.convert(b)
        return Variable(min(a.value, b.value), [a, b], Min)

    @staticmethod
    def backward(parent, children):
        """Return [derivative by a, derivative by b]; at a tie, a counts."""
        a, b = children[0].value, children[1].value
        if a == b:
            return [0.5, 0.5]
        return [float(a < b), float(b < a)]


class Max:
    """The larger one of a and b."""

    label = "max"

    @staticmethod
    def forward(a, b):
        """Return a Variable with the value max(a, b)."""
        a, b = Variable.convert(a), Variable.convert(b)
        return Variable(max(a.value, b.value), [a, b], Max)

    @staticmethod
    def backward(parent, children):
        """Return [derivative by a, derivative by b]; at a tie, a counts."""
        a, b = children[0].value, children[1].value
        if a == b:
            return [0.5, 0.5]
        return [float(a > b), float(b > a)]


# Short names, so that formulas read like formulas.
ln, sin, cos, tan = Ln.forward, Sin.forward, Cos.forward, Tan.forward
minimum, maximum = Min.forward, Max.forward


# ---------------------------------------------------------------------------------------------
# What it is good for
# ---------------------------------------------------------------------------------------------


def gradient_ascent(steps=500, step_size=0.05):
    """Return the point that gradient ascent on the function of Q3 reaches from (1, -1/2).

    It ends near (3/8, -6/8).
    """
    point = [1.0, -0.5]
    for _ in range(steps):
        x1, x2 = Variable(point[0], name="x1"), Variable(point[1], name="x2")
        f = (x1 + x2) * (x1 * x2 + x1 * x2**2)  # a fresh graph for each step
        f.backward()
        point = [point[0] + step_size * x1.grad, point[1] + step_size * x2.grad]
    return point


if __name__ == "__main__":
    print("gradient ascent ends at", gradient_ascent())
