"""Answers with an expression that is a million levels deep.

Graders that parse with recursion.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    answers=f"size: {'(' * 400_000}1764{')' * 400_000}\n",
    wanted={"size": "wrong or refused or missing"},
)
