"""What the service hides from the student's code."""

from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace

import pytest

from grader.sandbox import service


@pytest.fixture
def modules(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    names = ("grader", "grader.values", "graders", "numpy")
    made: dict[str, object] = {name: ModuleType(name) for name in names}
    monkeypatch.setattr(service, "sys", SimpleNamespace(modules=made))
    monkeypatch.setattr(service, "_unnamed", [])
    return made


def test_the_modules_of_the_grader_go_out_of_sight_and_no_others(
    modules: dict[str, object],
) -> None:
    service.go_out_of_sight()
    assert set(modules) == {"graders", "numpy"}
    assert "grader.sandbox.service" in sys.modules


def test_nothing_listens_where_no_probe_asks_for_it(modules: dict[str, object]) -> None:
    del modules["grader"]
    assert service.go_out_of_sight() is service._nothing


def test_imports_and_files_are_noted_where_a_probe_asks_for_it(modules: dict[str, object]) -> None:
    begun: list[bool] = []
    modules["grader.probes.witness"] = SimpleNamespace(begin=lambda: begun.append(True))
    listen = service.go_out_of_sight()
    assert not begun
    listen()
    assert begun == [True]
