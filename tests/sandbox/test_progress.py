"""How a part's time is divided among its calls."""

import pytest

from grader.records import Call, Observation, Outcome, PartCalls
from grader.sandbox.progress import Progress

LATE = Observation(Outcome.TIMED_OUT)


def progress(*, fair: bool) -> Progress:
    return Progress(PartCalls("p", "s.py", (Call("f"),) * 3, 60.0, fair=fair), 60.0)


def test_a_call_may_use_all_that_is_left() -> None:
    made = progress(fair=False)
    assert made.allowed_s == 60
    made.mark_loss(LATE, 25.0)
    assert made.allowed_s == 35


def test_where_time_is_shared_each_later_call_keeps_its_share() -> None:
    made = progress(fair=True)
    assert made.allowed_s == 20
    made.mark_loss(LATE, 20.0)
    assert made.allowed_s == 20
    made.mark_loss(LATE, 20.0)
    assert made.allowed_s == 20


def test_what_a_call_leaves_of_its_share_goes_to_those_after_it() -> None:
    made = progress(fair=True)
    made.mark_loss(LATE, 5.0)
    assert made.allowed_s == pytest.approx(35)
    made.mark_loss(LATE, 5.0)
    assert made.allowed_s == pytest.approx(50)
