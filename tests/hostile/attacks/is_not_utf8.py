"""Hands in a source that is not UTF-8, and says nothing of it.

Graders that read sources as text.
"""

from tests.hostile.attack import Attack, every_part

ATTACK = Attack(
    solution=b"name = '\xff\xfe\xe4'\n\n\ndef twice(x):\n    return 2 * x\n",
    wanted=every_part("refused"),
)
