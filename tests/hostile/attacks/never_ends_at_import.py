"""Never ends while it is imported, and swallows whatever would stop it.

Graders without a clock, or with one in the submission's process.
"""

from tests.hostile.attack import Attack, every_part

ATTACK = Attack(
    """\
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
""",
    wanted=every_part("timed_out"),
)
