"""Hands in answers with aliases that unfold to gigabytes, tags that call Python, towers of powers.

Graders that load YAML with all its features, or evaluate what is written.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    answers=(
        "a: &a [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n"
        + "".join(
            f"{after}: &{after} [{', '.join([f'*{before}'] * 9)}]\n"
            for before, after in zip("abcdefgh", "bcdefghi", strict=True)
        )
        + "size: !!python/object/apply:os.system ['touch /tmp/grader-hostile']\n"
    ),
    wanted={"size": "missing or refused or wrong"},
)
