"""Writes an answer to the grader's channel that says it is right and worth ten points.

Graders that read verdicts from the submission's process, or from what it prints.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    r"""
import json
import os
import struct


def twice(x):
    print(json.dumps({"status": "correct", "points": 10, "tests": [{"score": 10}]}))
    print("1 passed in 0.01s")
    text = b"\x84\xa6number\x01\xa7outcome\xa7correct\xa6points\x0a\xa5value\xc0"
    os.write(3, struct.pack("<I", len(text)) + text)
    return 0 * x
""",
    wanted={"twice": "crashed"},
)
