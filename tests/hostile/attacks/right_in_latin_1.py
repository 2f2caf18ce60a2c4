"""Hands in a source in Latin-1 with a byte that says so, Windows line ends and a form feed: right.

Graders that read sources as UTF-8.
"""

from tests.hostile import course
from tests.hostile.attack import Attack

ATTACK = Attack(
    solution=lambda: (
        b"# -*- coding: latin-1 -*-\r\nname = '\xe4\xff'\r\n\x0c\r\n"
        + course.RIGHT.replace("\n", "\r\n").encode()
    ),
)
