"""Looks for what is expected in the variables of the frames that called it.

Graders that compare in the frame that calls the student's function.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
import sys


def twice(x):
    frame = sys._getframe(1)
    while frame is not None:
        for name in ("expected", "desired", "reference", "answer", "solution", "actual", "want"):
            found = {**frame.f_globals, **frame.f_locals}.get(name)
            if callable(found):
                return found(x)
            if isinstance(found, np.ndarray):
                return found
        frame = frame.f_back
    return 0 * x
""",
    wanted={"twice": "wrong"},
)
