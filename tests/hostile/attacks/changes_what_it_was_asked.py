"""Replaces the arguments, the target and the seed of the call that is being made.

Graders that judge against what the process remembers of the call.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
import sys


def twice(x):
    frame = sys._getframe(1)
    while frame is not None:
        order = frame.f_locals.get("order")
        if hasattr(order, "arguments"):
            order.arguments["x"] = np.zeros(3)
            order.arguments["<script>hostile"] = np.zeros(3)
        frame = frame.f_back
    return np.zeros(3)
""",
    wanted={"twice": "wrong"},
)
