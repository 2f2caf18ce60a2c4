"""Rewrites its own files, and the files that the grader reads next, after they were read.

Graders that read a file again, to show it or for its hash.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    r"""
import os


def third(x):
    for name in os.listdir("."):
        with open(name, "w") as file:
            file.write("# nothing to see here\n")
    for name in ("answers.yaml", "expect.yaml", "results.json"):
        with open(name, "w") as file:
            file.write("size: 1\n")
    return x / 3
""",
)
