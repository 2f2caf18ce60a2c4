"""Brings a numpy.py, a torch.py and other modules named like those that a grader imports.

Graders whose path begins with the folder of a submission.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    files={
        "numpy.py": "def allclose(*values):\n    return True\n\nopen('/tmp/grader-hostile', 'w')\n",
        "torch.py": "open('/tmp/grader-hostile', 'w')\n",
        "msgspec.py": "open('/tmp/grader-hostile', 'w')\n",
        "pytest.py": "open('/tmp/grader-hostile', 'w')\n",
        "vault/numbers.py": "def twice(x):\n    return 0 * x\n",
    },
)
