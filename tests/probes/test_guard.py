"""The guard: whatever way leads to a forbidden module, its code does not run unnoticed."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType, FunctionType, ModuleType
from typing import Any

import pytest
import torch

from grader.probes import recognition
from grader.probes.guard import UNWATCHED, ForbiddenError, guarded

OPTIM = ("torch.optim",)
ADAM = sys.modules["torch.optim.adam"]
HELD_EARLY = torch.optim.Adam
FUNCTION_HELD_EARLY = ADAM.adam
KERNEL = "_fused_adagrad_"
KERNELS_HELD_EARLY = [
    getattr(torch, KERNEL),
    getattr(torch._C._VariableFunctions, KERNEL),
    getattr(torch.ops.aten, KERNEL),
    getattr(torch.ops.aten, KERNEL).default,
]


def reached(way: Callable[[], Any]) -> str:
    """Return what the guard says of a way; what stops it is left aside."""

    def run() -> None:
        with suppress(RuntimeError, TypeError, ValueError, AttributeError):
            way()

    return guarded(OPTIM, run)[0]


def parameters() -> list[torch.Tensor]:
    return [torch.zeros(2, requires_grad=True)]


def made_before() -> torch.optim.Optimizer:
    return torch.optim.SGD(parameters(), lr=0.1)


OLD = made_before()


@pytest.mark.parametrize(
    ("way", "name"),
    [
        (lambda: HELD_EARLY(parameters()), "torch.optim.adam.Adam.__init__"),
        (lambda: getattr(torch, "mitpo"[::-1]).SGD(parameters()), "torch.optim.sgd.SGD.__init__"),
        (OLD.zero_grad, "torch.optim.optimizer.Optimizer.zero_grad"),
        (lambda: FUNCTION_HELD_EARLY([], [], [], [], [], []), "torch.optim."),
        (lambda: sys.modules["torch.optim.sgd"].sgd([], [], []), "torch.optim.sgd."),
        (OLD.step, "torch.optim."),
        (lambda: torch.optim.lr_scheduler.StepLR(OLD, 1), "torch.optim.lr_scheduler."),
        (lambda: getattr(torch, KERNEL)([], [], [], [], []), f"torch.{KERNEL}"),
        (lambda: getattr(torch.ops.aten, KERNEL)([], [], [], [], []), f"torch.{KERNEL}"),
    ],
)
def test_a_way_is_barred_and_noted(way: Callable[[], Any], name: str) -> None:
    seen = []

    def run() -> None:
        with pytest.raises(ForbiddenError) as caught:
            way()
        seen.append(str(caught.value))

    assert guarded(OPTIM, run)[0].startswith(name)
    assert seen[0].endswith("may not be used here")


def kernel_call(kernel: Any) -> None:
    ones = [torch.ones(2)]
    kernel(
        ones, ones, ones, [torch.tensor(1.0)], lr=0.1, lr_decay=0.0, weight_decay=0.0, eps=0.1,
        maximize=False,
    )  # fmt: skip


@pytest.mark.parametrize("kernel", KERNELS_HELD_EARLY)
def test_a_kernel_that_was_held_early_is_noted(kernel: Any) -> None:
    assert reached(lambda: kernel_call(kernel)) == f"torch.{KERNEL}"


def cloned() -> FunctionType:
    wanted = "_single_tensor_adam"
    original = next(f for f in recognition.functions("torch.optim.adam") if f.__name__ == wanted)
    clone = FunctionType(
        original.__code__, dict(original.__globals__), "mine", original.__defaults__,
        original.__closure__,
    )  # fmt: skip
    clone.__kwdefaults__ = original.__kwdefaults__
    return clone


CLONE = cloned()
RENAMED = FunctionType(CLONE.__code__.replace(co_filename="mine.py"), CLONE.__globals__)


def call(function: FunctionType) -> Any:
    """Call it with nothing to do, for no parameters."""
    code = function.__code__
    count = code.co_argcount + code.co_kwonlyargcount
    given: dict[str, Any] = dict.fromkeys(code.co_varnames[code.co_argcount : count])
    return function(*[[] for _ in range(code.co_argcount)], **given)


def test_a_function_with_their_code_is_noted() -> None:
    assert reached(lambda: call(CLONE)) == "torch.optim (_single_tensor_adam)"


def test_their_instructions_are_known_under_any_name_of_a_file() -> None:
    copied = "a copy of torch.optim.adam._single_tensor_adam"
    assert reached(lambda: call(RENAMED)) == copied


def test_short_functions_are_no_copies() -> None:
    def zero_grad(self: Any) -> None:
        for p in self.params:
            p.grad = None

    assert not recognition._naming(OPTIM)(zero_grad.__code__)


def test_their_sources_are_known_when_they_are_read() -> None:
    file = Path(str(ADAM.__file__))
    assert reached(lambda: file.read_text(encoding="utf-8")) == "torch.optim (adam.py)"


def test_a_profile_function_that_is_replaced_is_told() -> None:
    assert reached(lambda: sys.setprofile(None)) == UNWATCHED


def test_calls_are_looked_at_for_a_while_only() -> None:
    def run() -> None:
        for _ in range(2000):
            len("")
        with suppress(AssertionError):
            call(RENAMED)

    assert guarded(OPTIM, run, profile_s=0.0)[0] == ""
    assert guarded(OPTIM, run)[0] != ""


def test_no_frame_that_can_be_walked_to_holds_the_guard() -> None:
    def run() -> list[Any]:
        frame: FrameType | None = sys._getframe()
        found: list[Any] = []
        while frame is not None and frame.f_code.co_name != "test_no_frame_holds":
            if "grader/probes" in frame.f_code.co_filename:
                found += frame.f_locals.values()
            frame = frame.f_back
        return found

    held = guarded(OPTIM, run)[1]
    assert held
    assert not [item for item in held if isinstance(item, (list, dict)) or hasattr(item, "reached")]
    assert [item.__name__ for item in held if callable(item)] == ["run", "run"]


def test_the_first_thing_that_was_reached_is_told() -> None:
    def run() -> None:
        for made in (torch.optim.SGD, torch.optim.Adam):
            with pytest.raises(ForbiddenError):
                made(parameters())

    assert guarded(OPTIM, run) == ("torch.optim.sgd.SGD.__init__", None)


def test_what_was_reached_before_is_no_concern_of_a_later_call() -> None:
    for _ in range(2):
        assert reached(lambda: HELD_EARLY(parameters())) == "torch.optim.adam.Adam.__init__"
    assert guarded(OPTIM, lambda: 3) == ("", 3)


def test_a_subclass_is_barred_as_soon_as_it_uses_what_it_inherits() -> None:
    class Mine(torch.optim.Optimizer):
        def __init__(self) -> None:
            super().__init__(parameters(), {})

    assert reached(Mine) == "torch.optim.optimizer.Optimizer.__init__"


def test_afterwards_everything_is_as_before() -> None:
    kernel, init = getattr(torch, KERNEL), torch.optim.Adam.__init__
    assert isinstance(init, FunctionType)
    code, finders, profile = init.__code__, list(sys.meta_path), sys.getprofile()
    assert guarded(OPTIM, lambda: init.__code__)[1] is not code
    assert init.__code__ is code
    assert getattr(torch, KERNEL) is kernel
    assert (sys.meta_path, sys.getprofile()) == (finders, profile)
    weights = parameters()
    weights[0].sum().backward()  # type: ignore[no-untyped-call]
    torch.optim.SGD(weights, lr=1.0).step()
    assert weights[0].tolist() == [-1, -1]
    assert "_grader_note" not in vars(sys.modules["torch.optim.sgd"])


def test_an_error_of_the_code_itself_is_its_own() -> None:
    def run() -> None:
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        guarded(OPTIM, run)


def test_the_rest_of_torch_goes_on() -> None:
    def run() -> None:
        network = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.ReLU(), torch.nn.Dropout())
        network(torch.ones(1, 2)).sum().backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        torch._foreach_add_([torch.zeros(2)], 1.0)

    assert guarded(OPTIM, run)[0] == ""


def test_a_module_that_is_not_there_yet_cannot_be_imported(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)

    def run() -> None:
        with pytest.raises(ForbiddenError, match="colorsys"):
            __import__("colorsys")

    assert guarded(["colorsys"], run)[0] == "colorsys"
    assert __import__("colorsys").rgb_to_hsv(0, 0, 0) == (0, 0, 0)


def test_an_import_is_noted_even_where_it_cannot_be_barred(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(sys.modules, "nturl2path", raising=False)

    def run() -> None:
        sys.meta_path[:] = [item for item in sys.meta_path if type(item).__name__ != "_Finder"]
        __import__("nturl2path")

    assert guarded(["nturl2path"], run)[0] == "nturl2path"


def test_a_submodule_that_its_package_imports_is_let_through(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    package = tmp_path / "some_package"
    package.mkdir()
    (package / "__init__.py").write_text("from . import part\n", encoding="utf-8")
    (package / "part.py").write_text("", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert guarded(["some_package.part"], lambda: __import__("some_package"))[0] == ""
    again = ModuleType("some_package")
    monkeypatch.setitem(sys.modules, "some_package", again)


def test_without_names_nothing_is_barred() -> None:
    assert guarded([], lambda: torch.optim.SGD(parameters(), lr=0.1))[1] is not None
