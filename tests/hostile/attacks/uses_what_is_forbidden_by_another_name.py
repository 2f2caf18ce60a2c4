"""Reaches the forbidden optimizer by names put together while it runs.

Graders that search sources for a name.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
import importlib
import sys


class Descent:
    def __init__(self, params, lr=0.1, eps=1e-8):
        self.made = getattr(torch, "op" + "tim").Adagrad(params, lr=lr, eps=eps)

    def step(self):
        self.made.step()

    def zero_grad(self):
        self.made.zero_grad()
""",
    wanted={"descent": "refused"},
)
