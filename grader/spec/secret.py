"""The course's secret, and the seeds that are derived from it.

Without a secret, what is drawn for a part follows from the seed in `assignment.yaml`: a small
number, which whoever has the tool and the visible cases finds by trying.  With one it follows from
an HMAC that nobody can compute who does not know the secret, and that is the same on every machine
that does.
"""

from __future__ import annotations

import codecs
import hashlib
import hmac
import json
import os
import unicodedata
from pathlib import Path

from grader.errors import CourseError

FILE = "secret.key"
VARIABLE = "GRADER_SECRET"
LEAST_BYTES = 16
HOW_TO_MAKE_ONE = f'python -c "import secrets; print(secrets.token_hex(32))" > {FILE}'

# What the shells of Windows put before what they write to a file.
_MARKED = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


def read(course_root: Path) -> bytes | None:
    """Return the secret of a course, from the environment or else its file; None if it has none.

    Raises CourseError for one that cannot be read, or that is too short to be one.
    """
    file = course_root / FILE
    where, content = VARIABLE, os.fsencode(os.environ.get(VARIABLE, "")).strip()
    if not content:
        try:
            where, content = str(file), _text(file.read_bytes())
        except FileNotFoundError:
            return None
        except OSError as error:
            raise CourseError(f"{file}: cannot be read: {error.strerror}") from None
        except UnicodeDecodeError:
            raise CourseError(f"{file}: not text; make a new one: {HOW_TO_MAKE_ONE}") from None
    if len(content) < LEAST_BYTES:
        raise CourseError(
            f"{where}: the secret has {len(content)} bytes; expected at least {LEAST_BYTES}, as "
            f"from: {HOW_TO_MAKE_ONE}"
        )
    return content


def _text(content: bytes) -> bytes:
    """Return what a file says, in UTF-8 and without the space around it."""
    for mark, encoding in _MARKED.items():
        if content.startswith(mark):
            content = content.decode(encoding).encode()
    return content.strip()


def derived(secret: bytes, assignment: str, seed: int, part: str, student: str | None) -> int:
    """Return the 256-bit seed of a part, or of a part for one student.

    HMAC-SHA256 of the JSON list ``[assignment, seed, part]`` or ``[assignment, seed, part,
    student]``, without spaces and in ASCII.  A student's id counts in Unicode's composed form: a
    folder may spell it in another after it was copied to another machine.
    """
    fields: list[str | int] = [assignment, seed, part]
    if student is not None:
        fields.append(unicodedata.normalize("NFC", student))
    message = json.dumps(fields, separators=(",", ":")).encode()
    return int.from_bytes(hmac.digest(secret, message, hashlib.sha256), "big")


def fingerprint(secret: bytes) -> str:
    """Return what tells one secret from another, and nothing else about it."""
    return hmac.new(secret, b"grader: which secret this is", hashlib.sha256).hexdigest()
