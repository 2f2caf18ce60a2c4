from __future__ import annotations

from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pytest

from grader.spec.functions import FunctionPart
from grader.spec.models import Part
from grader.spec.written import written_names


class _Several(Part):
    names: Any = ()

    @property
    def source_file(self) -> str:
        return "solution.py"

    @property
    def functions(self) -> Any:
        return self.names


def _several(names: Any) -> Part:
    return _Several(id="a", kind="x", title="x", points=Fraction(1), names=names)


def test_a_function_is_named() -> None:
    part = FunctionPart(id="a", kind="x", title="x", points=Fraction(1), function="q1_f")
    assert written_names(part) == ("q1_f",)


def test_a_written_answer_asks_for_no_code() -> None:
    assert written_names(Part(id="a", kind="x", title="x", points=Fraction(1))) == ()


@pytest.mark.parametrize(
    "names",
    [("f", "g"), {"forward": "f", "product": "g"}, lambda: {"forward": "f", "product": "g"}],
    ids=["tuple", "mapping", "method"],
)
def test_several_functions_are_named_in_order(names: object) -> None:
    assert written_names(_several(names)) == ("f", "g")


@pytest.mark.parametrize("field", ["classes", "algorithms"])
def test_what_is_named_one_by_one_is_found(field: str, monkeypatch: pytest.MonkeyPatch) -> None:
    items = (SimpleNamespace(name="Add"), SimpleNamespace(name="mul", function="Mul"), 3)
    monkeypatch.setattr(_Several, field, items, raising=False)
    assert written_names(_several(())) == ("Add", "Mul")


def test_a_number_of_classes_names_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_Several, "classes", 10, raising=False)
    assert written_names(_several(())) == ()
