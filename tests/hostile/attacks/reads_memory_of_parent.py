"""Reads the memory of its parent, and of every process it can see, where expected values lie.

Graders that fork the code of students from the process that judges it.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
import glob
import os


def memory(pid):
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as mem:
        for line in maps:
            first, last = (int(end, 16) for end in line.split()[0].split("-"))
            mem.seek(first)
            yield mem.read(min(last - first, 1 << 20))


def twice(x):
    seen = {str(os.getppid()), "1", *(path[6:] for path in glob.glob("/proc/[0-9]*"))}
    for pid in seen - {str(os.getpid()), "self"}:
        try:
            if any(memory(pid)):
                return 2 * x
        except OSError:
            pass
    return 0 * x
""",
    wanted={"twice": "wrong"},
)
