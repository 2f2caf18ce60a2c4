"""Hands in expressions that are a million levels deep.

Graders that parse sources in their own process.
"""

from tests.hostile.attack import Attack, every_part

ATTACK = Attack(
    solution=lambda: b"def twice(x):\n    return " + b"(" * 1_000_000 + b"x" + b")" * 1_000_000,
    wanted=every_part("crashed"),
)
