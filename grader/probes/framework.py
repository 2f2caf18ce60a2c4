"""Drives a student's small autograd framework: `Variable`, and classes with forward and backward.

Every graph is built afresh from new Variables, so that no gradient of an earlier one is left in it.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np

from grader import values
from grader.probes.failures import failure

_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": operator.truediv,
    "pow": operator.pow,
}


def function_cases(module: ModuleType, target: str, cases: list[list[float]]) -> dict[str, Any]:
    """Return forward value and local partial derivatives of one class for each list of inputs.

    A class or `Variable` that is not there is named under "missing".  The first case that gives no
    data ends the list; the step and what happened are under "stopped".
    """
    for name in ("Variable", target):
        if getattr(module, name, None) is None:
            return {"missing": name}
    function = getattr(module, target)
    results: list[Any] = []
    for case in cases:
        step = "forward"
        try:
            children = [module.Variable(number) for number in case]
            parent = function.forward(*children)
            if not hasattr(parent, "value"):
                found = {"step": step, "returned": values.type_name(parent)}
                return {"results": results, "stopped": found}
            value = _single(values.plain(parent.value))
            step = "backward"
            result = [value, _partials(function.backward(parent, children))]
        except values.NotDataError as error:
            return {"results": results, "stopped": {"step": step, "not_data": str(error)}}
        except Exception as error:  # noqa: BLE001  (whatever student code raises is data here)
            return {"results": results, "stopped": {"step": step, **failure(error, __file__)}}
        results.append(result)
    return {"results": results}


def graph(module: ModuleType, target: str, program: list[list[Any]]) -> dict[str, Any]:
    """Return value and gradient of every Variable of a graph after `backward()` on the last.

    The program has a row for each node: ``["input", 2.0]``, or an operation and its operands, each
    the number of an earlier node or, as a one-item list, a plain number: ``["sub", [2.0], 0]`` is
    ``2.0 - x0``.  Operators are used where Python has one, else `forward` of the class named.
    """
    del target
    if getattr(module, "Variable", None) is None:
        return {"missing": "Variable"}
    nodes: list[Any] = []
    for name, *operands in program:
        if name == "input":
            nodes.append(module.Variable(operands[0]))
            continue
        arguments = [item[0] if isinstance(item, list) else nodes[item] for item in operands]
        if name in _OPERATORS:
            nodes.append(_OPERATORS[name](*arguments))
        elif name == "neg":
            nodes.append(-arguments[0])
        else:
            function = getattr(module, name, None)
            if function is None:
                return {"missing": name}
            nodes.append(function.forward(*arguments))
    nodes[-1].backward()
    found: dict[str, Any] = {"values": [], "grads": []}
    for attribute, kept in (("value", found["values"]), ("grad", found["grads"])):
        for number, node in enumerate(nodes):
            held = getattr(node, attribute, None)
            try:
                kept.append(_single(values.plain(held)))
            except values.NotDataError:
                return {"not_data": [number, attribute, values.type_name(held)]}
    return found


def _partials(returned: Any) -> Any:
    found = values.plain(returned)
    return [_single(item) for item in found] if isinstance(found, list) else found


def _single(found: Any) -> Any:
    """Return an array of a single number as that number: a node holds one, whatever its form."""
    return found.reshape(()) if isinstance(found, np.ndarray) and found.size == 1 else found
