"""Drives a student's network, training function and operation of a small autograd."""

from __future__ import annotations

import contextlib
import functools
import io
import os
import sys
import traceback
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import ModuleType
from typing import Any

import numpy as np

from grader import values
from grader.probes.guard import guarded, ready_torch
from grader.probes.layers import weight_layers

_TRIES = 30  # of halving the step until the loss falls
_WATCHED_S = 3.0  # of a training: looking at every call makes it slower


def network(
    module: ModuleType,
    target: str,
    loss: str,
    inputs: np.ndarray,
    labels: np.ndarray,
    classes: int,
    steps: int,
    forbids: Sequence[str] = (),
) -> dict[str, Any]:
    """Return what a network is made of, and what its loss does under plain gradient descent.

    The network is made for the columns of the inputs and evaluated in its own precision.
    "weights" has the shapes of the weights of its layers (`grader.probes.layers`), "output" the
    shape of the output, "losses" the loss before and after each step,
    "margins" by how much the output of the right class exceeds the mean of the others, before and
    after, "wrong" the loss at the end with the labels shifted by one.  What is missing or of a
    wrong type is named under "missing", "not_module", "not_tensor", "loss_class", "loss_type" or
    "loss_shape"; a loss without a gradient is told by "no_gradient", one that raises by
    "loss_raised".
    """
    torch = ready_torch()
    reached, found = guarded(
        forbids, lambda: _descend(torch, module, target, loss, inputs, labels, classes, steps)
    )
    return {"forbidden": reached} if found is None else found


def train(
    module: ModuleType,
    target: str,
    optimizer: str,
    pictures: np.ndarray,
    labels: np.ndarray,
    unseen: np.ndarray,
    seed: int,
    scale: float,
    optimizers: Sequence[str] = (),
    forbids: Sequence[str] = (),
) -> dict[str, Any]:
    """Return the history and the predictions that a training function gives.

    Pictures come as whole numbers and are divided by `scale` here, in double precision.  "steps"
    has how often `step` was called on the classes that bear the names of the optimizers, in any
    case, as far as the file has such classes.
    """
    ready_torch()
    scaled, scaled_unseen = (item.astype(np.float64) / scale for item in (pictures, unseen))

    def run() -> dict[str, Any]:
        with _counted_steps(module, optimizers) as steps:
            returned = getattr(module, target)(
                optimizer, scaled, labels.astype(np.int64), scaled_unseen, seed
            )
        if isinstance(returned, (tuple, list)) and len(returned) == 2:
            history, predictions = returned
            plain = {"history": values.plain(history), "predictions": values.plain(predictions)}
            return {**plain, "steps": steps}
        return {"returned": values.type_name(returned)}

    reached, found = guarded(forbids, run, _WATCHED_S)
    return {"forbidden": reached} if found is None else found


@contextlib.contextmanager
def _counted_steps(module: ModuleType, names: Sequence[str]) -> Iterator[dict[str, int]]:
    """Count the steps of the classes that bear these names, while the context lasts."""
    counts: dict[str, int] = {}
    before: list[tuple[type, bool, Any]] = []
    for name in names:
        for key, item in list(vars(module).items()):
            step = getattr(item, "step", None) if isinstance(item, type) else None
            if key.lower() == name.lower() and isinstance(step, types.FunctionType):
                before.append((item, "step" in vars(item), step))
                with contextlib.suppress(AttributeError, TypeError):
                    item.step = _counting(step, name, counts)
    try:
        yield counts
    finally:
        for item, own, step in reversed(before):
            with contextlib.suppress(AttributeError, TypeError):
                if own:
                    item.step = step
                else:
                    del item.step


def _counting(step: types.FunctionType, name: str, counts: dict[str, int]) -> Callable[..., Any]:
    counts[name] = 0

    @functools.wraps(step)
    def counted(*given: Any, **named: Any) -> Any:
        counts[name] += 1
        return step(*given, **named)

    return counted


def retrain(module: ModuleType, target: str, scripts: Mapping[str, str]) -> Any:
    """Return what `train` of the last script gives with the student's operation.

    The scripts are modules of the course, by name, in the order in which they need each other;
    while they run they stand in for modules of the same name in the submission.
    """
    with course_modules(scripts) as modules, contextlib.redirect_stdout(io.StringIO()):
        return modules[-1].train(getattr(module, target))


