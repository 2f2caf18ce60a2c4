"""What is noted of imports and files, in this process and from the start of another."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from grader.probes import witness


def test_a_file_is_noted_with_its_whole_path(tmp_path: Path) -> None:
    file = tmp_path / "there.txt"
    first = witness.mark()
    file.write_text("x", encoding="utf-8")
    (tmp_path / ".." / tmp_path.name / "there.txt").read_bytes()
    assert len(witness.told(first)) == 1
    assert ("open", str(file.resolve())) in witness.told(first)


def test_what_was_before_a_mark_does_not_count(tmp_path: Path) -> None:
    file = tmp_path / "early.txt"
    witness.mark()
    file.write_text("x", encoding="utf-8")
    assert ("open", str(file.resolve())) not in witness.told(witness.mark())


def test_a_trap_is_noted_every_time() -> None:
    for _ in range(2):
        first = witness.mark()
        sys.audit(witness.REACHED, "torch.optim.Adam")
        assert witness.told(first) == [(witness.REACHED, "torch.optim.Adam")]


FROM_THE_START = """
import sys
from grader.probes import witness
witness.begin()
import colorsys
del sys.modules["colorsys"]
open("/dev/null", "rb").close()
sys.audit(witness.REACHED, "early")
first = witness.mark()
try:
    open("\\0", "rb")
except ValueError:
    pass
sys.audit(witness.REACHED, "late")
told = witness.told(first)
assert ("import", "colorsys") in told
assert ("open", "/dev/null") in told
assert [what for event, what in told if event == witness.REACHED] == ["late"]
"""


def test_from_the_start_every_import_and_file_counts() -> None:
    done = subprocess.run(  # noqa: S603  (text of our own)
        [sys.executable, "-c", FROM_THE_START], check=False, capture_output=True
    )
    assert (done.returncode, done.stderr.decode()) == (0, "")
