"""What it means for a call that its process timed out, died or talked nonsense."""

from __future__ import annotations

import signal

from grader.records import Failure, Observation, Outcome
from grader.sandbox.worker import Ending
from grader.values import MAX_ARRAY_BYTES

_SIGKILL = 9  # signal.SIGKILL, which does not exist everywhere

TIME_USED_UP = Observation(
    Outcome.NOT_RUN,
    failure=Failure("TimeoutError", "not run: earlier calls used up the time of this part"),
)
TOO_MANY_DEATHS = Observation(
    Outcome.NOT_RUN,
    failure=Failure("ProcessDied", "not run: earlier calls of this part ended the process"),
)
TOO_LARGE = Observation(
    Outcome.NOT_IMPORTED,
    failure=Failure(
        "OSError",
        f"the submission's files take more than {MAX_ARRAY_BYTES >> 20} MiB, too much to be run",
    ),
)
TOO_MUCH = Observation(
    Outcome.OUT_OF_MEMORY,
    failure=Failure("MemoryError", "what it returned is too large beside that of earlier calls"),
)


def timed_out(allowed_s: float) -> Observation:
    """Return what a call gets that was still running when its time was over."""
    message = f"still running after {allowed_s:.3g} s, the time allowed"
    return Observation(Outcome.TIMED_OUT, failure=Failure("TimeoutError", message))


def nonsense(detail: str) -> Observation:
    """Return what a call gets whose process sent something that is not an answer."""
    message = f"the process sent something that is not an answer: {detail}"
    return Observation(Outcome.DIED, failure=Failure("ProcessDied", message))


def died(ending: Ending) -> Observation:
    """Return what a call gets whose process ended while it ran."""
    if ending.used_up_cpu:
        message = "the processor time allowed was used up, in all threads together"
        return Observation(Outcome.TIMED_OUT, failure=Failure("TimeoutError", message))
    if ending.signal == _SIGKILL:  # not by us, not for its time: the kernel was out of memory
        message = "the process was killed, as happens when memory runs out"
        return Observation(Outcome.OUT_OF_MEMORY, failure=Failure("MemoryError", message))
    return Observation(Outcome.DIED, failure=Failure("ProcessDied", _cause(ending)))


def _cause(ending: Ending) -> str:
    if ending.signal is not None:
        name = signal.Signals(ending.signal).name
        return f"the process was ended by {name} ({signal.strsignal(ending.signal)})"
    if ending.exit_status is not None:
        return f"the process left with exit status {ending.exit_status} before the call returned"
    return "the process closed its connection to the grader before the call returned"
