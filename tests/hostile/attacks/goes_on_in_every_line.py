"""Ends 40,000 lines with a backslash, each of which has another string on the next, and is right.

Graders whose reports colour code and look through all that follows for the end of each line.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(code='TEXT = ""' + ' \\\n"a"' * 40_000)
