"""Two codings of one function of a number: values, autograd derivatives, jumps, and cut graphs.

A value can leave the graph of autograd, by `item()`, `data` or `detach()`, and come back as a
constant.  In the condition of a branch that is ordinary.  Whether the result is built from it shows
when a call at x is made to see there what it would have seen at a point nearby: the result of a
branch stays the same.
"""

from __future__ import annotations

import math
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import numpy as np

from grader import values

_OUT = ("item", "tolist", "numpy", "detach", "__float__", "__int__", "__deepcopy__")
_HOOKS = ("register_hook", "register_post_accumulate_grad_hook")
_STEPS = 200  # halvings of an interval with a jump; neighbouring numbers are reached earlier
_INTERVALS = 8  # that are searched for a jump
_NEAR = 1e-6  # how far off the point nearby is
_LEAVING = 10  # things that leave the graph in one call, and are looked at

CONSTANT, NUMBER, UNRELATED = 1, 2, 3
"""Why there is no derivative: no graph, no tensor, or a graph that does not reach x."""


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
) -> dict[str, Any]:
    """Return both functions at `point` plus offsets, on the grid, and on either side of jumps.

    For each: values, derivatives by autograd, why there is none (0 where there is one), jumps as
    rows (a, b, f(a), f(b)) with neighbouring numbers a < b, what cuts its graph, and at how many of
    the generic points the value is built from what has left the graph.
    """
    del target
    for name in (*functions, point):
        if getattr(module, name, None) is None:
            return {"missing": name}
    import torch  # noqa: PLC0415  (a submission may use tensors without importing it)

    try:
        x0 = float(getattr(module, point))
    except (TypeError, ValueError):
        return {"not_number": values.type_name(getattr(module, point))}
    if not math.isfinite(x0):
        return {"x0": x0}
    codes = [_Coding(torch, getattr(module, name), name) for name in functions]
    points = np.unique(np.concatenate([x0 + np.asarray(offsets), np.asarray(grid), [x0]]))
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
                "cuts": sorted(code.watch.cuts),
            }
            for code, row, extra, jump in zip(codes, rows, more, jumps, strict=True)
        ]
    except _StoppedError as error:
        return {"stopped": error.found}
    return found


class _Watch:
    """What the calls of one function do to the graph, and what leaves it."""

    def __init__(self) -> None:
        self.cuts: set[str] = set()
        self.seen: list[Any] = []  # what has left the graph, in order
        self.shown: dict[int, Any] = {}  # what is to be seen instead, by its place in that order

    def leaving(self, value: Any) -> Any:
        """Return a value that leaves the graph, or what stands for it."""
        self.seen.append(value)
        return self.shown.get(len(self.seen) - 1, value)


