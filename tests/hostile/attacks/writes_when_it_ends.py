"""Registers atexit handlers and destructors that rewrite reports and gradebook.

Graders whose reports lie where submissions may write when they end.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
import atexit
import glob


def rewrite():
    found = glob.glob("COURSE_ROOT/**", recursive=True)
    for path in ("COURSE_ROOT/reports/vault/results.json", "COURSE_ROOT/grader-hostile", *found):
        try:
            with open(path, "w") as file:
                file.write("grader-hostile")
        except OSError:
            pass


class Last:
    def __del__(self):
        rewrite()


atexit.register(rewrite)
last = Last()
cycle = [last]
cycle.append(cycle)
""",
)
