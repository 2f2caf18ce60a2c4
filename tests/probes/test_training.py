"""The probes that drive networks, trainings and operations."""

from __future__ import annotations

import sys
from contextlib import suppress
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch

from grader.probes import training

PICTURES = np.array([[0, 1], [2, 3], [4, 4]], dtype=np.uint8)
CLASSES = np.array([0, 1, 0])


def train(function: Any, forbids: Any = ()) -> dict[str, Any]:
    module: Any = SimpleNamespace(f=function)
    return training.train(module, "f", "adam", PICTURES, CLASSES, PICTURES[:1], 7, 4.0, (), forbids)


def test_a_training_gets_scaled_pictures_and_the_seed() -> None:
    def function(optimizer: str, X: Any, y: Any, X_test: Any, seed: int) -> Any:
        assert (optimizer, X.dtype, seed) == ("adam", np.float64, 7)
        return X[:, 1], [int(y[1]), *X_test[0]]

    found = train(function)
    assert found["history"].tolist() == [0.25, 0.75, 1.0]
    assert found["predictions"] == [1, 0.0, 0.25]


@pytest.mark.parametrize("returned", [None, 3, (1, 2, 3), {"history": 1, "predictions": 2}])
def test_anything_but_a_pair_is_named(returned: Any) -> None:
    found = train(lambda *values: returned)  # noqa: ARG005
    assert found == {"returned": type(returned).__name__}


def test_a_forbidden_module_is_reported_even_where_the_error_is_hidden() -> None:
    def hiding(*values: Any) -> Any:
        del values
        with suppress(RuntimeError):
            torch.optim.SGD([torch.zeros(1)], lr=0.1)
        return [1.0], [0]

    def raising(*values: Any) -> Any:
        hiding(*values)
        raise KeyError("later")

    for function in (hiding, raising):
        found = train(function, ["torch.optim"])
        assert found == {"forbidden": "torch.optim.sgd.SGD.__init__"}


class Base:
    def step(self) -> None:
        """Do nothing."""


class Adam(Base):
    pass


class Other:
    def step(self) -> None:
        """Do nothing."""


def test_the_steps_of_the_classes_that_were_asked_for_are_counted() -> None:
    def function(*values: Any) -> Any:
        del values
        for _ in range(3):
            Adam().step()
        Other().step()
        return [1.0], [0]

    def RMSprop() -> Other:  # noqa: N802  (not a class: how often it steps cannot be told)
        return Other()

    module: Any = SimpleNamespace(f=function, Adam=Adam, Other=Other, RMSprop=RMSprop, Adagrad=Base)
    names = ["adagrad", "rmsprop", "adam"]
    found = training.train(
        module, "f", "adam", PICTURES, CLASSES, PICTURES[:1], 7, 4.0, names, ["torch.optim"]
    )
    assert found["steps"] == {"adagrad": 3, "adam": 3}  # Adam has its step from there
    assert "step" not in vars(Adam)
    assert Base.step.__qualname__ == "Base.step"
    assert not hasattr(Base.step, "__wrapped__")


def network(made: Any, loss: Any, steps: int = 5) -> dict[str, Any]:
    module: Any = SimpleNamespace(f=made, loss=loss)
    inputs = np.array([[0.0, 1.0], [1.0, 0.0], [0.2, 0.9]])
    return training.network(module, "f", "loss", inputs, CLASSES, 2, steps)


def linear(inputs: int, classes: int) -> torch.nn.Module:
    made = torch.nn.Linear(inputs, classes)
    torch.nn.init.zeros_(made.weight)
    torch.nn.init.zeros_(made.bias)
    return made


def test_a_network_is_followed_along_gradient_descent() -> None:
    found = network(linear, torch.nn.functional.cross_entropy)
    assert found["output"] == [3, 2]
    assert found["weights"] == [[2, 2]]
    assert found["losses"][0] == pytest.approx(np.log(2))
    assert found["losses"] == sorted(found["losses"], reverse=True)
    assert found["margins"][0] == 0
    assert found["margins"][1] > 0
    assert found["wrong"] > found["losses"][-1]


def test_a_step_that_is_too_long_is_halved() -> None:
    def steep(output: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        return 1e6 * torch.nn.functional.cross_entropy(output, target)

    found = network(linear, steep)
    assert len(found["losses"]) == 6
    assert found["losses"][-1] < found["losses"][0]


def test_a_loss_at_its_minimum_ends_the_descent() -> None:
    def flat(output: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        del target
        return 0 * output.sum()

    assert network(linear, flat)["losses"] == [0.0]


def test_dropout_and_the_like_are_off() -> None:
    def made(inputs: int, classes: int) -> torch.nn.Module:
        return torch.nn.Sequential(linear(inputs, classes), torch.nn.Dropout(0.9))

    assert network(made, torch.nn.functional.cross_entropy)["losses"][0] == pytest.approx(np.log(2))


COURSE = {
    "base_of_course": "FACTOR = 3\n",
    "script_of_course": (
        "from base_of_course import FACTOR\n"
        "def train(op):\n"
        "    print('not to be seen')\n"
        "    return {'losses': [FACTOR * op()], 'accuracies': [1.0]}\n"
    ),
}


def test_scripts_run_with_the_students_operation(capsys: pytest.CaptureFixture[str]) -> None:
    module: Any = SimpleNamespace(f=lambda: 2)
    found = training.retrain(module, "f", COURSE)
    assert found == {"losses": [6], "accuracies": [1.0]}
    assert capsys.readouterr().out == ""


def test_modules_of_the_submission_are_there_again_afterwards(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own = ModuleType("base_of_course")
    monkeypatch.setitem(sys.modules, "base_of_course", own)
    with training.course_modules(COURSE) as modules:
        assert sys.modules["base_of_course"] is modules[0]
    assert sys.modules["base_of_course"] is own
    assert "script_of_course" not in sys.modules


def test_a_script_that_fails_leaves_nothing_behind() -> None:
    broken = {**COURSE, "script_of_course": "1 / 0"}
    with pytest.raises(ZeroDivisionError), training.course_modules(broken):
        pass
    assert "base_of_course" not in sys.modules
