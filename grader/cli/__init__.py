"""The command line: ``grader grade | check | release | validate | audit | export`` and others.

Exit codes: 0 for success; 1 for a self-check with something wrong, an audit that found something,
or a grade below --fail-under; 2 for bad usage or a fault in the course's files; 3 if the grader
itself failed on a submission; 130 after Ctrl-C.  How each command is called stands in `usage`, what
it does in a module of its own, which is imported when the command runs.
"""

from __future__ import annotations

from typing import Annotated

import typer

import grader
from grader.cli.usage import course, exchange, grading, students

app = typer.Typer(
    name="grader",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="An autograder for courses on automatic differentiation and the mathematics of deep "
    "learning.\n\nExample: grader grade background-math",
)


@app.callback(invoke_without_command=True)
def _options(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if version:
        typer.echo(f"grader {grader.__version__}")
        raise typer.Exit


# In the order in which the help lists them.
app.command("grade")(grading.grade)
app.command("check")(students.check)
app.command("validate")(course.validate)
app.command("release")(course.release)
app.command("audit")(course.audit)
app.command("collect")(exchange.collect)
app.command("report")(exchange.report)
app.command("export")(exchange.export)
app.command("trace")(students.trace)
app.command("doctor")(grading.doctor)


def main() -> None:
    """Run the command line."""
    app()
