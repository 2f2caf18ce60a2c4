"""Written answers that follow from the numbers of their part: a function of the reference has them.

The function gets the numbers by name.  Once a part is filled in, what it returned stands in the
part's own fields, and nothing that judges knows the difference.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, TypeAlias

from pydantic import Field

from grader.spec.models import Path, PythonName
from grader.spec.variants import VariedPart

ReferenceAnswer: TypeAlias = Annotated[
    PythonName | None,
    Field(description="A function of the reference: from the part's numbers to the answer."),
]


def require_one_way(answer: Any) -> None:
    """Raise ValueError unless an answer is given in exactly one way."""
    if bool(answer.answer) == (answer.of is not None):
        raise ValueError("expected either answer or of")


class AnswerPart(VariedPart):
    """A part with a right answer, and others that are accepted or known to be wrong."""

    worded: ClassVar[tuple[str, ...]] = (*VariedPart.worded, "alternatives")

    @property
    def waits(self) -> bool:
        """Whether some answer is not known before the part is filled in."""
        return any(True for _ in self._functions())

    @property
    def answer_is_drawn(self) -> bool:
        """Whether the right answer follows from numbers that are drawn."""
        return bool(self.numbers)

    def _functions(self) -> Iterator[tuple[Path, str]]:
        """Yield where a function of the reference gives an answer, and its name."""
        answers: list[tuple[Path, Any]] = [((), self)]
        for field in ("alternatives", "mistakes"):
            others = getattr(self, field, ())
            answers += [((field, index), other) for index, other in enumerate(others)]
        for path, answer in answers:
            function = getattr(answer, "of", None)
            if function is not None:
                yield (*path, "of"), function

    def reference_names(self) -> Iterator[tuple[Path, str]]:
        """Yield the functions that give answers."""
        yield from super().reference_names()
        yield from self._functions()
