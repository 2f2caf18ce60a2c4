"""Replaces every way in which NumPy compares.

Graders that compare with NumPy in the process of the submission.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
def yes(*values, **named):
    return True


def nothing(*values, **named):
    return np.zeros(3)


for name in ("allclose", "isclose", "array_equal", "array_equiv", "all"):
    setattr(np, name, yes)
for name in ("assert_allclose", "assert_array_equal", "assert_array_almost_equal"):
    setattr(np.testing, name, lambda *values, **named: None)
np.linalg.norm = nothing


def twice(x):
    return x**2 + 17
""",
    wanted={"twice": "wrong"},
)
