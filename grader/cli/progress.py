"""Progress of a grading run: a bar on a terminal, a line per submission otherwise."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from grader.cli.console import one_line, say
from grader.grading.run import GradingRun
from grader.messages.text import counted

if TYPE_CHECKING:
    from rich.progress import Progress as Bar


class _Running:
    """What is going on, and for how long; as text it is different every second."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._began = time.monotonic()

    def __str__(self) -> str:
        return f"{self._name}, {time.monotonic() - self._began:.0f} s"


class Progress:
    """Counts submissions as they are done; `done` may be called from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._bar: Bar | None = None
        self._task: Any = None
        self._total = self._count = 0

    @contextmanager
    def over(self, run: GradingRun, names: Sequence[str]) -> Iterator[None]:
        """Show the progress of a run while it lasts."""
        gradings = [run.gradings[name] for name in names]
        waiting = self._total = sum(len(grading.stale_submissions()) for grading in gradings)
        listed = sum(len(grading.selected) for grading in gradings)
        changed = sum(len({*g.stale_submissions(), *g.stale_tests()}) for g in gradings)
        kept = listed - changed
        if kept == listed == 1:
            say("The submission is unchanged; its results are kept.")
        elif kept:
            say(f"{kept} of {listed} submissions are unchanged; their results are kept.")
        if changed > waiting:
            say(f"Running the course's tests on {counted(changed - waiting, 'submission')}.")
        if waiting and sys.stdout is not None and sys.stdout.isatty():
            with self._shown() as bar:
                self._bar = bar
                self._task = bar.add_task("grading", total=waiting, name="starting the sandbox")
                yield
            self._bar = None
        else:
            if waiting:
                say(f"Grading {counted(waiting, 'submission')}, {run.settings.jobs} at a time.")
            yield

    @staticmethod
    def _shown() -> Bar:
        from rich.progress import (  # noqa: PLC0415  (not needed where nothing is shown)
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeElapsedColumn,
            TimeRemainingColumn,
        )

        return Progress(
            BarColumn(bar_width=40),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[name]}", markup=False),
        )

    def began(self, assignment: str, submission: str, part: str, number: int, count: int) -> None:
        """Say that a call has begun which may take long, such as one of three trainings."""
        place = f" ({number} of {count})" if count > 1 else ""
        name = f"{assignment}/{one_line(submission)}: {part}{place}"
        with self._lock:
            if self._bar is not None:
                self._bar.update(self._task, name=_Running(name))
            else:
                say(f"{' ' * (2 * len(str(self._total)) + 3)} {name}")

    def done(self, assignment: str, submission: str) -> None:
        """Count a submission."""
        name = f"{assignment}/{one_line(submission)}"
        with self._lock:
            self._count += 1
            if self._bar is not None:
                self._bar.update(self._task, advance=1, name=name)
            else:
                width = len(str(self._total))
                say(f"[{self._count:>{width}}/{self._total}] {name}")
