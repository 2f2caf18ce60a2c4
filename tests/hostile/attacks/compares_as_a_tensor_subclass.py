"""Returns a tensor of a subclass whose every function gives zero.

Graders that give the student's tensor to torch.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
class Close(torch.Tensor):
    @classmethod
    def __torch_function__(cls, function, types, values=(), named=None):
        return torch.zeros(3, dtype=torch.float64)


def twice(x):
    return torch.full((3,), 17.0).as_subclass(Close)


def third(x):
    return torch.tensor(x / 3).as_subclass(Close)
""",
    wanted={"twice": "wrong", "third": "wrong or correct"},
)
