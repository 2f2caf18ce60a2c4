"""Forbidden names: where the code has them, and where it only seems to."""

from __future__ import annotations

import pytest

from grader.kinds.base import Judging
from grader.kinds.training.forbidden import Found, find, refused
from grader.messages import optimizers
from grader.probes.guard import UNWATCHED
from grader.records import Observation, Outcome, Status
from tests.kinds.student import part, reference

OPTIM = ("torch.optim",)


def found(source: str, forbidden: tuple[str, ...] = OPTIM) -> Found | None:
    return find({"solution.py": source.encode()}, "solution.py", forbidden)


@pytest.mark.parametrize(
    "source",
    [
        "import torch.optim",
        "import torch.optim as o",
        "import torch.optim.adam",
        "from torch import optim",
        "from torch import nn, optim as o",
        "from torch.optim import Adam",
        "from torch.optim.lr_scheduler import StepLR",
        "import torch\ntorch.optim.Adam([])",
        "import torch\nisinstance(3, torch.optim.Optimizer)",
        "import torch\nclass Mine(torch.optim.Optimizer): pass",
        "import torch as t\nt.optim",
        "import torch\nt = torch\nt.optim",
        "import torch\nt = torch\nu = t\nu.optim",
        "import torch.nn as nn, torch as t\nt.optim",
        "import torch\ndef f(x: torch.optim.Adam): pass",
        "import torch\ngetattr(torch, 'optim')",
        "import torch\ngetattr(torch, 'op' + 'tim')",
        "import torch\ngetattr(torch, 'op' 'tim', None)",
        "import torch\ngetattr(torch, ''.join(['op', 'tim']))",
        "import torch\ngetattr(torch, f\"op{'tim'}\")",
        "import torch\ntorch.__dict__['optim']",
        "import torch\nvars(torch)['optim']",
        "import torch\nvars(torch).get('optim')",
        "import sys\nsys.modules['torch.optim']",
        "import sys\nsys.modules['torch'].optim",
        "import sys\nsys.modules.get('torch.optim')",
        "from sys import modules as m\nm['torch'].optim",
        "import importlib\nimportlib.import_module('torch.optim')",
        "import importlib\nimportlib.import_module('.optim', 'torch')",
        "from importlib import import_module as im\nim('torch.' + 'optim')",
        "import importlib as i\ni.import_module('torch').optim",
        "__import__('torch.optim')",
        "__import__('torch').optim",
        "__import__('torch', fromlist=['optim']).optim",
        "import torch\nif (t := torch): t.optim",
        "import torch\ntorch._fused_adam_([], [])",
        "import torch\ntorch.ops.aten._fused_sgd_",
        "from torch import _fused_adagrad_",
        "async def f():\n    import torch.optim",
        "try:\n    import torch.optim\nexcept ImportError: pass",
    ],
)
def test_a_name_is_found_however_it_is_spelled(source: str) -> None:
    assert found(source) is not None


@pytest.mark.parametrize(
    "source",
    [
        "",
        "# torch.optim.Adam\nimport torch",
        '"""Compared with torch.optim.Adam."""\nimport torch',
        "import torch\nprint('torch.optim is not used')",
        "import torch\nx = 'torch.optim'",
        "import optim\noptim.Adam()",
        "from optim import Adam",
        "import torch\nself = 3\noptim = 4\noptim",
        "class A:\n    def f(self): return self.optim.step()",
        "import torch\ntorch.nn.functional.relu",
        "import torch\ngetattr(torch, name)",
        "import torchoptim\ntorchoptim.optim",
        "import mine.torch\nmine.torch.optim",
        "from . import torch\ntorch.optim",
        "torch.optim",
        "def (",
        "x = '\\ud800'",
        "import torch\ngetattr(torch, '')",
        "a" + ".a" * 3000,
    ],
)
def test_what_only_looks_like_it_is_left_alone(source: str) -> None:
    assert found(source) is None


def test_the_first_place_is_told() -> None:
    source = "import torch\n\ndef f():\n    return torch.optim.SGD\n\nx = torch.optim.Adam\n"
    assert found(source) == Found("solution.py", 4, "torch.optim.SGD")


def test_files_that_are_imported_are_read_too() -> None:
    sources = {
        "solution.py": b"import helpers\nfrom parts import network",
        "helpers.py": b"import numpy",
        "parts/__init__.py": b"",
        "parts/network.py": b"from .inner import x",
        "parts/inner.py": b"import torch\nx = torch.optim",
    }
    assert find(sources, "solution.py", OPTIM) == Found("parts/inner.py", 2, "torch.optim")


def test_files_that_import_each_other_are_read_once() -> None:
    sources = {"solution.py": b"import other", "other.py": b"import solution"}
    assert find(sources, "solution.py", OPTIM) is None


def test_a_file_that_is_not_imported_may_use_what_it_likes() -> None:
    sources = {"solution.py": b"import torch", "compare.py": b"import torch.optim"}
    assert find(sources, "solution.py", OPTIM) is None


def test_a_module_named_for_import_by_a_text_is_followed() -> None:
    sources = {
        "solution.py": b"import importlib\nimportlib.import_module('other')",
        "other.py": b"import torch.optim",
    }
    assert find(sources, "solution.py", OPTIM) == Found("other.py", 1, "torch.optim")


def test_any_module_can_be_forbidden() -> None:
    assert found("from sklearn.datasets import load_digits", ("sklearn",)) is not None
    assert found("import torch.optim", ("sklearn",)) is None
    assert found("import torch\ntorch._fused_adam_", ("sklearn",)) is None


@pytest.mark.parametrize(
    "source",
    [
        "import grader",
        "from grader.probes import guard",
        "import sys\nsys.modules.get('grader.probes.guard')",
        "import importlib\nimportlib.import_module('grader')",
    ],
)
def test_code_that_names_the_grader_is_refused(source: str) -> None:
    asked = part("optimizer", rule="adam", function="Adam")
    judging = Judging(reference(), sources={"solution.py": source.encode()})
    result = refused(asked, OPTIM, (), judging)
    assert result is not None
    assert result.status is Status.REFUSED
    assert not result.points
    assert "names grader, the program that grades" in result.summary


def test_code_that_switches_off_the_watch_is_refused_and_told_why() -> None:
    asked = part("optimizer", rule="adam", function="Adam")
    seen = Observation(Outcome.RETURNED, {"forbidden": UNWATCHED})
    result = refused(asked, OPTIM, (seen,), Judging(reference()))
    assert result is not None
    assert result.summary == optimizers.UNWATCHED


def test_a_submission_without_the_file_has_nothing_to_be_found() -> None:
    assert find({}, "solution.py", OPTIM) is None
