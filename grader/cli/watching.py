"""``grader check --watch``: again on every save, and only what changed."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from watchfiles import Change, watch

from grader.cli import terminal
from grader.cli.check import INTERRUPTED
from grader.cli.checking import NOT_RIGHT, Check, notes
from grader.grading import cells
from grader.messages import checks
from grader.records import PartResult, Status
from grader.report import checked
from grader.report.checked import WORDS, Line, Tone
from grader.sandbox.plain import PlainSandbox
from grader.submissions.ahead import packages
from grader.submissions.folder import Submission
from grader.submissions.reach import fault

_TOGETHER_MS = 400  # changes within so long are one save: formatters write again at once
_STEP_MS = 50
_QUIET_MS = 500
_GONE_S = 0.2  # an editor that saves by renaming has put the new file there by then
_IGNORED = frozenset({"__pycache__", ".git", ".ipynb_checkpoints", ".pytest_cache"})


class Watch:
    """A check that goes on; `run` returns when it is interrupted."""

    def __init__(self, check: Check, sandbox: PlainSandbox) -> None:
        """Run nothing yet."""
        self._check = check
        self._sandbox = sandbox
        self._seen: Submission | None = None
        self._prints: dict[str, str] = {}  # of parts, as they were when their verdict was made
        self._results: dict[str, PartResult] = {}
        self._broken: dict[str, str] = {}  # why files are no Python at the moment
        self._notes: set[str] = set()

    def run(self) -> int:
        """Return the exit code of the last check, when Ctrl-C ends it."""
        try:
            self._again()
            terminal.show([Line(), Line(checks.WATCHING, Tone.QUIET)])
            for _ in _saves(self._check.folder):
                self._again()
        except KeyboardInterrupt:
            terminal.show([Line()])
        if not self._results:
            return INTERRUPTED
        return NOT_RIGHT if self._broken else self._check.code(self._results)

    def _again(self) -> None:
        """Check what has changed since the last time, if anything has."""
        submission = self._submission()
        before, self._seen = self._seen, submission
        if before is not None and before.digest == submission.digest:
            return
        if before is not None:
            files = checks.changed(_changed(submission, before))
            terminal.show([Line(), Line(f"{time.strftime('%H:%M:%S')} {files}", Tone.QUIET)])
        waiting = self._waiting(submission)
        prints = self._check.checking.fingerprints(submission)
        changed = [n for n in self._check.names if prints[n] != self._prints.get(n)]
        wanted = self._check.checking.with_dependents(changed)
        wanted = [n for n in wanted if n in self._check.names and n not in waiting]
        if wanted:
            self._run(submission, wanted, first=before is None)
            self._prints |= {name: prints[name] for name in wanted}
        elif not waiting:
            terminal.show([Line(checks.UNCHANGED, Tone.QUIET)])

    def _submission(self) -> Submission:
        found = self._check.submission()
        if self._seen is not None and not self._seen.files.keys() <= found.files.keys():
            time.sleep(_GONE_S)
            found = self._check.submission()
        return found

    def _waiting(self, submission: Submission) -> set[str]:
        """Return the parts that lead to a file that is no Python at the moment; tell which it is.

        The first check tells it of every part, as any other check does.
        """
        if not self._results:
            return set()
        files = self._check.checking.files_of(self._check.names, submission)
        faults = {file: fault(file, submission.files.get(file, b"")) for file in files}
        broken = {file: checks.broken(file, why) for file, why in faults.items() if why}
        before, self._broken = self._broken, broken
        terminal.show(
            Line(cells.sentence(says, submission.notebooks), Tone.HALF)
            for file, says in broken.items()
            if before.get(file) != says
        )
        return {name for file in broken for name in files[file]}

    def _run(self, submission: Submission, wanted: Collection[str], *, first: bool) -> None:
        if not first:
            self._sandbox.warm(packages(self._check.folder))
        known = {n: r for n, r in self._results.items() if n not in wanted}
        found = self._check.checking.check(submission, wanted, known)
        before = self._results
        results = {**known, **found.results}
        self._results = {name: results[name] for name in self._check.names if name in results}
        if first:
            terminal.show(self._check.told(found, submission))
        else:
            terminal.show(notes(note for note in found.notes if note not in self._notes))
            terminal.show(checked.printed(found.printed, terminal.width()))
            terminal.show(_differences(found.results, before))
            terminal.show([Line()])
            terminal.show(self._check.summary(self._results, submission))
        self._notes = set(found.notes)
        self._sandbox.warm(packages(self._check.folder))


def _saves(folder: Path) -> Iterator[None]:
    """Yield whenever something in a folder changed, and once soon after the beginning.

    What was saved before the watch began is not missed in this way.
    """
    settled = False
    for changes in watch(
        folder,
        watch_filter=_matters,
        debounce=_TOGETHER_MS,
        step=_STEP_MS,
        rust_timeout=_QUIET_MS,
        yield_on_timeout=True,
    ):
        if changes or not settled:
            yield
        settled = True


def _matters(_: Change, path: str) -> bool:
    return _IGNORED.isdisjoint(Path(path).parts)


def _changed(now: Submission, before: Submission) -> list[str]:
    """Return the names of the files that are other than before, those that are gone included."""
    names = {*now.files, *now.refused, *before.files, *before.refused}
    made = {notebook.module for notebook in (*now.notebooks, *before.notebooks)}
    return [
        name
        for name in sorted(names - made)
        if now.files.get(name) != before.files.get(name)
        or now.refused.get(name) != before.refused.get(name)
    ]


def _differences(now: Mapping[str, PartResult], before: Mapping[str, PartResult]) -> Iterator[Line]:
    """Yield what became of parts that were checked again; verdicts as before in a line each."""
    told: dict[str, PartResult] = {}
    for name, result in now.items():
        was = before.get(name)
        word = WORDS[result.status]
        if was is not None and checked.part_as_text(was) == checked.part_as_text(result):
            yield Line(checks.still(name, word), Tone.QUIET)
        elif was is not None and result.status is Status.CORRECT is not was.status:
            yield Line(checks.became(name, word, WORDS[was.status]), Tone.RIGHT)
        else:
            told[name] = result
    yield from checked.parts(told, terminal.width())
