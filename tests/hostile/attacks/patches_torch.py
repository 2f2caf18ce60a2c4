"""Replaces what torch compares with, and what differentiates the reference.

Graders that use torch's autograd in the process of the submission.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
torch.allclose = torch.equal = torch.isclose = lambda *values, **named: True
torch.testing.assert_close = lambda *values, **named: None
torch.autograd.grad = lambda *values, **named: (torch.zeros(3),)
torch.Tensor.__eq__ = lambda self, other: torch.tensor(True)


def slope(x):
    return np.zeros(3)
""",
    wanted={"slope": "wrong"},
)
