"""The command line: ``grader grade | check | release | validate | audit | export`` and others.

Exit codes: 0 for success; 1 for a self-check with something wrong, an audit that found something,
or a grade below --fail-under; 2 for bad usage or a fault in the course's files; 3 if the grader
itself failed on a submission; 130 after Ctrl-C.  Each command imports what it needs when it runs,
so that ``grader --help`` is quick.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, NoReturn

import typer

import grader
from grader.cli.options import Single

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
        from grader.cli.single import run as run_single  # noqa: PLC0415  (see above)

        raise typer.Exit(run_single(single, reports=reports, unsafe=unsafe, course=course))
    if single.given():
        _refuse(f"{single.given()[0]} is for one submission; name its folder with --submission")
    from grader.cli.grade import run  # noqa: PLC0415  (see above)

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
    from grader.cli.console import complain  # noqa: PLC0415  (see above)

    complain(text)
    raise typer.Exit(2)


@app.command("check")
def _check(
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


@app.command("release")
def _release(
    assignment: Annotated[str, typer.Argument(metavar="ASSIGNMENT", help="Which one.")],
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


@app.command("collect")
def _collect(
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
