"""Codings that go around autograd: what was seen of it, and the line of the code it may come from.

A line alone refuses nothing, since `data` and `detach()` may stand for something harmless.  It is
named where the run has confirmed that the graph is cut.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grader import messages
from grader.kinds.codings import graph_cuts
from grader.kinds.codings.coding_records import Coding
from grader.kinds.codings.coding_slopes import Gap, gap

MISTAKES = {
    "function": "custom-function",
    "hook": "hook",
    "no_grad": "no-grad",
    "detach": "detached",
    "data": "detached",
}
_ALWAYS = ("function", "hook", "data")  # no_grad and detach can stand beside what is returned
_LEFT = 3  # generic points with a value from outside the graph; one could be chance


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a coding is refused, or left to a person."""

    says: str
    mistake: str
    by_person: bool = False


def refusal(coding: Coding, sources: Mapping[str, bytes], file: str) -> Refusal | None:
    """Return why a coding is refused, or None if it goes through autograd throughout."""
    named = graph_cuts.find(sources, file, (coding.name,))
    reached = [cut for cut in coding.cuts if cut in _ALWAYS]
    off = gap(coding)
    seen = _seen(coding, off) if off is not None else ""
    if reached:
        return _refused(coding, named, reached, seen)
    if coding.left >= _LEFT:
        if off is not None and "no_grad" in coding.cuts:
            return _refused(coding, named, ["no_grad"], seen)
        line = messages.codings.left_graph(coding.name)
        if named is not None and named.kind in {"detach", "data"}:
            line = _line(named)
        return Refusal(_joined(line, seen), "detached")
    if off is None:
        return None
    if coding.cuts:
        return _refused(coding, named, coding.cuts, seen)
    if named is not None:
        return Refusal(_joined(_line(named), seen), MISTAKES[named.kind])
    if coding.rounded >= _LEFT:
        return Refusal(f"{seen} {messages.codings.BY_PERSON}", "", by_person=True)
    return Refusal(f"{seen} {messages.codings.AROUND}", "detached")


def _seen(coding: Coding, off: Gap) -> str:
    return messages.codings.slopes_differ(
        coding.name, off.x, off.values, off.autograd, off.count, off.total
    )


def _refused(
    coding: Coding, named: graph_cuts.Cut | None, reached: Sequence[str], seen: str
) -> Refusal:
    kind = named.kind if named is not None and named.kind in reached else reached[0]
    line = messages.codings.cut_reached(kind, coding.name)
    if named is not None and named.kind == kind:
        line = _line(named)
    return Refusal(_joined(line, seen), MISTAKES[kind])


def _line(cut: graph_cuts.Cut) -> str:
    return messages.codings.cut_named(cut.kind, cut.file, cut.line, cut.text)


def _joined(first: str, second: str) -> str:
    return f"{first} {second}" if second else first
