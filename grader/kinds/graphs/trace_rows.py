"""The rows of an evaluation trace: a value and a derivative for each node, held against a graph."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Literal

from grader import messages
from grader.compare import arrays
from grader.kinds.graphs import graph_operations as operations
from grader.kinds.graphs import graph_rows
from grader.kinds.graphs.graph_rows import Graph, Row

Pair = tuple[float, float]
_ABOVE = 10  # times the tolerance: a number below that is as good as zero, and proves nothing
_TWO_DECIMALS = 0.0051
_VALUE_KEYS = frozenset({"v", "val", "value", "z", "primal", "f"})
_MOST_EXTRA = 50  # keys that name no node and are looked at, to find what was meant


def read(value: Any, graph: Graph) -> tuple[dict[str, Pair | None], tuple[str, ...]]:
    """Return the pairs by node, None for what is no pair, and the keys that name no node.

    The trace is a dict, or a list of rows (node, value, derivative).  Raises NotNumbersError.
    """
    if isinstance(value, list):
        rows = [item for item in value if isinstance(item, list) and len(item) >= 2]
        named = {row[0]: row[1:] for row in rows if isinstance(row[0], str)}
        if len(named) != len(value):
            raise arrays.NotNumbersError(messages.traces.not_a_trace("list"))
        value = {name: rest[0] if len(rest) == 1 else rest for name, rest in named.items()}
    if not isinstance(value, dict):
        found = "None" if value is None else type(value).__name__
        raise arrays.NotNumbersError(messages.traces.not_a_trace(found))
    known = {*graph.inputs, *(row.name for row in graph.rows)}
    keys = {key: key.strip() for key in value}
    given = {keys[key]: _pair(pair) for key, pair in value.items() if keys[key] in known}
    return given, tuple(key for key in value if keys[key] not in known)[:_MOST_EXTRA]


def _pair(value: Any) -> Pair | None:
    try:
        numbers = arrays.as_array(in_order(value) if isinstance(value, dict) else value)
    except arrays.NotNumbersError:
        return None
    if numbers.size != 2 or numbers.dtype.kind != "f":
        return None
    first, second = numbers.reshape(-1).tolist()
    return first, second


def in_order(pair: Mapping[str, Any]) -> list[Any]:
    """Return what a dict has for a pair, the value first where its keys tell which one it is."""
    items = sorted(pair.items(), key=lambda item: item[0].strip().lower() not in _VALUE_KEYS)
    return [item for _, item in items]


@dataclass(slots=True)
class TraceRow:
    """How the row of one node fared."""

    name: str
    right: Pair
    given: Pair | None
    state: str = "right"  # right, follows, wrong, missing
    expected: Pair = (math.nan, math.nan)  # what follows from the student's own numbers
    off: tuple[bool, bool] = (False, False)  # whether value and derivative are wrong
    origins: tuple[str, ...] = ()
    repeats: bool = False  # its derivative only repeats a wrong one that it follows from

    def given_text(self) -> str:
        """Return the row as the student gave it."""
        return "?" if self.given is None else _text(self.given)

    def right_text(self) -> str:
        """Return the row as it should be."""
        return _text(self.right)


def _text(pair: Pair) -> str:
    return ", ".join(f"{number + 0.0:.6g}" for number in pair)  # + 0.0 makes -0.0 a 0.0


@dataclass
class Trace:
    """A student's trace of a graph, judged when it is made."""

    graph: Graph
    at: Mapping[str, float]
    along: str
    mode: Literal["forward", "reverse"]
    atol: float
    given: Mapping[str, Pair | None]
    extra: Sequence[str] = ()
    _found: dict[str, TraceRow] = field(default_factory=dict)

    def __post_init__(self) -> None:
        values = self.graph.evaluate(self.at)
        self.numbers = {n: float(v) if v.ndim == 0 else math.nan for n, v in values.items()}
        self.slopes = (
            graph_rows.tangents(self.graph, self.numbers, {self.along: 1.0})
            if self.mode == "forward"
            else graph_rows.adjoints(self.graph, self.numbers)
        )
        self._judge()

    def rows(self) -> list[TraceRow]:
        """Return a row for every input and node, in the order of the visit."""
        return list(self._found.values())

    def meant(self, name: str) -> str:
        """Return a key of the trace that may have been meant for a missing one."""
        lower = {key.lower(): key for key in self.extra if len(key) <= 40}
        close = get_close_matches(name.lower(), lower, n=1)
        return lower[close[0]] if close else ""

    # -- judging ---------------------------------------------------------------------------------

    def _judge(self) -> None:
        own_values = {n: self._usable(n, 0) for n in self.numbers}
        own_slopes = {n: self._usable(n, 1) for n in self.numbers}
        forwards = [*self.graph.inputs, *(row.name for row in self.graph.rows)]
        order = forwards if self.mode == "forward" else graph_rows.visit_backwards(self.graph)
        by_name = {row.name: row for row in self.graph.rows}
        bad_values = self._bad_values(forwards, by_name, own_values)
        for name in order:
            row = TraceRow(name, (self.numbers[name], self.slopes[name]), self.given.get(name))
            self._found[name] = row
            if name not in self.given:
                row.state = "missing"
                continue
            if row.given is None:
                row.state, row.off = "wrong", (True, True)
                continue
            value, value_origins = bad_values[name]
            slopes, slope_origins = self._slopes(name, by_name, own_values, own_slopes)
            seen, right = row.given, row.right
            wrong_value = value is not None
            slope_right = self._near(seen[1], right[1])
            follows = any(self._near(seen[1], slope) for slope in slopes)
            wrong_slope = not slope_right and not (follows and self._substance(seen[1], right[1]))
            row.off = (wrong_value, wrong_slope)
            row.expected = (
                right[0] if value is None else value,
                slopes[0] if slopes and math.isfinite(slopes[0]) else right[1],
            )
            origins = {*value_origins, *(() if slope_right else slope_origins)}
            tainted = tuple(n for n in forwards if n in origins)
            if wrong_value or wrong_slope:
                row.state = "wrong"
            elif tainted:
                row.state, row.origins = "follows", tainted
                row.repeats = not slope_right and any(
                    self._near(seen[1], own_slopes[source]) for source in slope_origins
                )
        self._require_life()

    def _require_life(self) -> None:
        """Take back derivatives that only repeat wrong ones, where no other is there to show work.

        5 follows from 5 through every sum.  The seed, which is given, and zeros show nothing.
        """
        seeds = {self.graph.output} if self.mode == "reverse" else set(self.graph.inputs)
        alive = any(
            row.state in {"right", "follows"}
            and not row.repeats
            and row.given is not None
            and abs(row.given[1]) > _ABOVE * self.atol
            for row in self.rows()
            if row.name not in seeds
        )
        for row in self.rows():
            if row.repeats and not alive:
                row.state, row.off, row.origins = "wrong", (row.off[0], True), ()
                row.expected = row.right

    def _bad_values(
        self, forwards: Sequence[str], by_name: Mapping[str, Row], own: Mapping[str, float]
    ) -> dict[str, tuple[float | None, tuple[str, ...]]]:
        """Return, per node, what its value should have been and the wrong ones it follows from.

        None stands for a value that is credited.
        """
        found: dict[str, tuple[float | None, tuple[str, ...]]] = {}
        off: set[str] = set()
        for name in forwards:
            pair, right = self.given.get(name), self.numbers[name]
            found[name] = (None, ())
            if pair is None or self._near(pair[0], right):
                continue
            off.add(name)
            if name not in by_name:
                found[name] = (right, ())
                continue
            row = by_name[name]
            operands = [own[o] if isinstance(o, str) else o for o in row.operands]
            value = float(operations.evaluate(row.operation, operands))
            if self._near(pair[0], value) and self._substance(pair[0], right):
                found[name] = (None, tuple(o for o in row.names if o in off))
            else:
                found[name] = (value if math.isfinite(value) else right, ())
        return found

    def _slopes(
        self,
        name: str,
        by_name: Mapping[str, Row],
        own_values: Mapping[str, float],
        own_slopes: Mapping[str, float],
    ) -> tuple[list[float], set[str]]:
        """Return what the derivative follows as, from own or right values; and from which rows."""
        if self.mode == "forward":
            if name not in by_name:
                return [], set()
            row = by_name[name]
            found = [
                graph_rows.tangent(row, numbers, own_slopes)
                for numbers in (own_values, self.numbers)
            ]
            sources = set(row.names)
        else:
            found = [
                graph_rows.adjoint(self.graph, name, numbers, own_slopes)
                for numbers in (own_values, self.numbers)
            ]
            sources = {row.name for row in self.graph.users[name]}
        return found, {s for s in sources if self._tainted(s)}

    def _tainted(self, name: str) -> bool:
        row = self._found.get(name)
        return row is not None and row.state in {"wrong", "follows"}

    def _near(self, seen: float, wanted: float) -> bool:
        return abs(seen - wanted) <= self.atol * (1 + 1e-9)

    def _substance(self, seen: float, right: float) -> bool:
        """Whether a number is more than nothing, where the right one is."""
        near_zero = _ABOVE * self.atol
        return abs(seen) > near_zero or abs(right) <= near_zero

    def _usable(self, name: str, place: int) -> float:
        """Return the student's own number, or the right one where nothing follows from it."""
        pair = self.given.get(name)
        right = (self.numbers, self.slopes)[place][name]
        if pair is None or not math.isfinite(pair[place]):
            return right
        return pair[place] if self._substance(pair[place], right) else right

    # -- what to say -----------------------------------------------------------------------------

    def says(self, row: TraceRow, *, reveal: bool) -> str:
        """Return what is wrong with a row; without `reveal`, no number that was expected."""
        if row.given is None:
            return messages.traces.NOT_A_PAIR
        place = 0 if row.off[0] else 1
        what = messages.traces.what(self.mode, place)
        wanted = f"{row.expected[place]:.6g}" if reveal else ""
        says = messages.traces.wrong_number(what, f"{row.given[place]:.6g}", wanted)
        alone = self._only_path(row) if place == 1 and self.mode == "reverse" else ""
        return f"{says} {alone}".strip()

    def _only_path(self, row: TraceRow) -> str:
        """Return a hint where the adjoint is that of one path, and the node has several."""
        users = self.graph.users[row.name]
        if len(users) < 2 or row.given is None:
            return ""
        for user in users:
            part = self._found[user.name]
            slope = part.given[1] if part.given else part.right[1]
            alone = slope * graph_rows.partial(user, row.name, self.numbers)
            if self._near(row.given[1], alone):
                return messages.traces.only_path(row.name, user.name, len(users))
        return ""

    def diagnosis(self) -> str:
        """Return what the trace as a whole looks like, where that says it all."""
        rows = [row for row in self.rows() if row.state != "missing" and row.given is not None]
        pairs = [(row.given, row.right) for row in rows if row.given is not None]
        if not pairs or any(row.given is None for row in self.rows() if row.state == "wrong"):
            return ""
        if all(self._near(a, d) and self._near(b, c) for (a, b), (c, d) in pairs):
            return messages.traces.swapped(self.mode)
        if not all(self._near(seen[0], right[0]) for seen, right in pairs):
            near = all(
                abs(x - y) <= _TWO_DECIMALS
                for seen, right in pairs
                for x, y in zip(seen, right, strict=True)
            )
            return messages.traces.ROUNDED if near else ""
        return self._other_derivatives({row.name: row.given[1] for row in rows if row.given})

    def _other_derivatives(self, slopes: Mapping[str, float]) -> str:
        """Return what the derivatives are, where they are right for another question."""

        def same(others: Mapping[str, float]) -> bool:
            return all(self._near(slope, others[name]) for name, slope in slopes.items())

        if self.mode == "forward":
            for name in self.graph.inputs:
                if name != self.along and same(
                    graph_rows.tangents(self.graph, self.numbers, {name: 1.0})
                ):
                    return messages.traces.other_input(name, self.along)
            adjoints = graph_rows.adjoints(self.graph, self.numbers)
            return messages.traces.OTHER_MODE_REVERSE if same(adjoints) else ""
        tangents = graph_rows.tangents(self.graph, self.numbers, {self.along: 1.0})
        return messages.traces.OTHER_MODE_FORWARD if same(tangents) else ""
