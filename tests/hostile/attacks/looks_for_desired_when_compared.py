"""Returns an object whose `__array__` looks for `desired` in the frames of whoever compares it.

Graders that give a student's object to `np.testing.assert_allclose`.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
import sys


class Lazy:
    def __array__(self, dtype=None, copy=None):
        frame = sys._getframe(1)
        while frame is not None:
            for name in ("desired", "expected", "y", "actual", "b"):
                if isinstance(frame.f_locals.get(name), np.ndarray):
                    return frame.f_locals[name]
            frame = frame.f_back
        return np.zeros(3)

    def __len__(self):
        return 3

    def __getitem__(self, index):
        return self.__array__()[index]


def twice(x):
    return Lazy()
""",
    wanted={"twice": "wrong"},
)
