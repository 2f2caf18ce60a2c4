"""How ``grader validate``, ``release`` and ``audit`` are called: what is done with a course."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from grader.cli.options import Assignment, Assignments, Course, Jobs


def validate(
    assignments: Assignments = None,
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


def release(
    assignment: Assignment,
    to: Annotated[
        Path, typer.Option(metavar="DIR", help="Where the archives go.", show_default="dist")
    ] = Path("dist"),
    student: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="A student's own archive; may be repeated."),
    ] = None,
    all_students: Annotated[
        bool,
        typer.Option("--all-students", help="An archive for every folder in submissions."),
    ] = False,
    gradescope: Annotated[
        bool, typer.Option("--gradescope", help="The autograder for Gradescope, instead.")
    ] = False,
    course: Course = None,
) -> None:
    """Make what students download: starter, statements, a sheet for answers, data to check with.

    No reference, no hidden case and no answer is in it. The same course gives the same bytes.

    Example: grader release background-math --to dist

    Example: grader release background-math --student ada --student bob

    Exit code 0: written; 2: bad usage, or a fault in the course's files.
    """
    from grader.cli.release import run  # noqa: PLC0415

    raise typer.Exit(
        run(
            assignment,
            to=to,
            students=student or [],
            all_students=all_students,
            gradescope=gradescope,
            course=course,
        )
    )


def audit(
    assignments: Assignments = None,
    jobs: Jobs = None,
    seed: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=0,
            help="The seed to compare the assignment's own with.",
            show_default="the next one",
        ),
    ] = None,
    mutants: Annotated[
        bool,
        typer.Option(
            "--mutants",
            help="Grade the reference solution with one slip after the other in it, instead.",
        ),
    ] = False,
    only: Annotated[
        list[str] | None,
        typer.Option(metavar="PART", help="Mutants that this part runs; may be repeated."),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(
            metavar="N", min=1, help="At most so many mutants of an assignment, drawn by --seed."
        ),
    ] = None,
    table: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Make the tables of mutants in this page anew."),
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
    none of it. With --mutants: whether the cases see each small slip in the reference solution.

    Example: grader audit background-math

    Example: grader audit --mutants background-math --only q3-gradient

    Exit code 0: nothing found; 1: something found, and listed; 2: bad usage or a fault in the
    course's files; 130: interrupted.
    """
    if mutants:
        from grader.cli import mutants as hunting  # noqa: PLC0415

        wishes = hunting.Wishes(only or (), limit, seed, table, jobs, unsafe)
        raise typer.Exit(hunting.run(assignments or [], wishes, course))
    from grader.cli.audit import run  # noqa: PLC0415

    if only or limit is not None or table is not None:
        raise typer.BadParameter("--only, --limit and --table go with --mutants")
    raise typer.Exit(run(assignments or [], jobs=jobs, seed=seed, unsafe=unsafe, course=course))
