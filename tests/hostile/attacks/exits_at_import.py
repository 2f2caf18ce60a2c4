"""Leaves by `sys.exit(0)` while it is imported.

Graders that take exit code 0 for a pass, or end themselves.
"""

from tests.hostile.attack import Attack, every_part

ATTACK = Attack(
    """\
import sys

sys.exit(0)
""",
    wanted=every_part("crashed"),
)
