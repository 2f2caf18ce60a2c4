"""``grader audit``: whether a course's own material gets the verdicts that it has to get."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path

from grader.cli.console import complain, say
from grader.cli.progress import Progress
from grader.errors import GraderError
from grader.grading.audit import Audit, Finding
from grader.grading.run import GradingRun, Settings, usable_cores
from grader.messages.text import counted
from grader.spec.course import Course

SOUND, FINDINGS, BAD_USAGE, INTERRUPTED = 0, 1, 2, 130
WIDTH = 100


def run(
    names: Sequence[str],
    *,
    jobs: int | None,
    seed: int | None,
    unsafe: bool,
    course: Path | None,
) -> int:
    """Return the exit code of an audit; what it found is printed."""
    progress = Progress()
    try:
        found = Course.find(course or Path())
        chosen = found.chosen(list(names))
        settings = Settings(
            jobs=jobs or usable_cores(),
            unsafe=unsafe,
            on_done=progress.done,
            on_call=progress.began,
        )
        with GradingRun(found, settings) as grading_run:
            return _audit(grading_run, chosen, seed, progress)
    except GraderError as error:
        complain(str(error))
        return BAD_USAGE
    except KeyboardInterrupt:
        say("Interrupted; nothing was found out.")
        return INTERRUPTED


def _audit(run: GradingRun, names: Sequence[str], seed: int | None, progress: Progress) -> int:
    total = ready = 0
    with Audit(run, seed=seed) as audit:
        for name in names:
            try:
                audit.add(name)
                ready += 1
            except GraderError as error:  # one that cannot be read does not stop the others
                complain(str(error))
        if not ready:
            return BAD_USAGE
        run.require_sandbox()
        with progress.over(run, audit.labels):
            audit.grade()
        for outcome in audit.outcomes():
            say(f"\n{outcome.assignment}: {outcome.checked}")
            for finding in outcome.findings:
                say(_text(finding))
            for note in outcome.notes:
                say(_wrapped("note", note))
            total += len(outcome.findings)
    if total:
        say("")
        complain(counted(total, "finding"))
    elif ready == len(names):
        say("\nNothing was found that has to be mended.")
    if ready < len(names):
        return BAD_USAGE
    return FINDINGS if total else SOUND


def _text(finding: Finding) -> str:
    place = f"{finding.assignment}/{finding.part}" if finding.part else finding.assignment
    lines = (("found", finding.found), ("expected", finding.expected), ("do", finding.advice))
    return "\n".join(
        [f"\n  {place}, {finding.where}", *(_wrapped(word, text) for word, text in lines)]
    )


def _wrapped(word: str, text: str) -> str:
    # Names of parts and files are not torn apart at their hyphens.
    return textwrap.fill(
        " ".join(text.split()),
        WIDTH,
        initial_indent=f"    {word:<10}",
        subsequent_indent=" " * 14,
        break_on_hyphens=False,
    )
