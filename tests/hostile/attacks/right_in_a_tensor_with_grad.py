"""Returns the right numbers in tensors that require grad, conjugated, sparse or strided: right.

Graders that call `.numpy()` on what they get.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
def twice(x):
    return 2 * torch.tensor(x, requires_grad=True)


def third(x):
    return torch.nn.Parameter(torch.tensor(x / 3))


def slope(x):
    return torch.tensor((x @ x) * x).to_sparse()


def bend(x):
    a, b = x
    right = [[np.cos(a) * b, 2 * a, 0], [np.sin(a), 0, np.exp(b / 3) / 3]]
    return torch.complex(torch.tensor(right), torch.zeros(2, 3).double()).conj().T
""",
)
