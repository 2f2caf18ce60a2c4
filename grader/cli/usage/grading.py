"""How ``grader grade`` and ``doctor`` are called: grading, and whether it is safe here."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, NoReturn

import typer

from grader.cli.options import Assignments, Course, Jobs, Single


def grade(
    assignments: Assignments = None,
    submissions: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="One folder per student; for a single assignment."),
    ] = None,
    reports: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Where the reports go.", show_default="reports"),
    ] = None,
    jobs: Jobs = None,
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
    submission: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Grade one folder, such as a student's repository; what follows is for it. "
            "Nothing is written but what --format and --reports ask for.",
        ),
    ] = None,
    assignment: Annotated[
        str | None, typer.Option(metavar="NAME", help="Which assignment the folder answers.")
    ] = None,
    student: Annotated[
        str | None,
        typer.Option(metavar="ID", help="Whose it is.", show_default="the folder's name"),
    ] = None,
    formats: Annotated[
        list[str] | None,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="Export the grade: github, annotations, classroom, gradescope, junit, csv or "
            "jsonl; may be repeated.",
        ),
    ] = None,
    to: Annotated[
        str | None,
        typer.Option(
            metavar="PATH",
            help="The file of the export, or the folder of several; - for stdout.",
            show_default="where the format is looked for",
        ),
    ] = None,
    fail_under: Annotated[
        str | None,
        typer.Option(
            metavar="LEAST",
            help="Exit with 1 below so many points (12.5), or so much of those that wait for no "
            "person (60%).",
        ),
    ] = None,
    submitted_at: Annotated[
        str | None, typer.Option(metavar="TIME", help="When it was handed in, with the time zone.")
    ] = None,
    metadata: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="The submission_metadata.json of Gradescope: whose it is, and from when.",
        ),
    ] = None,
    student_from: Annotated[
        str | None,
        typer.Option(
            metavar="KEY",
            help="What of the metadata is the student's id: email, login (what stands before its "
            "@), name or id.",
            show_default="email",
        ),
    ] = None,
    visibility: Annotated[
        list[str] | None,
        typer.Option(metavar="[PART=]WHEN", help="gradescope: as for grader export."),
    ] = None,
    folder: Annotated[
        str | None,
        typer.Option(
            metavar="DIR",
            help="github, annotations: where the folder lies in its repository.",
            show_default="found",
        ),
    ] = None,
) -> None:
    """Grade submissions and write the reports; or one, and export its grade.

    Example: grader grade background-math --only ada --jobs 4

    Example: grader grade --submission . --assignment background-math --course ../course --format
    github --fail-under 60%

    Exit code 0: everything was graded, whatever the grades; 1: less than --fail-under; 2: bad usage
    or a fault in the course's files; 3: the grader failed on some submission; 130: interrupted,
    what was graded is kept.
    """
    names = assignments or []
    single = Single(
        submission,
        assignment,
        student,
        metadata,
        student_from,
        submitted_at,
        formats or (),
        to,
        visibility or (),
        folder,
        fail_under,
    )
    if submission is not None:
        of_many = {"ASSIGNMENT": names, "--submissions": submissions, "--jobs": jobs}
        of_many |= {"--only": only, "--rerun": rerun}
        strays = [name for name, value in of_many.items() if value]
        if strays:
            _refuse(f"{strays[0]} is for many submissions; with --submission there is one")
        from grader.cli.single import run as run_single  # noqa: PLC0415

        raise typer.Exit(run_single(single, reports=reports, unsafe=unsafe, course=course))
    if single.given():
        _refuse(f"{single.given()[0]} is for one submission; name its folder with --submission")
    from grader.cli.grade import run  # noqa: PLC0415

    raise typer.Exit(
        run(
            names,
            submissions=submissions,
            reports=reports,
            jobs=jobs,
            only=only or [],
            rerun=rerun,
            unsafe=unsafe,
            course=course,
        )
    )


def _refuse(text: str) -> NoReturn:
    """End a command that was called in a way that cannot be carried out."""
    from grader.cli.console import complain  # noqa: PLC0415

    complain(text)
    raise typer.Exit(2)


def doctor() -> None:
    """Say what protects this machine from student code.

    Example: grader doctor

    Exit code 0: other people's code can be graded here; 2: it cannot, or only with
    --unsafe-no-sandbox.
    """
    from grader.cli.doctor import run  # noqa: PLC0415

    raise typer.Exit(run())
