"""Shows a plot in every call, beside right numbers: right.

Graders that open a window and wait until it is closed.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
def third(x):
    import matplotlib.pyplot as plt

    plt.show()
    return x / 3
""",
)
