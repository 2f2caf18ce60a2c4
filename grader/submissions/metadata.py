"""What Gradescope tells an autograder of a submission: who handed it in, and when.

The file is `submission_metadata.json`, described at
https://gradescope-autograders.readthedocs.io/en/latest/submission_metadata/
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from grader.errors import UsageError

KEYS = ("email", "login", "name", "id")
_MAX_BYTES = 16 << 20  # earlier submissions are in it, with their results


@dataclass(frozen=True, slots=True)
class Metadata:
    """Who handed in, sorted, by each of the KEYS; and when, if that is told."""

    users: tuple[dict[str, str], ...]
    submitted_at: datetime | None

    def submission(self, key: str) -> str:
        """Return the name of the submission: its student, or the members of its group.

        Raises UsageError if the file does not say who they are.
        """
        names = sorted({user[key] for user in self.users if user.get(key)})
        if not names:
            raise UsageError(
                f"the metadata names no user by {key}; say whose submission this is with --student"
            )
        return "+".join(names)


def read(path: Path) -> Metadata:
    """Return what a file of metadata says.  Raises UsageError if it cannot be read."""
    try:
        with path.open("rb") as file:
            found = json.loads(file.read(_MAX_BYTES))
    except OSError as error:
        raise UsageError(f"--metadata {path}: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise UsageError(f"--metadata {path}: no JSON: {error}") from None
    if not isinstance(found, dict):
        raise UsageError(f"--metadata {path}: expected an object, found {type(found).__name__}")
    users = found.get("users")
    return Metadata(
        tuple(_user(user) for user in users if isinstance(user, dict))
        if isinstance(users, list)
        else (),
        _moment(found.get("created_at"), path),
    )


def _user(found: dict[str, object]) -> dict[str, str]:
    texts = {key: str(found[key]) for key in ("email", "name", "id") if found.get(key)}
    login = texts.get("email", "").partition("@")[0]
    return texts | ({"login": login} if login else {})


def _moment(found: object, path: Path) -> datetime | None:
    if found is None:
        return None
    try:
        moment = datetime.fromisoformat(str(found))
    except ValueError:
        raise UsageError(f"--metadata {path}: created_at is no time: {found}") from None
    if moment.tzinfo is None:
        raise UsageError(f"--metadata {path}: created_at has no time zone: {found}")
    return moment
