"""The slips that are tried, in the order in which they are tried on one place of the code."""

from __future__ import annotations

from grader.grading.mutants import arithmetic, arrays, steps
from grader.grading.mutants.shapes import Operator

OPERATORS = (
    Operator("operator", "+ for -, / or + for *, * for /, ** and @.", arithmetic.operators),
    Operator("comparison", "< for <= and for >, == for !=, in for not in.", arithmetic.comparisons),
    Operator("sign", "A minus or a not is lost, or a result gets a minus.", arithmetic.signs),
    Operator(
        "constant",
        "0 for 1, 1 for 0; twice the number, one more, one less, or half of it; True for False.",
        arithmetic.constants,
    ),
    Operator("term", "A term of a sum or difference is lost.", arithmetic.terms),
    Operator(
        "factor",
        "A factor of a product is lost, a numerator or denominator, an exponent.",
        arithmetic.factors,
    ),
    Operator(
        "exchange",
        "The operands of -, /, ** or @ stand in the wrong order.",
        arithmetic.exchanges,
    ),
    Operator(
        "index",
        "An index is off by one, a slice lacks a bound or has another, two axes are exchanged.",
        arrays.indices,
    ),
    Operator("axis", "Another axis, or none.", arrays.axes),
    Operator("keepdims", "The axis is not kept.", arrays.kept_axes),
    Operator("transpose", "A transpose is missing.", arrays.transposes),
    Operator("extreme", "min for max, and the other way round.", arrays.extremes),
    Operator(
        "function",
        "A neighbour of the function: cos for sin, mean for sum, ones for zeros, vstack for "
        "hstack, any for all; and the other way round.",
        arrays.functions,
    ),
    Operator("call", "A function is not called: x for np.exp(x) and for x.sum().", steps.calls),
    Operator(
        "arguments",
        "Two arguments that are neighbours are exchanged, or two of several results.",
        steps.arguments,
    ),
    Operator("keyword", "An argument with a name is left to its default.", steps.keywords),
    Operator("range", "A range begins or ends one earlier or later.", steps.ranges),
    Operator(
        "condition",
        "A condition always holds, or never; or for and; one of two alternatives throughout.",
        steps.conditions,
    ),
    Operator(
        "statement",
        "A step is left out: a call, an update, an assignment into something, a jump.",
        steps.statements,
    ),
    Operator("update", "= for += and its kin.", steps.updates),
    Operator("decorator", "A decorator is left out.", steps.decorators),
)
