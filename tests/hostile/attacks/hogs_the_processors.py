"""Uses all processors in sixty threads for as long as it may, to slow its neighbours down.

Graders that measure the time of others meanwhile.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
import hashlib
import threading
import time


def burn():
    hashlib.pbkdf2_hmac("sha256", b"", b"", 1_000_000_000)


def third(x):
    if threading.active_count() < 3:
        for _ in range(50):
            threading.Thread(target=burn, daemon=True).start()
        time.sleep(1)
    return x / 3
""",
    wanted={"descent": "correct or timed_out or crashed", "third": "correct or timed_out"},
)
