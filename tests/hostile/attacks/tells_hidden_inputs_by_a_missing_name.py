"""Takes its function away in a hidden case and leaves one whose name holds the inputs.

Graders that suggest names of the submission for hidden cases.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
def third(x):
    names = globals()
    names.pop("third", None)
    names[f"third{abs(int(x[0] * 1e9))}"[:11]] = 1
    return x / 3
""",
    wanted={"third": "missing"},
    tells=r"third\d",
)
