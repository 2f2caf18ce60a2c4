from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from grader.kinds.registry import part_models
from grader.spec import document
from grader.spec.schema import json_schema
from tests import tiny

ROOT = Path(__file__).parents[2]
jsonschema: Any = pytest.importorskip("jsonschema")


@pytest.fixture(scope="module")
def validator() -> Any:
    schema = json_schema(part_models())
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def _is_valid(validator: Any, text: str) -> bool:
    return bool(validator.is_valid(document.parse(text).data))


@pytest.mark.parametrize(
    "file", sorted(ROOT.glob("assignments/*/*.yaml")), ids=lambda path: path.stem
)
def test_the_files_of_the_course_are_valid(validator: Any, file: Path) -> None:
    assert _is_valid(validator, file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("kind", sorted(part_models()))
def test_every_kind_is_described(kind: str) -> None:
    schema = json_schema(part_models())
    kinds = schema["$defs"]["Problem"]["properties"]["parts"]["items"]["discriminator"]["mapping"]
    described = schema["$defs"][kinds[kind].rpartition("/")[2]]
    assert described["properties"]["kind"]["const"] == kind
    assert described["additionalProperties"] is False


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title: Twice a number", "titel: Twice a number"),
        ("kind: value", "kind: valeu"),
        ("points: 2", "points: -2"),
        ("points: 2", "points: []"),
        ("{count: 5, visible: 2}", "{cuont: 5}"),
        ("{x: {normal: [2]}}", "{x: {normal: 2}}"),
        ("id: twice-value", "id: twice_value"),
    ],
)
def test_what_validate_refuses_an_editor_marks_too(validator: Any, old: str, new: str) -> None:
    assert _is_valid(validator, tiny.TWICE)
    assert not _is_valid(validator, tiny.TWICE.replace(old, new, 1))


@pytest.mark.parametrize("points", ["2", "2.5", "5/9", "'5/9'"])
def test_points_may_be_written_in_every_way(validator: Any, points: str) -> None:
    assert _is_valid(validator, tiny.TWICE.replace("points: 2", f"points: {points}"))
