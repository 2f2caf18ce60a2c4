"""Git repositories of students: cloned bare, and read object by object.

Nothing is ever checked out, so that no filter, hook, attribute, submodule or large-file pointer of
a student's has any effect, and no name in a tree reaches the disk before it has been looked at.
"""

from __future__ import annotations

import io
import os
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import IO, BinaryIO, cast
from urllib.parse import unquote, urlsplit

from grader.submissions.collecting.paths import Refused, parts_of, passed_over
from grader.submissions.collecting.sources import Contents, Entry, ignored

CLONE_S = 120.0
READ_S = 30.0
MAX_LISTING_BYTES = 2 << 20
_SCHEMES = frozenset(["http", "https", "ssh", "git"])
_NO_FILES = {"120000": "link", "160000": "submodule"}
_LFS = b"version https://git-lfs.github.com/spec/"
_OPTIONS = (
    *("-c", "protocol.ext.allow=never"),
    *("-c", f"core.hooksPath={os.devnull}"),
    *("-c", "core.fsmonitor=false"),
    *("-c", "submodule.recurse=false"),
    *("-c", "fetch.recurseSubmodules=false"),
    *("-c", "gc.auto=0"),
    *("-c", "maintenance.auto=false"),
)


def located(address: str, base: Path) -> str:
    """Return where a repository is, as git is told: a URL; a path is taken from `base`.

    Raises Refused for what is neither a folder that is there nor a URL of a kind that is allowed.
    """
    try:
        parsed = urlsplit(address) if "://" in address else None
    except ValueError:
        raise Refused("its address makes no sense") from None
    if parsed and parsed.scheme in _SCHEMES:
        if not parsed.hostname or parsed.hostname.startswith("-"):
            raise Refused("its address names no machine")
        return address
    if parsed and parsed.scheme != "file":
        raise Refused(f"addresses with {parsed.scheme}:// are not cloned; file, https and ssh are")
    path = Path(unquote(parsed.path)) if parsed else base / address
    if "\0" in str(path) or not path.is_dir():
        raise Refused("there is no repository at this path")
    return path.resolve().as_uri()


@contextmanager
def cloned(url: str, before: datetime | None) -> Iterator[Contents]:
    """Yield what is in the commit to grade: the default branch's last, or the last before a date.

    Raises Refused if it cannot be cloned, or holds no commit.
    """
    with _bare(url, whole=before is not None) as git:
        commit, when = _commit(git, before)
        entries, notes, skipped = _listing(git, commit)
        yield Contents(entries, when, f"git {commit[:12]}", notes, skipped)


def head(folder: Path) -> tuple[datetime, str] | None:
    """Return when the last commit of a folder was made, and which; None if it has none."""
    if shutil.which("git") is None:
        return None
    try:
        with _bare(folder.resolve().as_uri(), whole=False) as git:
            commit, when = _commit(git, None)
    except Refused:
        return None
    return when, f"git {commit[:12]}"


@contextmanager
def _bare(url: str, *, whole: bool) -> Iterator[Path]:
    if shutil.which("git") is None:
        raise Refused("git is not installed on this machine")
    with tempfile.TemporaryDirectory(prefix="grader-git-") as folder:
        target = Path(folder) / "bare"
        depth = [] if whole else ["--depth=1"]
        options = ["--bare", "--quiet", "--no-tags", "--single-branch", "--no-local", *depth]
        options += ["--no-recurse-submodules", "--template="]
        _run(["clone", *options, "--", url, str(target)], CLONE_S)
        yield target


def _commit(git: Path, before: datetime | None) -> tuple[str, datetime]:
    date = [f"--before={before.isoformat()}"] if before else []
    if not _run(["--git-dir", str(git), "for-each-ref", "--count=1"], READ_S):
        raise Refused("it has no commit")
    form = "--format=%H %cI"
    found = _run(["--git-dir", str(git), "log", "-1", "--no-show-signature", form, *date], READ_S)
    commit, _, when = found.decode("ascii", "replace").strip().partition(" ")
    if not commit:
        raise Refused("it has no commit" + (f" before {before.isoformat()}" if before else ""))
    try:
        return commit, datetime.fromisoformat(when)
    except ValueError:
        raise Refused("its last commit has no date that can be read") from None


