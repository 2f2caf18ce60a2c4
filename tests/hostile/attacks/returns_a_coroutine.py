"""Returns coroutines, and runs an event loop, which needs sockets.

Graders that compare what has not been computed.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
import asyncio


async def twice(x):
    return 2 * x


async def later(x):
    return x / 3


def third(x):
    return asyncio.run(later(x))
""",
    wanted={"twice": "wrong", "third": "crashed"},
)
