"""What would otherwise be paid in every child at its first use of a library, paid once.

`torch.func` and `torch.optim` import `torch._dynamo` at their first use, which takes as long as
torch itself; they are warmed up only if that is among the packages.
"""

from __future__ import annotations

import importlib
import sys
import types
from collections.abc import Iterable


def preload(packages: Iterable[str], *, thorough: bool = True) -> None:
    """Import packages and, if `thorough`, use the parts of them that set themselves up late.

    A check of one's own code goes without: it would wait for what most code never uses.
    """
    # Used by the service and by common libraries on first need only.
    for name in ("linecache", "tokenize", "encodings.idna", "encodings.latin_1", *packages):
        importlib.import_module(name)
    if not thorough:
        return
    if "numpy" in sys.modules:
        _warm_numpy()
    if "torch" in sys.modules:
        _warm_torch()
    if "torch._dynamo" in sys.modules:
        _warm_compiler()
    if "matplotlib" in sys.modules:
        importlib.import_module("matplotlib").use("Agg")
        importlib.import_module("matplotlib.pyplot")


def _warm_numpy() -> None:
    import numpy as np  # noqa: PLC0415  (only where it is asked for)

    np.linalg.svd(np.ones((3, 3)))
    np.linalg.solve(np.eye(3), np.ones(3))
    np.random.default_rng(0).normal(size=3)
    np.random.seed(0)  # noqa: NPY002  (what students use)
    np.array2string(np.ones((2, 2)))


def _warm_torch() -> None:
    import torch  # noqa: PLC0415  (only where it is asked for)

    torch.set_num_threads(1)
    rows = torch.ones(4, 3)
    torch.nn.Sequential(torch.nn.Linear(3, 3), torch.nn.Tanh())(rows).sum().backward()
    torch.nn.Conv2d(1, 1, 2)(torch.ones(1, 1, 4, 4)).sum().backward()
    torch.linalg.svd(torch.eye(3))
    torch.manual_seed(0)


def _warm_compiler() -> None:
    import torch  # noqa: PLC0415  (only where it is asked for)

    ones, rows = torch.ones(3), torch.ones(4, 3)
    torch.func.hessian(lambda x: (x**3).sum())(ones)
    torch.func.jvp(lambda x: x * 2, (ones,), (ones,))
    torch.func.vjp(lambda x: x * 2, ones)
    torch.func.vmap(torch.func.grad(lambda x: (x**2).sum()))(rows)
    network = torch.nn.Linear(3, 3)
    optimizer = torch.optim.Adam(network.parameters())
    network(rows).sum().backward()
    optimizer.step()
    torch.compile(lambda x: x + 1, backend="eager")(ones)
    torch.manual_seed(0)


def rehearse() -> None:
    """Make calls as children will, so that nothing of the service is used there for the first time.

    Not in `preload`, because it needs NumPy and the service, which the template imports late.
    """
    import numpy as np  # noqa: PLC0415

    from grader.sandbox import calling, protocol, student  # noqa: PLC0415

    module = types.ModuleType("rehearsal")
    nobody = student.Student("", {})
    for name, function in (("good", lambda x: (x, [1.0])), ("bad", lambda x: x[1:2, 3])):
        setattr(module, name, function)
        calling.make(1, protocol.Order(name, {"x": np.ones(2)}, None, 0), module, nobody, {})
