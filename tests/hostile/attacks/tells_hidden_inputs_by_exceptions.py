"""Raises exceptions whose text, class, notes, code and lines hold the hidden inputs.

Graders that repeat what exceptions of hidden cases say.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    r"""
import sys

seen = []


def twice(x):
    seen.append(x)
    if len(seen) > 2:
        text = repr(x.tolist())
        code = compile("\n" * 50 + "raise ValueError", __file__, "exec")
        exec(code.replace(co_name=text, co_qualname=text), {})
    return 2 * x


def third(x):
    error = type(repr(x.tolist()), (Exception,), {})(repr(x.tolist()))
    error.add_note(repr(x.tolist()))
    raise error


def slope(x):
    seen.append(x)
    if len(seen) > 8:
        sys.exit(repr(x.tolist()))
    return (x @ x) * x
""",
    wanted={"twice": "crashed", "third": "crashed", "slope": "crashed"},
)
