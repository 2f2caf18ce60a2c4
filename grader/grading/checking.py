"""A student's own check: one submission, the visible cases, nothing kept.

There is no gradebook and no key here, so that nothing is imported or hashed that a check of one
folder can do without.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol, TypeAlias

from grader.errors import SandboxError, UsageError
from grader.grading import verdicts
from grader.grading.plans import Planned
from grader.kinds.base import Judging
from grader.records import PartResult, RunOutcome, RunRequest
from grader.spec.faults import suggestion
from grader.spec.loader import Assignment, LoadedProblem
from grader.submissions import answers
from grader.submissions.folder import SOLUTION, Submission, read
from grader.submissions.reach import reached

PlansOf: TypeAlias = Callable[[LoadedProblem], tuple[Planned, ...]]
"""Gives the plans of a problem's parts, with visible cases only."""


OF_RELEASE = frozenset({"self-check.json", "statement.html", "statement.md", "README.md"})
"""What a release has beside the starter; none of it is what a student writes."""


class Runner(Protocol):
    """What runs the student's code."""

    def run(self, request: RunRequest) -> RunOutcome:
        """Return what every part did; raises SandboxError if it fails itself."""
        ...


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found."""

    results: Mapping[str, PartResult]  # of the parts that were asked for, in order
    notes: tuple[str, ...] = ()
    printed: str = ""  # by the student's code


class Checking:
    """The check of one assignment; `check` may be called again and again."""

    def __init__(self, assignment: Assignment, plans: PlansOf, runner: Runner) -> None:
        """Plan and run nothing yet."""
        self.assignment = assignment
        self._plans = plans
        self._runner = runner
        self._parts = {part.id: part for part in assignment.parts}

    def submission(self, folder: Path, *, released: bool) -> Submission:
        """Return what a student has written, in an unpacked release or in another folder."""
        found = read(folder, folder.name)
        if released:
            own = {name: raw for name, raw in found.files.items() if name not in OF_RELEASE}
            found = replace(found, files=own)
        return found.as_modules({SOLUTION, *(part.source_file for part in self._parts.values())})

    def check(
        self,
        submission: Submission,
        wanted: Collection[str] | None = None,
        known: Mapping[str, PartResult] | None = None,
    ) -> Checked:
        """Return the verdicts on the wanted parts, or on all.

        `known` are verdicts that still hold: a part that another needs is run for that one's sake
        unless its verdict is among them.
        """
        names = [name for name in self._parts if wanted is None or name in wanted]
        found = {name: result for name, result in (known or {}).items() if name not in names}
        run = {*names, *(need for name in names for need in self._needs(name, found))}
        items = [
            (problem, item)
            for problem in self.assignment.problems
            if any(part.id in run for part in problem.spec.parts)
            for item in self._plans(problem)
            if item.part.id in run
        ]
        written = answers.read(submission.files, list(self._parts))

        def judge(outcome: RunOutcome | None, fault: str, *, written_only: bool) -> None:
            for problem, item in items:
                alone = not item.plan.calls and not list(item.part.needed_parts())
                if alone is written_only:
                    earlier = {p.id: found[p.id] for p in problem.spec.parts if p.id in found}
                    judging = _judging(problem, submission, written, earlier)
                    name = item.part.id
                    found[name] = verdicts.verdict(item, submission, outcome, judging, fault)

        # What is written is read while the code runs: a grammar takes a while to be imported.
        with ThreadPoolExecutor(1) as aside:
            reading = aside.submit(judge, None, "", written_only=True)
            outcome, fault = self._run([item for _, item in items], submission)
            reading.result()
        judge(outcome, fault, written_only=False)
        return Checked(
            {name: found[name] for name in names},
            (*submission.notes, *written.notes),
            outcome.output if outcome else "",
        )

    def _run(
        self, items: Sequence[Planned], submission: Submission
    ) -> tuple[RunOutcome | None, str]:
        limits = self.assignment.spec.limits.record()
        request = verdicts.request(items, submission, limits)
        if request is None:
            return None, ""
        try:
            return self._runner.run(request), ""
        except SandboxError as error:
            return None, str(error)

    def _needs(self, name: str, known: Collection[str]) -> Iterator[str]:
        """Yield the parts that a part needs, directly or not, unless they are known."""
        for _, need in self._parts[name].needed_parts():
            if need not in known:
                yield need
                yield from self._needs(need, known)

    def dependents(self, name: str) -> list[str]:
        """Return the parts that need a part, directly or not."""
        return [other for other in self._parts if name in self._needs(other, ())]

    def with_dependents(self, names: Collection[str]) -> list[str]:
        """Return these parts and those that need one of them, in order."""
        return [
            name
            for name in self._parts
            if name in names or any(need in names for need in self._needs(name, ()))
        ]

    def fingerprints(self, submission: Submission) -> dict[str, str]:
        """Return, by part, a text that is another one after any change that can matter to it.

        Of a part with code these are its file, the files of the submission that it imports,
        directly or not, what these name of the other files, and its answers; of any other part all
        files that are no Python, and its answers.
        """
        written = answers.read(submission.files, list(self._parts))
        by_file = {
            file: _digest_of_file(file, submission)
            for file in {part.source_file for part in self._parts.values()}
        }
        return {
            name: f"{by_file[part.source_file]} {_answers_of(name, written)}"
            for name, part in self._parts.items()
        }

    def files_of(self, names: Collection[str], submission: Submission) -> dict[str, list[str]]:
        """Return the Python files that parts lead to, each with those of the parts."""
        found: dict[str, list[str]] = {}
        for name in names:
            file = self._parts[name].source_file
            for each in reached([file], submission.files.get).files if file else ():
                found.setdefault(each, []).append(name)
        return found

    def chosen(self, names: Sequence[str]) -> list[str]:
        """Return the parts that are meant by the beginnings of their or their problem's names.

        Raises UsageError for one that means nothing or several.
        """
        meant = {part for name in names for part in _meant(name.lower(), self.assignment)}
        return [name for name in self._parts if name in meant]


def _judging(
    problem: LoadedProblem,
    submission: Submission,
    written: answers.Answers,
    earlier: Mapping[str, PartResult],
) -> Judging:
    return Judging(
        reference=problem.reference,
        answers=written.given,
        answers_problem=written.problem,
        files=(*submission.files, *submission.refused),
        sources=submission.files,
        earlier=earlier,
        self_check=True,
    )


def _digest_of_file(file: str, submission: Submission) -> str:
    """Return a hash of what a part that looks at this file can see of the submission."""
    digest = hashlib.sha256()
    others = [name for name in submission.files if not name.endswith(".py")]
    if file:
        files = sorted(reached([file], submission.files.get).files)
        text = b"".join(submission.files.get(name, b"") for name in files)
        others = [name for name in others if name.rpartition("/")[2].encode() in text]
    else:
        files = []
    for name in (*files, *sorted(others)):
        if not file and name == answers.FILE:
            continue  # each part has its own of it
        content = submission.files.get(name)
        state = submission.refused.get(name, "there" if content is not None else "not there")
        digest.update(f"{name}:{state}:{len(content or b'')}:".encode(errors="replace"))
        digest.update(content or b"")
    return digest.hexdigest()


def _answers_of(part: str, written: answers.Answers) -> str:
    own = {
        key: str(answer)
        for key, answer in written.given.items()
        if key.lower() == part or key.lower().startswith(f"{part}-")
    }
    return f"{sorted(own.items())} {written.problem}"


def _meant(name: str, assignment: Assignment) -> list[str]:
    problems = {p.spec.problem: [part.id for part in p.spec.parts] for p in assignment.problems}
    parts = {part.id: [part.id] for part in assignment.parts}
    ways: Sequence[Callable[[str], bool]] = (
        lambda known: known == name,
        lambda known: known.startswith(f"{name}-"),
        lambda known: known.startswith(name),
    )
    for fits in ways:
        for table in (problems, parts):
            found = [known for known in table if fits(known)]
            if len(found) > 1:
                raise UsageError(f"{name!r} may mean {', '.join(found)}; say which")
            if found:
                return table[found[0]]
    there = "\n".join(f"  {problem}: {', '.join(ids)}" for problem, ids in problems.items())
    raise UsageError(
        f"no problem or part is called {name!r}{suggestion(name, (*problems, *parts))}\n"
        f"There is:\n{there}"
    )
