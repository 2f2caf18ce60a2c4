"""Two codings of one function of a number: values, autograd derivatives, jumps, and cut graphs.

A value can leave the graph of autograd, by `item()`, `data` or `detach()`, and come back as a
constant.  In the condition of a branch that is ordinary.  Whether the result is built from it shows
when a call at x is made to see there what it would have seen at a point nearby: the result of a
branch stays the same.  Other ways around autograd show in the secants: away from jumps, ordinary
operations have the derivative that autograd says.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any, TypeAlias

import numpy as np

from grader import values
from grader.probes import failures
from grader.probes.coding_points import near_numbers
from grader.probes.coding_watch import Watch, rounds, watched

_JUMP = 1e-4  # relative to the values or to 1: an interval with less between its ends is left
_FINE = 1e-9  # likewise, between neighbouring numbers
_TINY = 2.0**-300  # how near to 0 a function is tried; its square and cube are no 0 yet
_STEPS = 400  # halvings of one interval, at most
_ROWS = 60  # jumps, at most
_CALLS = 30_000  # of one function in search of jumps, at most
_WALL_S = 3.0  # after which a slow function is searched no further
_NEAR = 1e-6  # how far off the point nearby is
_LEAVING = 10  # things that leave the graph in one call, and are looked at
_DECISIONS = 30  # truth values in one call: with as many, x can be told from its neighbours

CONSTANT, NUMBER, UNRELATED, NO_DERIVATIVE = 1, 2, 3, 4
"""Why there is no derivative: no graph, no tensor, a graph that does not reach x, an operation."""


class _StoppedError(Exception):
    """A call gave no number; `found` says why."""

    def __init__(self, found: dict[str, Any]) -> None:
        super().__init__()
        self.found = found


def codings(
    module: ModuleType,
    target: str,
    functions: list[str],
    point: str,
    offsets: Any,
    grid: Any,
    generic: Any,
    steps: list[float],
) -> dict[str, Any]:
    """Return both functions at `point` plus offsets, on the grid, and on either side of jumps.

    For each: values, derivatives by autograd, why there is none (0 where there is one), and jumps
    as rows (a, b, f(a), f(b), side) with neighbouring numbers a < b; side is how far the function
    moves on either side of them, within a millionth.  At the generic points: at how many the value
    is built from what has left the graph; at how many it is rounded, or narrowed down by many
    comparisons; and rows (x, derivative by autograd, f(x), f(x - h), f(x + h), ...) with h each of
    the steps, relative to x or 1.  And what cuts the graph.
    """
    del target
    for name in (*functions, point):
        if not hasattr(module, name):
            return {"missing": name}
    import torch  # noqa: PLC0415  (a submission may use tensors without importing it)

    for name in functions:
        if getattr(module, name) is None:
            return {"missing": name}
    try:
        x0 = _as_number(getattr(module, point))
    except OverflowError:
        return {"x0": math.inf}
    except Exception:  # noqa: BLE001  (a point can be any object of the student's)
        return {"not_number": values.type_name(getattr(module, point))}
    if not math.isfinite(x0):
        return {"x0": x0}
    codes = [_Coding(torch, getattr(module, name), name) for name in functions]
    known = near_numbers([getattr(module, name) for name in functions], x0)
    points = np.unique(np.concatenate([x0 + np.asarray(offsets), np.asarray(grid), known, [x0]]))
    found: dict[str, Any] = {"x0": x0}
    try:
        rows = [code.at(points, x0) for code in codes]
        jumps = [code.jumps(points, row[0], x0) for code, row in zip(codes, rows, strict=True)]
        ends = np.unique(np.concatenate([jump[:, :2].reshape(-1) for jump in jumps]))
        more = [code.at(ends, x0) for code in codes]
        found["x"] = np.concatenate([points, ends])
        found["functions"] = [
            {
                "values": np.concatenate([row[0], extra[0]]),
                "slopes": np.concatenate([row[1], extra[1]]),
                "states": np.concatenate([row[2], extra[2]]),
                "jumps": jump,
                "left": code.left(np.asarray(generic)),
                "secants": code.secants(np.asarray(generic), steps),
                "rounded": code.rounded,
                "says": code.says,
                "cuts": sorted(code.watch.cuts),
            }
            for code, row, extra, jump in zip(codes, rows, more, jumps, strict=True)
        ]
    except _StoppedError as error:
        return {"stopped": error.found}
    return found


def _as_number(given: Any) -> float:
    """Return a number, also from an array or tensor that holds just one."""
    sole = isinstance(given, np.ndarray) and given.size == 1
    return float(given.reshape(())) if sole else float(given)


_Row: TypeAlias = tuple[float, float, float, float]
"""Two numbers, and the values there."""


class _Coding:
    def __init__(self, torch: Any, function: Callable[[Any], Any], name: str) -> None:
        self._torch, self._function, self._name = torch, function, name
        # As they are before anything is watched.
        self._tensor, self._item = torch.tensor, torch.Tensor.item
        self.watch = Watch()
        self.says = ""  # why there is no derivative; at x0, if there is none at x0
        self.rounded = 0
        self._calls = 0

    def at(self, points: np.ndarray, x0: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return values, derivatives and states at points; x0 is tried first."""
        table = np.zeros((len(points), 3))
        with watched(self._torch, self.watch):
            for index in np.argsort(np.abs(points - x0)):
                table[index] = self._derivative(float(points[index]))
        return table[:, 0], table[:, 1], table[:, 2].astype(np.int64)

    def jumps(self, points: np.ndarray, found: np.ndarray, x0: float) -> np.ndarray:
        """Return where the function jumps, as rows; every interval is searched."""
        ends = time.monotonic() + _WALL_S
        with np.errstate(all="ignore"):
            gaps = np.abs(np.diff(found))
        self._calls = 0
        with watched(self._torch, self.watch):
            rows = list(self._beside(x0))
            widest_first = np.argsort(np.where(np.isfinite(gaps), -gaps, 1), kind="stable")
            for i in widest_first[: int(np.isfinite(gaps).sum())]:
                if len(rows) >= _ROWS or self._calls > _CALLS or time.monotonic() > ends:
                    break
                near = [float(number) for number in (*points[i : i + 2], *found[i : i + 2])]
                rows += list(self._halved(*near))
            table = [(*row, self._side(*row)) for row in rows]
        return np.array(table, dtype=np.float64).reshape(-1, 5)

    def _beside(self, x0: float) -> Iterator[_Row]:
        """Yield the widest gap between x0 and its nearest numbers, on either side.

        A function that oscillates without end has no one gap there that halving would find.
        """
        least, count = (math.ulp(x0), 6) if abs(x0) > _TINY else (_TINY, 20)
        here = self._value(x0)
        for side in (-1, 1):
            there = [x0 + side * least * 2.0**power for power in range(count)]
            gaps = [(abs(value - here), x, value) for x, value in self._finite(there)]
            if gaps:
                gap, x, value = max(gaps)
                if gap > _FINE * max(1.0, min(abs(here), abs(value))):
                    yield (x, x0, value, here) if x < x0 else (x0, x, here, value)

    def _finite(self, points: list[float]) -> Iterator[tuple[float, float]]:
        for x in points:
            value = self._value(x)
            if math.isfinite(value):
                yield x, value

    def _halved(self, low: float, high: float, at_low: float, at_high: float) -> Iterator[_Row]:
        """Yield what is left of an interval between neighbouring numbers, or at a pole."""
        for _ in range(_STEPS):
            gap, scale = abs(at_high - at_low), max(1.0, min(abs(at_low), abs(at_high)))
            if high <= math.nextafter(low, math.inf) or high - low <= _TINY:
                if gap > _FINE * scale:
                    yield low, high, at_low, at_high
                return
            if not gap >= _JUMP * scale:
                return
            middle = _middle(low, high)
            at_middle = self._value(middle)
            if not math.isfinite(at_middle):
                if math.isinf(at_middle):
                    yield low, high, at_low, at_high
                return
            if abs(at_middle - at_low) > abs(at_high - at_middle):
                high, at_high = middle, at_middle
            else:
                low, at_low = middle, at_middle

    def _side(self, low: float, high: float, at_low: float, at_high: float) -> float:
        """Return how far the function moves beside an interval; infinite where it ends there."""
        away = max(2.0**-20 * max(abs(low), abs(high)), 2.0**-40)
        moves = [self._value(low - away) - at_low, self._value(high + away) - at_high]
        beside = [math.nextafter(low, -math.inf), math.nextafter(high, math.inf)]
        moves += [0 * self._value(x) for x in beside if abs(x) > _TINY / 2]
        return max(abs(move) if math.isfinite(move) else math.inf for move in moves)

    def secants(self, points: np.ndarray, steps: list[float]) -> np.ndarray:
        """Return rows (x, derivative, f(x), f(x - h), f(x + h), ...); see `codings`."""
        rows = []
        for x in map(float, points):
            with watched(self._torch, self.watch):
                value, slope, state = self._derivative(x)
                if state in (CONSTANT, NUMBER, UNRELATED):
                    slope = 0.0  # for autograd it is a constant
                row = [x, slope, value]
                for step in steps:
                    h = step * max(1.0, abs(x))
                    row += [self._value(x - h), self._value(x + h)]
                rows.append(row)
                self.watch.decisions = 0
                result, _ = self._called(x)
                many = self.watch.decisions >= _DECISIONS
            self.rounded += rounds(result, self.watch) or many
        return np.array(rows, dtype=np.float64).reshape(len(rows), -1)

    def left(self, points: np.ndarray) -> int:
        """Return at how many points the value is built from what has left the graph."""
        with watched(self._torch, self.watch):
            return sum(self._left_at(float(x)) for x in points)

    def _left_at(self, x: float) -> bool:
        """Whether the value at x changes with any single thing that has left the graph.

        One at a time: in f.detach() + 2 * (x - x.detach()) the changes of both make up for each
        other where the slope is 2.
        """
        was = self._value(x)
        self._value(x + _NEAR * max(1.0, abs(x)))
        nearby = self.watch.seen[:_LEAVING]
        for place, value in enumerate(nearby):
            self.watch.shown = {place: value}
            try:
                now = self._value(x)
            except _StoppedError:
                continue  # what is shown fits nothing else that the call sees
            finally:
                self.watch.shown = {}
            if not abs(now - was) <= 1e-12 * max(1.0, abs(was)):
                return True
        return False

    def _value(self, x: float) -> float:
        result, _ = self._called(x)
        return self._number(result, x)

    def _derivative(self, x: float) -> tuple[float, float, int]:
        result, variable = self._called(x)
        value = self._number(result, x)
        if not isinstance(result, self._torch.Tensor):
            return value, math.nan, NUMBER
        if not result.requires_grad:
            return value, math.nan, CONSTANT
        try:
            (slope,) = self._torch.autograd.grad(result.sum(), [variable], allow_unused=True)
        except Exception as error:  # noqa: BLE001  (a backward of the student's)
            self.says = self.says or failures.text(error)
            return value, math.nan, NO_DERIVATIVE
        if slope is None:
            return value, math.nan, UNRELATED
        return value, float(self._item(slope)), 0

    def _called(self, x: float) -> tuple[Any, Any]:
        variable = self._tensor(x, dtype=self._torch.float64, requires_grad=True)
        self.watch.seen = []
        self._calls += 1
        try:
            return self._function(variable), variable
        except Exception as error:  # noqa: BLE001  (whatever student code raises is data here)
            raise _StoppedError(self._failure(x, error)) from None

    def _number(self, result: Any, x: float) -> float:
        if isinstance(result, self._torch.Tensor):
            if result.numel() == 1:
                return float(self._item(result))
            raise _StoppedError({"function": self._name, "x": x, "shape": list(result.shape)})
        try:
            return float(result)
        except (TypeError, ValueError):
            found = values.type_name(result)
            raise _StoppedError({"function": self._name, "x": x, "returned": found}) from None

    def _failure(self, x: float, error: Exception) -> dict[str, Any]:
        return {"function": self._name, "x": x, **failures.failure(error, __file__)}


def _middle(low: float, high: float) -> float:
    """Return a number between two; next to 0 it is found by exponents."""
    if low == 0 and high < 1e-3:
        return max(high * 2.0**-16, _TINY / 2)
    if high == 0 and low > -1e-3:
        return min(low * 2.0**-16, -_TINY / 2)
    return low + (high - low) / 2
