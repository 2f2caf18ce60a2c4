"""Asks whether files exist, though it may not open them.

Graders that tell by an error whether a file is there.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
import os


def twice(x):
    seen = [os.path.exists("COURSE_ROOT/reference/vault/numbers.py"), os.path.exists("/etc/passwd")]
    return None if any(seen) else 2 * x
""",
    without={"private root": {"twice": "wrong"}},
)
