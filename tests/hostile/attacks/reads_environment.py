"""Looks for secrets and paths in the environment, its own and that of other processes.

Graders that hand their environment on to submissions.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
import glob
import os


def twice(x):
    texts = [str(dict(os.environ))]
    for path in ("/proc/self/environ", "/proc/1/environ", *glob.glob("/proc/[0-9]*/environ")):
        try:
            texts.append(open(path, errors="replace").read())
        except OSError:
            pass
    secret = any(word in text for text in texts for word in ("GRADER", "SECRET", "COURSE_ROOT"))
    return None if secret else 2 * x
""",
)
