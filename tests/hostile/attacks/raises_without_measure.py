"""Raises groups of 100,000 exceptions, exceptions that cause themselves, endless tracebacks.

Graders that format whatever was raised.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
import types


def twice(x):
    raise ExceptionGroup("many", [ValueError(str(number)) for number in range(100_000)])


def slope(x):
    error = ValueError("itself")
    error.__cause__ = error.__context__ = error
    raise error


def bend(x):
    try:
        raise ValueError("deep")
    except ValueError as error:
        trace = error.__traceback__
        for _ in range(100_000):
            trace = types.TracebackType(trace, trace.tb_frame, trace.tb_lasti, 1)
        raise error.with_traceback(trace) from None
""",
    wanted={
        "twice": "crashed or timed_out",
        "slope": "crashed",
        "bend": "crashed or timed_out",
    },
)
