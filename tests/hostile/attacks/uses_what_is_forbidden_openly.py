"""Derives its optimizer from the one of torch that is forbidden.

Graders that look at values only.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
class Descent(torch.optim.Adagrad):
    def __init__(self, params, lr=0.1, eps=1e-8):
        super().__init__(params, lr=lr, eps=eps)
""",
    wanted={"descent": "refused"},
)