def _listing(git: Path, commit: str) -> tuple[list[Entry], list[str], int]:
    listed = _run(["--git-dir", str(git), "ls-tree", "-r", "-z", "--long", commit], READ_S)
    entries, notes, skipped = [], [], 0
    for row in listed.split(b"\0"):
        about, tab, path = row.partition(b"\t")
        if not tab:
            continue
        mode, _, blob, size = about.decode("ascii").split()
        name = path.decode("utf-8", "replace")
        try:
            parts = parts_of(name)
            if any(passed_over(part) for part in parts):
                skipped += 1
                continue
            _check(mode)
        except Refused as why:
            notes.append(ignored(name, str(why)))
        else:
            entries.append(Entry(parts, int(size), partial(_blob, git, blob)))
    return entries, notes, skipped


def _check(mode: str) -> None:
    if mode in _NO_FILES:
        raise Refused(f"it is a {_NO_FILES[mode]}")


def _blob(git: Path, blob: str) -> BinaryIO:
    # Only files that are small enough are opened, so that this fits into memory.
    content = _run(["--git-dir", str(git), "cat-file", "blob", blob], READ_S, most_bytes=1 << 25)
    if content.startswith(_LFS):
        raise Refused("it lies in Git LFS, from which nothing is fetched")
    return io.BytesIO(content)


def _run(arguments: Sequence[str], limit_s: float, *, most_bytes: int = MAX_LISTING_BYTES) -> bytes:
    """Return what git prints.  Raises Refused if it fails, takes too long or prints too much."""
    with (
        tempfile.TemporaryFile() as complaints,
        subprocess.Popen(  # noqa: S603
            ["git", *_OPTIONS, *arguments],  # noqa: S607
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=complaints,
            env=_environment(),
            start_new_session=True,
        ) as process,
    ):
        try:
            with _alarm(process, limit_s) as expired:
                output = cast(IO[bytes], process.stdout).read(most_bytes + 1)
                if len(output) > most_bytes:
                    raise Refused("it has too many files")
                code = process.wait()
        finally:
            _end(process)
        if expired:
            raise Refused(f"git took longer than {limit_s:.0f} s")
        if code:
            complaints.seek(0)
            raise Refused(f"git says: {_said(complaints.read(4096))}")
    return output


@contextmanager
def _alarm(process: subprocess.Popen[bytes], limit_s: float) -> Iterator[list[bool]]:
    """End a process after so long; what is yielded is filled if that was needed."""
    expired: list[bool] = []

    def end() -> None:
        expired.append(True)
        _end(process)

    timer = threading.Timer(limit_s, end)
    timer.daemon = True
    timer.start()
    try:
        yield expired
    finally:
        timer.cancel()


def _end(process: subprocess.Popen[bytes]) -> None:
    """End git and what it started, which would go on by itself."""
    if process.poll() is not None:
        return
    with suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()


def _environment() -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT_") or name in ("GIT_SSL_CAINFO", "GIT_SSL_CAPATH")
    }
    return {
        **kept,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "true",
        "SSH_ASKPASS": "true",
        "GIT_SSH_COMMAND": "ssh -o BatchMode=yes",
        "GIT_ALLOW_PROTOCOL": "file:git:http:https:ssh",
        "GIT_LFS_SKIP_SMUDGE": "1",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "LC_ALL": "C",
    }


def _said(complaints: bytes) -> str:
    """Return the line of git's complaint that says most."""
    lines = [line.strip() for line in complaints.decode("utf-8", "replace").splitlines()]
    telling = [line for line in lines if line.startswith(("fatal:", "error:"))] or lines
    return telling[0][:200].rstrip(".") if telling and telling[0] else "nothing"
