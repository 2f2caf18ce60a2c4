"""Brings modules that Python imports by itself when it starts.

Graders that start Python in the folder of a submission.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
def twice(x):
    return 0 * x
""",
    wanted={"twice": "wrong"},
    files={
        "sitecustomize.py": "open('/tmp/grader-hostile', 'w')\n",
        "usercustomize.py": "open('/tmp/grader-hostile', 'w')\n",
        "hostile.pth": "import os; open('/tmp/grader-hostile', 'w')\n",
        "site-packages/hostile.pth": "import os; open('/tmp/grader-hostile', 'w')\n",
        "python311._pth": ".\nimport site\n",
    },
)
