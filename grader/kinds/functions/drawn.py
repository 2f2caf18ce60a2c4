"""Inputs of a part that a function of its reference may draw."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from pydantic import Field, model_validator

from grader.errors import CourseError
from grader.kinds import inputs as drawing
from grader.kinds.base import Planning
from grader.spec.functions import FunctionPart
from grader.spec.models import Path, PythonName


class DrawnPart(FunctionPart):
    """A part whose inputs a function of the reference may draw."""

    draw: PythonName | None = Field(
        None,
        description="A reference function (rng, sizes) that returns the inputs of a case by name.",
    )

    def reference_names(self) -> Iterator[tuple[Path, str]]:
        """Yield the function that draws, and those of the mistakes."""
        if self.draw:
            yield ("draw",), self.draw
        yield from super().reference_names()

    @property
    def draws(self) -> bool:
        """Whether anything of the part is drawn at all."""
        return super().draws or self.draw is not None

    @model_validator(mode="after")
    def _own_cases_match(self) -> DrawnPart:
        if not self.draw:
            wanted = set(self.inputs)
        elif self.inputs:
            raise ValueError(f"expected either inputs or draw: {self.draw} draws every input")
        else:
            wanted = set(self.also[0]) if self.also else set()
        for case in self.also:
            if set(case) != wanted:
                found, names = (", ".join(sorted(x)) or "nothing" for x in (case, wanted))
                raise ValueError(f"a case under 'also' gives {found}; expected {names}")
        return self

    @model_validator(mode="after")
    def _something_drawn(self) -> DrawnPart:
        if self.groups:
            raise ValueError("groups are for kinds that call a single function")
        if not self.inputs and not self.draw:
            raise ValueError("it has no inputs; expected inputs, or draw")
        if not self.cases.count and not self.also:
            raise ValueError("it has no case; expected a count above 0, or cases under 'also'")
        return self


def inputs_of(
    part: DrawnPart, planning: Planning, rng: np.random.Generator
) -> list[dict[str, Any]]:
    """Return the inputs of every case: the part's own first, then those drawn."""
    if part.draw is None:
        return drawing.draw(part, rng)
    own = [{name: drawing.fixed(value) for name, value in case.items()} for case in part.also]
    function = planning.reference.function(part.draw)
    drawn = [dict(function(rng, drawing.draw_sizes(part, rng))) for _ in range(part.cases.count)]
    names = [list(case) for case in own + drawn]
    if any(sorted(found) != sorted(names[0]) for found in names):
        raise CourseError(f"{part.id}: {part.draw} and the cases under 'also' name other inputs")
    order = list(drawn[0]) if drawn else names[0]
    return [{name: case[name] for name in order} for case in own + drawn]
