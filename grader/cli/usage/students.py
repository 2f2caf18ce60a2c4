"""How ``grader check`` and ``trace`` are called, which students run on code of their own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from grader.cli.options import Course


def check(
    what: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PATH] [PROBLEM | PART]...",
            help="The folder of your submission, by default the one that you are in; and what to "
            "check of it, by the beginning of its name.",
            show_default=False,
        ),
    ] = None,
    watch: Annotated[
        bool,
        typer.Option("--watch", help="Check again whenever a file is saved, only what changed."),
    ] = False,
    assignment: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="Which assignment it answers; found from the path if it can."
        ),
    ] = None,
    course: Course = None,
) -> None:
    """Check your own submission on the visible cases.

    Your code runs as it would if you started it yourself, without a sandbox, and nothing is sent
    anywhere.

    Example: grader check

    Example: grader check q3 --watch

    Example: grader check submissions/background-math/ada

    Exit code 0: every part that can be judged here is right; 1: something is not; 2: bad usage; 3:
    the grader failed; 130: interrupted.
    """
    from grader.cli.check import run  # noqa: PLC0415

    raise typer.Exit(run(what or [], assignment=assignment, course=course, watch=watch))


def trace(
    target: Annotated[
        str, typer.Argument(metavar="FILE:FUNCTION", help="As in solution.py:q3_reverse.")
    ],
    sizes: Annotated[
        str, typer.Option(metavar="SIZES", help="The sizes by name: n=3,m=2.")
    ] = "n=3",
    shape: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=SIZES",
            help="The shape of an argument: y=m, A=n,m, or c= for a number; may be repeated. "
            "Without it: a vector of the first size, or the size of the same name.",
            show_default=False,
        ),
    ] = None,
    rows: Annotated[
        int, typer.Option(metavar="N", min=0, help="How many operations to print.")
    ] = 200,
    svg: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Draw the trace as a graph, too.")
    ] = None,
) -> None:
    """Print what a function does, operation by operation, and what that costs.

    The function runs as it would if you called it, without a sandbox, on numbers that record every
    multiplication, every addition, and when they are no longer needed.

    Example: grader trace solution.py:q4_reverse --sizes n=3,m=2 --shape y2=m --svg trace.svg

    Exit code 0: it could be followed; 1: it could not; 2: bad usage.
    """
    from grader.cli.trace import run  # noqa: PLC0415

    raise typer.Exit(run(target, sizes=sizes, shapes=shape or [], rows=rows, svg=svg))
