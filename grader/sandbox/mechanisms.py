"""What protects on this machine, and whether it is enough to run other people's code."""

from __future__ import annotations

import stat
import sys
from collections.abc import Iterable
from pathlib import Path

from grader.errors import SandboxError
from grader.records import Mechanism
from grader.sandbox import paths
from grader.sandbox.host import Sandbox
from grader.sandbox.protections import MEANINGS

_OVERRIDE = (
    "To grade all the same, with code that you trust, give --unsafe-no-sandbox; every page of the "
    "report will say so."
)


def examine() -> tuple[Mechanism, ...]:
    """Return every mechanism, present or missing with the reason, each one tried for real."""
    if sys.platform != "linux":
        return _all_missing(f"it exists on Linux only; this is {sys.platform}")
    try:
        with Sandbox(preload=()) as sandbox:
            return sandbox.mechanisms
    except SandboxError as error:
        return _all_missing(str(error))


def shortfall(mechanisms: Iterable[Mechanism], course: Path | None = None) -> str | None:
    """Return what is missing to grade other people's code and what to do, or None if it is safe.

    Student code must be kept from starting programs or reaching other processes (seccomp, or
    namespaces), and from reading the reference (Landlock or a private root; a user id of its own is
    enough where other users cannot enter the folder of the `course`).  The course must not lie
    among Python's packages, which are there for student code to read.
    """
    found = {mechanism.name: mechanism for mechanism in mechanisms}
    present = {name for name, mechanism in found.items() if mechanism.present}
    lines = []
    if not present & {"seccomp", "namespaces"}:
        lines.append("Student code could start programs, reach other processes and the network:")
        lines += [_line(found, name) for name in ("seccomp", "namespaces")]
        lines.append(
            "  Install libseccomp2, or allow namespaces (run as root, or with unprivileged "
            "user namespaces enabled)."
        )
    shown = None if course is None else _shown_by(course)
    if shown is not None:
        lines.append(
            f"Student code can read {shown}, where Python has its packages, and the course lies in "
            "it. Move the course to another folder."
        )
    closed = course is not None and _is_closed(course) and "separate uids" in present
    if not present & {"landlock", "private root"} and not closed:
        lines.append("Student code could read the reference solutions:")
        lines += [_line(found, name) for name in ("landlock", "private root")]
        lines.append(
            "  Use Linux 5.13 or later with Landlock enabled, or allow namespaces; or, as "
            "root, close the course's folder to other users (chmod 700)."
        )
    if not lines:
        return None
    return "\n".join(["Other people's code cannot be run safely here.", *lines, _OVERRIDE])


def _line(found: dict[str, Mechanism], name: str) -> str:
    reason = found[name].detail if name in found else "it was not looked for"
    return f"  {name} is missing: {reason}"


def _all_missing(reason: str) -> tuple[Mechanism, ...]:
    return tuple(Mechanism(name, False, reason, meaning) for name, meaning in MEANINGS.items())


def _shown_by(course: Path) -> Path | None:
    """Return the folder of those that student code may read in which the course lies, if any."""
    folders = [Path(path).resolve() for path in paths.readable()]
    return next((folder for folder in folders if course.resolve().is_relative_to(folder)), None)


def _is_closed(folder: Path) -> bool:
    """Return whether other users cannot get into a folder, since it or one above it is closed."""
    absolute = folder.resolve()
    return any(not path.stat().st_mode & stat.S_IXOTH for path in (absolute, *absolute.parents))
