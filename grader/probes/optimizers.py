"""Drives a student's optimizer class along an objective that is given as data."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any

import numpy as np

from grader.probes.guard import guarded, ready_torch


def trajectory(
    module: ModuleType,
    target: str,
    objective: Mapping[str, Any],
    start: Sequence[np.ndarray],
    options: Mapping[str, Any],
    steps: int,
    form: str,
    forbids: Sequence[str] = (),
) -> dict[str, Any]:
    """Return the parameters before the first step and after each one.

    The class is made with the parameters and `options`, by name if it knows these names, else in
    their order.  The parameters are float64 `torch.nn.Parameter`s, given as a list or, if `form`
    is "generator", as one.  Gradients come from torch's autograd; each step is `backward()`,
    `step()`, `zero_grad()`.

    "trajectory" has an array (steps + 1, *shape) for each parameter; "cleared" says whether
    `zero_grad()` left no gradient behind.  (What it does leave is cleared for it, so that the
    trajectory shows the update rule alone.)  A class that cannot be made with these arguments is
    reported by its "signature", one that reached a forbidden module by what it reached, under
    "forbidden".
    """
    torch = ready_torch()
    made = getattr(module, target)
    reached, found = guarded(
        forbids, lambda: _run(torch, made, objective, start, options, steps, form)
    )
    return {"forbidden": reached} if found is None else found


def loss(torch: Any, objective: Mapping[str, Any], parameters: Sequence[Any]) -> Any:
    """Return the objective at the parameters, as a tensor.

    "quadratic": 1/2 x'Ax - b'x for x, the entries of all parameters but the last one after the
    other; the last takes part with a factor of zero.  "network": the mean over samples of half the
    squared error of tanh(X W1' + b1) W2' + b2; a fifth parameter takes no part.
    """
    if objective["name"] == "quadratic":
        x = torch.cat([parameter.reshape(-1) for parameter in parameters[:-1]])
        matrix, vector = torch.tensor(objective["A"]), torch.tensor(objective["b"])
        return 0.5 * x @ matrix @ x - vector @ x + 0.0 * parameters[-1].sum()
    inputs, targets = torch.tensor(objective["X"]), torch.tensor(objective["Y"])
    first, bias, second, offset = parameters[:4]
    output = torch.tanh(inputs @ first.T + bias) @ second.T + offset
    return 0.5 * ((output - targets) ** 2).sum() / len(inputs)


def _run(
    torch: Any,
    made: Any,
    objective: Mapping[str, Any],
    start: Sequence[np.ndarray],
    options: Mapping[str, Any],
    steps: int,
    form: str,
) -> dict[str, Any]:
    parameters = [torch.nn.Parameter(torch.tensor(array)) for array in start]
    given = (item for item in parameters) if form == "generator" else list(parameters)
    arguments = _arguments(made, options)
    if arguments is None:
        return {"signature": _signature_text(made)}
    positional, named = arguments
    optimizer = made(given, *positional, **named)
    path = [[_numbers(item) for item in parameters]]
    cleared = True
    for _ in range(steps):
        with torch.enable_grad():
            loss(torch, objective, parameters).backward()
        optimizer.step()
        path.append([_numbers(item) for item in parameters])
        optimizer.zero_grad()
        for item in parameters:
            if item.grad is not None and bool(item.grad.any()):
                cleared, item.grad = False, None
    stacked = [np.stack(entries) for entries in zip(*path, strict=True)]
    return {"trajectory": stacked, "cleared": cleared}


def _numbers(parameter: Any) -> np.ndarray:
    return np.array(parameter.detach().numpy(), dtype=np.float64)


def _arguments(made: Any, options: Mapping[str, Any]) -> tuple[list[Any], dict[str, Any]] | None:
    """Return the options as the class takes them, None if it does not take them at all."""
    values = {
        name: tuple(value) if isinstance(value, list) else value for name, value in options.items()
    }
    try:
        signature = inspect.signature(made)
    except (TypeError, ValueError):
        return [], values
    for positional, named in (([], values), (list(values.values()), {})):
        try:
            signature.bind(None, *positional, **named)
        except TypeError:
            continue
        return positional, named
    return None


def _signature_text(made: Any) -> str:
    return str(inspect.signature(made))[:200]
