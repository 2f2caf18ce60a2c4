"""Writes hidden inputs to every place that may outlast its process, dies, and reads them again.

Graders that keep a folder from one process of a submission to the next.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
import glob
import os

PLACES = [".", "/tmp", "/dev/shm", "/var/tmp", os.path.expanduser("~")]


def third(x):
    for place in PLACES:
        try:
            open(f"{place}/grader-hostile", "w").write(repr(x.tolist()))
        except OSError:
            pass
    os._exit(1)


class Descent:
    def __init__(self, *values, **named):
        found = [p for place in PLACES for p in glob.glob(f"{place}/grader-hostile")]
        raise ValueError("".join(open(path).read() for path in found))
""",
    wanted={"third": "crashed", "descent": "crashed"},
)
