"""Sets torch's default dtype, number of threads, print options and seed, and turns gradients off.

Graders that run submissions one after the other in one process.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
def twice(x):
    torch.set_default_dtype(torch.float16)
    torch.set_grad_enabled(False)
    torch.set_num_threads(7)
    torch.set_printoptions(precision=1)
    torch.manual_seed(17)
    return 2 * x
""",
)
