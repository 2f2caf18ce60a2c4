"""Moves its tensors to a GPU that is not there.

Graders that initialise CUDA before they fork, or hang on it.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
def twice(x):
    return torch.tensor(2 * x).cuda()


def third(x):
    device = "cuda" if torch.cuda.is_available() else "cpu"
    return torch.tensor(x / 3, device=device)
""",
    wanted={"twice": "crashed"},
)
