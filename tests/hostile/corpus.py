"""The corpus laid out as a course: every attack, and right submissions between them."""

from __future__ import annotations

import hashlib
import importlib
import os
import pkgutil
import tempfile
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path
from types import ModuleType

from tests.hostile import attacks, course
from tests.hostile.attack import Attack

NEIGHBOUR = "-neighbour"
EVERY = 8
"""After so many attacks comes a neighbour: the same submission each time, with the same grade."""

MARK = "grader-hostile"
"""What attacks call the files that they leave wherever they can."""

_STATE = """\


import os
import random
import sys

START = [random.random(), np.random.rand(), torch.rand(1).item()]


def slope(x):
    # Wrong in a way that shows what another submission may have changed.
    state = [*np.geterr().values(), torch.get_default_dtype(), torch.is_grad_enabled()]
    state += [torch.get_num_threads(), sys.getrecursionlimit(), sorted(os.listdir("."))]
    state += [np.get_printoptions(), sorted(os.environ), "hostile" in str(os.environ)]
    try:
        state.append(sorted(os.listdir("/tmp")))
    except OSError as error:
        state.append(error.errno)
    state += [allclose.__module__ for allclose in (np.allclose, torch.allclose, np.linalg.norm)]
    drawn = [random.random(), np.random.rand(), torch.rand(1).item()]
    return np.array([sum(START), sum(drawn), sum(repr(state).encode())])
"""


@cache
def known() -> Mapping[str, Attack]:
    """Return all attacks by the names of their modules."""
    names = [module.name for module in pkgutil.iter_modules(attacks.__path__)]
    found: dict[str, Attack] = {name: _module(name).ATTACK for name in names}
    return found


def told(name: str) -> tuple[str, str]:
    """Return what an attack tries, and which graders fall for it."""
    tries, _, rest = (_module(name).__doc__ or "").partition("\n\n")
    return " ".join(tries.split()), " ".join(rest.split())


def _module(name: str) -> ModuleType:
    return importlib.import_module(f"{attacks.__name__}.{name}")


def folder_of(name: str) -> str:
    """Return the name that the submission of an attack has."""
    return known()[name].folder or name


def lay_out(root: Path, names: Collection[str]) -> None:
    """Write the course, these attacks, and the neighbours among them."""
    submissions = course.write(root)
    for number, name in enumerate(sorted(names)):
        attack = known()[name]
        folder = submissions / folder_of(name)
        folder.mkdir()
        for file, content in attack.laid_out(str(root)).items():
            if file not in attack.links:
                path = folder / os.fsdecode(file.encode("utf-8", "surrogateescape"))
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
        for link, target in attack.links.items():
            (folder / link).symlink_to(target.replace("COURSE_ROOT", str(root)))
        if number % EVERY == 0:
            _hand_in_right(submissions / f"{name}{NEIGHBOUR}")
    _hand_in_right(submissions / f"000{NEIGHBOUR}")
    _hand_in_right(submissions / f"zzz{NEIGHBOUR}")


def _hand_in_right(folder: Path) -> None:
    folder.mkdir()
    (folder / "solution.py").write_text(course.RIGHT + _STATE, encoding="utf-8")
    (folder / "answers.yaml").write_text(course.ANSWERS, encoding="utf-8")


def print_of(root: Path) -> dict[str, str]:
    """Return a hash of every file of the course that is not made by grading."""
    found = {}
    for top, folders, files in os.walk(root):
        if Path(top) == root and "reports" in folders:
            folders.remove("reports")
        for name in files:
            path = Path(top, name)
            there = str(path.readlink()).encode() if path.is_symlink() else path.read_bytes()
            found[str(path)] = hashlib.sha256(there).hexdigest()
    return found


def left_behind(root: Path) -> list[str]:
    """Return the files that attacks left where nothing may be left."""
    places = {tempfile.gettempdir(), "/tmp", "/dev/shm", "/var/tmp", "/", str(Path.home())}  # noqa: S108
    places |= {str(root), str(root / "reports"), str(root / "reports" / course.ASSIGNMENT)}
    return [f"{place}/{MARK}" for place in sorted(places) if Path(place, MARK).exists()]


def processes_with(mark: str) -> list[int]:
    """Return the processes that have a word in their environment, as far as one may look."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and mark.encode() in (entry / "environ").read_bytes():
                found.append(int(entry.name))
        except OSError:
            continue
    return found
