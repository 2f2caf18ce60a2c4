"""Sets its input to zero in place and returns zeros.

Graders that compute what is expected from the same array after the call.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
def twice(x):
    x[:] = 0
    return np.zeros(3)


def third(x):
    x.setflags(write=True)
    x.resize(0, refcheck=False)
    return x
""",
    wanted={"twice": "wrong", "third": "wrong"},
)
