"""The hunt for mutants: which of them no case of an assignment sees."""

from __future__ import annotations

import enum
import random
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace

from grader.errors import SandboxError
from grader.grading.mutants import scopes, sources
from grader.grading.mutants.bench import Bench, Target
from grader.grading.mutants.excuses import Excused
from grader.grading.mutants.further import FurtherInputs, worse
from grader.grading.mutants.sources import Mutant
from grader.records import PartResult, Status


class Fate(enum.StrEnum):
    """What became of a mutant."""

    KILLED = "killed"
    EQUIVALENT = "equivalent"
    EXCUSED = "excused"
    SURVIVED = "survived"
    FAULT = "fault"  # the grader failed on it


@dataclass(frozen=True, slots=True)
class Hunted:
    """A mutant, the parts that run what it changes, and what became of it."""

    mutant: Mutant
    home: str  # the part that it is counted for
    parts: tuple[str, ...]
    fate: Fate
    says: str  # by which part it was killed, or why it is equivalent, or why it is not


@dataclass(frozen=True, slots=True)
class Bag:
    """What a hunt has found."""

    hunted: tuple[Hunted, ...]
    left_out: int  # mutants that were not drawn
    not_run: tuple[str, ...]  # functions that no part runs, and that were left alone
    stale: tuple[tuple[Excused, str], ...]  # excuses that excuse nothing, and why
    faults: tuple[tuple[str, str], ...]  # parts that could not be hunted in, and why

    @property
    def sound(self) -> bool:
        """Whether nothing is to be mended."""
        open_ends = {Fate.SURVIVED, Fate.FAULT}
        return not (self.stale or self.faults or any(h.fate in open_ends for h in self.hunted))

    def fates(self) -> dict[str, dict[Fate, int]]:
        """Return how many mutants of each part met which fate."""
        counts: dict[str, dict[Fate, int]] = {}
        for each in self.hunted:
            row = counts.setdefault(each.home, dict.fromkeys(Fate, 0))
            row[each.fate] += 1
        return counts


@dataclass(frozen=True, slots=True)
class Choice:
    """Which mutants are hunted: of these parts (all if none), at most so many."""

    only: tuple[str, ...] = ()
    limit: int | None = None
    seed: int = 0


class Hunt:
    """A hunt through one assignment."""

    def __init__(
        self, bench: Bench, choice: Choice, excuses: Sequence[Excused], pool: Executor
    ) -> None:
        """Grade the reference solution and make the mutants; grade none of them yet."""
        bench.prepare(pool, choice.only)
        self._bench = bench
        self._choice = choice
        self._excuses = excuses
        self._pool = pool
        self._further = FurtherInputs(bench)
        self._all, self._not_run = self._made()
        wanted = [mutant for mutant in self._all if self._targets(mutant)]
        self.mutants = self._drawn(wanted)
        self._left_out = len(wanted) - len(self.mutants)

    def _made(self) -> tuple[list[Mutant], tuple[str, ...]]:
        made: list[Mutant] = []
        not_run: list[str] = []
        for file, raw in sorted(self._bench.solution.runnable.items()):
            entered = self._bench.entered(file)
            if file.endswith(".py") and entered:
                code = raw.decode().replace("\r\n", "\n")
                made += sources.mutants_of(file, code, entered)
                named = scopes.scopes_of(file, code)
                not_run += [f"{file}: {scope}" for scope in named if scope not in entered]
        return made, () if self._choice.only else tuple(not_run)

    def _drawn(self, wanted: list[Mutant]) -> list[Mutant]:
        limit = self._choice.limit
        if limit is None or limit >= len(wanted):
            return wanted
        numbers = random.Random(self._choice.seed).sample(range(len(wanted)), limit)  # noqa: S311
        return [wanted[number] for number in sorted(numbers)]

    def _targets(self, mutant: Mutant) -> list[Target]:
        only = self._choice.only
        return [t for t in self._bench.reached(mutant) if not only or t.part.id in only]

    def run(self, on_done: Callable[[int, int], None] | None = None) -> Bag:
        """Return what became of every mutant; `on_done` is told how many are done, of how many."""
        hunted = []
        for found in self._pool.map(self._hunt, self.mutants):
            hunted.append(found)
            if on_done is not None:
                on_done(len(hunted), len(self.mutants))
        hunted = [self._excused(each) for each in hunted]
        return Bag(
            tuple(hunted),
            self._left_out,
            self._not_run,
            tuple(self._stale(hunted)),
            self._bench.faults,
        )

    def _hunt(self, mutant: Mutant) -> Hunted:
        targets = self._targets(mutant)
        home = self._bench.home(mutant)
        parts = tuple(target.part.id for target in targets)
        home = home if home in parts else parts[0]
        try:
            fate, says = self._grade(mutant, targets)
        except SandboxError as error:
            fate, says = Fate.FAULT, f"the sandbox failed: {error}"
        return Hunted(mutant, home, parts, fate, says)

    def _files(self, mutant: Mutant) -> Mapping[str, bytes]:
        return {**self._bench.solution.runnable, mutant.change.file: mutant.code.encode()}

    def _grade(self, mutant: Mutant, targets: Sequence[Target]) -> tuple[Fate, str]:
        if not self._bench.is_run(mutant):
            return Fate.SURVIVED, f"no case runs this place: {mutant.block}"
        files = self._files(mutant)
        earlier: dict[str, PartResult] = {}
        for target in targets:
            result, _ = self._bench.grade(target, target.plan, files, earlier)
            if result.status is Status.GRADER_FAULT:
                return Fate.FAULT, f"{target.part.id}: {result.summary}"
            if worse(result, target.result):
                return Fate.KILLED, f"{target.part.id}: {result.status}"
            earlier[target.part.id] = result
        compared = [self._further.compare(target, files) for target in targets]
        for wanted in (False, None):
            for each in compared:
                if each.same is wanted:
                    return Fate.SURVIVED, f"{'not decided: ' if wanted is None else ''}{each.says}"
        return Fate.EQUIVALENT, "; ".join(each.says for each in compared)

    def _excused(self, hunted: Hunted) -> Hunted:
        if hunted.fate is Fate.SURVIVED:
            for excuse in self._excuses:
                if _fits(excuse, hunted.mutant):
                    return replace(hunted, fate=Fate.EXCUSED, says=excuse.reason)
        return hunted

    def _stale(self, hunted: Collection[Hunted]) -> list[tuple[Excused, str]]:
        """Return the excuses that excuse nothing; those whose mutants were not tried are left."""
        found = []
        for excuse in self._excuses:
            if not any(_fits(excuse, mutant) for mutant in self._all):
                if not self._choice.only:
                    found.append((excuse, "there is no such mutant"))
                continue
            tried = [each for each in hunted if _fits(excuse, each.mutant)]
            if tried and not any(each.fate is Fate.EXCUSED for each in tried):
                found.append((excuse, f"{tried[0].fate}: {tried[0].says}"))
        return found


def _fits(excuse: Excused, mutant: Mutant) -> bool:
    change = mutant.change
    return (excuse.file, excuse.scope, excuse.line, excuse.becomes) == (
        change.file,
        change.scope,
        change.line,
        change.becomes,
    )
