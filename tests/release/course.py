"""The releases of the real course, each made once for all tests."""

from __future__ import annotations

import io
import tempfile
import zipfile
from functools import cache
from pathlib import Path

from grader.kinds.registry import part_models
from grader.release import selfcheck
from grader.release.bundle import bundle
from grader.release.selfcheck import SelfCheck
from grader.spec.course import Course
from grader.spec.loader import Assignment, load

from .leaks import Secrets, secrets

ROOT = Path(__file__).parents[2]
NAMES = Course(ROOT).names()


@cache
def assignment(name: str) -> Assignment:
    """Return an assignment of the course."""
    course = Course(ROOT)
    return load(course.assignment(name), course.references, part_models())


@cache
def packed(name: str) -> bytes:
    """Return the archive of an assignment."""
    return bundle(assignment(name)).packed()


def files(name: str) -> dict[str, bytes]:
    """Return the files in the archive of an assignment."""
    with zipfile.ZipFile(io.BytesIO(packed(name))) as archive:
        return {entry: archive.read(entry) for entry in archive.namelist()}


@cache
def hidden(name: str) -> Secrets:
    """Return what the release of an assignment must not hold."""
    return secrets(assignment(name))


@cache
def check(name: str) -> SelfCheck:
    """Return what a student reads from the release of an assignment."""
    path = Path(_FOLDER.name) / name / selfcheck.FILE  # it stays: keys are made from it
    path.parent.mkdir()
    path.write_bytes(files(name)[selfcheck.FILE])
    return selfcheck.read(path)


_FOLDER = tempfile.TemporaryDirectory(prefix="releases-")  # removed when Python ends
