"""The JSON Schema of the YAML files, for editors that complete and check while one types."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Annotated, Any

from pydantic import Field, create_model
from pydantic.json_schema import models_json_schema

from grader.spec.models import AssignmentSpec, PartModels, Problem


def json_schema(models: PartModels) -> dict[str, Any]:
    """Return one JSON Schema that fits `assignment.yaml` and every problem's YAML."""
    kinds: Any = Annotated[reduce(or_, models.values()), Field(discriminator="kind")]
    parts: Any = tuple.__class_getitem__((kinds, ...))
    problem = create_model("Problem", __base__=Problem, parts=(parts, Field(min_length=1)))
    _, schema = models_json_schema([(AssignmentSpec, "validation"), (problem, "validation")])
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A problem or an assignment of grader",
        "anyOf": [{"$ref": "#/$defs/AssignmentSpec"}, {"$ref": "#/$defs/Problem"}],
        **schema,
    }
