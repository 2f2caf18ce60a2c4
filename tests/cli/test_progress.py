"""What is shown of a run while it lasts."""

from __future__ import annotations

import pytest

from grader.cli.progress import Progress


class Bar:
    """Keeps what a bar on a terminal would show."""

    def __init__(self) -> None:
        self.names: list[object] = []

    def update(self, task: object, *, name: object, advance: float = 0) -> None:
        del task, advance
        self.names.append(name)


def test_without_a_terminal_a_long_call_has_a_line_of_its_own(
    capsys: pytest.CaptureFixture[str],
) -> None:
    progress = Progress()
    progress.began("optimizers", "ada", "p3-accuracy", 2, 3)
    progress.began("optimizers", "ben\n", "p4", 1, 1)
    first, second = capsys.readouterr().out.splitlines()
    assert first.strip() == "optimizers/ada: p3-accuracy (2 of 3)"
    assert second.strip().startswith("optimizers/ben")
    assert second.endswith(": p4")


def test_on_a_terminal_the_seconds_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("grader.cli.progress.time.monotonic", lambda: now[0])
    progress, bar = Progress(), Bar()
    progress._bar = bar  # type: ignore[assignment]
    progress.began("optimizers", "ada", "p3-accuracy", 2, 3)
    (shown,) = bar.names
    assert str(shown) == "optimizers/ada: p3-accuracy (2 of 3), 0 s"
    now[0] = 112.4
    assert f"{shown}" == "optimizers/ada: p3-accuracy (2 of 3), 12 s"
    progress.done("optimizers", "ada")
    assert bar.names[-1] == "optimizers/ada"


def test_the_bar_prints_what_is_going_on(capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress()
    with progress._shown() as bar:
        progress._bar = bar
        progress._task = bar.add_task("grading", total=1, name="starting")
        progress.began("optimizers", "ada", "p3-accuracy", 1, 3)
        shown = bar.columns[-1]
        assert not isinstance(shown, str)
        assert "ada: p3-accuracy (1 of 3), 0 s" in str(shown.render(bar.tasks[0]))
    capsys.readouterr()
