"""Deletes its own folder while it works in it: its values are right.

Graders that call `os.getcwd()` afterwards.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
import os
import shutil


def twice(x):
    here = os.getcwd()
    shutil.rmtree(here, ignore_errors=True)
    try:
        os.rmdir(here)
    except OSError:
        pass
    return 2 * x
""",
)
