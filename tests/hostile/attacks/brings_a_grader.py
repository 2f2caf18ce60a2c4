"""Brings a package `grader`, a course, compiled code, a gradebook and marks of its own.

Graders that look for their own files where they run.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
def twice(x):
    return 0 * x
""",
    wanted={"twice": "wrong"},
    files={
        "grader/__init__.py": "open('/tmp/grader-hostile', 'w')\n",
        "grader/__main__.py": "print('10 of 10')\n",
        "__pycache__/solution.cpython-311.pyc": b"\xa7\r\r\n" + bytes(12) + b"\xe3",
        "reports/gradebook.sqlite": b"SQLite format 3\x00",
        "results.json": '{"score": 10}',
        "expect.yaml": "parts:\n  twice: {status: correct, points: 2}\n",
        "marks.yaml": "brings_a_grader: {twice: 2}\n",
        "assignment.yaml": "assignment: vault\npoints: 0\n",
        "attempts/1/solution.py": "raise SystemExit\n",
    },
)
