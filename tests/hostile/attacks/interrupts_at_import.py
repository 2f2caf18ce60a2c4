"""Raises KeyboardInterrupt while it is imported.

Graders that take it for Ctrl-C and stop the whole run.
"""

from tests.hostile.attack import Attack, every_part

ATTACK = Attack(
    """\
raise KeyboardInterrupt
""",
    wanted=every_part("crashed"),
)
