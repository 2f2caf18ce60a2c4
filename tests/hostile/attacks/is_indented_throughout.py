"""Hands in a file without a line at the margin.

Graders whose reports look for the line at which each function begins.
"""

from tests.hostile.attack import Attack, every_part

ATTACK = Attack(solution="    return 2 * x\n", wanted=every_part("crashed"))
