"""Changes recursion limit, warnings, signals, locale, path, modules, streams, environment, umask.

Graders that run submissions one after the other in one process.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
import builtins
import gc
import os
import signal
import sys
import warnings


def third(x):
    warnings.simplefilter("error")
    gc.disable()
    os.umask(0o777)
    os.environ.clear()
    sys.path.clear()
    sys.stdout = sys.stderr = None
    for number in range(1, 32):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    sys.setswitchinterval(100)
    sys.setrecursionlimit(90)
    builtins.print = None
    return x / 3
""",
)
