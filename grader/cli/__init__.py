"""The command line: ``grader grade | check | validate | audit | report | export | trace | doctor``.

Exit codes: 0 for success; 1 for a self-check with something wrong, or an audit that found
something; 2 for bad usage or a fault in the course's files; 3 if the grader itself failed on a
submission; 130 after Ctrl-C.  Each command
imports what it needs when it runs, so that ``grader --help`` is quick.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import grader

app = typer.Typer(
    name="grader",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="An autograder for courses on automatic differentiation and the mathematics of deep "
    "learning.\n\nExample: grader grade background-math",
)

Course = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        help="The folder of the course; by default the one that you are in.",
        show_default=False,
    ),
]


@app.callback(invoke_without_command=True)
def _options(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if version:
        typer.echo(f"grader {grader.__version__}")
        raise typer.Exit


@app.command("grade")
def _grade(
    assignments: Annotated[
        list[str] | None, typer.Argument(metavar="ASSIGNMENT", help="Which ones; all if none.")
    ] = None,
    submissions: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="One folder per student; for a single assignment."),
    ] = None,
    reports: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Where the reports go.", show_default="reports"),
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=1,
            max=64,
            help="Submissions at once.",
            show_default="one for each core",
        ),
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option(metavar="STUDENT", help="Only this one; may be repeated.")
    ] = None,
    rerun: Annotated[
        bool, typer.Option("--rerun", help="Grade again what has not changed.")
    ] = False,
    unsafe: Annotated[
        bool,
        typer.Option("--unsafe-no-sandbox", help="Run student code without confinement."),
    ] = False,
    course: Course = None,
) -> None:
    """Grade submissions; write the reports.

    Example: grader grade background-math --only ada --jobs 4

    Exit code 0: everything was graded, whatever the grades; 2: bad usage or a fault in the course's
    files; 3: the grader failed on some submission; 130: interrupted, what was graded is kept.
    """
    from grader.cli.grade import run  # noqa: PLC0415  (see above)

    raise typer.Exit(
        run(
            assignments or [],
            submissions=submissions,
            reports=reports,
            jobs=jobs,
            only=only or [],
            rerun=rerun,
            unsafe=unsafe,
            course=course,
        )
    )


@app.command("check")
def _check(
    path: Annotated[
        Path, typer.Argument(metavar="PATH", help="The folder of your submission.")
    ] = Path(),
    assignment: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="Which assignment it answers; found from the path if it can."
        ),
    ] = None,
    course: Course = None,
) -> None:
    """Check your own submission on the visible cases.

    Your code runs as it would if you started it yourself, without a sandbox.

    Example: grader check submissions/background-math/ada

    Exit code 0: every part is right; 1: something is not; 2: bad usage.
    """
    from grader.cli.check import run  # noqa: PLC0415

    raise typer.Exit(run(path, assignment=assignment, course=course))


@app.command("validate")
def _validate(
    assignments: Annotated[
        list[str] | None, typer.Argument(metavar="ASSIGNMENT", help="Which ones; all if none.")
    ] = None,
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON Schema of the YAML files for editors.")
    ] = False,
    course: Course = None,
) -> None:
    """Check the course's files without running anything.

    Every fault is printed at once, as file:line: path: what was found, what was expected.

    Example: grader validate background-math

    Exit code 0: no fault; 2: faults.
    """
    from grader.cli.validate import run  # noqa: PLC0415

    raise typer.Exit(run(assignments or [], schema=schema, course=course))


@app.command("audit")
def _audit(
    assignments: Annotated[
        list[str] | None, typer.Argument(metavar="ASSIGNMENT", help="Which ones; all if none.")
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=1,
            max=64,
            help="Submissions at once.",
            show_default="one for each core",
        ),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=0,
            help="The seed to compare the assignment's own with.",
            show_default="the next one",
        ),
    ] = None,
    unsafe: Annotated[
        bool,
        typer.Option("--unsafe-no-sandbox", help="Run the samples without confinement."),
    ] = False,
    course: Course = None,
) -> None:
    """Check that a course's own material gets the verdicts that it has to get.

    The reference solution is right, the starter worth nothing, every sample gets what its
    expect.yaml declares, every declared mistake is recognised as itself, and another seed changes
    none of it.

    Example: grader audit background-math

    Exit code 0: nothing found; 1: something found, and listed; 2: bad usage or a fault in the
    course's files; 130: interrupted.
    """
    from grader.cli.audit import run  # noqa: PLC0415

    raise typer.Exit(run(assignments or [], jobs=jobs, seed=seed, unsafe=unsafe, course=course))


@app.command("report")
def _report(
    reports: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="The folder of the reports.", show_default="reports"),
    ] = None,
    course: Course = None,
) -> None:
    """Write the pages and results.json again from the gradebook; run nothing.

    Example: grader report --reports reports

    Exit code 0: written; 2: bad usage, or nothing was graded yet.
    """
    from grader.cli.report import run  # noqa: PLC0415

    raise typer.Exit(run(reports=reports, course=course))


@app.command("export")
def _export(
    assignment: Annotated[str, typer.Argument(metavar="ASSIGNMENT", help="Which one.")],
    format_name: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="gradescope, canvas, junit, github, annotations, classroom, csv or jsonl.",
        ),
    ],
    to: Annotated[
        str | None,
        typer.Option(
            metavar="PATH",
            help="Where it goes; - for stdout.",
            show_default="a file in the reports; stdout for github, annotations, classroom",
        ),
    ] = None,
    student: Annotated[
        list[str] | None, typer.Option(metavar="STUDENT", help="Only this one; may be repeated.")
    ] = None,
    visibility: Annotated[
        list[str] | None,
        typer.Option(
            metavar="[PART=]WHEN",
            help="gradescope: when students see the parts, or this one: visible, after_due_date, "
            "after_published or hidden; may be repeated.",
        ),
    ] = None,
    update: Annotated[
        Path | None,
        typer.Option(metavar="CSV", help="canvas: fill in the gradebook exported from there."),
    ] = None,
    column: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="canvas: the assignment there, by title or number."),
    ] = None,
    so_far: Annotated[
        bool,
        typer.Option("--so-far", help="canvas: also scores of which a part waits for a person."),
    ] = False,
    folder: Annotated[
        str | None,
        typer.Option(
            metavar="DIR", help="annotations: where in the repository the submission lies."
        ),
    ] = None,
    reports: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="The folder of the reports.", show_default="reports"),
    ] = None,
    course: Course = None,
) -> None:
    """Export grades from the gradebook for another place; run nothing.

    Example: grader export background-math --format csv --to -

    Example: grader export background-math --format canvas --update from-canvas.csv

    Example: grader export background-math --format gradescope --visibility q8-cost=hidden

    Exit code 0: exported; 2: bad usage, or nothing was graded yet; 3: exported, but the grader
    failed on some submission, whose score is left open.
    """
    from grader.cli.export import Wishes, run  # noqa: PLC0415

    wishes = Wishes(student or (), visibility or (), update, column, so_far, folder)
    raise typer.Exit(
        run(
            assignment,
            format_name=format_name,
            to=to,
            wishes=wishes,
            reports=reports,
            course=course,
        )
    )


@app.command("trace")
def _trace(
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


@app.command("doctor")
def _doctor() -> None:
    """Say what protects this machine from student code.

    Example: grader doctor

    Exit code 0: other people's code can be graded here; 2: it cannot, or only with
    --unsafe-no-sandbox.
    """
    from grader.cli.doctor import run  # noqa: PLC0415

    raise typer.Exit(run())


def main() -> None:
    """Run the command line."""
    app()
