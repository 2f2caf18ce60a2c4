"""``grader doctor``: what protects, and what is missing."""

from __future__ import annotations

from grader.cli.console import complain, say
from grader.errors import GraderError
from grader.sandbox.mechanisms import examine, shortfall

READY, NOT_READY = 0, 2


def run() -> int:
    """Return whether other people's code can be graded here; print every mechanism."""
    try:
        mechanisms = examine()
    except (GraderError, OSError) as error:
        complain(f"the sandbox cannot be started: {error}")
        return NOT_READY
    width = max(len(mechanism.name) for mechanism in mechanisms)
    for mechanism in mechanisms:
        state = "present" if mechanism.present else "missing"
        say(f"{mechanism.name:<{width}}  {state}  {mechanism.detail}")
        say(f"{'':<{width}}           {mechanism.meaning}")
    lacking = shortfall(mechanisms)
    if lacking:
        complain(lacking)
        return NOT_READY
    say("\nSubmissions can be graded here: their code is confined.")
    return READY
