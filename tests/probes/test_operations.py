"""The probe that drives an operation: alone, and while another call is under way."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np
import pytest

from grader.probes.operations import alone, interleaved


class Scaled:
    seen: list[str] = []  # noqa: RUF012

    @staticmethod
    def forward(context: dict[str, Any], x: Any) -> Any:
        assert context == {}
        context["x"] = x
        Scaled.seen.append("forward")
        return 2 * x

    @staticmethod
    def backward(context: dict[str, Any], grad: Any) -> Any:
        Scaled.seen.append("backward")
        return (grad * context["x"],)


def student(**names: Any) -> ModuleType:
    module = ModuleType("solution")
    vars(module).update(names)
    return module


def arrays(*numbers: float) -> np.ndarray:
    return np.array(numbers)


def test_value_and_product_come_back_as_data() -> None:
    found = alone(student(Op=Scaled), "Op", {"x": arrays(1, 2)}, arrays(3, 4))
    np.testing.assert_array_equal(found["value"], [2, 4])
    np.testing.assert_array_equal(found["product"], [[3, 8]])
    assert found["changed"] == []


def test_two_calls_are_made_forward_forward_backward_backward() -> None:
    Scaled.seen.clear()
    call = {"inputs": {"x": arrays(1)}, "grad": arrays(1)}
    other = {"inputs": {"x": arrays(5)}, "grad": arrays(1)}
    found = interleaved(student(Op=Scaled), "Op", call, other)
    assert Scaled.seen == ["forward", "forward", "backward", "backward"]
    assert [float(product[0][0]) for product in found["products"]] == [1, 5]


class Careless:
    @staticmethod
    def forward(context: dict[str, Any], x: Any) -> Any:
        context["x"] = x
        return x

    @staticmethod
    def backward(context: dict[str, Any], grad: Any) -> Any:
        context["x"][:] = 7
        grad[:] = 0
        return grad


def test_the_value_is_what_forward_gave_and_changes_are_named() -> None:
    found = alone(student(Op=Careless), "Op", {"x": arrays(1, 2)}, arrays(3, 4))
    np.testing.assert_array_equal(found["value"], [1, 2])
    assert found["changed"] == ["x", "grad"]


class WithSelf:
    def forward(self, context: Any, x: Any) -> None: ...

    def backward(self, context: Any, grad: Any) -> None: ...


@pytest.mark.parametrize(
    ("written", "found"),
    [
        (type("Op", (), {}), {"missing": "forward"}),
        (type("Op", (), {"forward": staticmethod(Scaled.forward)}), {"missing": "backward"}),
        (7, {"missing": "forward"}),
        (
            WithSelf,
            {"signature": ["forward", "(self, context: 'Any', x: 'Any') -> 'None'"]},
        ),
    ],
)
def test_what_cannot_be_called_on_the_class_is_told(written: Any, found: Any) -> None:
    call = {"inputs": {"x": arrays(1)}, "grad": arrays(1)}
    assert alone(student(Op=written), "Op", {"x": arrays(1)}, arrays(1)) == found
    assert interleaved(student(Op=written), "Op", call, call) == found


def test_a_step_that_says_nothing_of_its_parameters_is_tried() -> None:
    class Built:
        forward = staticmethod(max)
        backward = staticmethod(Scaled.backward)

    with pytest.raises(TypeError):
        alone(student(Op=Built), "Op", {"x": arrays(1)}, arrays(1))
