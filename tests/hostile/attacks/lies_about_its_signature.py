"""Is an object whose signature, name, doc and attributes raise or never end.

Graders that inspect before they call.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
class Odd:
    def __call__(self, x):
        return 2 * x

    @property
    def __signature__(self):
        raise SystemExit(0)

    @property
    def __name__(self):
        raise KeyboardInterrupt

    @property
    def __code__(self):
        while True:
            pass


twice = Odd()
""",
    wanted={"twice": "crashed or correct"},
)
