"""When the last commit of a student's repository was made, read without trusting the repository.

Nothing that the student could have set is run or obeyed.  HEAD and the references are read as the
text files that they are, and of the rest only the folder of objects is given to git: through a
repository of our own, with a configuration of our own.  So the student's `.git/config`, where a
pager, a signature check or a fetch of missing objects could start a program, is never opened, and
neither are hooks.

What comes out is the committer's time, and that is worth what the committer's own clock is worth:
``git commit --date`` and the variable GIT_COMMITTER_DATE set it to anything.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import tempfile
from datetime import UTC, datetime
from pathlib import Path

MAX_TEXT_BYTES = 16 << 20  # of HEAD, a reference, packed-refs
MAX_COMMIT_BYTES = 1 << 20
TIMEOUT_S = 10.0

_HASH = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_REFERENCE = re.compile(r"refs(/(?!\.)[^/\x00-\x20\x7f~^:?*\\\[]+)+")
_COMMITTER = re.compile(rb"^committer [^\n]*> ([0-9]{1,11}) [-+][0-9]{4}$", re.MULTILINE)
_SYMBOLIC = "ref: "
_MOST_SYMBOLIC = 5


class UnreadableError(ValueError):
    """A repository whose last commit cannot be read; the text says why."""


def committed_at(folder: Path) -> datetime | None:
    """Return the time of the commit that HEAD is at; None if the folder is no repository's top.

    Raises UnreadableError for a repository that cannot be read.
    """
    repository = folder / ".git"
    if not _is_folder(repository):
        return None
    try:
        commit = _head(repository)
        if not _is_folder(repository / "objects"):
            raise UnreadableError("it has no folder of objects")
        return _time(_commit(repository / "objects", commit))
    except OSError as error:
        raise UnreadableError(error.strerror or "it cannot be opened") from None


def _is_folder(path: Path) -> bool:
    """Whether there is a folder, and no link to one."""
    try:
        return stat.S_ISDIR(os.lstat(path).st_mode)
    except OSError:
        return False


def _head(repository: Path) -> str:
    """Return the hash of the commit that HEAD is at."""
    name, text = "HEAD", _text(repository, "HEAD")
    for _ in range(_MOST_SYMBOLIC):
        if not text.startswith(_SYMBOLIC):
            break
        name = text.removeprefix(_SYMBOLIC).strip()
        if not _REFERENCE.fullmatch(name) or ".." in name:
            raise UnreadableError("HEAD names no branch")
        text = _reference(repository, name)
    if not _HASH.fullmatch(text.strip()):
        raise UnreadableError("it has no commit")
    return text.strip()


def _reference(repository: Path, name: str) -> str:
    try:
        return _text(repository, name)
    except FileNotFoundError:
        pass
    try:
        packed = _text(repository, "packed-refs")
    except FileNotFoundError:
        packed = ""
    for line in packed.splitlines():
        found, _, called = line.partition(" ")
        if called == name:
            return found
    raise UnreadableError("it has no commit")


def _text(repository: Path, name: str) -> str:
    """Return a file of a repository, to which no link leads.

    Raises FileNotFoundError if there is none.
    """
    *folders, file = name.split("/")
    place = repository
    for step in folders:
        place /= step
        if place.is_symlink():
            raise UnreadableError(f"{name} is a link")
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    if (place / file).is_symlink():
        raise UnreadableError(f"{name} is a link")
    handle = os.open(place / file, flags | getattr(os, "O_BINARY", 0))
    with os.fdopen(handle, "rb") as opened:
        if not stat.S_ISREG(os.fstat(opened.fileno()).st_mode):
            raise UnreadableError(f"{name} is no regular file")
        content = opened.read(MAX_TEXT_BYTES + 1)
    if len(content) > MAX_TEXT_BYTES:
        raise UnreadableError(f"{name} is too large")
    return content.decode("utf-8", "replace")


def _commit(objects: Path, commit: str) -> bytes:
    """Return the text of a commit."""
    with tempfile.TemporaryDirectory(prefix="grader-git-") as made:
        own = Path(made)
        (own / "objects").mkdir()
        (own / "refs").mkdir()
        (own / "HEAD").write_text("ref: refs/heads/none\n", encoding="ascii")
        (own / "config").write_text(_configuration(commit), encoding="ascii")
        size = _git(own, objects, "cat-file", "-s", commit)
        if not size.strip().isdigit() or int(size) > MAX_COMMIT_BYTES:
            raise UnreadableError("its last commit is too large")
        return _git(own, objects, "cat-file", "commit", commit)


def _configuration(commit: str) -> str:
    if len(commit) == 64:
        return (
            "[core]\n\trepositoryformatversion = 1\n\tbare = true\n"
            "[extensions]\n\tobjectformat = sha256\n"
        )
    return "[core]\n\trepositoryformatversion = 0\n\tbare = true\n"


def _git(own: Path, objects: Path, *arguments: str) -> bytes:
    program = shutil.which("git")
    if program is None:
        raise UnreadableError("git is not installed here")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment = kept | {
        "GIT_DIR": str(own),
        "GIT_OBJECT_DIRECTORY": str(objects.resolve()),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "HOME": str(own),
        "XDG_CONFIG_HOME": str(own),
        "LC_ALL": "C",
    }
    try:
        done = subprocess.run(  # noqa: S603  (git itself; nothing in the arguments is a student's)
            [program, *arguments],
            cwd=own,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=TIMEOUT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise UnreadableError("reading it takes too long") from None
    if done.returncode:
        raise UnreadableError("its last commit is not there, or damaged")
    return done.stdout


def _time(commit: bytes) -> datetime:
    header, _, _ = commit.partition(b"\n\n")
    found = _COMMITTER.findall(header)
    if not found:
        raise UnreadableError("its last commit has no time")
    try:
        return datetime.fromtimestamp(int(found[-1]), UTC)
    except (ValueError, OverflowError, OSError):
        raise UnreadableError("its last commit has no time that a clock can show") from None
