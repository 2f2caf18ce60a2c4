"""``grader audit --mutants``: whether the cases see a slip in the reference solution."""

from __future__ import annotations

import datetime
import importlib.util
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.cli.console import complain, say
from grader.errors import GraderError, UsageError
from grader.grading.run import usable_cores
from grader.messages.text import counted
from grader.records import Status
from grader.spec.course import Course

if TYPE_CHECKING:
    from grader.grading.mutants.hunt import Bag, Hunted

SOUND, FINDINGS, BAD_USAGE, INTERRUPTED = 0, 1, 2, 130
MISSING = "mutants are made with libcst, which is not installed: pip install 'grader[mutants]'"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What was asked for on the command line."""

    only: Sequence[str] = ()
    limit: int | None = None
    seed: int | None = None
    table: Path | None = None
    jobs: int | None = None
    unsafe: bool = False


def run(names: Sequence[str], wishes: Wishes, course: Path | None) -> int:
    """Return the exit code of a hunt for mutants; what it found is printed."""
    try:
        if importlib.util.find_spec("libcst") is None:
            raise UsageError(MISSING)
        if wishes.table is not None and (wishes.only or wishes.limit is not None):
            raise UsageError("--table is for whole assignments: leave out --only and --limit")
        return _hunt(Course.find(course or Path()), list(names), wishes)
    except GraderError as error:
        complain(str(error))
        return BAD_USAGE
    except KeyboardInterrupt:
        say("Interrupted; nothing more was found out.")
        return INTERRUPTED


def _hunt(course: Course, names: list[str], wishes: Wishes) -> int:
    from grader.grading.mutants.expedition import Expedition  # noqa: PLC0415  (needs libcst)
    from grader.grading.mutants.hunt import Choice  # noqa: PLC0415
    from grader.grading.mutants.table import page  # noqa: PLC0415

    if wishes.table:
        _read(wishes.table)  # before the work of minutes, not behind it
    found = []
    with _Progress().shown() as progress:
        expedition = Expedition(
            course,
            Choice(tuple(wishes.only), wishes.limit, wishes.seed or 0),
            wishes.jobs or usable_cores(),
            wishes.unsafe,
            progress.begin,
            progress.done,
        )
        for assignment in expedition.assignments(course.chosen(names)):
            bag = expedition.hunt(assignment)
            found.append((assignment.id, bag))
            _tell(assignment.id, bag)
    if wishes.table:
        today = datetime.datetime.now(datetime.UTC).date()
        wishes.table.write_text(page(_read(wishes.table), found, today), encoding="utf-8")
    if all(bag.sound for _, bag in found):
        say("\nNo mutant survives that is not equivalent or excused.")
        return SOUND
    return FINDINGS


def _read(table: Path) -> str:
    try:
        return table.read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{table}: cannot be read: {error.strerror}") from None


class _Progress:
    """How far a hunt is: a bar on a terminal, a line now and then otherwise."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._task: Any = None
        self._told = 0

    @contextmanager
    def shown(self) -> Iterator[_Progress]:
        """Show the bar while it lasts, on a terminal."""
        if sys.stdout is None or not sys.stdout.isatty():
            yield self
            return
        from rich.progress import Progress  # noqa: PLC0415  (not needed where nothing is shown)

        with Progress(transient=True) as self._bar:
            yield self

    def begin(self, name: str, count: int) -> None:
        """Say that the mutants of an assignment are graded now."""
        self._told = 0
        if self._bar is None:
            say(f"Grading {counted(count, 'mutant')} of {name}.")
        else:
            self._task = self._bar.add_task(name, total=count)

    def done(self, done: int, of: int) -> None:
        """Say how many are done."""
        if self._bar is not None:
            self._bar.update(self._task, completed=done)
        elif done * 10 // of > self._told:
            self._told = done * 10 // of
            say(f"[{done:>{len(str(of))}}/{of}]")


def _tell(name: str, bag: Bag) -> None:
    from grader.grading.mutants.hunt import Fate  # noqa: PLC0415
    from grader.grading.mutants.table import COLUMNS, rows  # noqa: PLC0415

    say(f"\n{name}")
    lines = rows(bag)
    width = max([len(part) for part, _ in lines], default=0)
    if lines:
        say(f"  {'':<{width}}  {'  '.join(COLUMNS)}")
    for part, row in lines:
        cells = (f"{value:>{len(head)}}" for value, head in zip(row, COLUMNS, strict=True))
        say(f"  {part:<{width}}  {'  '.join(cells)}")
    hanging = sum(each.says.endswith(Status.TIMED_OUT) for each in bag.hunted)
    if hanging:
        say(f"  {hanging} of those killed took too long")
    if bag.left_out:
        say(f"  {counted(bag.left_out, 'more mutant')} left out: --limit")
    if bag.not_run:
        say(f"  left alone, since no part runs them: {', '.join(bag.not_run)}")
    for each in bag.hunted:
        if each.fate is not Fate.KILLED:
            say(_text(each))
    for part, says in bag.faults:
        say(f"\n  {part}: cannot be audited with mutants\n    found     {says}")
    for excuse, says in bag.stale:
        say(f"\n  stale excuse, line {excuse.at}\n    - {excuse.line}\n    + {excuse.becomes}")
        say(f"    found     {says}")


def _text(hunted: Hunted) -> str:
    change = hunted.mutant.change
    place = f"{change.file}:{hunted.mutant.number}"
    within = f" in {change.scope}" if change.scope else ""
    lines = [f"\n  {hunted.fate}: {place}{within}, {hunted.mutant.operator}"]
    lines += [f"    - {line}" for line in change.line.split("\n")]
    lines += [f"    + {line}" for line in change.becomes.split("\n")]
    lines += [f"    parts     {', '.join(hunted.parts)}", f"    why       {hunted.says}"]
    return "\n".join(lines)
