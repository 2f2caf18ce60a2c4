"""Calls the function of its own name that the garbage collector knows.

Graders that import reference and submission into one process.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
import gc

own = twice


def twice(x):
    for found in gc.get_objects():
        named = getattr(found, "__name__", "")
        if callable(found) and named == "twice" and found not in (own, twice):
            return found(x)
    return 0 * x
""",
    wanted={"twice": "wrong"},
)
