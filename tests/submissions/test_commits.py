"""Repositories of students, right ones and hostile ones; each hostile one would leave a trace."""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from grader.submissions import commits
from grader.submissions.commits import UnreadableError, committed_at

AT = datetime(2026, 10, 1, 20, 10, 5, tzinfo=UTC)
DATED = {"GIT_COMMITTER_DATE": "2026-10-01T22:10:05+0200", "GIT_AUTHOR_DATE": "2020-01-01T00:00Z"}
WHO = ("-c", "user.name=Ada > 1 +0000", "-c", "user.email=ada@example.org")


def git(folder: Path, *arguments: str, **environment: str) -> None:
    clean = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    subprocess.run(  # noqa: S603
        ["git", *WHO, *arguments],  # noqa: S607
        cwd=folder,
        check=True,
        capture_output=True,
        env=clean | {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull} | environment,
    )


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with one commit; its author's date is another than its committer's."""
    folder = tmp_path / "ada"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    (folder / "solution.py").write_text("x = 1\n", encoding="utf-8")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "committer Eve <e> 1 +0000", **DATED)
    return folder


def test_the_time_is_that_of_the_committer(repository: Path) -> None:
    assert committed_at(repository) == AT


def test_a_folder_that_is_no_repository_has_no_time(repository: Path) -> None:
    inside = repository / "src"
    inside.mkdir()
    assert committed_at(inside) is None
    assert committed_at(repository / "not there") is None


def test_packed_objects_and_references_are_read(repository: Path) -> None:
    git(repository, "gc", "-q")
    git(repository, "pack-refs", "--all")
    assert not (repository / ".git" / "refs" / "heads" / "main").exists()
    assert committed_at(repository) == AT


def test_a_clone_a_branch_and_a_commit_by_itself_are_read(repository: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{repository}", "clone")
    assert committed_at(tmp_path / "clone") == AT
    git(repository, "checkout", "-q", "-b", "feature/one")
    assert committed_at(repository) == AT
    git(repository, "checkout", "-q", "--detach")
    assert committed_at(repository) == AT


def test_hashes_of_64_digits_are_read(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "--object-format=sha256")
    git(tmp_path, "commit", "-q", "--allow-empty", "-m", "x", **DATED)
    assert committed_at(tmp_path) == AT


def test_no_program_that_a_repository_names_is_started(repository: Path, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    evil = tmp_path / "evil"
    evil.write_text(f"#!/bin/sh\necho ran >> {trace}\ncat\n", encoding="utf-8")
    evil.chmod(0o755)
    for name in ("pre-commit", "post-checkout", "reference-transaction", "post-index-change"):
        shutil.copy(evil, repository / ".git" / "hooks" / name)
    named = f"\tpager = {evil}\n\tfsmonitor = {evil}\n\thooksPath = {repository}/.git/hooks\n"
    with (repository / ".git" / "config").open("a", encoding="utf-8") as config:
        config.write(
            f"[core]\n{named}\tsshCommand = {evil}\n\talternateRefsCommand = {evil}\n"
            f"[gpg]\n\tprogram = {evil}\n[log]\n\tshowSignature = true\n"
            f'[remote "origin"]\n\turl = ext::{evil}\n\tpromisor = true\n'
            f"[extensions]\n\tpartialClone = origin\n[protocol]\n\tallow = always\n"
            f'[filter "x"]\n\tsmudge = {evil}\n\tclean = {evil}\n'
        )
    (repository / ".gitattributes").write_text("* filter=x diff=x\n", encoding="utf-8")
    assert committed_at(repository) == AT
    shutil.rmtree(repository / ".git" / "objects")
    (repository / ".git" / "objects").mkdir()
    with pytest.raises(UnreadableError, match="not there, or damaged"):
        committed_at(repository)  # a partial clone would fetch what is missing
    assert not trace.exists()


def test_a_configuration_that_git_refuses_does_not_matter(repository: Path) -> None:
    (repository / ".git" / "config").write_text("[core\n", encoding="utf-8")
    assert committed_at(repository) == AT


def test_variables_of_git_do_not_lead_it_elsewhere(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", "/nowhere")
    assert committed_at(repository) == AT


@pytest.mark.parametrize(
    "link", ["HEAD", "objects", "refs", "refs/heads", "refs/heads/main", "packed-refs"]
)
def test_a_link_is_not_followed(repository: Path, tmp_path: Path, link: str) -> None:
    git(repository, "pack-refs", "--all", "--no-prune")
    place = repository / ".git" / link
    place.rename(tmp_path / "moved")
    place.symlink_to(tmp_path / "moved")
    if link == "packed-refs":
        (repository / ".git" / "refs" / "heads" / "main").unlink()
    with pytest.raises(UnreadableError):
        committed_at(repository)


def test_a_repository_elsewhere_is_not_the_submissions_own(repository: Path) -> None:
    (repository / ".git").rename(repository / "elsewhere")
    (repository / ".git").symlink_to("elsewhere")
    assert committed_at(repository) is None
    (repository / ".git").unlink()
    (repository / ".git").write_text("gitdir: elsewhere\n", encoding="utf-8")
    assert committed_at(repository) is None


@pytest.mark.parametrize(
    ("head", "says"),
    [
        ("ref: refs/heads/none", "it has no commit"),
        ("ref: refs/../../../secret", "HEAD names no branch"),
        ("ref: /etc/passwd", "HEAD names no branch"),
        ("ref: HEAD", "HEAD names no branch"),
        ("--help", "it has no commit"),
        ("0" * 40, "its last commit is not there, or damaged"),
    ],
)
def test_a_head_that_is_none_is_told(repository: Path, head: str, says: str) -> None:
    (repository / ".git" / "HEAD").write_text(f"{head}\n", encoding="utf-8")
    with pytest.raises(UnreadableError) as caught:
        committed_at(repository)
    assert str(caught.value) == says


def test_branches_that_name_each_other_end(repository: Path) -> None:
    heads = repository / ".git" / "refs" / "heads"
    (heads / "main").write_text("ref: refs/heads/other\n", encoding="utf-8")
    (heads / "other").write_text("ref: refs/heads/main\n", encoding="utf-8")
    with pytest.raises(UnreadableError, match="it has no commit"):
        committed_at(repository)


def test_a_pipe_in_place_of_a_file_stops_nothing(repository: Path) -> None:
    (repository / ".git" / "HEAD").unlink()
    os.mkfifo(repository / ".git" / "HEAD")
    with pytest.raises(UnreadableError, match="HEAD is no regular file"):
        committed_at(repository)


def test_a_commit_of_megabytes_is_not_read(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commits, "MAX_COMMIT_BYTES", 100)
    with pytest.raises(UnreadableError, match="its last commit is too large"):
        committed_at(repository)


def test_a_machine_without_git_says_so(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(UnreadableError, match="git is not installed here"):
        committed_at(repository)
