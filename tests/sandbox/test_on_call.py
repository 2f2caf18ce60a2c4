"""Word of each call as it begins, for a progress display."""

from __future__ import annotations

import pytest

from grader.records import Call, Limits, PartCalls, RunRequest
from grader.sandbox.host import Sandbox
from grader.sandbox.plain import PlainSandbox

SOURCE = b"import os\ndef good(): return 1\ndef exits(): os._exit(3)\n"


def told(sandbox: Sandbox | PlainSandbox, *parts: tuple[str, ...]) -> list[tuple[str, int, int]]:
    heard: list[tuple[str, int, int]] = []
    made = tuple(
        PartCalls(f"p{number}", "solution.py", tuple(map(Call, targets)), 10.0)
        for number, targets in enumerate(parts, 1)
    )
    request = RunRequest({"solution.py": SOURCE}, made, Limits())
    sandbox.run(request, lambda part, number, count: heard.append((part, number, count)))
    return heard


@pytest.mark.parametrize("kind", ["sandbox", "plain"])
def test_every_call_is_told_with_its_number(kind: str, request: pytest.FixtureRequest) -> None:
    sandbox = request.getfixturevalue(kind)
    assert told(sandbox, ("good", "good"), ("good",)) == [("p1", 1, 2), ("p1", 2, 2), ("p2", 1, 1)]


def test_a_call_after_one_that_died_keeps_its_number(plain: PlainSandbox) -> None:
    assert told(plain, ("exits", "good")) == [("p1", 1, 2), ("p1", 2, 2)]


def test_nobody_needs_to_listen(plain: PlainSandbox) -> None:
    part = PartCalls("p", "solution.py", (Call("good"),), 10.0)
    outcome = plain.run(RunRequest({"solution.py": SOURCE}, (part,), Limits()))
    assert outcome.observations["p"][0].value == 1
