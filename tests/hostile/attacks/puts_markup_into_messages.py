"""Puts scripts, terminal sequences, formulas and lone surrogates into names, texts and errors.

Graders that write what students say into pages, terminals and tables as it is.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    r"""
TEXT = "<script>hostile()</script>\x1b]0;hostile\x07\x9b31m\u202e=HYPERLINK(1)\ud800\x00]]>"


def twice(x):
    raise ValueError(TEXT)


def slope(x):
    return TEXT


def bend(x):
    return type(TEXT.replace("\x00", "").replace("\ud800", ""), (), {})()


class Descent:
    def __init__(self, *values, **named):
        raise type("<img src=x onerror=hostile()>", (Exception,), {})("=cmd|'/c calc'!A0")
""",
    wanted={"twice": "crashed", "slope": "wrong", "bend": "wrong", "descent": "crashed"},
)
