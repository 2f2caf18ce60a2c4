"""The line numbers that the answers to q6 and q7 of tensor-autograd may give."""

from __future__ import annotations

from pathlib import Path

import pytest

STARTER = Path(__file__).resolve().parents[2] / "assignments" / "tensor-autograd" / "starter"


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (39, "self.source.backward()"),
        (62, "self.op.backward(self.context"),
        (78, "source=node"),
        (79, "node.outputs = (output,)"),
        (109, "return a + b"),
    ],
)
def test_a_line_that_an_answer_may_name_is_there(number: int, text: str) -> None:
    lines = (STARTER / "small_autograd.py").read_text(encoding="utf-8").splitlines()
    assert text in lines[number - 1]


@pytest.mark.parametrize("number", [97, 248, 249, 324])
def test_a_line_of_another_file_is_not_one_that_an_answer_may_name_here(number: int) -> None:
    lines = (STARTER / "small_autograd.py").read_text(encoding="utf-8").splitlines()
    assert "backward()" not in "".join(lines[number - 1 : number])
    assert "a + b" not in "".join(lines[number - 1 : number])
