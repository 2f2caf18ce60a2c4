"""Calls the function of its own name in any module that is imported.

Graders that import the reference where submissions run.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
import sys

own = sys.modules[__name__]


def twice(x):
    for name, module in list(sys.modules.items()):
        found = vars(module).get("twice") if module is not own else None
        if callable(found):
            return found(x)
    return 0 * x
""",
    wanted={"twice": "wrong"},
)
