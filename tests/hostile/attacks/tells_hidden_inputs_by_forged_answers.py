"""Writes answers of its own to the channel: missing, not imported, out of memory, with frames.

Graders that believe what a submission's process says of its own failures.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
import os
import struct
import sys

import msgspec

seen = []


def forge(outcome, x):
    frame, text = sys._getframe(), repr(x.tolist())
    while frame.f_code.co_name != "make":
        frame = frame.f_back
    place = {"file": "solution.py", "line": 3, "function": text, "text": text}
    other = {"file": f"{text}/solution.py", "line": 3, "function": text, "text": text}
    failure = {"type": text, "message": text, "frames": [place, other]}
    answer = {"number": frame.f_locals["number"], "outcome": outcome, "failure": failure}
    raw = msgspec.msgpack.encode(answer)
    os.write(3, struct.pack("<I", len(raw)) + raw)
    os._exit(0)


def later(x, shown):
    seen.append(x)
    return len(seen) > shown


def twice(x):
    if later(x, 2):
        forge("missing", x)
    return 2 * x


def slope(x):
    if later(x, 2):
        forge("raised", x)
    return (x @ x) * x


def bend(x):
    if later(x, 1):
        forge("out_of_memory", x)
    a, b = x
    return np.array([[np.cos(a) * b, np.sin(a)], [2 * a, 0], [0, np.exp(b / 3) / 3]])


def third(x):
    forge("not_imported", x)
""",
    wanted={
        "twice": "missing",
        "slope": "crashed",
        "bend": "out_of_memory",
        "third": "crashed",
    },
)
