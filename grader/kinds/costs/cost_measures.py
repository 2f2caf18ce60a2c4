"""What a student's function costs: from the records of its runs to exact polynomials.

A record is believed only once it was replayed on inputs that are drawn when it is judged, so that
nobody can have known them.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from grader import messages
from grader.compare import closeness
from grader.compare.conditioning import conditioning
from grader.expressions.writing import polynomial_text
from grader.kinds import outcomes
from grader.records import Figure, Node, Observation, Outcome
from grader.tracing import counting, listing, polynomials, replay
from grader.tracing.counting import Counts
from grader.tracing.field import PRIME, NotInFieldError
from grader.tracing.polynomials import Polynomial, Sizes
from grader.tracing.record import Record, Refusal, RefusedRecordError, read

Function = Callable[..., Any]
Draw = Callable[[np.random.Generator], dict[str, Any]]

QUANTITIES = ("multiplications", "memory")
GROWING = (*QUANTITIES, "additions", "calls")
"""What may not grow faster than it should; the first two are declared."""

MOST_EVENTS = 500_000  # of one run: the sizes are small, and every run is replayed
_MOST_DRAWN = 80  # operations of a trace that is drawn
_POINTS = 3  # replays in doubles
_TRIES = 40  # draws, until the comparisons of a run come out as they did


@dataclass(frozen=True, slots=True)
class Run:
    """One recorded run: its inputs, and what it takes to judge it."""

    sizes: Sizes
    inputs: Mapping[str, Any]
    needed: tuple[int, ...]  # the numbers among the inputs that the function depends on
    draw: Draw  # other inputs of the same sizes


@dataclass(frozen=True, slots=True)
class Measured:
    """The costs of a function at several sizes, or why they are not known."""

    names: tuple[str, ...]
    degree: int
    counts: Mapping[Sizes, Counts] = field(default_factory=dict)
    recovered: Mapping[str, Polynomial | None] = field(default_factory=dict)  # by quantity
    again: tuple[Sizes, Counts] | None = None  # a second run with other inputs
    exact: bool = True
    compares: bool = False
    trace: Figure | None = None  # what the first run did, if that is little enough to be drawn
    problem: str = ""
    refused: bool = False  # the problem is that what was recorded is not what runs

    def numbers(self, quantity: str) -> dict[Sizes, int]:
        """Return one of the counts at every size."""
        return {at: getattr(counts, quantity) for at, counts in self.counts.items()}

    def varies(self, quantity: str) -> bool:
        """Whether a count depends on more than the sizes."""
        if self.again is None:
            return False
        at, counts = self.again
        return bool(getattr(self.counts[at], quantity) != getattr(counts, quantity))

    def polynomial(self, quantity: str) -> Polynomial | None:
        """Return a count as a polynomial in the sizes, if it is one of the degree looked for."""
        return self.recovered.get(quantity)

    def text(self, quantity: str) -> str:
        """Return a count as an expression, or that it is none."""
        found = self.polynomial(quantity)
        if found is None:
            return messages.costs.no_polynomial(self.degree)
        return polynomial_text(found, self.names)

    def table(self, quantity: str) -> str:
        """Return a count at every size."""
        rows = [
            (messages.costs.sizes_text(self.names, at), number)
            for at, number in self.numbers(quantity).items()
        ]
        return messages.costs.table(rows)

    def why_varying(self, quantity: str) -> str:
        """Return what is wrong with a count that depends on more than the sizes."""
        assert self.again is not None  # noqa: S101  (else it does not vary)
        at, counts = self.again
        sizes = messages.costs.sizes_text(self.names, at)
        first, second = (getattr(c, quantity) for c in (self.counts[at], counts))
        return messages.costs.varies(quantity, sizes, first, second)

    def notes(self) -> list[str]:
        """Return what a reader should know of how the costs were found."""
        how = messages.costs.EXACT if self.exact else messages.costs.IN_DOUBLES
        return [how, messages.costs.COMPARES] if self.compares else [how]


def needed_inputs(function: Function, inputs: Mapping[str, Any]) -> tuple[int, ...]:
    """Return which of the numbers among the inputs a trusted function depends on, near there."""
    there = function(**inputs)
    found, number = [], 0
    for name, value in inputs.items():
        if not is_recorded(value):
            continue
        array = np.asarray(value)
        for place in range(array.size):
            moved = array.copy().reshape(-1)
            moved[place] = moved[place] * 1.25 + 0.125
            shaped = moved.reshape(array.shape)
            other = {**inputs, name: shaped if array.ndim else shaped.item()}
            with np.errstate(all="ignore"):
                if not np.array_equal(function(**other), there, equal_nan=True):
                    found.append(number)
            number += 1
    return tuple(found)


def is_recorded(value: Any) -> bool:
    """Whether an argument is recorded: floats are, sizes and indices are not."""
    return np.asarray(value).dtype.kind == "f"


def measure(
    runs: Sequence[Run],
    observations: Sequence[Observation],
    *,
    name: str,
    numeric: Function,
    reference: Function,
    blank: Measured,
) -> Measured:
    """Return what a function's runs cost; two of them are at the same sizes.

    `numeric` is the reference function in doubles, `reference` as it stands.
    """
    costs: dict[Sizes, Counts] = {}
    again: tuple[Sizes, Counts] | None = None
    exact, compares = True, False
    trace: Figure | None = None
    for run, observation in zip(runs, observations, strict=True):
        sizes = messages.costs.sizes_text(blank.names, run.sizes)
        if observation.outcome is not Outcome.RETURNED:
            return _failed(blank, messages.costs.at_sizes(sizes, not_traced(observation, name)))
        try:
            record = read(observation.value, _recorded_numbers(run), MOST_EVENTS)
            replay.require_inputs(record, run.needed)
            exact = _prove(record, run, numeric, reference) and exact
        except RefusedRecordError as error:
            says = messages.costs.refused(name, error.why, error.number, error.more)
            return _failed(blank, messages.costs.at_sizes(sizes, says))
        way = _other_way(observation.value)
        if way is not None:
            says = messages.costs.another_way(name, way)
            return replace(_failed(blank, messages.costs.at_sizes(sizes, says)), refused=True)
        trace = trace if costs else _drawn(record, run, name, sizes)
        counted = counting.count(record)
        if run.sizes in costs:
            again = run.sizes, counted
        else:
            costs[run.sizes] = counted
        compares = compares or record.compares
    found = Measured(
        blank.names,
        blank.degree,
        costs,
        again=again,
        exact=exact,
        compares=compares,
        trace=trace,
    )
    recovered = {
        quantity: polynomials.recover(found.numbers(quantity), found.degree)
        for quantity in GROWING
        if not found.varies(quantity)
    }
    return replace(found, recovered=recovered)


def _other_way(value: Any) -> str | None:
    """Return where the recorded run was another than one with floats; None if it was not."""
    way = value.get("way")
    if way == "":
        return None
    place = re.fullmatch(r"([\w.-]{1,80}):(\d{1,7})", way) if isinstance(way, str) else None
    return "" if place is None else messages.calls.at_line(place[1], int(place[2]))


def _drawn(record: Record, run: Run, name: str, sizes: str) -> Figure | None:
    """Return the evaluation trace of a run as a graph; None for one that nobody could follow."""
    if np.sum(record.operations) > _MOST_DRAWN:
        return None
    recorded = {key: value for key, value in run.inputs.items() if is_recorded(value)}
    names = listing.input_names({key: np.shape(value) for key, value in recorded.items()})
    listed = listing.rows(record, names, _flat(recorded))
    nodes, edges = listing.graph(listed, names)
    text = messages.costs.trace_in_words([f"{row.name} = {row.text}" for row in listed if row.name])
    return Figure(
        messages.costs.trace_title(name, sizes),
        text,
        nodes=tuple(Node(node, label) for node, label in nodes.items()),
        edges=tuple(edges),
    )


def _flat(inputs: Mapping[str, Any]) -> list[float]:
    """Return the recorded numbers among inputs, in order."""
    return [
        float(entry)
        for value in inputs.values()
        if is_recorded(value)
        for entry in np.asarray(value).reshape(-1)
    ]


def _failed(blank: Measured, problem: str) -> Measured:
    return Measured(blank.names, blank.degree, problem=problem)


def not_traced(observation: Observation, name: str, limit: int = MOST_EVENTS) -> str:
    """Return why a run left no record of at most so many events, for its student."""
    failure = observation.failure
    if observation.outcome is not Outcome.RAISED or failure is None:
        return outcomes.sentence(observation, name, "")
    frame = failure.frames[-1] if failure.frames else None
    at = messages.calls.at_line(frame.file, frame.line) if frame else ""
    if failure.type == "SystemExit":
        return messages.costs.ended_while_traced(name, at)
    if failure.type == "CannotTraceError":
        return messages.costs.cannot_trace(name, failure.message, at, limit)
    if frame is not None and "torch" in frame.text:
        return messages.costs.torch_cannot_trace(name, at)
    message = messages.calls.one_line(failure.message)
    return messages.costs.stopped_while_traced(name, failure.type, message, at)


def _recorded_numbers(run: Run) -> int:
    return sum(np.size(value) for value in run.inputs.values() if is_recorded(value))


def _prove(record: Record, run: Run, numeric: Function, reference: Function) -> bool:
    """Refuse a record unless it computes the function; return whether that was shown exactly."""
    shape = numeric(**run.inputs).shape
    if record.outputs.shape != shape:
        raise RefusedRecordError(Refusal.OTHER_SHAPE)
    if replay.is_exact(record) and _prove_in_field(record, run, reference):
        return True
    _prove_in_doubles(record, run, numeric)
    return False


def _prove_in_field(record: Record, run: Run, reference: Function) -> bool:
    """Refuse a record that is another polynomial; return False where that cannot be said."""
    shapes = [np.shape(value) for value in run.inputs.values() if is_recorded(value)]
    numbers = [secrets.randbelow(PRIME) for _ in range(record.inputs)]
    expected = replay.expected_in_field(_of_recorded(reference, run), shapes, numbers)
    if expected is None:
        return False
    try:
        found = replay.in_field(record, numbers)
    except NotInFieldError:
        return False
    if expected.shape != record.outputs.shape or found != expected.reshape(-1).tolist():
        raise RefusedRecordError(Refusal.OTHER_FUNCTION)
    return True


def _of_recorded(reference: Function, run: Run) -> Function:
    """Return a function of the recorded arguments alone; the others are as in the run."""

    def call(*recorded: Any) -> Any:
        waiting = iter(recorded)
        arguments = run.inputs.values()
        return reference(*(next(waiting) if is_recorded(value) else value for value in arguments))

    return call


def _prove_in_doubles(record: Record, run: Run, numeric: Function) -> None:
    rng = np.random.default_rng(secrets.randbits(128))
    proved = 0
    for attempt in range(_TRIES):
        # Where no draw takes the same branches, inputs beside the recorded ones may.
        inputs = run.draw(rng) if attempt < _TRIES // 2 else _beside(run.inputs, rng)
        found, same = replay.in_floats(record, _flat(inputs))
        if not same:
            continue
        expected = numeric(**inputs)
        moved = conditioning(numeric, inputs, expected, rng)
        if not closeness.compare(found, expected, conditioning=moved).right:
            raise RefusedRecordError(Refusal.OTHER_FUNCTION)
        proved += 1
        if proved == _POINTS:
            return
    if not proved:
        raise RefusedRecordError(Refusal.OTHER_BRANCH)


def _beside(inputs: Mapping[str, Any], rng: np.random.Generator) -> dict[str, Any]:
    moved = {}
    for name, value in inputs.items():
        array = np.asarray(value)
        if is_recorded(value):
            array = array * (1 + 1e-4 * rng.uniform(-1, 1, size=array.shape))
        moved[name] = array if array.ndim else array.item()
    return moved
