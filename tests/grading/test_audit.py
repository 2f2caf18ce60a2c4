"""An audit finds what is not as it has to be, and says nothing of a course that is sound."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from grader.grading.assignment import AssignmentGrading
from grader.grading.audit import Audit, Finding, Outcome
from grader.grading.run import GradingRun, Settings
from grader.kinds.base import Example, Kind
from grader.kinds.functions.derivatives import Value, ValuePart
from grader.kinds.registry import kinds
from grader.records import Status
from grader.spec.course import Course
from grader.spec.models import Model, declared_mistakes
from grader.spec.samples import Expected, Verdict, differences
from tests import tiny
from tests.tiny import Tiny


@pytest.fixture
def course(tmp_path: Path) -> Tiny:
    return tiny.make_auditable(tmp_path)


def audited(course: Tiny, seed: int | None = None) -> Outcome:
    with (
        GradingRun(Course.find(course.root), Settings(jobs=2)) as run,
        Audit(run, seed=seed) as audit,
    ):
        audit.add("doubling")
        run.require_sandbox()
        audit.grade()
        (outcome,) = audit.outcomes()
    return outcome


def findings(course: Tiny, seed: int | None = None) -> tuple[Finding, ...]:
    return audited(course, seed).findings


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")


def twice(course: Tiny) -> Path:
    return course.assignment / "twice.yaml"


def reference(course: Tiny) -> Path:
    return course.root / "reference" / "doubling" / "twice.py"


def said(found: Sequence[Finding]) -> list[tuple[str, str, str, str]]:
    return [(each.part, each.where, each.found, each.expected) for each in found]


def test_nothing_is_found_in_a_sound_course(course: Tiny) -> None:
    outcome = audited(course)
    assert (outcome.findings, outcome.notes) == ((), ())
    assert outcome.checked == "3 parts, 3 submissions, seeds 7 and 8"


def test_the_other_seed_can_be_chosen(course: Tiny) -> None:
    assert audited(course, seed=1234).checked.endswith("seeds 7 and 1234")


def test_a_submission_that_declares_nothing_is_no_sample(course: Tiny) -> None:
    course.hand_in("ada", "raise SystemExit\n")
    assert findings(course) == ()


def test_a_reference_solution_that_is_not_right_is_found(course: Tiny) -> None:
    course.hand_in("reference-solution", "def twice(x): return 2 * x\ndef half(x): return x\n")
    right, declared = findings(course)  # once because it is the reference, once as a sample
    assert (right.assignment, right.part) == ("doubling", "twice-half")
    assert right.where == declared.where == "the sample reference-solution"
    assert right.found.startswith("{status: wrong, points: 0}: ")
    assert right.expected == declared.expected == "{status: correct, points: 1}"
    assert "refuses a right answer" in right.advice


def test_a_reference_solution_that_is_not_there_is_found(course: Tiny) -> None:
    (course.submissions / "reference-solution" / "expect.yaml").unlink()
    (found,) = findings(course)
    assert (found.where, found.found) == ("the sample reference-solution", "not there")


def test_an_assignment_without_samples_or_starter_is_found(tmp_path: Path) -> None:
    wheres = [each.where for each in findings(tiny.make(tmp_path))]
    assert wheres == ["the sample reference-solution", "the starter"]


def test_a_starter_that_earns_points_is_found(course: Tiny) -> None:
    solution = course.assignment / "starter" / "solution.py"
    solution.write_text("def half(x): return x / 2\n", encoding="utf-8")
    (found,) = findings(course)
    assert (found.part, found.where) == ("twice-half", "the starter")
    assert found.found.startswith("{status: correct, points: 1}")


def test_a_starter_that_is_right_for_no_points_is_found(course: Tiny) -> None:
    change(twice(course), "    points: 1\n", "    points: 0\n")
    change(course.assignment / "assignment.yaml", "points: 6", "points: 5")
    for name, text in (("ben", tiny.EXPECTED_OF_BEN), ("reference-solution", tiny.EXPECTED)):
        less = text.replace("points: 1", "points: 0")
        (course.submissions / name / "expect.yaml").write_text(less, encoding="utf-8")
    solution = course.assignment / "starter" / "solution.py"
    solution.write_text("def half(x): return x / 2\n", encoding="utf-8")
    assert [(each.part, each.where) for each in findings(course)] == [("twice-half", "the starter")]


@pytest.mark.parametrize(
    ("old", "new", "declared"),
    [
        ("wrong, points: 0, mistake", "partial, points: 0, mistake", "status: partial, points: 0"),
        ("points: 0, mistake", "points: 1/3, mistake", "status: wrong, points: 1/3"),
    ],
)
def test_a_sample_that_gets_something_else_is_found(
    course: Tiny, old: str, new: str, declared: str
) -> None:
    change(course.submissions / "ben" / "expect.yaml", old, new)
    says = "The numbers were squared, not doubled."
    assert said(findings(course)) == [
        (
            "twice-value",
            "the sample ben",
            f"{{status: wrong, points: 0, mistake: squared}}: {says}",
            f"{{{declared}, mistake: squared}}",
        )
    ]


def test_an_expectation_that_does_not_fit_is_found(course: Tiny) -> None:
    change(course.submissions / "ben" / "expect.yaml", "twice-half:", "twice-haf:")
    found = findings(course)
    assert any("unknown part 'twice-haf'" in each.found for each in found)
    assert {each.where for each in found} == {"the sample ben"}


def test_two_mistakes_that_no_case_tells_apart_are_found(course: Tiny) -> None:
    change(
        twice(course),
        '"The numbers were squared, not doubled."}\n',
        '"The numbers were squared, not doubled."}\n'
        '      - {name: power, function: power, says: "This is the second power."}\n',
    )
    reference(course).write_text(
        f"{tiny.REFERENCE}\ndef power(x):\n    return np.asarray(x) ** 2.0\n", encoding="utf-8"
    )
    assert said(findings(course)) == [
        (
            "twice-value",
            f"the mistake power, seed {seed}",
            "the same as the mistake squared in every case",
            "the mistake power",
        )
        for seed in (7, 8)
    ]


def test_a_mistake_that_equals_the_right_answer_is_found(course: Tiny) -> None:
    change(reference(course), "return np.asarray(x) ** 2", "return np.asarray(x) + x")
    assert said(findings(course)) == [
        (
            "twice-value",
            f"the plan with seed {seed}",
            "twice-value: the mistake 'squared' equals the right answer in every case",
            "inputs and expected values for every case",
        )
        for seed in (7, 8)
    ]


def test_a_mistake_that_is_not_recognised_is_found(
    course: Tiny, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.kinds.functions.array_verdicts._known_mistake", lambda *_: None)
    change(course.submissions / "ben" / "expect.yaml", ", mistake: squared", "")
    assert [each.where for each in findings(course)] == [
        "the mistake squared, seed 7",
        "the mistake squared, seed 8",
    ]
    assert all(each.found.startswith("not recognised: ") for each in findings(course))


def test_mistakes_of_a_kind_that_gives_no_examples_cannot_be_audited(
    course: Tiny, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Value, "mistaken", Kind.mistaken)
    assert said(findings(course))[0] == (
        "twice-value",
        "its mistakes",
        "they cannot be audited",
        "Value.mistaken gives an example of each",
    )


def test_a_mistake_without_an_example_is_found(
    course: Tiny, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Value, "mistaken", lambda *_: [])
    assert {(each.where, each.found) for each in findings(course)} == {
        ("the mistake squared, seed 7", "no example of it"),
        ("the mistake squared, seed 8", "no example of it"),
    }


@pytest.mark.parametrize("error", [ValueError("no such thing"), BaseException("no such thing")])
@pytest.mark.parametrize("broken", ["mistaken", "judge"])
def test_a_kind_that_fails_on_its_own_examples_is_found(
    broken: str, error: BaseException, course: Tiny, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> Any:
        raise error

    real = Value.judge

    def fail_on_examples(self: Value, part: ValuePart, plan: Any, seen: Any, judging: Any) -> Any:
        return real(self, part, plan, seen, judging) if judging.files else fail()

    monkeypatch.setattr(Value, broken, fail if broken == "mistaken" else fail_on_examples)
    found = findings(course)
    assert found
    assert all(repr(error) in each.found for each in found)


def test_a_reference_that_fails_is_found(course: Tiny) -> None:
    change(reference(course), "return 2 * np.asarray(x)", "return 1 / 0")
    found = findings(course)  # and not once more for every sample that has no verdict now
    assert [(each.part, each.where) for each in found] == [
        ("twice-value", "the plan with seed 7"),
        ("twice-value", "the plan with seed 8"),
    ]
    assert "ZeroDivisionError" in found[0].found


def test_a_verdict_that_hangs_on_the_seed_is_found(course: Tiny) -> None:
    change(
        twice(course), "count: 5, visible: 2}\n    mistakes", "count: 1, visible: 1}\n    mistakes"
    )
    course.hand_in(
        "ben", "def twice(x): return 2 * x if x[0] > 0 else x**3\ndef half(x): return x / 2\n"
    )
    found = findings(course, seed=_seed_with_another_sign())
    hanging = [each for each in found if " with seed " in each.found]
    assert [(each.part, each.where) for each in hanging] == [("twice-value", "the sample ben")]


def _seed_with_another_sign() -> int:
    from grader.kinds.base import Planning  # noqa: PLC0415
    from tests.kinds.student import part  # noqa: PLC0415

    asked = part("value", id="twice-value", function="twice", inputs={"x": {"normal": [2]}})

    def positive(seed: int) -> bool:
        return bool(Planning(None, seed).rng(asked).standard_normal(2)[0] > 0)  # type: ignore[arg-type]

    return next(seed for seed in range(8, 100) if positive(seed) != positive(7))


def test_a_derivative_without_one_by_hand_is_noted_and_no_finding(course: Tiny) -> None:
    change(
        twice(course),
        "kind: value\n    title: The half\n",
        "kind: gradient\n    of: square\n    title: The slope\n",
    )
    change(
        reference(course),
        "def half(x):\n    return np.asarray(x) / 2\n",
        "def square(x):\n    return (x * x).sum() / 4\n",
    )
    outcome = audited(course)
    assert outcome.findings == ()
    assert outcome.notes == (
        (
            "twice-half: twice.py has no half, so the expected derivative is held against none "
            "that was written by hand"
        ),
    )


def test_the_tests_of_a_course_are_noted_as_not_audited(course: Tiny) -> None:
    file = course.assignment / "test_linearity.py"
    file.write_text(tiny.COURSE_TEST, encoding="utf-8")
    change(course.assignment / "assignment.yaml", "points: 6", "points: 8")
    for name in ("ben", "reference-solution"):
        with (course.submissions / name / "expect.yaml").open("a", encoding="utf-8") as expected:
            for test in ("test-twice-is-linear", "test-half-is-there"):
                expected.write(f"  {test}: {{status: correct, points: 0}}\n")
    outcome = audited(course)
    assert (outcome.findings, outcome.notes) == (
        (),
        ("the course's own tests are not audited",),
    )


def test_a_submission_that_cannot_be_graded_is_found(
    course: Tiny, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = AssignmentGrading.grade

    def grade(self: Any, name: str) -> None:
        if name == "ben":
            raise OSError("the disk is full")
        real(self, name)

    monkeypatch.setattr(AssignmentGrading, "grade", grade)
    found = findings(course)
    assert ("", "doubling/ben", "not graded: the disk is full", "a verdict") in said(found)


class _Inner(Model):
    mistakes: tuple[Any, ...] = ()


class _Outer(Model):
    mistakes: tuple[Any, ...]
    inner: dict[str, _Inner]
    more: tuple[_Inner, ...]


@dataclass(frozen=True)
class _Named:
    name: str


def test_mistakes_are_found_wherever_a_part_declares_them() -> None:
    outer = _Outer(
        mistakes=(_Named("a"),),
        inner={"x": _Inner(mistakes=(_Named("b"),))},
        more=(_Inner(mistakes=(_Named("c"), _Named("d"))),),
    )
    assert list(declared_mistakes(outer)) == ["a", "b", "c", "d"]


def test_only_a_kind_for_people_is_judged_by_person() -> None:
    assert [name for name, kind in kinds().items() if kind.by_person] == ["manual"]


def test_an_example_may_be_written_answers() -> None:
    assert Example("swapped", answers={"q1": "yes"}).observations == ()


def test_a_difference_names_both_sides() -> None:
    declared = {
        "a": Expected(status=Status.CORRECT, points=Fraction(1, 3)),
        "b": Expected(status=Status.WRONG, points=Fraction(0), mistake=None),
        "c": Expected(status=Status.WRONG, points=Fraction(0)),
        "d": Expected(status=Status.WRONG, points=Fraction(0)),
    }
    found = {
        "a": Verdict(Status.CORRECT, Fraction(1, 2)),
        "b": Verdict(Status.WRONG, Fraction(0), "sign"),
        "c": Verdict(Status.WRONG, Fraction(0), "sign"),
        "e": Verdict(Status.WRONG, Fraction(0)),
    }
    assert [(each.part, each.found, each.declared) for each in differences(declared, found)] == [
        ("a", "{status: correct, points: 1/2}", "{status: correct, points: 1/3}"),
        ("b", "{status: wrong, points: 0, mistake: sign}", "{status: wrong, points: 0}"),
        ("d", "no result", "{status: wrong, points: 0}"),
        ("e", "{status: wrong, points: 0}", "nothing"),
    ]
