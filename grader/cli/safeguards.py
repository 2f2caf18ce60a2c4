"""What keeps a student's repository from having a say in how it is graded.

Where a repository is graded, its own files are all around: the folder one is in, the place where
results go, what Python finds first.  Each function here refuses one way in which they could matter,
with what to do instead.  `docs/ci.md` has the whole list, and tests try every entry of it.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from grader.errors import UsageError
from grader.spec.course import Course

COURSE = "GRADER_COURSE"


def submitted_folder(given: Path) -> Path:
    """Return the folder of a submission.  Raises UsageError if it is none."""
    folder = given.resolve()
    if folder.is_file():
        raise UsageError(f"{given} is a file; give the folder that it is in: {folder.parent}")
    if not folder.is_dir():
        raise UsageError(f"there is no folder {given}; give the one with the student's solution.py")
    return folder


def course_for(folder: Path, named: Path | None) -> Course:
    """Return the course that grades a submitted folder, which must not be the student's own.

    It is the one that was named, that of the variable GRADER_COURSE, or the one that this process
    is in.  Raises UsageError if it lies in the submission, or could have come along with it.
    """
    variable = os.environ.get(COURSE)
    course = Course.find(named or Path(variable or "."))
    root = course.root.resolve()
    if root.is_relative_to(folder):
        raise UsageError(
            f"the course {root} lies in the submission {folder}, so its student could have written "
            f"it; name a course outside of it with --course, or with the variable {COURSE}"
        )
    own = any(folder.is_relative_to(course.submissions(name)) for name in course.names())
    if named is None and not variable and not own and _repository(root) == _repository(folder):
        raise UsageError(
            f"the course {root} was found in the folder that you are in, and lies in one "
            f"repository with the submission {folder}, so its student could have written it; name "
            f"the course with --course, or with the variable {COURSE}"
        )
    return course


def repository(folder: Path) -> Path:
    """Return the root of the repository that a folder lies in, or the folder itself."""
    return _repository(folder) or folder


def _repository(folder: Path) -> Path | None:
    return next((path for path in (folder, *folder.parents) if (path / ".git").exists()), None)


def refuse_foreign_modules(folder: Path) -> None:
    """Raise UsageError if Python would look for modules in a submission.

    The environment that Python itself runs from may lie there: whoever chose it has done so.
    """
    prefixes = [Path(prefix).resolve() for prefix in (sys.prefix, sys.base_prefix)]
    for entry in sys.path:
        path = Path(entry).resolve()
        inside = path.is_relative_to(folder) and not any(map(path.is_relative_to, prefixes))
        if inside:
            raise UsageError(
                f"Python looks for modules in {path}, which is part of the submission; take it out "
                "of PYTHONPATH, and start the grader as grader or python -P -m grader"
            )


def output_place(path: Path, folder: Path) -> Path:
    """Return the absolute path of a file or folder to be written.

    Raises UsageError if it lies in the submission and something is there already, or a link leads
    away on the way to it: the student may have put it there.
    """
    absolute = Path(os.path.abspath(path))  # noqa: PTH100  (links are looked at below)
    resolved = absolute.resolve()
    real = absolute.parent.resolve() / absolute.name
    if not (real.is_relative_to(folder) or absolute.is_relative_to(folder)):
        return absolute
    if resolved != _beneath(absolute, folder):
        raise UsageError(
            f"{path} lies in the submission and leads elsewhere through a link, to {resolved}; "
            "name a place outside of the submission, or remove the link first"
        )
    used = resolved.is_file() or (resolved.is_dir() and any(resolved.iterdir()))
    if used:
        raise UsageError(
            f"{path} lies in the submission and is there already, so it may be the student's; "
            "remove it first, or name a place outside of the submission"
        )
    return resolved


def _beneath(absolute: Path, folder: Path) -> Path:
    """Return a path below a folder as it is without any link below the folder."""
    for parent in absolute.parents:
        if parent.resolve() == folder:
            return folder / absolute.relative_to(parent)
    return absolute
