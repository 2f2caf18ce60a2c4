"""Records what a student's function does with its inputs, operation by operation."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from types import ModuleType
from typing import Any

import numpy as np

from grader.tracing import codes
from grader.tracing.patches import tracing
from grader.tracing.tape import Tape
from grader.tracing.ways import Chances, Files, Way


def record(
    module: ModuleType,
    target: str,
    inputs: list[Any],
    limit: int = codes.MAX_EVENTS,
    lines: bool = False,
    ways: bool = False,
) -> dict[str, Any]:
    """Return the record of one call of `target` on these inputs, as data.

    Floats and arrays of them are recorded; whole numbers (sizes) are passed on as they are.  Beyond
    `limit` events the call is broken off.  With `lines`, the record says from which line of the
    file each event came.  With `ways`, it says where in its files the function goes another way if
    it is called with floats: "" if nowhere, else file:line, or ":" if there is no saying where.
    """
    function = getattr(module, target)
    chances = Chances()
    tape = Tape(limit, getattr(module, "__file__", "") if lines else "")
    given = _copied(inputs)
    with tracing(tape, module):
        made = tape.run(function, given)
    if ways:
        made["way"] = _other_way(module, function, inputs, tape, chances)
    return made


def _other_way(
    module: ModuleType,
    function: Callable[..., Any],
    inputs: list[Any],
    first: Tape,
    chances: Chances,
) -> str:
    """Return where the function goes another way with floats.

    It is called twice more: who follows a run keeps its variables, and so would change its memory.
    """
    files = Files(module, function)
    plain, again = Way(files), Way(files)
    chances.restore()
    plain.follow(function, _copied(inputs))
    chances.restore()
    tape, given = Tape(first.limit), _copied(inputs)
    with tracing(tape, module):
        again.follow(partial(tape.run, function), [given])
    found = plain.difference(again)
    same = _operations(tape) == _operations(first)
    return ":" if found is None or (not found and not same) else found


def _operations(tape: Tape) -> bytes:
    return bytes(tape.codes).replace(bytes([codes.RELEASE]), b"")


def _copied(inputs: list[Any]) -> list[Any]:
    return [item.copy() if isinstance(item, np.ndarray) else item for item in inputs]


def backward_work(module: ModuleType, target: str, program: list[list[Any]]) -> dict[str, Any]:
    """Return how many operations `backward()` takes on the beginnings of a graph.

    The program is one of `grader.probes.framework`, with a single input and multiplications alone.
    The answer has a row [operations in the graph, multiplications, additions] for each beginning.
    """
    del target
    return {"work": [_work(module, program[: n + 1]) for n in range(2, len(program), 2)]}


def _work(module: ModuleType, program: list[list[Any]]) -> list[int]:
    tape = Tape()
    done = b""

    def grow(start: Any) -> float:
        nonlocal done
        nodes = [module.Variable(start)]
        for _, left, right in program[1:]:
            nodes.append(nodes[left] * nodes[right])
        before = len(tape.codes)
        nodes[-1].backward()
        done = bytes(tape.codes[before:])
        return 0.0

    with tracing(tape, module):
        tape.run(grow, [1.0])
    return [len(program) - 1, done.count(codes.MUL), done.count(codes.ADD)]
