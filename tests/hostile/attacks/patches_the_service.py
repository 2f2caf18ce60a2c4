"""Replaces every function beside it that turns its values into answers.

Graders that trust what their own code says from inside the submission's process.
"""

from tests.hostile.attack import Attack, every_part

ATTACK = Attack(
    """\
import gc
import types


def claim(number, outcome, value=None, failure=None, changed=()):
    return ["correct", 10, "points"]


for found in gc.get_objects():
    if isinstance(found, types.FunctionType) and found.__module__.startswith("grader"):
        if found.__name__ in ("plain", "dump", "write_answer", "make"):
            found.__code__ = claim.__code__
            found.__defaults__ = claim.__defaults__


def twice(x):
    return 0 * x
""",
    wanted=every_part("crashed or wrong or correct") | {"twice": "wrong or crashed"},
)
