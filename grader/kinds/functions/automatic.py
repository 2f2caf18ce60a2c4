"""Values, derivatives and products with the Jacobian of torch functions, in float64 and by name.

What torch gets are the reference's own functions.  Second derivatives use reverse mode twice:
forward mode has levels that all threads of a process share, and submissions are judged on several.
It is `torch.autograd` and not `torch.func`, whose first call imports a compiler for a second; and a
cotangent is multiplied in, since `grad_outputs` imports SymPy for a quarter of one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

Arrays: TypeAlias = tuple[np.ndarray, ...]
Oracle: TypeAlias = Callable[..., np.ndarray]
Several: TypeAlias = Callable[..., Arrays]


def numeric(function: Callable[..., Any]) -> Oracle:
    """Return a reference function as one that gives float64 arrays from copies of its inputs."""

    def evaluate(**values: Any) -> np.ndarray:
        copies = [np.copy(v) if isinstance(v, np.ndarray) else v for v in values.values()]
        result = function(*copies)
        if hasattr(result, "detach"):
            result = result.detach().numpy()
        array = np.asarray(result)
        if array.dtype.kind not in "biuf":
            raise TypeError(f"expected real numbers, found an array of dtype {array.dtype}")
        return array.astype(np.float64)

    return evaluate


def derivative(function: Callable[..., Any], transform: str, argument: int) -> Oracle:
    """Return a derivative (grad, jacrev, hessian) of a torch function by one argument, in float64.

    The axes of the output come first.  For grad and hessian the function gives one number; what
    else it gives is a ValueError.
    """

    def evaluate(**values: Any) -> np.ndarray:
        tensors = _tensors(values, (list(values)[argument],))
        by = list(tensors.values())[argument]
        output = function(*tensors.values())
        if transform == "jacrev":
            result = _jacobian(output, by)
        elif tuple(output.shape) != ():
            raise ValueError(f"expected one number, found the shape {tuple(output.shape)}")
        elif transform == "grad":
            result = _jacobian(output, by)
        else:
            result = _jacobian(_jacobian(output, by, again=True), by)
        return np.array(result.detach().numpy(), dtype=np.float64)

    return evaluate


def _jacobian(output: Any, by: Any, *, again: bool = False) -> Any:
    """Return the derivative of a tensor by another one; `again` if it is to be derived itself."""
    import torch  # noqa: PLC0415  (a course without derivatives does not load it)

    shape = (*output.shape, *by.shape)
    if not output.requires_grad or not output.numel():  # it does not depend on it
        return torch.zeros(shape, dtype=by.dtype)
    rows = [
        torch.autograd.grad(
            entry, by, retain_graph=True, create_graph=again, materialize_grads=True,
            allow_unused=True,
        )[0]
        for entry in output.reshape(-1)
    ]  # fmt: skip
    return torch.stack(rows).reshape(shape)


def forward_value(function: Callable[..., Any]) -> Several:
    """Return a torch function as one that gives its value, in float64."""

    def evaluate(**values: Any) -> Arrays:
        output = function(*_tensors(values, ()).values())
        return (np.array(output.detach().numpy(), dtype=np.float64),)

    return evaluate


def vjp(
    function: Callable[..., Any], values: Mapping[str, Any], names: Sequence[str], cotangent: Any
) -> Arrays:
    """Return the vector-Jacobian products of a torch function, one for each input named."""
    import torch  # noqa: PLC0415  (a course without derivatives does not load it)

    tensors = _tensors(values, names)
    output = function(*tensors.values())
    by = [tensors[name] for name in names]
    vector = torch.tensor(cotangent, dtype=output.dtype)
    found = torch.autograd.grad(
        weighed(output, vector), by, allow_unused=True, materialize_grads=True
    )
    return tuple(np.array(gradient.numpy(), dtype=np.float64) for gradient in found)


def jvp(
    function: Callable[..., Any],
    values: Mapping[str, Any],
    names: Sequence[str],
    tangents: Sequence[Any],
) -> np.ndarray:
    """Return the Jacobian-vector product of a torch function, by reverse mode twice."""
    import torch  # noqa: PLC0415  (a course without derivatives does not load it)

    tensors = _tensors(values, names)
    output = function(*tensors.values())
    by = [tensors[name] for name in names]
    dual = torch.zeros_like(output, requires_grad=True)
    back = torch.autograd.grad(
        weighed(output, dual), by, create_graph=True, allow_unused=True, materialize_grads=True
    )
    vectors = [torch.tensor(v, dtype=x.dtype) for v, x in zip(tangents, by, strict=True)]
    pairs = [(g, v) for g, v in zip(back, vectors, strict=True) if g.requires_grad]
    if not pairs:  # no input reaches the output
        return np.zeros(tuple(output.shape))
    along = torch.stack([(g * v).sum() for g, v in pairs]).sum()
    (found,) = torch.autograd.grad(along, [dual], materialize_grads=True, allow_unused=True)
    return np.array(found.detach().numpy(), dtype=np.float64)


def weighed(output: Any, cotangent: Any) -> Any:
    """Return the sum of a tensor times a cotangent, whose gradient is the vector-Jacobian product.

    Raises ValueError for what torch would not take as `grad_outputs`: a cotangent of another shape
    than the tensor's, and a tensor that depends on no input.
    """
    if cotangent.shape != output.shape:
        shapes = f"{tuple(output.shape)}, found {tuple(cotangent.shape)}"
        raise ValueError(f"expected a cotangent of the shape {shapes}")
    if not output.requires_grad:
        raise ValueError("expected a value that depends on the inputs, found a constant")
    return (output * cotangent).sum()


def several(function: Callable[..., Any]) -> Several:
    """Return a reference function as one that gives a tuple of float64 arrays."""

    def evaluate(**values: Any) -> Arrays:
        copies = {k: np.copy(v) if isinstance(v, np.ndarray) else v for k, v in values.items()}
        found = function(*copies.values())
        items = found if isinstance(found, (tuple, list)) else (found,)
        return tuple(numeric(lambda item=item: item)() for item in items)

    return evaluate


def _tensors(values: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """Return arguments as torch gets them: numbers in float64, the rest as it is.

    Arrays in float32 stay so: how a function fares in single precision is asked with them.
    """
    import torch  # noqa: PLC0415  (a course without derivatives does not load it)

    made: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, str):
            made[name] = value
            continue
        array = np.asarray(value)
        whole = array.dtype.kind in "iu" and name not in names
        number = torch.float32 if array.dtype == np.float32 else torch.float64
        dtype = torch.int64 if whole else number
        made[name] = torch.tensor(value, dtype=dtype, requires_grad=name in names)
    return made
