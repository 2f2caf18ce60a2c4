"""Returns arrays over memory that it does not have, tensors without data, views of nothing.

Graders that read the student's memory in their own process.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
def twice(x):
    return np.lib.stride_tricks.as_strided(np.zeros(1), (3,), (1 << 40,))


def third(x):
    return memoryview(x / 3)


def bend(x):
    return torch.empty((3, 2), device="meta")
""",
    wanted={"twice": "crashed", "third": "wrong or correct", "bend": "wrong or missing or crashed"},
)
