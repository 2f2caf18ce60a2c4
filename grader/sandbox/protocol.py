"""What the grader and a child process say to each other, in frames of `grader.values`.

    grader ──► child    {"files": {path: bytes}}                          once
    grader ◄── child    answer 0: the files are in place                  once
    grader ──► child    {"number": n, "file": …}, and the calls: […]      per part
    grader ◄── child    answer n: the file is imported, or why not
    grader ◄── child    answers n+1, n+2, …: one per call, as soon as it is made

What a child says is a claim.  `read_answer` lets through nothing but the form; a student who forges
an answer has given an answer, and it is judged like any other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

import msgspec
import numpy as np

from grader import values
from grader.records import Call, Failure, Frame, Outcome

Buffers: TypeAlias = list[bytes | memoryview]
ReadInto: TypeAlias = Callable[[memoryview], None]

MESSAGE_CHARS = 2000
NAME_CHARS = 200
FRAMES = 20

_CLAIMS = frozenset(
    {
        Outcome.RETURNED,
        Outcome.RAISED,
        Outcome.MISSING,
        Outcome.NOT_IMPORTED,
        Outcome.NOT_DATA,
        Outcome.OUT_OF_MEMORY,
    }
)


class ProtocolError(Exception):
    """A child sent something that is not the answer whose turn it is."""


class _Claim(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    number: int
    outcome: Outcome
    value: Any = None
    failure: Failure | None = None
    changed: tuple[str, ...] = ()


class Answer(NamedTuple):
    """One answer of a child; to an import, RETURNED means that the file was imported."""

    number: int
    outcome: Outcome
    value: Any = None
    failure: Failure | None = None
    changed: tuple[str, ...] = ()
    size_bytes: int = 0  # in the grader's memory


@dataclass(frozen=True, slots=True)
class Order:
    """A call as the child gets it."""

    target: str
    arguments: dict[str, Any]
    probe: str | None
    seed: int


def write_files(files: Mapping[str, bytes]) -> Buffers:
    """Return the frame with a submission's files.

    Raises WireError if they are too large, ValueError for a path that leads out of the folder.
    """
    sent = {}
    for path, content in files.items():
        if not all(part not in {"", ".", ".."} for part in path.replace("\\", "/").split("/")):
            raise ValueError(f"{path!r} is not a path inside a submission")
        if _can_be_sent(path):
            # As an array, since plain bytes would count against the small cap on headers.
            sent[path] = np.frombuffer(content, np.uint8)
    return values.dump({"files": sent})


def _can_be_sent(path: str) -> bool:
    """Return whether a name is Unicode; one that is not names no module, and nobody misses it."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def read_files(read_into: ReadInto) -> dict[str, bytes]:
    """Return the submission's files, in the child."""
    files: dict[str, np.ndarray] = values.load_trusted(read_into)["files"]
    return {path: content.tobytes() for path, content in files.items()}


def write_request(number: int, file: str, calls: Sequence[Call]) -> Buffers:
    """Return the frames that ask for calls on a file; raises WireError if they are too large."""
    return [*values.dump({"number": number, "file": file}), _written(calls)]


_known: dict[int, tuple[Sequence[Call], bytes]] = {}
_MOST_KNOWN, _LARGEST_KNOWN_BYTES = 256, 1 << 18


def _written(calls: Sequence[Call]) -> bytes:
    """Return the frame of calls; most submissions of an assignment get the very same ones."""
    known = _known.get(id(calls))
    if known is not None and known[0] is calls:
        return known[1]
    orders = [
        {
            "target": call.target,
            "arguments": dict(call.arguments),
            "probe": call.probe,
            "seed": call.seed,
        }
        for call in calls
    ]
    frame = b"".join(values.dump(orders))
    if len(frame) <= _LARGEST_KNOWN_BYTES:
        if len(_known) >= _MOST_KNOWN:
            _known.clear()
        _known[id(calls)] = calls, frame
    return frame


def read_request(read_into: ReadInto) -> tuple[int, str, list[Order]]:
    """Return the number, the file and the calls of the next request, in the child."""
    request = values.load_trusted(read_into)
    orders = values.load_trusted(read_into)
    return request["number"], request["file"], [Order(**order) for order in orders]


def write_answer(
    number: int,
    outcome: Outcome,
    value: Any = None,
    failure: Failure | None = None,
    changed: Sequence[str] = (),
) -> Buffers:
    """Return the frame of an answer; raises NotDataError, WireError if the value cannot cross."""
    answer: dict[str, Any] = {"number": number, "outcome": outcome.value, "value": value}
    if failure is not None:
        answer["failure"] = {
            "type": failure.type,
            "message": failure.message,
            "frames": [
                {"file": f.file, "line": f.line, "function": f.function, "text": f.text}
                for f in failure.frames
            ],
        }
    if changed:
        answer["changed"] = list(changed)
    return values.dump(answer)


def read_answer(read_into: ReadInto, number: int) -> Answer:
    """Return answer `number`; raises ProtocolError if anything else comes."""
    try:
        message = values.load_trusted(read_into)
        size_bytes = values.size_bytes(message)
        answer = msgspec.convert(message, _Claim)
    except (values.WireError, msgspec.ValidationError) as error:
        raise ProtocolError(str(error)) from None
    if answer.number != number:
        raise ProtocolError(f"answer {answer.number} came where {number} was due")
    if answer.outcome not in _CLAIMS:
        raise ProtocolError(f"{answer.outcome.value} is not for the process itself to say")
    if answer.outcome is not Outcome.RETURNED and answer.failure is None:
        raise ProtocolError(f"{answer.outcome.value} came without saying why")
    failure = _trimmed(answer.failure)
    return Answer(number, answer.outcome, answer.value, failure, answer.changed, size_bytes)


def _trimmed(failure: Failure | None) -> Failure | None:
    if failure is None:
        return None
    frames = tuple(
        Frame(
            frame.file[:NAME_CHARS],
            frame.line,
            frame.function[:NAME_CHARS],
            frame.text[:NAME_CHARS],
        )
        for frame in failure.frames[-FRAMES:]
    )
    return Failure(failure.type[:NAME_CHARS], failure.message[:MESSAGE_CHARS], frames)
