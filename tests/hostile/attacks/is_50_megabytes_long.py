"""Hands in a source of 50 MB.

Graders that parse, show or store every source.
"""

from tests.hostile.attack import Attack, every_part

ATTACK = Attack(
    solution=lambda: b"x = 1  # " + b"y" * 119 + (b"\nx = 1  # " + b"y" * 118) * (400 << 10),
    wanted=every_part("refused"),
)
