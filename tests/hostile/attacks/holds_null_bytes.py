"""Hands in a source with null bytes.

Graders that give sources to C, or stop reading at the first.
"""

from tests.hostile.attack import Attack, every_part

ATTACK = Attack(
    solution=b"def twice(x):\n    return 2 * x\n\x00\x00\x00\n",
    wanted=every_part("refused"),
)
