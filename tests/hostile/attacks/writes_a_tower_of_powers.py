"""Answers with an expression whose value no computer can hold.

Graders that evaluate what is written.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    answers="size: 9**9**9**9**9\n",
    wanted={"size": "wrong or refused"},
)
