"""A student's own check as lines of text, each with a tone; a terminal shows tones as colours."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from grader.messages import checks
from grader.records import PartResult, Status
from grader.report.plain import WIDTH, part_text
from grader.report.words import STATUS_WORDS

WORDS: Mapping[Status, str] = {
    **STATUS_WORDS,
    Status.MISSING: checks.NOT_THERE_YET,
    Status.SKIPPED: checks.LATER,
}
SETTLED = frozenset({Status.CORRECT, Status.PENDING, Status.SKIPPED})
"""What does not keep a check from being right: the last two are judged when it is graded."""

_OF_STARTER = "Not there yet: "
_LEAST_WIDTH = 40
_PRINTED_LINES = 15


class Tone(Enum):
    """How a line is meant."""

    PLAIN = "plain"
    RIGHT = "right"
    HALF = "half"
    WRONG = "wrong"
    QUIET = "quiet"


_TONES = {
    Status.CORRECT: Tone.RIGHT,
    Status.PARTIAL: Tone.HALF,
    Status.MISSING: Tone.HALF,
    Status.PENDING: Tone.QUIET,
    Status.SKIPPED: Tone.QUIET,
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line."""

    text: str = ""
    tone: Tone = Tone.PLAIN


def not_right(results: Mapping[str, PartResult], optional: Collection[str] = ()) -> list[str]:
    """Return the parts to be looked at; an optional one only if something was handed in."""
    return [
        name
        for name, result in results.items()
        if result.status not in SETTLED
        and not (result.status is Status.MISSING and name in optional)
    ]


def parts(results: Mapping[str, PartResult], width: int = WIDTH) -> Iterator[Line]:
    """Yield what is told of all parts; what several have in common is told of the first."""
    told: dict[str, str] = {}
    apart = False  # whether an empty line has to come next
    for name, result in results.items():
        common = _common(result)
        lines = list(part(result, width, same_as=told.get(common, "") if common else ""))
        if common:
            told.setdefault(common, name)
        detailed = len(lines) > 1 and result.status is not Status.SKIPPED
        if apart or detailed:
            yield Line()
        apart = detailed
        yield from lines


def _common(result: PartResult) -> str:
    """Return what a part fails of if it is that its file cannot be imported, else nothing."""
    failure = result.failure
    if result.status is not Status.CRASHED or failure is None or not failure.frames:
        return ""
    frame = failure.frames[0]
    return f"{result.summary} {frame}" if frame.function == "<module>" else ""


def part(result: PartResult, width: int = WIDTH, *, same_as: str = "") -> Iterator[Line]:
    """Yield what is told of a part: a line, or for one with something to look at several."""
    width = max(width, _LEAST_WIDTH)
    tone, word = _TONES.get(result.status, Tone.WRONG), WORDS[result.status]
    if same_as:
        yield Line(f"{result.id}: {word}, {checks.same_as(same_as)}", tone)
    elif result.status is Status.MISSING:
        why = result.summary.replace(_OF_STARTER, "")
        yield Line(_cut(f"{result.id}: {word} - {why}", width), tone)
    elif result.status is Status.SKIPPED:
        says = f"{result.id}: {result.summary}"
        lines = textwrap.wrap(says, width, subsequent_indent="  ", break_on_hyphens=False)
        yield from (Line(line, tone) for line in lines)
    elif result.status in SETTLED:
        yield Line(f"{result.id}: {word}", tone)
    else:
        first, *rest = part_text(result, width=width, words=WORDS).splitlines()
        yield Line(first, tone)
        yield from (Line(line) for line in rest)


def part_as_text(result: PartResult) -> str:
    """Return what is told of a part, in one text."""
    return "\n".join(line.text for line in part(result))


def _cut(text: str, width: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= width else f"{line[: width - 3].rstrip()}..."


def printed(text: str, width: int = WIDTH) -> Iterator[Line]:
    """Yield the beginning of what the student's code printed."""
    lines = text.splitlines()
    if lines:
        yield Line(checks.PRINTED, Tone.QUIET)
        yield from (Line(_kept(f"  {line}", width)) for line in lines[:_PRINTED_LINES])
        if len(lines) > _PRINTED_LINES:
            yield Line(f"  {checks.PRINTED_MORE}", Tone.QUIET)
        yield Line()


def _kept(line: str, width: int) -> str:
    return line if len(line) <= width else f"{line[: width - 3]}..."


def summary(
    results: Mapping[str, PartResult],
    *,
    optional: Collection[str] = (),
    dependents: Mapping[str, Sequence[str]],
    files: Mapping[str, str],
    width: int = WIDTH,
) -> Iterator[Line]:
    """Yield how many parts are right, what the others are, and what to look at first.

    `dependents` has, by part, those that build on it; `files` the file of each part with code.
    """
    width = max(width, _LEAST_WIDTH)
    seen = [result.status for result in results.values()]
    points = sum((result.points for result in results.values()), Fraction(0))
    wrong = not_right(results, optional)
    missing = [name for name in wrong if results[name].status is Status.MISSING]
    tone = Tone.WRONG if wrong else Tone.RIGHT
    yield Line(checks.tally(seen.count(Status.CORRECT), len(seen), points), tone)
    others = checks.others(
        len(wrong) - len(missing),
        seen.count(Status.MISSING),
        seen.count(Status.PENDING),
        seen.count(Status.SKIPPED),
    )
    if others:
        yield Line(others)
    if not wrong:
        return
    begun = [name for name in wrong if name not in missing]
    first = _first(results, begun, dependents) if begun else wrong[0]
    if _common(results[first]):
        yield Line(checks.look_first_at_file(files[first]))
    else:
        yield Line(checks.look_first(first, [n for n in dependents.get(first, ()) if n in wrong]))
    others_wrong = [name for name in wrong if name != first]
    if others_wrong:
        yield from (
            Line(line)
            for line in textwrap.wrap(
                checks.look_then(others_wrong),
                width,
                subsequent_indent="  ",
                break_on_hyphens=False,
            )
        )
    shown = (n for n in begun if any(not case.right for case in results[n].visible))
    tried = next((files[name] for name in shown if name in files), "")
    if tried:
        yield Line(checks.try_it(tried), Tone.QUIET)


def _first(
    results: Mapping[str, PartResult],
    wrong: Sequence[str],
    dependents: Mapping[str, Sequence[str]],
) -> str:
    """Return the part to look at first: one whose file stops others, or that others build on."""
    return max(
        wrong,
        key=lambda name: (
            bool(_common(results[name])),
            len([other for other in dependents.get(name, ()) if other in wrong]),
            -wrong.index(name),
        ),
    )
