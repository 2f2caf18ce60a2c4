"""``grader check --watch``: a process that is fed with saves, and read line by line."""

from __future__ import annotations

import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.messages import checks
from tests import tiny
from tests.cli.released import ANSWERS, Released, released

__all__ = ["released"]

PATIENCE_S = 60  # for a machine that is busy with other things

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent as a signal")


class Watching:
    """A running ``grader check --watch``."""

    def __init__(self, released: Released, *names: str) -> None:
        self.process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "grader", "check", *names, "--watch"],
            cwd=released.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        self._lines: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                self._lines.put(line.rstrip("\n"))

    def until(self, text: str) -> list[str]:
        """Return the lines up to the next one that begins with a text."""
        seen: list[str] = []
        while not seen or not seen[-1].startswith(text):
            try:
                seen.append(self._lines.get(timeout=PATIENCE_S))
            except queue.Empty:
                pytest.fail(f"no line began with {text!r}; there were {seen}")
        return seen

    def end(self) -> int:
        """Return the exit code after Ctrl-C."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE_S)

    def stop(self) -> None:
        """End it for sure."""
        if self.process.poll() is None:
            self.end()
        self._reader.join(PATIENCE_S)


@pytest.fixture
def watching(released: Released) -> Iterator[Watching]:
    """Someone who has both functions wrong, and the answer there."""
    released.write("solution.py", WRONG)
    released.write("answers.yaml", ANSWERS)
    running = Watching(released)
    running.until(checks.WATCHING)
    yield running
    running.stop()


WRONG = "def twice(x): return x\n\ndef half(x): return x\n"
FIRST_RIGHT = WRONG.replace("return x", "return 2 * x", 1)
TALLY = "{} of 3 parts"


def test_a_save_runs_the_check_again_and_tells_what_became_right(
    released: Released, watching: Watching
) -> None:
    released.write("solution.py", FIRST_RIGHT)
    seen = watching.until(TALLY.format(1))
    assert any(line.endswith(" solution.py changed") for line in seen)
    assert "twice-value: right (was wrong)" in seen
    assert "twice-half: still wrong" in seen
    assert not any(line.startswith("essay-text") for line in seen)


def test_what_became_wrong_is_told_with_its_diagnosis(
    released: Released, watching: Watching
) -> None:
    released.write("solution.py", FIRST_RIGHT)
    watching.until(TALLY.format(1))
    released.write("solution.py", tiny.SQUARED)
    seen = watching.until(TALLY.format(1))
    assert "twice-value: wrong, 0 of 2" in seen
    assert any(line.startswith("  >>> twice(") for line in seen)
    assert "twice-half: right (was wrong)" in seen


def test_a_syntax_error_in_the_middle_of_typing_is_one_line(
    released: Released, watching: Watching
) -> None:
    released.write("solution.py", "def twice(x:\n")
    seen = watching.until("solution.py cannot be read yet: ")
    assert seen[-1].endswith(" of solution.py. The parts in it wait for the next save.")
    assert not any(line.startswith("twice-") for line in seen)
    released.write("solution.py", tiny.RIGHT)
    seen = watching.until(TALLY.format(2))
    assert "twice-value: right (was wrong)" in seen


def test_an_answer_is_no_reason_to_run_code(released: Released, watching: Watching) -> None:
    released.write("answers.yaml", "essay-text: Because of that.\n")
    seen = watching.until(TALLY.format(0))
    assert "essay-text: still waits for review" in seen
    assert not any(line.startswith("twice-") for line in seen)


def test_an_editor_may_save_by_renaming(released: Released, watching: Watching) -> None:
    released.write(".solution.py.swp", tiny.RIGHT)
    (released.folder / ".solution.py.swp").replace(released.folder / "solution.py")
    assert "twice-value: right (was wrong)" in watching.until(TALLY.format(2))


def test_a_file_may_vanish_and_come_back(released: Released, watching: Watching) -> None:
    (released.folder / "solution.py").unlink()
    seen = watching.until(TALLY.format(0))
    assert "twice-value: not there yet - The submission has no file solution.py." in seen
    released.write("solution.py", tiny.RIGHT)
    assert "twice-value: right (was not there yet)" in watching.until(TALLY.format(2))


def test_a_file_that_nothing_imports_changes_nothing(
    released: Released, watching: Watching
) -> None:
    released.write("scratch.py", "x = 1\n")
    assert watching.until(checks.UNCHANGED)[-2].endswith(" scratch.py changed")


def test_a_file_that_is_imported_is_watched_too(released: Released, watching: Watching) -> None:
    released.write("helpers.py", "factor = 3\n")
    watching.until(checks.UNCHANGED)
    released.write("solution.py", WRONG.replace("return x", "return helpers.factor * x", 1))
    watching.until("Then at")
    released.write(
        "solution.py", "import helpers\n" + WRONG.replace("x\n", "helpers.factor * x\n", 1)
    )
    watching.until("Then at")
    released.write("helpers.py", "factor = 2\n")
    seen = watching.until(TALLY.format(1))
    assert any(line.endswith(" helpers.py changed") for line in seen)
    assert "twice-value: right (was wrong)" in seen


def test_the_exit_code_is_that_of_the_last_state(released: Released, watching: Watching) -> None:
    released.write("solution.py", tiny.RIGHT)
    watching.until(TALLY.format(2))
    assert watching.end() == 0


def test_a_file_that_cannot_be_read_is_not_right(released: Released, watching: Watching) -> None:
    released.write("solution.py", tiny.RIGHT)
    watching.until(TALLY.format(2))
    released.write("solution.py", "def twice(x:\n")
    watching.until("solution.py cannot be read yet: ")
    assert watching.end() == 1


def test_one_part_can_be_watched(released: Released) -> None:
    running = Watching(released, "twice-half")
    try:
        seen = running.until(checks.WATCHING)
        assert not any(line.startswith("twice-value") for line in seen)
        released.write("solution.py", tiny.RIGHT)
        assert "twice-half: right (was not there yet)" in running.until("1 of 1 part")
        assert running.end() == 0
    finally:
        running.stop()


def test_a_spare_process_is_ready_before_the_save(released: Released, watching: Watching) -> None:
    """It was started after the last run, before anything was saved."""
    pid = watching.process.pid
    task = Path(f"/proc/{pid}/task/{pid}/children")
    if not task.is_file():
        pytest.skip("Linux lists the children of a process there")
    before = task.read_text(encoding="ascii").split()
    assert len(before) == 1
    log = released.folder.parent / "pid"
    released.write(
        "solution.py", f"import os\nopen({str(log)!r}, 'w').write(str(os.getpid()))\n{tiny.RIGHT}"
    )
    watching.until(TALLY.format(2))
    assert log.read_text(encoding="utf-8") == before[0]
