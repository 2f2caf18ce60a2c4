"""What a part with two codings asks for."""

from __future__ import annotations

from fractions import Fraction
from typing import ClassVar, Literal, TypeAlias

from pydantic import Field, model_validator

from grader import messages
from grader.kinds.codings.coding_refusals import MISTAKES
from grader.kinds.written.written import RubricItem
from grader.spec.models import FileName, Part, Points, PythonName

Share: TypeAlias = Literal["jump", "first", "second"]


class TwoCodingsPart(Part):
    """Two torch functions of a number that are the same function, and a point."""

    kind: Literal["two_codings"]
    file: FileName = "solution.py"
    functions: tuple[PythonName, PythonName] = Field(description="The two codings.")
    point: PythonName = Field(description="The number at which their derivatives are compared.")
    asks: Literal["jump", "smooth"] = Field(
        description="jump: a function that is not continuous; smooth: differentiable at the point."
    )
    derivatives: tuple[float, float] | None = Field(
        None, description="What autograd has to give for each; without it any two numbers."
    )
    shares: dict[Share, Points] = Field(
        default_factory=dict,
        description="For a jump: the points for it, and for either coding's derivative.",
    )
    count: int = Field(200, ge=1, le=2000, description="Random points.")

    built_in_mistakes: ClassVar[tuple[str, ...]] = (
        *sorted(set(MISTAKES.values())),
        "continuous",
        "different-functions",
        "not-differentiable",
        "no-graph",
        "wrong-derivative",
        "same-derivative",
    )

    @property
    def source_file(self) -> str:
        """The file with the functions."""
        return self.file

    @property
    def rubric(self) -> tuple[RubricItem, ...]:
        """What a person may give points for, where the values do not decide."""
        names = {
            "jump": messages.codings.JUMP,
            "first": messages.codings.coding_of(self.functions[0]),
            "second": messages.codings.coding_of(self.functions[1]),
        }
        shares = self.shares.items()
        return tuple(
            RubricItem(id=key, says=names[key], points=worth) for key, worth in shares
        ) or (RubricItem(id="right", says=messages.codings.TWICE, points=self.points),)

    def point_shares(self) -> tuple[Fraction, ...]:
        """Return the points of the jump and of each derivative."""
        return tuple(self.shares.values())

    @model_validator(mode="after")
    def _fits(self) -> TwoCodingsPart:
        wanted = {"jump", "first", "second"} if self.asks == "jump" else set()
        if set(self.shares) != wanted:
            found, names = (", ".join(sorted(x)) or "none" for x in (self.shares, wanted))
            raise ValueError(f"expected shares for {names}; found {found}")
        if (self.derivatives is not None) != (self.asks == "jump"):
            raise ValueError("expected derivatives for a jump, and none for a smooth function")
        if self.functions[0] == self.functions[1]:
            raise ValueError("expected two different names of functions")
        return self
