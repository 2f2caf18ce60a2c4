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


@pytest.mark.parametrize("back", [[1, 2], [2, 1]])
def test_all_calls_go_forward_and_then_back_in_the_order_asked_for(back: list[int]) -> None:
    Scaled.seen.clear()
    calls = [{"inputs": {"x": arrays(x)}, "grad": arrays(1)} for x in (3, 1, 5)]
    found = interleaved(student(Op=Scaled), "Op", calls, back)
    assert Scaled.seen == ["forward"] * 3 + ["backward"] * 2
    assert [float(product[0][0]) for product in found["products"]] == [1, 5]


def test_backward_gets_a_copy_of_the_context() -> None:
    given: list[Any] = []

    class Op:
        forward = staticmethod(lambda context, _: given.append(context))
        backward = staticmethod(lambda context, _: given.append(context))

    call = {"inputs": {"x": arrays(1)}, "grad": arrays(1)}
    interleaved(student(Op=Op), "Op", [call], [0])
    assert given[0] is not given[1]


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
    assert found["changed"] == ["x", "grad", "output"]


class Overwriting:
    @staticmethod
    def forward(context: dict[str, Any], x: Any) -> Any:
        context["y"] = 2 * x
        return context["y"]

    @staticmethod
    def backward(context: dict[str, Any], grad: Any) -> Any:
        context["y"] *= grad
        return context["y"]


def test_a_backward_that_overwrites_the_result_of_forward_is_named() -> None:
    found = alone(student(Op=Overwriting), "Op", {"x": arrays(1, 2)}, arrays(3, 4))
    np.testing.assert_array_equal(found["value"], [2, 4])
    assert found["changed"] == ["output"]


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
    assert interleaved(student(Op=written), "Op", [call, call], [0, 1]) == found


def test_a_step_that_says_nothing_of_its_parameters_is_tried() -> None:
    class Built:
        forward = staticmethod(max)
        backward = staticmethod(Scaled.backward)

    with pytest.raises(TypeError):
        alone(student(Op=Built), "Op", {"x": arrays(1)}, arrays(1))
