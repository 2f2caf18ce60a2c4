"""Makes every system call of the list in tests/sandbox that none may make.

Graders that run submissions without a filter.
"""

from tests.hostile.attack import Attack
from tests.sandbox.test_confinement import ATTACKS

_TRIES = "\n".join(f"    {name!r}: lambda: {attack}," for name, attack in ATTACKS.items())

ATTACK = Attack(
    f"""\
import ctypes
import mmap
import os
import resource
import socket
import subprocess
import sys

libc = ctypes.CDLL(None, use_errno=True)


def check(result):
    if result < 0:
        raise OSError(ctypes.get_errno(), "refused")


TRIES = {{
{_TRIES}
}}


def twice(x):
    achieved = []
    for name, attempt in TRIES.items():
        try:
            attempt()
            achieved.append(name)
        except (OSError, ValueError):
            pass
    return ", ".join(achieved) or 2 * x
"""
)
