"""Listens with profile, trace and audit hooks, and an import hook, for what the grader does next.

Graders that judge in the process of the submission.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
import builtins
import sys
import threading

heard = []
real_import = builtins.__import__


def listen(frame, event, argument):
    if "expected" in frame.f_locals or "desired" in frame.f_locals:
        heard.append(frame.f_locals)
    return listen


def hooked(name, *rest, **named):
    if "reference" in name:
        heard.append(name)
    return real_import(name, *rest, **named)


sys.settrace(listen)
sys.addaudithook(lambda event, args: heard.append(args) if "by_the_ref" in str(args) else None)
threading.setprofile(listen)
builtins.__import__ = hooked


def twice(x):
    return 2 * x if heard else 0 * x
""",
    wanted={"twice": "wrong"},
)
