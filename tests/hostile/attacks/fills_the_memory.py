"""Takes all memory: in Python, in NumPy, in torch, mapped and shared.

Graders that run out of memory with it.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
import mmap


def twice(x):
    kept = []
    while True:
        kept.append(np.empty(64 << 20, np.uint8))


def slope(x):
    return torch.ones(1 << 34).sum()


def third(x):
    kept = []
    while True:
        kept.append(mmap.mmap(-1, 64 << 20, flags=mmap.MAP_SHARED | mmap.MAP_ANONYMOUS))
""",
    wanted={"twice": "out_of_memory", "slope": "out_of_memory", "third": "crashed"},
)
