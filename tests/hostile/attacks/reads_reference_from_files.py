"""Searches the whole file system, and the course where it is known to be, for the reference.

Graders that keep the reference readable to submissions.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
import os


def places():
    yield "COURSE_ROOT/reference/vault/numbers.py"
    for top in ("COURSE_ROOT", "..", "/tmp", "/home", "/root", "/srv", "/opt", "/work"):
        for folder, _, files in os.walk(top):
            for name in files[:200]:
                yield os.path.join(folder, name)


def twice(x):
    for number, path in enumerate(places()):
        if number > 3000:
            break
        try:
            with open(path, "rb") as file:
                text = file.read(1 << 16)
        except OSError:
            continue
        if b"by_the_" + b"reference" in text and path != __file__:
            scope = {}
            exec(text, scope)
            return scope["twice"](x)
    return 0 * x
""",
    wanted={"twice": "wrong"},
)
