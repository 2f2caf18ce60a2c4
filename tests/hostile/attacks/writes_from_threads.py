"""Leaves threads behind that rewrite reports, gradebook and submissions of others.

Graders that judge while code of the submission still runs.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
import os
import threading
import time


def rewrite():
    for _ in range(100):
        for folder in ("COURSE_ROOT/reports", "COURSE_ROOT/submissions", "/tmp", "/dev/shm", "."):
            for top, _, files in os.walk(folder):
                for name in [*files, "grader-hostile"]:
                    try:
                        open(os.path.join(top, name), "w").write("grader-hostile")
                    except OSError:
                        pass
        time.sleep(0.1)


def third(x):
    for _ in range(2):
        threading.Thread(target=rewrite, daemon=True).start()
    return x / 3
""",
)
