"""Records what a student's function does with its inputs, operation by operation."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from grader.tracing import codes
from grader.tracing.patches import tracing
from grader.tracing.tape import Tape


def record(
    module: ModuleType,
    target: str,
    inputs: list[Any],
    limit: int = codes.MAX_EVENTS,
    lines: bool = False,
) -> dict[str, Any]:
    """Return the record of one call of `target` on these inputs, as data.

    Floats and arrays of them are recorded; whole numbers (sizes) are passed on as they are.  Beyond
    `limit` events the call is broken off.  With `lines`, the record says from which line of the
    file each event came.
    """
    function = getattr(module, target)
    tape = Tape(limit, getattr(module, "__file__", "") if lines else "")
    with tracing(tape, module):
        return tape.run(function, inputs)


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
