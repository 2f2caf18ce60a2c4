"""What a release holds of a part: chosen fields of its YAML, visible cases, and nothing else.

Fields are named one by one, so that one that is added to a kind stays at home until somebody has
thought about it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from grader.kinds.base import PartPlan
from grader.spec.models import Part

OF_EVERY_PART = ("id", "kind", "title", "points", "statement", "hint", "wall_s", "bonus")
WITHHELD = "withheld"
"""What takes the place of a name in the reference where a part is read from a release."""

_ANY: Mapping[str, Any] = {"value": 0}  # for inputs, of which a release has the names only


def fields(part: Part, names: Sequence[str] = ()) -> dict[str, Any]:
    """Return the fields of every part, and these, as JSON data; those at their defaults left out.

    Of inputs there are the names, and of cases how many students see.
    """
    wanted = (*OF_EVERY_PART, *names)
    found = part.model_dump(mode="json", exclude_defaults=True)
    chosen: dict[str, Any] = {name: found[name] for name in wanted if name in found}
    if "file" in names:
        chosen["file"] = part.source_file  # also where it is the default: a check looks for it
    if "inputs" in chosen:
        chosen["inputs"] = list(chosen["inputs"])
    if "cases" in wanted:
        chosen["cases"] = part.cases.visible  # type: ignore[attr-defined]  # it has that field
    return chosen


def given_back(found: Mapping[str, Any], **withheld: Any) -> dict[str, Any]:
    """Return the fields as a model takes them, with something in place of what was withheld."""
    made = {**found, **withheld}
    if isinstance(made.get("inputs"), list):
        made["inputs"] = {str(name): dict(_ANY) for name in made["inputs"]}
    if isinstance(made.get("cases"), int):
        made["cases"] = {"count": max(1, made["cases"]), "visible": made["cases"]}
    return made


def shown(plan: PartPlan) -> PartPlan:
    """Return a plan without its hidden cases."""
    visible = plan.visible
    if visible is None:
        return plan
    return replace(plan, calls=plan.calls[:visible], expected=plan.expected[:visible])
