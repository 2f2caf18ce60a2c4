"""The kinds that a course can use."""

from __future__ import annotations

from importlib import import_module

from grader.kinds.registry import BUILT_IN, kinds, part_models, probes


def test_every_kind_is_found_under_its_name() -> None:
    assert all(kinds()[kind.name].model is kind.model for kind in BUILT_IN)
    assert part_models()["gradient"].__name__ == "GradientPart"


def test_every_probe_can_be_imported_and_is_listed_once() -> None:
    names = probes(list(kinds()) * 2)
    declared = {probe for kind in BUILT_IN for probe in kind.probes}
    assert len(names) == len(set(names)) == len(declared) > 3
    for name in names:
        home, _, function = name.partition(":")
        assert callable(getattr(import_module(home), function))
