"""Opens connections, looks up names, listens and downloads.

Graders that run submissions where they have a network.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
import socket
import urllib.request


def twice(x):
    tries = [
        lambda: urllib.request.urlopen("http://127.0.0.1:80", timeout=1),
        lambda: socket.create_connection(("127.0.0.1", 22), 1),
        lambda: socket.getaddrinfo("example.org", 80),
        lambda: socket.socket(socket.AF_UNIX).connect("/run/systemd/private"),
        lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", 53)),
        lambda: socket.create_server(("", 0)),
    ]
    for attempt in tries:
        try:
            attempt()
            return None
        except OSError:
            pass
    return 2 * x
""",
)
