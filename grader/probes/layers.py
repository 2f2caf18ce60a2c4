"""Counts the weight layers of a torch network: what a row of numbers is multiplied with.

Linear, convolutional, bilinear and recurrent modules have one for each matrix or kernel, whatever
its shape; normalisations and embeddings have none.  A parameter that stands free is one if it has
two axes and is more than added: its place in the graph that torch records tells that.  Only what
makes one row's output differ from another's counts.
"""

from __future__ import annotations

import contextlib
import itertools
import re
from collections.abc import Iterator
from typing import Any

_LAYERS = ("Linear", "_ConvNd", "Bilinear")
_RECURRENT = ("RNNBase", "RNNCellBase")
_NO_LAYERS = ("_NormBase", "LayerNorm", "GroupNorm", "RMSNorm", "Embedding", "EmbeddingBag")
_SCRIPTED = {  # in a scripted module only the name of its class is left
    "Linear": "Linear",
    "Conv1d": "_ConvNd",
    "Conv2d": "_ConvNd",
    "Conv3d": "_ConvNd",
    "BatchNorm1d": "_NormBase",
    "BatchNorm2d": "_NormBase",
    "LayerNorm": "LayerNorm",
    "GroupNorm": "GroupNorm",
}
_PRODUCTS = ("Mm", "Bmm", "Mv", "Addmm", "Addmv", "Baddbmm", "Convolution", "Trilinear", "Dot")
_SUMS = ("Add", "Sub")
_FIRST_IS_ADDED = ("Addmm", "Addmv", "Baddbmm", "Addbmm")
_ARRANGING = (
    "View", "Permute", "T", "Transpose", "Unsqueeze", "Squeeze", "Expand", "Select", "Slice",
    "Split", "ToCopy", "Clone", "UnsafeView", "Reshape", "UnsafeSplit", "Unbind", "Index", "Alias",
    "MT", "ReshapeAlias",
)  # fmt: skip
_WEIGHT = re.compile(r"^weight|^parametrizations\.weight")
_ROWS, _PAIRS = 5, 50  # of outputs that are compared: some may be zero throughout
_NOISE = 0.05


def weight_layers(torch: Any, network: Any, rows: Any) -> list[list[int]]:
    """Return the shape of each weight; `rows` are at least two inputs that differ."""
    found: list[list[int]] = []
    claimed: set[int] = set()  # parameters that belong to a module of a known kind
    with _stirred(torch, network):
        output = network(rows)
        if output.grad_fn is None or output.ndim == 0 or len(output) != len(rows):
            return []
        told, uses = _telling(torch, network, output), _uses(output.grad_fn)
    for module in network.modules():
        kind = _kind(torch, module)
        own = dict(module.named_parameters()) if kind else {}
        weights = [p for name, p in own.items() if _WEIGHT.search(name) and id(p) not in claimed]
        claimed.update(map(id, own.values()))
        telling = [item for item in weights if id(item) in told]
        if kind in _RECURRENT:
            found += [list(item.shape) for item in telling]
        elif kind in _LAYERS and telling:
            found.append(list(module.weight.shape))
    free = [p for p in network.parameters() if id(p) in told and id(p) not in claimed]
    return found + [list(p.shape) for p in free if _multiplies(p, uses.get(id(p), set()))]


def _kind(torch: Any, module: Any) -> str:
    """Return which of the known kinds a module is, "" for any other."""
    scripted = getattr(module, "original_name", None)
    if isinstance(scripted, str):
        return _SCRIPTED.get(scripted, "")
    modules = torch.nn.modules
    for home in (modules.linear, modules.conv, modules.rnn, modules.batchnorm, torch.nn):
        for name in (*_LAYERS, *_RECURRENT, *_NO_LAYERS):
            known = getattr(home, name, None)
            if isinstance(known, type) and isinstance(module, known):
                return name
    return ""


@contextlib.contextmanager
def _stirred(torch: Any, network: Any) -> Iterator[None]:
    """Move all parameters a little: weights that start at zero hide those before them."""
    parameters = [item for item in network.parameters() if item.is_floating_point()]
    before = [item.detach().clone() for item in parameters]
    random = torch.Generator().manual_seed(0)
    try:
        with torch.no_grad():
            for item in parameters:
                noise = torch.randn(item.shape, generator=random, dtype=torch.float64)
                item.add_((_NOISE * noise).to(item))
        yield
    finally:
        with torch.no_grad():
            for item, was in zip(parameters, before, strict=True):
                item.copy_(was)


def _telling(torch: Any, network: Any, output: Any) -> set[int]:
    """Return the ids of the parameters on which a difference between two rows' outputs depends."""
    parameters = [item for item in network.parameters() if item.requires_grad]
    numbers = output.reshape(len(output), -1)
    pairs = itertools.product(range(min(_ROWS, len(numbers) // 2)), range(numbers.shape[1]))
    found: set[int] = set()
    for row, column in itertools.islice(pairs, _PAIRS):
        # One entry less another: what adds the same to both has a gradient of exactly zero.
        difference = numbers[row, column] - numbers[-1 - row, column]
        slopes = torch.autograd.grad(difference, parameters, retain_graph=True, allow_unused=True)
        found |= {
            id(parameter)
            for parameter, slope in zip(parameters, slopes, strict=True)
            if slope is not None and bool(slope.any())
        }
        if len(found) == len(parameters):
            break
    return found


def _uses(root: Any) -> dict[int, set[tuple[str, int]]]:
    """Return by which operations each parameter is used, and as which of their arguments."""
    parents: dict[Any, list[tuple[Any, int]]] = {root: []}
    waiting = [root]
    while waiting:
        node = waiting.pop()
        for place, (child, _) in enumerate(node.next_functions):
            if child is None:
                continue
            if child not in parents:
                parents[child] = []
                waiting.append(child)
            parents[child].append((node, place))
    return {
        id(node.variable): _reached(node, parents) for node in parents if hasattr(node, "variable")
    }


def _reached(leaf: Any, parents: dict[Any, list[tuple[Any, int]]]) -> set[tuple[str, int]]:
    """Return the operations above a leaf; what only arranges its numbers anew is passed by."""
    found: set[tuple[str, int]] = set()
    waiting, seen = [leaf], {leaf}
    while waiting:
        for node, place in parents[waiting.pop()]:
            name = re.sub(r"Backward\d*$", "", node.name())
            if name not in _ARRANGING:
                found.add((name, place))
            elif node not in seen:
                seen.add(node)
                waiting.append(node)
    return found


def _multiplies(parameter: Any, uses: set[tuple[str, int]]) -> bool:
    """Return whether a parameter that belongs to no known module is the weight of a layer."""
    used = {
        name
        for name, place in uses
        if name not in _SUMS and not (name in _FIRST_IS_ADDED and place == 0)
    }
    if not used:
        return False
    long_axes = sum(length > 1 for length in parameter.shape)
    return long_axes >= 2 or (parameter.ndim >= 2 and not used.isdisjoint(_PRODUCTS))
