from __future__ import annotations

from pathlib import Path

import pytest

from grader.grading.mutants.excuses import Excused, read
from grader.spec.faults import SpecFaultsError

TEXT = """\
mutants:
  - within: f
    line: "  return x + 0.0  "
    becomes: return x + -0.0
    reason: A zero with a minus is
      the same number.
  - file: other.py
    line: a = 1
    becomes: [a = 2, a = 3]
    reason: Nothing reads it, in any of the parts.
"""


def write(folder: Path, text: str) -> Path:
    file = folder / "equivalent-mutants.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_without_a_file_nothing_is_excused(tmp_path: Path) -> None:
    assert read(tmp_path / "equivalent-mutants.yaml") == ()


def test_an_excuse_is_for_one_mutant_or_several(tmp_path: Path) -> None:
    reason = "Nothing reads it, in any of the parts."
    assert read(write(tmp_path, TEXT)) == (
        Excused(
            "solution.py",
            "f",
            "return x + 0.0",
            "return x + -0.0",
            "A zero with a minus is the same number.",
            4,
        ),
        Excused("other.py", "", "a = 1", "a = 2", reason, 9),
        Excused("other.py", "", "a = 1", "a = 3", reason, 9),
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("mutants: [{line: a}]\n", "becomes: missing"),
        ("mutants: [{line: a, becomes: b, reason: So it is.}]\n", "reason"),
        ("mutants: [{line: a, becoms: b}]\n", "unknown key 'becoms'"),
        ("mutant: []\n", "unknown key 'mutant'"),
        ("mutants: [\n", "expected"),
    ],
)
def test_a_file_with_a_fault_says_where(text: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(SpecFaultsError) as caught:
        read(write(tmp_path, text))
    assert says in str(caught.value)
