"""How ``grader collect``, ``report`` and ``export`` are called: what comes in and goes out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from grader.cli.options import Assignment, Course, Reports


def collect(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="SOURCE",
            help="A folder or a zip with what students handed in, as it was downloaded; or a CSV "
            "file with a column repository.",
        ),
    ],
    assignment: Annotated[str, typer.Option(metavar="NAME", help="Which assignment it answers.")],
    roster: Annotated[
        Path | None,
        typer.Option(
            metavar="CSV",
            help="The students of the course: a column id, name or email, or the export of Canvas, "
            "Gradescope, Moodle or GitHub Classroom.",
        ),
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Where the submissions go.",
            show_default="submissions/NAME of the course",
        ),
    ] = None,
    layout: Annotated[
        str, typer.Option(metavar="LAYOUT", help="canvas, gradescope, moodle, folders or auto.")
    ] = "auto",
    before: Annotated[
        str | None,
        typer.Option(
            metavar="TIME",
            help="Of a repository: grade the last commit before, as in 2026-10-01T23:59+02:00.",
            show_default="the last commit",
        ),
    ] = None,
    time_zone: Annotated[
        str | None,
        typer.Option(
            metavar="ZONE",
            help="Of dates in a zip, which have none: Europe/Berlin.",
            show_default="this machine's",
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would happen; write nothing.")
    ] = False,
    course: Course = None,
) -> None:
    """Lay out what students handed in as one folder for each.

    What is missing, came twice or was ignored is printed and kept beside the folder.

    Example: grader collect canvas.zip --assignment background-math --roster roster.csv

    Exit code 0: collected, whatever was missing; 2: bad usage, or nothing to collect; 130:
    interrupted.
    """
    from grader.cli.collect import Wishes, run  # noqa: PLC0415

    wishes = Wishes(roster, to, layout, before, time_zone, dry_run)
    raise typer.Exit(run(source, assignment, wishes, course))


def report(
    reports: Reports = None,
    course: Course = None,
) -> None:
    """Write the pages and results.json again from the gradebook; run nothing.

    Example: grader report --reports reports

    Exit code 0: written; 2: bad usage, or nothing was graded yet.
    """
    from grader.cli.report import run  # noqa: PLC0415

    raise typer.Exit(run(reports=reports, course=course))


def export(
    assignment: Assignment,
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
    reports: Reports = None,
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
