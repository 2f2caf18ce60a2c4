"""Returns lists, mappings and arrays that hold other numbers each time they are read.

Graders that check a value once and use it again.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
class Shifting(list):
    reads = 0

    def __iter__(self):
        Shifting.reads += 1
        return iter([0.0, 0.0, float(Shifting.reads)])

    def __len__(self):
        return 3

    def __getitem__(self, index):
        return float(Shifting.reads)


class Moving(np.ndarray):
    def __array_finalize__(self, other):
        if other is not None and other.flags.writeable:
            other[...] = 17.0


def twice(x):
    return Shifting([1, 2, 3])


def third(x):
    return np.zeros(3).view(Moving)
""",
    wanted={"twice": "wrong", "third": "wrong"},
)
