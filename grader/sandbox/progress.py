"""How far a part has come: its observations, the time left to it and the processes it has cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from grader.errors import SandboxError
from grader.records import Call, Observation, PartCalls
from grader.sandbox import endings, protocol
from grader.sandbox.protocol import Answer, Buffers
from grader.values import NotDataError, WireError

MAX_DEATHS = 3
MAX_KEPT_BYTES = 256 << 20  # what the values of all calls of a session may take in our memory


@dataclass(slots=True)
class Progress:
    """A part while its calls are made.

    `left_s` is what remains of its wall-clock time, `room_bytes` of the memory for its values.
    """

    part: PartCalls
    left_s: float
    room_bytes: int = MAX_KEPT_BYTES
    done: list[Observation] = field(default_factory=list)
    _deaths: int = 0

    @property
    def remaining(self) -> Sequence[Call]:
        """The calls that have no observation yet."""
        return self.part.calls[len(self.done) :] if self.done else self.part.calls

    @property
    def allowed_s(self) -> float:
        """What the next call may use: where time is shared, not what the later ones are due."""
        if not self.part.fair:
            return self.left_s
        share_s = self.part.wall_s / len(self.part.calls)
        later = len(self.part.calls) - len(self.done) - 1
        return self.left_s - later * share_s

    def go_on(self, earlier: Progress) -> None:
        """Take over what an earlier piece of the part has used up."""
        self.left_s = earlier.left_s
        self._deaths = earlier._deaths

    def settled(self) -> Observation | None:
        """Return what the remaining calls get without being made, None if they are to be made."""
        if self.left_s <= 0:
            return endings.TIME_USED_UP
        if self._deaths >= MAX_DEATHS:
            return endings.TOO_MANY_DEATHS
        return None

    def mark_answer(self, answer: Answer, took_s: float) -> None:
        """Take in the answer to the next call."""
        changed: tuple[str, ...] = ()
        if answer.changed:
            named = self.part.calls[len(self.done)].arguments
            changed = tuple(name for name in named if name in answer.changed)
        self.left_s -= took_s
        if answer.size_bytes > self.room_bytes:
            self.done.append(replace(endings.TOO_MUCH, wall_s=took_s))
            return
        self.room_bytes -= answer.size_bytes
        self.done.append(Observation(answer.outcome, answer.value, answer.failure, took_s, changed))

    def mark_loss(self, observation: Observation, took_s: float) -> None:
        """Take in that the process was lost during the next call."""
        self._deaths += 1
        self.left_s -= took_s
        self.done.append(replace(observation, wall_s=took_s))

    def request(self, number: int) -> tuple[Buffers, int]:
        """Return a request for as many of the remaining calls as fit in a frame: all, or one.

        Raises SandboxError if not even one does.
        """
        name, file, calls = self.part.part, self.part.file, self.remaining
        try:
            return protocol.write_request(number, file, calls), len(calls)
        except WireError:
            pass
        except NotDataError as error:
            raise SandboxError(f"an argument of part {name} cannot be sent: {error}") from None
        try:
            return protocol.write_request(number, file, calls[:1]), 1
        except WireError as error:
            raise SandboxError(
                f"the arguments of one call of part {name} are too large to be sent: {error}"
            ) from None
