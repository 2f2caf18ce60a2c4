"""Hands in a solution without a line.

Graders that divide by the number of tests that ran.
"""

from tests.hostile.attack import Attack, every_part

ATTACK = Attack(
    solution="",
    answers="",
    wanted=every_part("missing") | {"size": "missing"},
)
