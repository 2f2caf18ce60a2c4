"""Hands in symbolic links: to the reference, to another's solution, to the system, to itself.

Graders that follow links when they read a submission.
"""

from tests.hostile.attack import Attack, every_part

ATTACK = Attack(
    files={},
    links={
        "solution.py": "COURSE_ROOT/reference/vault/numbers.py",
        "notes.txt": "/etc/passwd",
        "others": "..",
        "loop": "loop",
    },
    wanted=every_part("missing or refused"),
)
