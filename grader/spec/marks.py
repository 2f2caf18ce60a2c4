"""What people gave for the parts that a person judges: `marks/<assignment>.yaml`.

    ada:
      q1-convexity:
        rubric: {combination: 3, left: 3, right: 2.5}
        comment: The right inequality needs x < b.

Items of the rubric that are left out count as zero points.
"""

from __future__ import annotations

from pydantic import RootModel

from grader.spec.models import Identifier, Model, Points


class Mark(Model):
    """A person's judgement of one part of one submission."""

    rubric: dict[Identifier, Points]
    comment: str = ""


class Marks(RootModel[dict[str, dict[Identifier, Mark]]]):
    """All marks of an assignment: submission, then part."""
