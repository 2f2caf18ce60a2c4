"""Fills every folder that it may write to: its values are right.

Graders whose reports and gradebook lie on the same disk.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
def fill(folder):
    try:
        with open(f"{folder}/grader-hostile", "wb") as file:
            for _ in range(200):
                file.write(bytes(1 << 20))
    except OSError as error:
        return
    raise AssertionError(f"{folder} has no end")


def third(x):
    for folder in (".", "/tmp", "/dev/shm", "/var/tmp", "COURSE_ROOT/reports"):
        fill(folder)
    return x / 3
""",
)
