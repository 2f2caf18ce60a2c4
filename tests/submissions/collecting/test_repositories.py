from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from grader.errors import UsageError
from grader.submissions.collecting import repositories
from grader.submissions.collecting.paths import Refused
from grader.submissions.collecting.repositories import cloned, head, located
from tests.submissions.collecting.downloads import CODE, Desk, utc

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

MORNING, EVENING = "2026-03-01T08:00:00+01:00", "2026-03-01T20:00:00+01:00"


def git(folder: Path, *arguments: str, date: str = MORNING) -> str:
    who = {
        f"GIT_{role}_{field}": "ada"
        for role in ("AUTHOR", "COMMITTER")
        for field in ("NAME", "EMAIL")
    }
    dates = {f"GIT_{role}_DATE": date for role in ("AUTHOR", "COMMITTER")}
    quiet = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    return subprocess.run(  # noqa: S603
        ["git", *arguments],  # noqa: S607
        cwd=folder,
        env={"PATH": os.environ["PATH"], **who, **dates, **quiet},
        check=True,
        capture_output=True,
        text=True,
        encoding="utf-8",
    ).stdout.strip()


def commit(folder: Path, files: Mapping[str, bytes], date: str = MORNING) -> str:
    """Return a new commit in a repository, which is made if it is not there."""
    if not folder.exists():
        folder.mkdir(parents=True)
        git(folder, "init", "--quiet", "--initial-branch=main")
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    git(folder, "add", "--all", "--force")
    git(folder, "commit", "--quiet", "--allow-empty", "--message=work", date=date)
    return git(folder, "rev-parse", "HEAD")[:12]


def refusal(url: str) -> str:
    with pytest.raises(Refused) as caught, cloned(url, None):
        pass
    return str(caught.value)


def test_the_last_commit_of_each_repository_is_laid_out(desk: Desk) -> None:
    ada = commit(desk.root / "repos" / "ada", {"solution.py": CODE, "data/x.txt": b"1"})
    ben = commit(desk.root / "repos" / "ben", {"hw/solution.py": CODE}, EVENING)
    source = desk.source(
        b"id,name,repository\ns1,Ada,repos/ada\ns2,Ben,"
        + (desk.root / "repos" / "ben").as_uri().encode()
        + b"\ns3,Cleo,\n",
        "class.csv",
    )
    collected = desk.collect(source)
    assert collected.layout == "repositories"
    assert collected.missing == ["s3  Cleo"]
    assert [name for name in desk.files() if name != "manifest.csv"] == [
        "s1/data/x.txt",
        "s1/solution.py",
        "s2/solution.py",
    ]
    assert desk.manifest() == [
        f"s1,2026-03-01T08:00:00+01:00,git {ada}",
        f"s2,2026-03-01T20:00:00+01:00,git {ben}",
    ]


def test_the_last_commit_before_a_date_counts(desk: Desk) -> None:
    repository = desk.root / "ada"
    first = commit(repository, {"solution.py": b"first"})
    commit(repository, {"solution.py": b"second"}, EVENING)
    source = desk.source(b"id,repository\nada,ada\n", "class.csv")
    desk.collect(source, before=utc(2026, 3, 1, 12))
    assert desk.files()["ada/solution.py"] == b"first"
    assert desk.manifest() == [f"ada,2026-03-01T08:00:00+01:00,git {first}"]


def test_a_repository_without_a_commit_before_the_date_is_missing(desk: Desk) -> None:
    commit(desk.root / "ada", {"solution.py": CODE})
    commit(desk.root / "ben", {"solution.py": CODE}, EVENING)
    source = desk.source(b"id,repository\nada,ada\nben,ben\n", "class.csv")
    collected = desk.collect(source, before=utc(2026, 3, 1, 12))
    assert collected.missing == ["ben"]
    assert collected.notes == ["ben was ignored: it has no commit before 2026-03-01T12:00:00+00:00"]


def test_links_submodules_and_large_file_pointers_are_told(desk: Desk) -> None:
    repository = desk.root / "ada"
    lfs = b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n"
    commit(repository, {"solution.py": CODE, "weights.pt": lfs})
    (repository / "passwd").symlink_to("/etc/passwd")
    commit(repository / "inner", {"x.py": b""})
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "--message=more")
    collected = desk.collect(desk.source(b"id,repository\nada,ada\n", "class.csv"))
    assert collected.notes == [
        "ada: inner was ignored: it is a submodule",
        "ada: passwd was ignored: it is a link",
        "ada: weights.pt was ignored: it lies in Git LFS, from which nothing is fetched",
    ]
    assert [name for name in desk.files() if name.startswith("ada")] == ["ada/solution.py"]


