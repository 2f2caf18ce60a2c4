"""Returns the right numbers and then changes its input: right, with a note.

Graders that compare with what they compute from the changed array.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
def twice(x):
    right = 2 * x
    x[:] = np.nan
    return right
""",
)