class _Coding:
    def __init__(self, torch: Any, function: Callable[[Any], Any], name: str) -> None:
        self._torch, self._function, self._name = torch, function, name
        # As they are before anything is watched.
        self._tensor, self._item = torch.tensor, torch.Tensor.item
        self.watch = _Watch()

    def at(self, points: np.ndarray, x0: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return values, derivatives and states at points; x0 is tried first."""
        table = np.zeros((len(points), 3))
        with _watched(self._torch, self.watch):
            for index in np.argsort(np.abs(points - x0)):
                table[index] = self._derivative(float(points[index]))
        return table[:, 0], table[:, 1], table[:, 2].astype(np.int64)

    def jumps(self, points: np.ndarray, found: np.ndarray, x0: float) -> np.ndarray:
        """Return the ends of the intervals that are left where values are farthest apart."""
        near = np.abs(points) <= max(100.0, 2 * abs(x0))
        points, found = points[near], found[near]
        with np.errstate(all="ignore"):
            gaps = np.nan_to_num(np.abs(np.diff(found)), posinf=0.0)
            slopes = gaps / np.maximum(np.diff(points), 1e-9)
        at = {int(i) for order in (gaps, slopes) for i in np.argsort(order)[-_INTERVALS:]}
        here = int(np.searchsorted(points, x0))
        at |= {i for i in (here - 1, here) if 0 <= i < len(gaps)}
        with _watched(self._torch, self.watch):
            rows = [self._halved(float(points[i]), float(points[i + 1])) for i in sorted(at)]
        return np.array(rows, dtype=np.float64).reshape(-1, 4)

    def left(self, points: np.ndarray) -> int:
        """Return at how many points the value is built from what has left the graph."""
        with _watched(self._torch, self.watch):
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
            finally:
                self.watch.shown = {}
            if not abs(now - was) <= 1e-12 * max(1.0, abs(was)):
                return True
        return False

    def _halved(self, low: float, high: float) -> tuple[float, float, float, float]:
        at_low, at_high = self._value(low), self._value(high)
        for _ in range(_STEPS):
            middle = low + (high - low) / 2
            if middle in (low, high):
                break
            at_middle = self._value(middle)
            if abs(at_middle - at_low) > abs(at_high - at_middle):
                high, at_high = middle, at_middle
            else:
                low, at_low = middle, at_middle
        return low, high, at_low, at_high

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
            raise _StoppedError(self._failure(x, error)) from None
        if slope is None:
            return value, math.nan, UNRELATED
        return value, float(self._item(slope)), 0

    def _called(self, x: float) -> tuple[Any, Any]:
        variable = self._tensor(x, dtype=self._torch.float64, requires_grad=True)
        self.watch.seen = []
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
        try:
            message = str(error)[:2000]
        except Exception:  # noqa: BLE001  (a __str__ of the student's)
            message = ""
        frames = [
            [frame.filename, frame.lineno or 0, frame.name, frame.line or ""]
            for frame in traceback.extract_tb(error.__traceback__)
            if frame.filename != __file__
        ]
        return {
            "function": self._name,
            "x": x,
            "type": type(error).__name__,
            "message": message,
            "frames": frames[-3:],
        }


@contextmanager
def _watched(torch: Any, watch: _Watch) -> Iterator[None]:
    """Note what is reached while student code runs, and put everything back afterwards."""
    patches = list(_patches(torch, watch))
    missing = object()
    before = [(home, name, vars(home).get(name, missing)) for home, name, _ in patches]
    for home, name, patched in patches:
        setattr(home, name, patched)
    try:
        yield
    finally:
        for home, name, was in before:
            if was is missing:
                delattr(home, name)
            else:
                setattr(home, name, was)


def _patches(torch: Any, watch: _Watch) -> Iterator[tuple[Any, str, Any]]:
    tensor = torch.Tensor
    for name in _OUT:
        yield tensor, name, _outward(getattr(tensor, name), watch)
    yield torch, "tensor", _copying(torch, watch)
    yield torch, "detach", _outward(torch.detach, watch)
    data = tensor.data

    def set_data(self: Any, value: Any) -> None:
        watch.cuts.add("data")
        data.__set__(self, value)

    yield tensor, "data", property(lambda self: watch.leaving(data.__get__(self)), set_data)
    for name in _HOOKS:
        yield tensor, name, _noted(getattr(tensor, name), watch, "hook")
    yield tensor, "detach_", _noted(tensor.detach_, watch, "detach")
    yield tensor, "requires_grad_", _requiring(tensor.requires_grad_, watch)
    for block in (torch.no_grad, torch.inference_mode):
        yield block, "__enter__", _noted(block.__enter__, watch, "no_grad")
    function = torch.autograd.Function
    yield function, "apply", classmethod(_noted(function.apply.__func__, watch, "function"))


def _outward(original: Callable[..., Any], watch: _Watch) -> Callable[..., Any]:
    return lambda *given, **named: watch.leaving(original(*given, **named))


def _noted(original: Callable[..., Any], watch: _Watch, cut: str) -> Callable[..., Any]:
    def noted(*given: Any, **named: Any) -> Any:
        watch.cuts.add(cut)
        return original(*given, **named)

    return noted


def _requiring(original: Callable[..., Any], watch: _Watch) -> Callable[..., Any]:
    def requiring(self: Any, requires_grad: bool = True) -> Any:
        if not requires_grad:
            watch.cuts.add("detach")
        return original(self, requires_grad)

    return requiring


def _copying(torch: Any, watch: _Watch) -> Callable[..., Any]:
    original = torch.tensor

    def copying(data: Any, *given: Any, **named: Any) -> Any:
        if isinstance(data, torch.Tensor):
            return watch.leaving(torch.Tensor.clone(data).detach())
        return original(data, *given, **named)

    return copying
