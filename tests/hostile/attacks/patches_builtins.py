"""Replaces built-in functions that a comparison may use.

Graders that judge in the process of the submission.
"""

from tests.hostile.attack import Attack, every_part

ATTACK = Attack(
    """\
import builtins
import math

builtins.abs = lambda value: 0.0
builtins.all = builtins.any = builtins.isinstance = lambda *values: True
builtins.sum = builtins.max = builtins.min = lambda *values, **named: 0.0
math.isclose = lambda *values, **named: True


def twice(x):
    return x + 17.0
""",
    wanted=every_part("crashed or wrong or correct") | {"twice": "wrong or crashed"},
)
