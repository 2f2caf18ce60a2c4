"""Hands in a short expression that takes the compiler gigabytes.

Graders that compile sources without limits of time and memory.
"""

from tests.hostile.attack import Attack, every_part

ATTACK = Attack(
    """\
y = [(0,) * 1_000_000_000 for _ in range(100)]
""",
    wanted=every_part("out_of_memory or timed_out"),
)
