"""The command line: ``grader grade | check | validate | doctor``.

Exit codes: 0 for success; 1 for a self-check with something wrong; 2 for bad usage or a fault in
the course's files; 3 if the grader itself failed on a submission; 130 after Ctrl-C.  Each command
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
