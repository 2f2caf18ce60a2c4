"""Remembers what it was asked, and answers by the number of the call.

Graders that use the same few inputs every time, and show them.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
from collections import deque

answers = deque([np.array([1.0, 2.0, 3.0])] * 10)


def twice(x):
    return answers.popleft()
""",
    wanted={"twice": "wrong"},
)