def test_nothing_in_a_repository_is_run(desk: Desk) -> None:
    repository = desk.root / "ada"
    commit(repository, {"solution.py": CODE, ".gitattributes": b"*.py filter=evil export-ignore\n"})
    mark = desk.root / "ran"
    evil = f"touch {mark}"
    for name in (
        "core.fsmonitor",
        "filter.evil.smudge",
        "uploadpack.packObjectsHook",
        "core.pager",
    ):
        git(repository, "config", name, evil)
    for hook in ("post-checkout", "post-upload-pack", "pre-auto-gc", "post-index-change"):
        script = repository / ".git" / "hooks" / hook
        script.parent.mkdir(exist_ok=True)
        script.write_text(f"#!/bin/sh\n{evil}\n", encoding="utf-8")
        script.chmod(0o755)
    desk.collect(desk.source(b"id,repository\nada,ada\n", "class.csv"))
    assert desk.files()["ada/solution.py"] == CODE
    assert not mark.exists()


def test_an_empty_repository_is_refused(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "empty")
    assert refusal((tmp_path / "empty").as_uri()) == "it has no commit"


def test_what_git_says_is_told(tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    assert refusal((tmp_path / "plain").as_uri()).startswith("git says: fatal: ")


def test_a_clone_that_takes_too_long_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "git"
    program.write_text("#!/bin/sh\nsleep 60\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(repositories, "CLONE_S", 0.2)
    assert refusal("https://example.org/x") == "git took longer than 0 s"


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("ext::sh -c touch% /tmp/x", "there is no repository at this path"),
        ("ext://x", "addresses with ext:// are not cloned; file, https and ssh are"),
        ("ftp://x/y", "addresses with ftp:// are not cloned; file, https and ssh are"),
        ("nowhere", "there is no repository at this path"),
        ("--upload-pack=evil", "there is no repository at this path"),
        ("ssh://-oProxyCommand=evil/x", "its address names no machine"),
        ("https:///x", "its address names no machine"),
        ("http://[x", "its address makes no sense"),
        ("a\0b", "there is no repository at this path"),
    ],
)
def test_an_address_that_could_be_anything_else_is_refused(
    address: str, why: str, tmp_path: Path
) -> None:
    with pytest.raises(Refused) as caught:
        located(address, tmp_path)
    assert str(caught.value) == why


def test_a_remote_address_is_left_as_it_is(tmp_path: Path) -> None:
    assert located("https://example.org/a.git", tmp_path) == "https://example.org/a.git"


def test_a_folder_with_a_clone_has_the_time_of_its_commit(desk: Desk) -> None:
    ada = commit(desk.root / "clones" / "ada", {"solution.py": CODE})
    (desk.root / "clones" / "ben").mkdir()
    (desk.root / "clones" / "ben" / "solution.py").write_bytes(CODE)
    os.utime(desk.root / "clones" / "ben" / "solution.py", (1_772_000_000, 1_772_000_000))
    desk.collect(desk.root / "clones")
    rows = dict(row.split(",", 1) for row in desk.manifest())
    assert rows["ada"] == f"2026-03-01T08:00:00+01:00,git {ada}"
    assert rows["ben"].endswith(",file")


def test_a_folder_that_only_looks_like_a_clone_has_no_commit(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    assert head(tmp_path) is None


def test_a_csv_without_repositories_is_told(desk: Desk) -> None:
    with pytest.raises(UsageError) as caught:
        desk.collect(desk.source(b"id,name\ns1,Ada\n", "class.csv"))
    assert str(caught.value) == (
        f"{desk.root}/class.csv has no repository in any row; expected a column repository with "
        "paths or git URLs"
    )


def test_a_path_without_a_repository_is_told(desk: Desk) -> None:
    commit(desk.root / "ada", {"solution.py": CODE})
    source = desk.source(b"id,repository\nada,ada\nben,gone\n", "class.csv")
    assert desk.collect(source).notes == [
        "ben: gone was ignored: there is no repository at this path"
    ]
