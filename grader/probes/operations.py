"""Drives an operation of a tensor framework: a class with forward(context, …) and backward."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from types import ModuleType
from typing import Any

import numpy as np

from grader import values


def alone(module: ModuleType, target: str, inputs: dict[str, Any], grad: Any) -> dict[str, Any]:
    """Return what forward and then backward give, and which arguments they changed in place.

    A function that is not there is named under "missing"; one that does not take its arguments is
    under "signature", with what it takes.
    """
    operation = getattr(module, target, None)
    problem = _problem(operation, len(inputs))
    if operation is None or problem:
        return problem
    context: dict[str, Any] = {}
    before = _snapshot({**inputs, "grad": grad})
    output = operation.forward(context, *inputs.values())
    value = values.plain(output)
    product = values.plain(operation.backward(context, grad))
    changed = _changed(before, {**inputs, "grad": grad})
    if _memory(values.plain(output)) != _memory(value):
        changed.append("output")
    return {"value": value, "product": product, "changed": changed}


def interleaved(
    module: ModuleType, target: str, calls: list[dict[str, Any]], back: list[int]
) -> dict[str, Any]:
    """Return the products of calls that are under way at once, in the order of the calls.

    All go forward, then those numbered in `back` go back, in that order; the others never do.  Each
    call is a dict with "inputs" and "grad" and has a context of its own, of which backward gets a
    copy: what it needs is what is in there, and not which dict it is.
    """
    operation = getattr(module, target, None)
    problem = _problem(operation, len(calls[0]["inputs"]))
    if operation is None or problem:
        return problem
    contexts: list[dict[str, Any]] = [{} for _ in calls]
    for context, call in zip(contexts, calls, strict=True):
        operation.forward(context, *call["inputs"].values())
    products = {
        number: values.plain(operation.backward(dict(contexts[number]), calls[number]["grad"]))
        for number in back
    }
    return {"products": [products[number] for number in sorted(products)]}


def _problem(operation: Any, inputs: int) -> dict[str, Any]:
    """Return why an operation cannot be called on its class; nothing if it can."""
    for step, count in (("forward", 1 + inputs), ("backward", 2)):
        function = getattr(operation, step, None)
        if not callable(function):
            return {"missing": step}
        try:
            signature = inspect.signature(function)
        except (TypeError, ValueError):
            continue  # it says nothing about its parameters: the call will tell
        try:
            signature.bind(*range(count))
        except TypeError:
            return {"signature": [step, str(signature)[:200]]}
    return {}


def _memory(value: Any) -> bytes | str:
    return value.tobytes() if isinstance(value, np.ndarray) else repr(value)


def _snapshot(arguments: Mapping[str, Any]) -> dict[str, bytes]:
    return {name: np.asarray(value).tobytes() for name, value in arguments.items()}


def _changed(before: Mapping[str, bytes], arguments: Mapping[str, Any]) -> list[str]:
    after = _snapshot(arguments)
    return [name for name, was in before.items() if after[name] != was]
