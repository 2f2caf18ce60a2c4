"""The mechanisms of the sandbox by name, and what each keeps student code from doing."""

from __future__ import annotations

MEANINGS = {
    "seccomp": "student code cannot start programs, open sockets or send signals",
    "landlock": "student code cannot open files outside its own folder and Python's",
    "namespaces": "student code sees no other process and no network, and leaves nothing running",
    "private root": "student code finds only Python's files and a /tmp of its own",
    "separate uids": "student code runs as a user who owns nothing",
    "memory limit": "student code cannot use up the machine's memory",
    "huge pages": "a submission starts in half the time (this protects nothing)",
}

CONFINING = ("seccomp", "landlock", "namespaces", "private root", "separate uids")
"""Those that confine; the others limit or speed up."""
