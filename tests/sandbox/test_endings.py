import signal

import pytest

from grader.records import Outcome
from grader.sandbox import endings
from grader.sandbox.worker import Ending

LEFT = "the process left with exit status 3 before the call returned"
CRASHED = "the process was ended by SIGSEGV (Segmentation fault)"
KILLED = "the process was killed, as happens when memory runs out"
USED_UP = "the processor time allowed was used up, in all threads together"
CLOSED = "the process closed its connection to the grader before the call returned"


@pytest.mark.parametrize(
    ("ending", "outcome", "message"),
    [
        (Ending(3, None, 0.0), Outcome.DIED, LEFT),
        (Ending(None, signal.SIGSEGV, 0.0), Outcome.DIED, CRASHED),
        (Ending(None, signal.SIGKILL, 0.0), Outcome.OUT_OF_MEMORY, KILLED),
        (Ending(None, signal.SIGKILL, 9.0, used_up_cpu=True), Outcome.TIMED_OUT, USED_UP),
        (Ending(None, None, 0.0), Outcome.DIED, CLOSED),
    ],
)
def test_an_ending_is_told_as(ending: Ending, outcome: Outcome, message: str) -> None:
    seen = endings.died(ending)
    assert seen.outcome is outcome
    assert seen.failure is not None
    assert seen.failure.message == message
