"""Hands in 3,000 files and folders 100 levels deep.

Graders that read everything that is handed in.
"""

from tests.hostile.attack import Attack, every_part

DEEP = "/".join("d" * 100)

ATTACK = Attack(
    files={
        **{f"data/{number}.txt": "x" for number in range(3000)},
        f"{DEEP}/deep.py": "x = 1\n",
    },
    wanted=every_part("correct or refused"),
)
