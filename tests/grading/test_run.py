"""What a grading run decides before anything is graded."""

from __future__ import annotations

import pytest

from grader.grading.run import packages
from grader.submissions.folder import Submission

SYMBOLIC = "torch.fx.experimental.symbolic_shapes"


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("import numpy as np", ("numpy",)),
        ("import torch", ("numpy", "torch")),
        ("import torch\ndef q3_hessian(x): pass  # optimal", ("numpy", "torch")),
        ("import torch\ntorch.optim.SGD", ("numpy", "torch", "torch._dynamo")),
        ("from torch import nn, optim", ("numpy", "torch", "torch._dynamo")),
        ("import torch.func as F", ("numpy", "torch", "torch._dynamo")),
        ("from torch.func import jvp", ("numpy", "torch", "torch._dynamo")),
        ("import torch\nx.sum().backward()", ("numpy", "torch")),
        ("import torch\nx.backward(u)", ("numpy", "torch", SYMBOLIC)),
        ("import torch\nx.backward(gradient=u)", ("numpy", "torch", SYMBOLIC)),
        ("from torch.autograd import grad\ngrad(y, x, u)", ("numpy", "torch", SYMBOLIC)),
        ("def f(a):\n    a.backward(b)", ("numpy",)),
    ],
)
def test_what_takes_long_is_imported_ahead_only_if_the_code_names_it(
    code: str, found: tuple[str, ...]
) -> None:
    assert packages([Submission("ada", {"solution.py": code.encode()})]) == found


def test_what_is_no_python_names_nothing() -> None:
    assert packages([Submission("ada", {"notes.txt": b"import torch"})]) == ("numpy",)
