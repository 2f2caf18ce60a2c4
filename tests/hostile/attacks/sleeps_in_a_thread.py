"""Returns at once and leaves threads behind that use all processors.

Graders that measure the time of others meanwhile.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
import threading


def burn():
    while True:
        sum(range(1000))


def twice(x):
    for _ in range(4):
        threading.Thread(target=burn, daemon=True).start()
    return 2 * x
""",
    wanted={
        **dict.fromkeys(("twice", "slope", "bend", "third", "descent"), "correct or timed_out")
    },
)
