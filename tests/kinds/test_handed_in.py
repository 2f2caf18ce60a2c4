from __future__ import annotations

from typing import Any

import pytest

from grader import messages
from grader.kinds import handed_in
from grader.kinds.base import Judging, Kind, PartPlan
from grader.kinds.handed_in import HandedIn, HandedInPart, is_stub, kind_of
from grader.kinds.registry import kinds
from grader.records import Failure, Observation, Outcome, Status
from grader.spec.asked import Asked
from grader.spec.reference import Withheld

from . import student
from .student import Result

ORDER = Asked(key="p1", form="order", names=("T", "d"))


def part(*answers: Asked, functions: tuple[str, ...] = ()) -> HandedInPart:
    return HandedInPart(
        id="p1",
        kind="cost",
        title="A part",
        points=2,
        file="solution.py" if functions else "",
        functions=functions,
        answers=answers,
    )


def check(asked: HandedInPart, source: str = "", **given: Any) -> Result:
    written = student.module(**_run(source))
    plan = handed_in.looked_for(asked)
    seen = [student.observe(call, written) for call in plan.calls]
    sources = {"solution.py": source.encode()}
    judging = Judging(Withheld(), sources=sources, self_check=True, **given)
    return HandedIn().judge(asked, plan, seen, judging)


def _run(source: str) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(source, names)  # noqa: S102  (a student's file)
    return names


def test_what_is_there_is_judged_when_it_is_graded() -> None:
    result = check(part(functions=("f",)), "def f(x):\n    return x\n")
    assert (result.status, result.points, result.summary) == (
        Status.SKIPPED,
        0,
        "Handed in; judged when it is graded.",
    )


def test_a_function_that_is_not_there_is_missing() -> None:
    result = check(part(functions=("f",)), "def g(x):\n    return x\n")
    assert (result.status, result.summary) == (Status.MISSING, "solution.py has no f.")


@pytest.mark.parametrize(
    "source",
    [
        "def f(x):\n    raise NotImplementedError\n",
        'def f(x):\n    """Return it."""\n    raise NotImplementedError("later")\n',
        "class f:\n    def forward(self):\n        raise NotImplementedError  # TODO\n",
    ],
)
def test_a_function_that_is_not_begun_is_missing(source: str) -> None:
    result = check(part(functions=("f",)), source)
    assert (result.status, result.summary) == (
        Status.MISSING,
        "Not there yet: f still raises NotImplementedError.",
    )


@pytest.mark.parametrize(
    "source",
    [
        "def f(x):\n    if x is None:\n        raise NotImplementedError\n    return x\n",
        "def f(x):\n    raise NotImplementedError\n\ndef f(x):\n    return x\n",
        "f = print\n",
        "def f(x): raise ValueError\n",
        "def f(:\n",
        "\0",
    ],
)
def test_a_function_that_does_more_is_no_stub(source: str) -> None:
    assert not is_stub(source.encode(), "f")


def test_a_name_that_cannot_be_called_is_wrong() -> None:
    result = check(part(functions=("f",)), "f = 3\n")
    assert (result.status, result.summary) == (
        Status.WRONG,
        "f in solution.py cannot be called; expected a function or a class.",
    )


@pytest.mark.parametrize("value", [None, [], {"callable": "yes"}, "x", 3])
def test_garbage_from_the_probe_is_no_function(value: Any) -> None:
    asked = part(functions=("f",))
    seen = (Observation(Outcome.RETURNED, value),)
    result = HandedIn().judge(asked, handed_in.looked_for(asked), seen, Judging(Withheld()))
    assert result.status is Status.WRONG


def test_a_file_that_cannot_be_imported_is_told_before_anything_else() -> None:
    asked = part(ORDER, functions=("f", "g"))
    failure = Failure("SyntaxError", "invalid syntax")
    seen = (Observation(Outcome.NOT_IMPORTED, failure=failure),) * 2
    result = HandedIn().judge(asked, handed_in.looked_for(asked), seen, Judging(Withheld()))
    assert (result.status, result.failure) == (Status.CRASHED, failure)
    assert result.summary.startswith("solution.py cannot be imported; it stops with SyntaxError")


# ---- answers -------------------------------------------------------------------------------------


def test_an_answer_is_told_as_it_was_read() -> None:
    result = check(part(ORDER), answers={"p1": "T*d"})
    assert (result.status, result.summary) == (
        Status.SKIPPED,
        "Read as O(Td). Whether it is right is judged after you have handed in.",
    )
    assert result.answers == {"answer": "O(Td)"}


def test_an_answer_that_is_not_there_is_missing() -> None:
    result = check(part(ORDER))
    assert (result.status, result.summary) == (
        Status.MISSING,
        "answers.yaml has no answer for p1.",
    )


