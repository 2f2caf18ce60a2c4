"""The kinds that a course can use."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import EntryPoint

import pytest

from grader.errors import CourseError
from grader.kinds import registry
from grader.kinds.base import Kind
from grader.kinds.registry import BUILT_IN, kinds, part_models, probes
from grader.kinds.written.written import ManualPart


class Added(Kind[ManualPart]):
    name = "added"
    model = ManualPart


class Namesake(Kind[ManualPart]):
    name = "gradient"
    model = ManualPart


def test_every_kind_is_found_under_its_name() -> None:
    assert all(kinds()[name].name == name for name in BUILT_IN)
    assert all(part_models()[name] is kinds()[name].model for name in BUILT_IN)
    assert part_models()["gradient"].__name__ == "GradientPart"


def test_a_kind_is_made_once() -> None:
    assert kinds()["value"] is kinds()["value"]


def test_every_probe_can_be_imported_and_is_listed_once() -> None:
    names = probes(list(kinds()) * 2)
    declared = {probe for name in BUILT_IN for probe in kinds()[name].probes}
    assert len(names) == len(set(names)) == len(declared) > 3
    for name in names:
        home, _, function = name.partition(":")
        assert callable(getattr(import_module(home), function))


def test_a_kind_is_imported_when_it_is_used_and_no_other_is() -> None:
    code = """
import sys
from collections.abc import Iterator
from grader.kinds.registry import kinds, part_models
table = part_models()
assert not [name for name in sys.modules if name.startswith("grader.kinds.functions")]
kinds()["choice"]
assert "grader.kinds.written.choices" in sys.modules
assert not [name for name in sys.modules if name.startswith("grader.kinds.functions")]
"""
    subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[type[Kind[ManualPart]]]]:
    """The kinds of other packages; what is put into the list is installed."""
    found: list[type[Kind[ManualPart]]] = []

    def entry_points(group: str) -> list[EntryPoint]:
        assert group == "grader.kinds"
        value = f"{__name__}:"
        return [EntryPoint(kind.name, f"{value}{kind.__name__}", group) for kind in found]

    monkeypatch.setattr("importlib.metadata.entry_points", entry_points)
    registry._added.cache_clear()
    yield found
    registry._added.cache_clear()


def test_a_package_adds_a_kind(installed: list[type[Kind[ManualPart]]]) -> None:
    installed.append(Added)
    assert isinstance(kinds()["added"], Added)
    assert list(kinds()) == [*BUILT_IN, "added"]
    assert part_models()["added"] is ManualPart


def test_a_name_that_nobody_has_is_no_key(installed: list[type[Kind[ManualPart]]]) -> None:
    assert installed == []
    assert "made-up" not in kinds()
    assert len(part_models()) == len(BUILT_IN)


def test_two_kinds_of_one_name_are_a_fault(installed: list[type[Kind[ManualPart]]]) -> None:
    installed.append(Namesake)
    with pytest.raises(CourseError) as error:
        list(kinds())
    assert str(error.value) == (
        f"two kinds are called 'gradient': functions.derivatives:Gradient and {Namesake}"
    )
