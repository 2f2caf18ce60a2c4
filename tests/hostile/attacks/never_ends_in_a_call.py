"""Never ends in a call of one part, in C and with signals blocked.

Graders that use SIGALRM, or lose the results of other parts.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
import re
import signal


def twice(x):
    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 32))
    re.match(r"(a*)*b", "a" * 64)
    return 2 * x
""",
    wanted={"twice": "timed_out"},
)
