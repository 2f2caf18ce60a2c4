"""Replaces what pytest and unittest assert with, and pytest's own reports.

Graders that run as pytest in the process of the submission.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
import sys
import unittest

for name in list(vars(unittest.TestCase)):
    if name.startswith("assert"):
        setattr(unittest.TestCase, name, lambda *values, **named: None)
try:
    import _pytest.reports
    import pytest

    pytest.approx = lambda *values, **named: type("A", (), {"__eq__": lambda *v: True})()
    pytest.fail = lambda *values, **named: None
    _pytest.reports.TestReport.failed = False
    _pytest.reports.TestReport.passed = True
except ImportError:
    pass
for name, module in list(sys.modules.items()):
    if "pytest" in name and hasattr(module, "main"):
        module.main = lambda *values, **named: 0


def twice(x):
    return 0 * x
""",
    wanted={"twice": "wrong"},
)
