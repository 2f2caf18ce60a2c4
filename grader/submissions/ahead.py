"""What to import ahead for the code in a folder, found before anything heavy is imported."""

from __future__ import annotations

import re
from pathlib import Path

from grader.submissions.reach import reached

DATA = "self-check.json"
"""What marks an unpacked release; as in `grader.release.selfcheck`, which takes long to import."""

_PACKAGES = ("numpy", "torch")
_MAX_BYTES = 20 << 20
_CODE = re.compile(rb'"([\w-]+\.py)"')
_IN_NOTEBOOK = re.compile(rb"\b(?:import|from)\s+torch\b")


def handed_in(folder: Path) -> bool:
    """Return whether a folder lies among the submissions of a course.

    Then what came back with it from a release is a student's, and the course itself judges.
    """
    return any(
        folder.is_relative_to(parent / "submissions") and (parent / "assignments").is_dir()
        for parent in folder.parents
    )


def packages(folder: Path) -> list[str]:
    """Return what the code in a folder will import and takes long: NumPy and perhaps torch."""

    def content(name: str) -> bytes | None:
        try:
            return (folder / name).read_bytes()[:_MAX_BYTES]
        except OSError:
            return None

    notebooks = folder.glob("*.ipynb")
    if any(_IN_NOTEBOOK.search(content(file.name) or b"") for file in notebooks):
        return list(_PACKAGES)
    data = content(DATA)
    if data is None:  # in a course every file may be one that is asked for
        files = [file.name for file in folder.glob("*.py")]
    else:
        files = [name.decode() for name in set(_CODE.findall(data))]
    found = reached(files, content).packages
    return [name for name in _PACKAGES if name == "numpy" or name in found]
