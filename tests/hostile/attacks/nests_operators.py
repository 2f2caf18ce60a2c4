"""Hands in an expression with so many signs that compilers run out of stack.

Graders that parse sources in their own process.
"""

from tests.hostile.attack import Attack, every_part

ATTACK = Attack(
    solution=lambda: b"y = " + b"-" * 300_000 + b"1\nz = " + b"+".join([b"1"] * 100_000) + b"\n",
    wanted=every_part("crashed or out_of_memory or missing or timed_out"),
)
