"""Raises what the grader itself may raise: skips, passes, timeouts, memory errors by name.

Graders that tell their own exceptions by name.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
class Skipped(BaseException):
    pass


Skipped.__module__ = "_pytest.outcomes"


class OutcomeException(BaseException):
    pass


def twice(x):
    raise Skipped("could not import")


def slope(x):
    raise NotImplementedError


def third(x):
    raise TimeoutError("the grader was too slow")


def bend(x):
    raise OutcomeException("grader_fault")
""",
    wanted={"twice": "crashed", "slope": "missing", "third": "crashed", "bend": "crashed"},
)
