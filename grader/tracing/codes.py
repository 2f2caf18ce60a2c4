"""The events of a record: one byte each.

An operation makes the next value; inputs are the values 0, 1, … and results go on from there.  An
operand is the number of a value, or -1 - k for the constant k.
"""

from __future__ import annotations

RELEASE, END = 0, 1
ADD, SUB, MUL, DIV, NEG, POW = 2, 3, 4, 5, 6, 7
MAXIMUM, MINIMUM, HYPOT, ARCTAN2 = 8, 9, 10, 11

UNARY_FROM = 16
FUNCTIONS = (
    "exp",
    "exp2",
    "expm1",
    "log",
    "log2",
    "log10",
    "log1p",
    "sqrt",
    "cbrt",
    "sin",
    "cos",
    "tan",
    "arcsin",
    "arccos",
    "arctan",
    "sinh",
    "cosh",
    "tanh",
    "arcsinh",
    "arccosh",
    "arctanh",
    "absolute",
    "sign",
    "floor",
    "ceil",
    "rint",
    "trunc",
)
"""Functions of one number, by their names in NumPy; the code of the k-th is UNARY_FROM + k."""

UNARY = {name: UNARY_FROM + place for place, name in enumerate(FUNCTIONS)}
BINARY = {"maximum": MAXIMUM, "minimum": MINIMUM, "hypot": HYPOT, "arctan2": ARCTAN2}

COMPARISONS_FROM = 64
COMPARISONS = ("<", "<=", "==", "!=", ">", ">=")
"""A comparison has the code COMPARISONS_FROM + 2 * its place here, and one more if it was true."""

END_OF_CODES = COMPARISONS_FROM + 2 * len(COMPARISONS)

MAX_EVENTS = 3_000_000
"""Of any kind, releases included: beyond it a run is too long to be recorded, sent or replayed."""
