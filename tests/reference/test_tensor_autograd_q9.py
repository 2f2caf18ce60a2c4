"""Q9 of tensor-autograd: the starter's framework and training, and the reference's operation."""

from __future__ import annotations

import runpy
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import torch
import yaml

from grader.kinds.base import Judging, Planning
from grader.kinds.registry import kinds
from grader.probes.training import course_modules
from grader.records import Status
from grader.spec.reference import Reference
from tests.kinds.student import observe

COURSE = Path(__file__).resolve().parents[2]
STARTER = COURSE / "assignments" / "tensor-autograd" / "starter"
NAMES = ("small_autograd", "train_mlp")


@pytest.fixture
def modules() -> Iterator[list[ModuleType]]:
    sources = {name: (STARTER / f"{name}.py").read_text(encoding="utf-8") for name in NAMES}
    with course_modules(sources) as found:
        yield found


@pytest.fixture
def autograd(modules: list[ModuleType]) -> ModuleType:
    return modules[0]


def reference() -> Reference:
    return Reference(COURSE / "reference", "tensor_autograd", "q9_training")


TORCH: dict[str, Any] = {
    "Add": lambda a, b: a + b,
    "Multiply": lambda a, b: a * b,
    "MatMul": lambda a, b: a @ b,
    "Sigmoid": torch.sigmoid,
}
SHAPES: dict[str, list[list[tuple[int, ...]]]] = {
    "Add": [[(3, 4), (3, 4)], [(3, 4), (4,)]],
    "Multiply": [[(3, 4), (3, 4)]],
    "MatMul": [[(3, 4), (4, 2)]],
    "Sigmoid": [[(3, 4)]],
}


@pytest.mark.parametrize(
    ("name", "shapes"), [(name, shapes) for name in SHAPES for shapes in SHAPES[name]]
)
def test_an_operation_agrees_with_torch(
    autograd: ModuleType, name: str, shapes: list[tuple[int, ...]]
) -> None:
    rng = np.random.default_rng(0)
    arrays = [3 * rng.normal(size=shape) for shape in shapes]
    tensors = [torch.tensor(array, requires_grad=True) for array in arrays]
    expected = TORCH[name](*tensors)
    cotangent = rng.normal(size=tuple(expected.shape))
    slopes = torch.autograd.grad(expected, tensors, torch.tensor(cotangent))
    context: dict[str, Any] = {}
    op = getattr(autograd, name)
    np.testing.assert_allclose(op.forward(context, *arrays), expected.detach(), atol=1e-12)
    found = op.backward(context, cotangent)
    for one, other in zip(found if isinstance(found, tuple) else (found,), slopes, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-12)


def test_the_loss_agrees_with_torch_also_at_large_scores(autograd: ModuleType) -> None:
    scores = np.array([[1.0, -2.0, 0.5], [900.0, -900.0, 3.0]])
    classes = np.array([2, 1])
    tensor = torch.tensor(scores, requires_grad=True)
    expected = torch.nn.functional.cross_entropy(tensor, torch.tensor(classes))
    (slope,) = torch.autograd.grad(3 * expected, tensor)
    context: dict[str, Any] = {}
    loss = autograd.CrossEntropy.forward(context, scores, np.eye(3)[classes])
    assert loss == pytest.approx(float(expected.detach()), rel=1e-12)
    by_scores, by_target = autograd.CrossEntropy.backward(context, np.array(3.0))
    np.testing.assert_allclose(by_scores, slope, atol=1e-12)
    assert not by_target.any()


def test_the_gradient_of_a_shared_tensor_is_complete_before_it_goes_on(
    autograd: ModuleType,
) -> None:
    rng = np.random.default_rng(1)
    value, weight = rng.normal(size=(2, 2)), rng.normal(size=(2, 2))
    x, w = autograd.TensorNode(value), autograd.TensorNode(weight)
    hidden = x @ w
    result = hidden * hidden + autograd.do_forward(autograd.Sigmoid, hidden) * x
    result.backward()
    tensors = [torch.tensor(item, requires_grad=True) for item in (value, weight)]
    there = tensors[0] @ tensors[1]
    expected = (there * there + torch.sigmoid(there) * tensors[0]).sum()
    slopes = torch.autograd.grad(expected, tensors)
    np.testing.assert_allclose(x.grad, slopes[0], atol=1e-12)
    np.testing.assert_allclose(w.grad, slopes[1], atol=1e-12)


def test_the_work_is_linear_in_the_graph(autograd: ModuleType) -> None:
    start = autograd.TensorNode(np.ones(1))
    node = start
    for _ in range(40):
        node = node + node
    node.backward()
    assert start.grad.tolist() == [2.0**40]


def test_the_graph_is_as_the_questions_describe_it(autograd: ModuleType) -> None:
    a, b = autograd.TensorNode(np.ones(3)), autograd.TensorNode(2 * np.ones(3))
    c = a + b
    assert c.value.tolist() == [3, 3, 3]
    assert isinstance(c.source, autograd.OpNode)
    assert c.source.op is autograd.Add
    assert c.source.inputs[0] is a
    assert c.source.outputs == (c,)
    assert a.source is None
    assert a.grad.tolist() == [0, 0, 0]


def test_the_reference_is_relu(autograd: ModuleType) -> None:
    del autograd
    relu = reference().loaded.ReLU
    context: dict[str, Any] = {}
    x = np.array([[-7.0, 8.0], [0.5, 0.0]])
    assert relu.forward(context, x).tolist() == [[0, 8], [0.5, 0]]
    assert relu.backward(context, np.full((2, 2), 3.0)).tolist() == [[0, 3], [3, 0]]
    assert list(x.ravel()) == [-7, 8, 0.5, 0]


def test_training_prints_what_it_returns(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.syspath_prepend(str(STARTER))
    monkeypatch.setattr(sys, "argv", ["train_mlp.py", "sigmoid"])
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    names = runpy.run_path(str(STARTER / "train_mlp.py"), run_name="__main__")
    lines = capsys.readouterr().out.splitlines()
    monkeypatch.delitem(sys.modules, "small_autograd", raising=False)
    assert len(lines) == names["EPOCHS"]
    assert lines[0].startswith("epoch  0   loss 0.7")
    assert lines[-1].startswith("epoch 19   loss 0.3")


def test_an_unknown_operation_is_refused(
    modules: list[ModuleType], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["train_mlp.py", "tanh"])
    with pytest.raises(SystemExit, match="expected sigmoid or relu, found tanh"):
        modules[1].main()


def test_the_reference_earns_every_point() -> None:
    path = COURSE / "assignments" / "tensor-autograd" / "q9-training.yaml"
    (fields,) = yaml.safe_load(path.read_text(encoding="utf-8"))["parts"]
    kind = kinds()["retraining"]
    part = kind.model.model_validate(fields)
    course = reference()
    data = {name.replace("_", "-"): STARTER / f"{name}.py" for name in NAMES}
    plan = kind.plan(part, Planning(course, 0, data))
    runs = plan.expected[0]
    answers = {
        "q9-training-sigmoid": runs.given.accuracy,
        "q9-training-relu": f"{100 * runs.own.accuracy:.1f} %",
    }
    seen = [observe(call, course.loaded) for call in plan.calls]
    result = kind.judge(part, plan, seen, Judging(course, answers=answers))
    assert result.status is Status.CORRECT
    assert result.points == 2
