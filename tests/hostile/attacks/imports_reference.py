"""Imports the reference, and the grader to load it with.

Graders that run in the folder of the course, or leave it on the path.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
import importlib
import sys


def twice(x):
    sys.path[:0] = ["COURSE_ROOT", "COURSE_ROOT/reference", "..", "../..", "../../.."]
    for name in ("reference.vault.numbers", "vault.numbers", "numbers_reference"):
        try:
            return importlib.import_module(name).twice(x)
        except ImportError:
            pass
    try:
        return importlib.import_module("".join(["gra", "der.spec.loader"]))
    except ImportError:
        return 0 * x
""",
    wanted={"twice": "wrong", "descent": "refused"},
)