@contextlib.contextmanager
def course_modules(scripts: Mapping[str, str]) -> Iterator[list[ModuleType]]:
    """Have modules made from these sources while the context lasts."""
    before = {name: sys.modules.get(name) for name in scripts}
    made = []
    try:
        for name, source in scripts.items():
            made.append(types.ModuleType(name))
            sys.modules[name] = made[-1]
            exec(compile(source, f"{name}.py", "exec"), made[-1].__dict__)  # noqa: S102
        yield made
    finally:
        for name, was in before.items():
            if was is None:
                sys.modules.pop(name, None)
            else:
                sys.modules[name] = was


def _descend(
    torch: Any,
    module: ModuleType,
    target: str,
    loss: str,
    inputs: np.ndarray,
    labels: np.ndarray,
    classes: int,
    steps: int,
) -> dict[str, Any]:
    criterion = getattr(module, loss, None)
    if not callable(criterion):
        return {"missing": loss}
    if isinstance(criterion, type):
        return {"loss_class": criterion.__name__[:100]}
    made = getattr(module, target)(inputs.shape[1], classes)
    if not isinstance(made, torch.nn.Module):
        return {"not_module": values.type_name(made)}
    made.eval()  # so that the same parameters always give the same loss
    kinds = [item.dtype for item in made.parameters() if item.is_floating_point()]
    rows = torch.tensor(inputs, dtype=(kinds or [torch.get_default_dtype()])[0])
    classes_of_rows = torch.tensor(labels)
    output = made(rows)
    if not isinstance(output, torch.Tensor):
        return {"not_tensor": values.type_name(output)}
    found: dict[str, Any] = {
        "output": list(output.shape),
        "margins": [_margin(output, labels, classes)],
    }
    try:
        value = criterion(output, classes_of_rows)
    except Exception as error:  # noqa: BLE001  (the student's; not the network's, as it would seem)
        return {**found, "loss_raised": _raised(module, error)}
    if not isinstance(value, torch.Tensor):
        return {**found, "loss_type": values.type_name(value)}
    if value.numel() != 1:
        return {**found, "loss_shape": list(value.shape)}
    parameters = [item for item in made.parameters() if item.requires_grad]
    if not (parameters and value.requires_grad):
        count = sum(1 for _ in made.parameters())
        return {**found, "no_gradient": True, "parameters": count}

    def current() -> Any:
        return criterion(made(rows), classes_of_rows).sum()

    found["weights"] = weight_layers(torch, made, rows)
    found["losses"] = _follow(torch, current, parameters, steps)
    with torch.no_grad():
        after = made(rows)
        found["margins"].append(_margin(after, labels, classes))
        found["wrong"] = float(criterion(after, (classes_of_rows + 1) % classes))
    return found


def _raised(module: ModuleType, error: Exception) -> dict[str, Any]:
    """Return an exception as data, with the last place of the submission that it came through."""
    folder = os.path.dirname(getattr(module, "__file__", None) or "/no/file")  # noqa: PTH120
    lines = [
        (os.path.relpath(frame.filename, folder), frame.lineno)
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename.startswith(f"{folder}{os.sep}")
    ]
    file, line = lines[-1] if lines else ("", 0)
    return {"type": type(error).__name__, "message": str(error)[:500], "file": file, "line": line}


def _follow(torch: Any, current: Any, parameters: Sequence[Any], steps: int) -> list[float]:
    """Return the loss along gradient descent, from the start on."""
    losses: list[float] = []
    rate = 0.5
    for step in range(steps):
        value = current()
        slopes = torch.autograd.grad(value, parameters, allow_unused=True)
        if step == 0:
            losses.append(float(value.detach()))
        with torch.no_grad():
            start = [item.clone() for item in parameters]
            for _ in range(_TRIES):
                for item, was, slope in zip(parameters, start, slopes, strict=True):
                    if slope is not None:
                        item.copy_(was - rate * slope)
                after = float(current())
                if after < losses[-1]:
                    break
                rate /= 2
            else:
                for item, was in zip(parameters, start, strict=True):
                    item.copy_(was)
                break
            losses.append(after)
            rate *= 2
    return losses


def _margin(output: Any, labels: np.ndarray, classes: int) -> float | None:
    """Return how far the right class is ahead of the others, None for an output of other size."""
    numbers = np.asarray(output.detach().numpy(), dtype=np.float64)
    if numbers.size != len(labels) * classes:
        return None
    rows = numbers.reshape(len(labels), classes)
    own = rows[np.arange(len(labels)), labels]
    with np.errstate(all="ignore"):
        return float(np.mean(own - (rows.sum(axis=1) - own) / (classes - 1)))