def test_an_answer_that_may_be_left_out_is_not_missed() -> None:
    assert check(part(ORDER.model_copy(update={"optional": True}))).status is Status.SKIPPED


def test_an_answer_that_cannot_be_read_is_refused_with_its_place() -> None:
    result = check(part(ORDER), answers={"p1": "O(T q)"})
    assert result.status is Status.REFUSED
    assert result.summary.startswith("p1 cannot be read: column 5: found 'q'")


def test_a_file_of_answers_that_cannot_be_read_is_told() -> None:
    result = check(part(ORDER), answers_problem="answers.yaml cannot be read.")
    assert (result.status, result.summary) == (Status.REFUSED, "answers.yaml cannot be read.")


@pytest.mark.parametrize(
    ("asked", "given", "read_as"),
    [
        (Asked(key="k", form="expression", names=("n",)), "2n + n", "2n + n"),
        (Asked(key="k", form="condition", names=("n", "m")), "n > 2m", "n > 2m"),
        (Asked(key="k", form="order", names=("T", "d"), assuming=("d <= T",)), "O(T + d)", None),
        (Asked(key="k", form="number"), "1/4", "0.25"),
        (Asked(key="k", form="number", count=3), "(6, 12, 18)", "(6, 12, 18)"),
        (Asked(key="k", form="number", percent=True), "97 %", "97 %"),
        (Asked(key="k", form="choice", choices=("yes", "no")), "True", "yes"),
        (Asked(key="k", form="choice", choices=("a", "b")), "B", "b"),
        (Asked(key="k", form="text"), "Because\nof it", "Because of it"),
    ],
)
def test_every_form_is_read(asked: Asked, given: Any, read_as: str | None) -> None:
    found = handed_in.read(asked, given).read_as
    assert found if read_as is None else found == read_as


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        (Asked(key="k", form="number", count=3), [1, 2]),
        (Asked(key="k", form="number"), "six"),
        (Asked(key="k", form="choice", choices=("yes", "no")), "maybe"),
        (Asked(key="k", form="expression", names=("n",)), "2n +"),
        (Asked(key="k", form="expression", names=("n",)), ["n"]),
    ],
)
def test_what_is_of_another_form_is_not_read(asked: Asked, given: Any) -> None:
    found = handed_in.read(asked, given)
    assert found.read_as == ""
    assert found.says


def test_whatever_is_answered_is_never_called_right_or_wrong() -> None:
    asked = Asked(key="p1", form="choice", choices=("yes", "no"))
    results = [check(part(asked), answers={"p1": given}) for given in ("yes", "no")]
    assert [(result.status, result.points) for result in results] == [(Status.SKIPPED, 0)] * 2


def test_code_and_answers_are_told_together() -> None:
    asked = part(
        Asked(key="p1-time", form="expression", names=("n",)),
        Asked(key="p1-memory", form="expression", names=("n",)),
        functions=("f",),
    )
    code = "def f(x):\n    return x\n"
    result = check(asked, code, answers={"p1-time": "2n", "p1-memory": "n"})
    assert result.summary == messages.release.handed_in({"p1-time": "2n", "p1-memory": "n"})
    result = check(asked, code, answers={"p1-time": "2n"})
    assert (result.status, result.summary) == (
        Status.MISSING,
        "answers.yaml has no answer for p1-memory.",
    )
    assert [check.status for check in result.checks] == [
        Status.SKIPPED,
        Status.SKIPPED,
        Status.MISSING,
    ]


# ---- what a release holds ------------------------------------------------------------------------


def test_no_course_can_name_this_kind() -> None:
    assert "handed_in" not in kinds()


def test_a_part_of_a_release_is_judged_by_this_kind_whatever_it_is_called() -> None:
    assert isinstance(kind_of(part()), HandedIn)
    choice = student.part("choice", choices=["a", "b"], answer="a")
    assert kind_of(choice) is kinds()["choice"]


def test_a_kind_that_says_nothing_of_releases_gives_none() -> None:
    choice = student.part("choice", choices=["a", "b"], answer="a")
    kind: Kind[Any] = Kind()
    assert kind.asked(choice) == ()
    assert kind.completed(choice, PartPlan()) == PartPlan()


def test_of_a_part_nothing_is_kept_but_what_was_named() -> None:
    choice = student.part(
        "choice",
        choices=["a", "b"],
        answer="b",
        hint="Think.",
        statement="Which?",
        mistakes=[{"name": "first", "answer": "a", "says": "That is the first one."}],
    )
    assert handed_in.fields(choice, kinds()["choice"].asked(choice)) == {
        "id": "p1",
        "kind": "choice",
        "title": "A part",
        "points": "2",
        "statement": "Which?",
        "answers": [{"key": "p1", "form": "choice", "choices": ["a", "b"]}],
    }
