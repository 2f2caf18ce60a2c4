"""What a student is told of quantities that were followed through, and what they earn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from grader import messages
from grader.compare import arrays
from grader.compare.closeness import compare
from grader.compare.diagnosis import Diagnosis, Sample, diagnose
from grader.kinds import outcomes
from grader.kinds.base import Judging, PartPlan
from grader.kinds.functions import quantity_plans
from grader.kinds.functions.follow_through import Answer, Trail
from grader.kinds.functions.quantity_plans import QuantitiesPart, QuantityMistake
from grader.records import (
    CaseReport,
    Check,
    Figure,
    Node,
    Observation,
    Outcome,
    PartResult,
    Status,
)

_SIMPLE = 8  # the largest denominator of a factor that may be meant where nothing varies
_FEW = 24  # entries of an array that a report prints
_STATES = {"missing": "wrong", "open": "plain"}  # in a picture


@dataclass(frozen=True, slots=True)
class Read:
    """An answer taken apart, with what was odd about it."""

    answer: Answer
    problem: str = ""  # why there is nothing to take apart
    extra: tuple[str, ...] = ()
    note: str = ""  # how it was understood; without anything of its content


@dataclass(frozen=True)
class Verdict:
    """All that the result of a part is made from."""

    part: QuantitiesPart
    plan: PartPlan
    observations: Sequence[Observation]
    judging: Judging
    reads: Sequence[Read]
    trails: Mapping[str, Trail]

    def result(self) -> PartResult:
        """Return the result: a call that failed, or no dict at all, costs every share."""
        changed = outcomes.changed_inputs(self.observations)
        if any(o.outcome is not Outcome.RETURNED for o in self.observations):
            return self._not_returned(changed)
        if any(read.problem for read in self.reads):
            # A shape or a type may be made up of hidden inputs: only those of visible cases count.
            told = next((read.problem for read in self._seen if read.problem), "")
            base = self._base(Status.WRONG, told or self._hidden)
            return replace(base, checks=self._lost(Status.WRONG), hint=self.part.hint)
        checks = [self._check(self.trails[step]) for step in self.part.steps]
        points = sum((check.points for check in checks), Fraction(0))
        lost = [check for check in checks if check.status is not Status.CORRECT]
        says = self._wrong_summary(lost) if lost else self._right_summary()
        summary = " ".join(filter(None, [says, self._notes(), changed]))
        found = Status.CORRECT
        if lost:
            alike = {check.status for check in lost if check.status is not Status.SKIPPED}
            nothing = alike.pop() if len(alike) == 1 else Status.WRONG
            found = Status.PARTIAL if points else nothing
        known = self._mistake(self._first_wrong)
        return replace(
            self._base(found, summary),
            points=points,
            mistake=known.name if known else None,
            hint=self.part.hint if lost else "",
            checks=tuple(checks),
            figures=(self._figure(),),
        )

    @property
    def _seen(self) -> Sequence[Read]:
        """The answers in visible cases: of hidden ones no text of the student's is repeated."""
        return self.reads[: self.plan.visible or 0]

    @property
    def _hidden(self) -> str:
        """What is told of a fault in hidden cases only."""
        return messages.calls.ONLY_HIDDEN if self.plan.visible else messages.calls.NONE_SHOWN

    def _base(self, found: Status, summary: str) -> PartResult:
        return PartResult(
            self.part.id,
            found,
            Fraction(0),
            self.part.points,
            summary,
            cases_total=len(self.observations),
            cases_right=sum(self._case_right(n) for n in range(len(self.observations))),
            visible=self._visible,
        )

    def _not_returned(self, changed: str) -> PartResult:
        """Return the result where a call gave no value: it speaks for the part."""
        failed = next(
            n for n, o in enumerate(self.observations) if o.outcome is not Outcome.RETURNED
        )
        observation = self.observations[failed]
        if failed >= (self.plan.visible or 0):
            observation = outcomes.without_message(observation)
        says = outcomes.sentence(observation, self.part.function, self.part.file)
        found = outcomes.status(observation, right=False)
        return replace(
            self._base(found, f"{says} {changed}".strip()),
            checks=self._lost(found),
            failure=observation.failure,
            hint=self.part.hint,
        )

    def _lost(self, found: Status) -> tuple[Check, ...]:
        share = self._share
        return tuple(
            Check(self.part.label(step), found, Fraction(0), share) for step in self.part.steps
        )

    @property
    def _share(self) -> Fraction:
        return self.part.points / len(self.part.steps)

    def _case_right(self, number: int) -> bool:
        """Whether every step of a case is right or follows."""
        return all(
            trail.credited or trail.results[number].right
            for trail in map(self.trails.__getitem__, self.part.steps)
        )

    @cached_property
    def _first_wrong(self) -> Trail | None:
        return next((self.trails[s] for s in self.part.steps if not self.trails[s].credited), None)

    def _check(self, trail: Trail) -> Check:
        label, share = self.part.label(trail.name), self._share
        if trail.state == "missing":
            says = messages.traces.missing_quantity(label, self._meant(trail.name))
            return Check(label, Status.MISSING, Fraction(0), share, says)
        if trail.state == "open":
            says = messages.release.WAITS_FOR_EARLIER
            return Check(label, Status.SKIPPED, Fraction(0), share, says)
        if trail.state == "wrong":
            known = self._mistake(trail)
            earned = share * known.credit if known else Fraction(0)
            found = Status.PARTIAL if earned else Status.WRONG
            return Check(label, found, earned, share, self._says(trail))
        says = ""
        if trail.state == "follows":
            origins = [self.part.label(s) for s in self.part.all_steps if s in trail.origins]
            says = messages.traces.follows_from(origins)
        return Check(label, Status.CORRECT, share, share, says)

    def _meant(self, name: str) -> str:
        """Return a key of the answer that may have been meant for a missing one."""
        extra = {key.lower(): key for read in self._seen for key in read.extra if len(key) <= 40}
        close = get_close_matches(name.lower(), extra, n=1)
        return extra[close[0]] if close else ""

    def _says(self, trail: Trail) -> str:
        """Return what is wrong with a quantity, without a number of a hidden case."""
        known = self._mistake(trail)
        if known is not None:
            return " ".join(known.says.split())
        if any(read.answer.given.get(trail.name, 0) is None for read in self.reads):
            return messages.traces.IS_NONE
        pattern = self._pattern(trail)
        if pattern:
            return pattern
        visible = self.plan.visible or 0
        told = (
            (trail.passed[number], trail.results[number].message)
            for number in range(min(visible, len(self.reads)))
        )
        shown = next((message for passed, message in told if not passed and message), "")
        if not shown and trail.state == "wrong" and all(trail.passed):
            return messages.traces.PROVES_NOTHING
        return shown or self._hidden

    def _pattern(self, trail: Trail) -> str:
        samples = []
        for case, result, base in zip(self.plan.expected, trail.results, trail.bases, strict=True):
            seen = result.observed
            if seen is None or seen.ndim != base.low.ndim:
                return ""
            if seen.shape != base.low.shape or seen.dtype.kind != "f":
                samples.append(Sample(case.inputs, base.low, seen, None))
                continue
            expected = base.nearest(seen)
            wrong = compare(seen, expected, tolerance=self.part.tolerance).wrong
            samples.append(Sample(case.inputs, expected, seen, wrong))
        found = diagnose(samples, shown=bool(self.plan.visible))
        return found.says if found and not _by_chance(found, samples) else ""

    def _mistake(self, trail: Trail | None) -> QuantityMistake | None:
        """Return the declared mistake with which a quantity agrees in every case."""
        if trail is None or trail.state != "wrong":
            return None
        for mistake in self.part.mistakes:
            if mistake.quantity != trail.name:
                continue
            function = self.judging.reference.function(mistake.function)
            numbers = range(len(self.reads))
            if all(self._agrees(trail, function, number) for number in numbers):
                return mistake
        return None

    def _agrees(self, trail: Trail, function: Any, number: int) -> bool:
        case, read = self.plan.expected[number], self.reads[number]
        if trail.name not in read.answer.given:
            return False
        for known in (trail.known[number], case.values):
            try:
                wrong = quantity_plans.mistaken(function, known, case)
            except Exception:  # noqa: BLE001, S112  (it may stop at numbers of the student's)
                continue
            if compare(
                read.answer.given[trail.name],
                wrong,
                tolerance=self.part.tolerance,
                conditioning=case.conditioning[trail.name]
                if wrong.shape == case.values[trail.name].shape
                else None,
                columns=self.part.shapes == "columns",
                dtype=read.answer.dtype,
            ).right:
                return True
        return False

    def _right_summary(self) -> str:
        return messages.calls.all_right(len(self.observations))

    def _wrong_summary(self, lost: Sequence[Check]) -> str:
        """Return the first wrong step, what follows from it, and what else is wrong."""
        says = messages.traces.first_wrong(self.part.wants, lost[0].name, lost[0].says)
        follow = [
            self.part.label(step)
            for step in self.part.steps
            if self.trails[step].state == "follows"
        ]
        told = [says, messages.traces.credited(follow) if follow else ""]
        others = [check for check in lost[1:] if check.status is not Status.SKIPPED]
        if others:
            told.append(messages.frameworks.also_wrong([check.name for check in others]))
        if any(check.status is Status.SKIPPED for check in lost):
            told.append(messages.release.NOT_FOLLOWED)
        return " ".join(filter(None, told))

    def _notes(self) -> str:
        """Return what is told beside the verdict: shapes, unknown keys, optional quantities."""
        shape = next(
            (
                result.note
                for trail in self.trails.values()
                for result in trail.results[: len(self._seen)]
                if result.note
            ),
            "",
        )
        extra = list(dict.fromkeys(name for read in self._seen for name in read.extra))
        order = next((read.note for read in self._seen if read.note), "")
        unknown = messages.traces.extra_keys([name[:40] for name in extra[:5]]) if extra else ""
        optional = [step for step in self.part.all_steps if step not in self.part.steps]
        wrong = [self.part.label(step) for step in optional if self.trails[step].state == "wrong"]
        beside = messages.traces.optional_wrong(wrong) if wrong else ""
        return " ".join(filter(None, [shape, order, unknown, beside]))

    @cached_property
    def _visible(self) -> tuple[CaseReport, ...]:
        shown = min(self.plan.visible or 0, len(self.observations))
        return tuple(self._report(number) for number in range(shown))

    def _report(self, number: int) -> CaseReport:
        case, read = self.plan.expected[number], self.reads[number]
        observation = self.observations[number]
        call = arrays.call_text(self.part.function, dict(case.inputs))
        shown = [
            step
            for step in self.part.all_steps
            if step in self.part.steps or step in read.answer.given
        ]
        wanted = _lines({self.part.label(s): _text(case.values[s]) for s in shown})
        if observation.outcome is not Outcome.RETURNED:
            says = outcomes.sentence(observation, self.part.function, self.part.file)
            return CaseReport(number + 1, False, call, "", wanted, says)
        if read.problem:
            seen = repr(observation.value)[:400]
            return CaseReport(number + 1, False, call, seen, wanted, read.problem)
        seen = _lines(
            {
                self.part.label(step): _text(self.trails[step].results[number].observed)
                for step in shown
                if step in read.answer.given
            }
        )
        right = self._case_right(number)
        first = next(
            (
                trail
                for trail in map(self.trails.__getitem__, self.part.steps)
                if not trail.credited and not trail.results[number].right
            ),
            None,
        )
        says = ""
        if first is not None:
            why = first.results[number].message
            if first.name not in read.answer.given:
                why = messages.traces.missing_quantity(self.part.label(first.name), "")
            says = f"{self.part.label(first.name)}: {why}"
        return CaseReport(number + 1, right, call, seen, wanted, says)

    def _figure(self) -> Figure:
        given = {name for read in self.reads for name in read.answer.given}
        steps = [s for s in self.part.all_steps if s in self.part.steps or s in given]
        states = {
            self.part.label(step): _STATES.get(self.trails[step].state, self.trails[step].state)
            for step in steps
        }
        sources = self.plan.expected[0].sources
        return Figure(
            messages.traces.visit_title(self.part.wants),
            messages.traces.states_in_words(states),
            nodes=tuple(Node(label, label, state) for label, state in states.items()),
            edges=tuple(
                (self.part.label(source), self.part.label(step))
                for step in steps
                for source in sources.get(step, ())
            ),
        )


def _by_chance(found: Diagnosis, samples: Sequence[Sample]) -> bool:
    """Whether a factor is only how one number compares with another.

    That is so where both are the same in every case, and their ratio is not a simple one.
    """
    if found.name != "factor" or any(sample.expected.size != 1 for sample in samples):
        return False
    right = {float(sample.expected.reshape(-1)[0]) for sample in samples}
    if len(right) > 1:
        return False
    ratio = float(samples[0].observed.reshape(-1)[0]) / right.pop()
    return abs(float(Fraction(ratio).limit_denominator(_SIMPLE)) - ratio) > 1e-6 * abs(ratio)


def _lines(texts: Mapping[str, str]) -> str:
    """Return a line for each quantity; matrices start on a line of their own."""
    return "\n".join(
        f"{name} =\n{text}" if "\n" in text else f"{name} = {text}" for name, text in texts.items()
    )


def _text(value: np.ndarray | None) -> str:
    return "?" if value is None else arrays.array_text(value, _FEW)
