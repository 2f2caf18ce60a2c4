"""Searches its own memory for what is expected, as a forked process has what its parent had.

Graders that fork the code of students from the process that judges it.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    r"""
import ctypes
import re

MARK = "doubled_by_the_" + "reference"


def twice(x):
    try:
        maps = open("/proc/self/maps").read()
    except OSError:
        return 0 * x
    for first, last in re.findall(r"^(\w+)-(\w+) rw", maps, re.M):
        text = ctypes.string_at(int(first, 16), min(int(last, 16) - int(first, 16), 1 << 24))
        if MARK.encode() in text:
            return 2 * x
    return 0 * x
""",
    wanted={"twice": "wrong"},
)
