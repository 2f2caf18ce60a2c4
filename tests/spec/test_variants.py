"""Numbers of a part: how they are drawn, shown and used, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from grader.errors import CourseError
from grader.kinds.base import Planning
from grader.kinds.registry import kinds, part_models
from grader.spec.reference import Reference
from grader.spec.variants import (
    NumberSpec,
    VariedPart,
    filled,
    is_per_student,
    named,
    numbers_of,
    student_of,
    text,
)
from tests import varied
from tests.kinds.student import part, reference
from tests.spec.conftest import Breakable

KEY = b"a secret of a course"
NOTHING: Reference = reference()


def spec(**given: Any) -> NumberSpec:
    return NumberSpec.model_validate(given)


def several(drawn: NumberSpec, count: int = 400) -> set[int | float | str]:
    return {drawn.drawn(seed) for seed in range(count)}


# ---- drawing -------------------------------------------------------------------------------------


def test_whole_numbers_are_drawn_from_the_least_to_the_greatest() -> None:
    found = several(spec(integers={"low": -2, "high": 3}))
    assert found == {-2, -1, 0, 1, 2, 3}
    assert all(type(number) is int for number in found)


def test_whole_numbers_that_are_left_out_are_not_drawn() -> None:
    found = several(spec(integers={"low": -2, "high": 3, "without": [0, 3, -2, 99, 0]}))
    assert found == {-1, 1, 2}


@given(
    st.integers(-50, 50),
    st.integers(0, 20),
    st.lists(st.integers(-60, 80), max_size=10),
    st.integers(0, 2**256 - 1),
)
def test_a_whole_number_is_one_of_those_allowed(
    low: int, more: int, without: list[int], seed: int
) -> None:
    allowed = set(range(low, low + more + 1)) - set(without)
    if not allowed:
        with pytest.raises(ValidationError, match="no number is left"):
            spec(integers={"low": low, "high": low + more, "without": without})
        return
    drawn = spec(integers={"low": low, "high": low + more, "without": without})
    assert drawn.drawn(seed) in allowed
    assert {drawn.drawn(number) for number in range(len(allowed))} == allowed


def test_decimal_numbers_have_so_many_decimals_and_both_ends() -> None:
    assert several(spec(uniform={"low": 0.15, "high": 0.5, "decimals": 1})) == {
        0.2,
        0.3,
        0.4,
        0.5,
    }


@given(st.integers(0, 2**256 - 1), st.integers(0, 6))
def test_a_decimal_number_is_shown_with_at_most_its_decimals(seed: int, decimals: int) -> None:
    number = spec(uniform={"low": -100, "high": 100, "decimals": decimals}).drawn(seed)
    shown = text(number)
    assert float(shown) == number
    assert len(shown.partition(".")[2]) <= decimals


def test_a_choice_is_drawn_as_it_is_written() -> None:
    found = several(spec(choice=[1, 2.5, "sin"]))
    assert found == {1, 2.5, "sin"}
    assert {type(item) for item in found} == {int, float, str}


@pytest.mark.parametrize("value", [0, 3, 2.5, "sin"])
def test_a_fixed_number_is_always_the_same(value: object) -> None:
    assert several(spec(value=value)) == {value}


@pytest.mark.parametrize(
    ("given_keys", "says"),
    [
        ({}, "expected exactly one of integers, uniform, choice, value; found none"),
        (
            {"value": 1, "choice": [2]},
            "expected exactly one of integers, uniform, choice, value; found choice and value",
        ),
        ({"integers": {"low": 2, "high": 1}}, "expected low <= high, found 2 and 1"),
        (
            {"integers": {"low": 1, "high": 2, "without": [1, 2]}},
            "no number is left; expected one that is not under 'without'",
        ),
        (
            {"uniform": {"low": 0.41, "high": 0.49, "decimals": 1}},
            "no number with 1 decimals lies from 0.41 to 0.49",
        ),
        (
            {"uniform": {"low": 0, "high": 1e8, "decimals": 9}},
            "expected numbers of at most 15 digits",
        ),
        ({"value": True}, "expected a number, or a word in quotes"),
        ({"choice": [[1]]}, "expected a number, or a word in quotes"),
        ({"value": float("nan")}, "expected a finite number"),
    ],
)
def test_a_number_that_cannot_be_drawn_is_refused(given_keys: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError) as caught:
        NumberSpec.model_validate(given_keys)
    assert f"Value error, {says}" in [error["msg"] for error in caught.value.errors()]


# ---- whose numbers -------------------------------------------------------------------------------

NUMBERS = {"a": {"integers": {"low": 0, "high": 10**12}}, "b": {"value": 2}}
OWN = part(
    "manual",
    variant="per-student",
    statement="{{a}} {{b}}",
    numbers=NUMBERS,
    rubric=[
        {"id": "x", "says": "It is right", "points": 2},
    ],
)
FOR_ALL = OWN.model_copy(update={"variant": None})


def drawn(
    asked: VariedPart = OWN,
    *,
    secret: bytes | None = KEY,
    assignment: str = "hw1",
    seed: int = 7,
    student: str = "ada",
) -> dict[str, int | float | str]:
    return numbers_of(asked, secret=secret, assignment=assignment, seed=seed, student=student)


def test_the_numbers_of_a_student_are_the_same_in_every_run() -> None:
    assert drawn() == drawn()
    assert drawn()["b"] == 2


def test_a_number_stays_what_it_was() -> None:
    # printf '["hw1",7,"p1/a","ada"]' | openssl dgst -sha256 -hmac 'a secret of a course'
    assert drawn()["a"] == FROM_OPENSSL % (10**12 + 1)


FROM_OPENSSL = 0x1B1C4B9A21B1F77D09AB1E63BA66A509CFAB593F7D57248FC091579E2630FA6B


@pytest.mark.parametrize(
    "other",
    [{"student": "ben"}, {"secret": b"another one of a course"}, {"seed": 8}, {"assignment": "x"}],
    ids=str,
)
def test_whatever_they_follow_from_changes_them(other: dict[str, Any]) -> None:
    assert drawn(**other)["a"] != drawn()["a"]


def test_two_numbers_of_a_part_do_not_follow_each_other() -> None:
    both = {"a": NUMBERS["a"], "b": NUMBERS["a"]}
    found = drawn(type(OWN).model_validate({**dict(OWN), "numbers": both}))
    assert found["a"] != found["b"]


def test_numbers_for_all_are_the_same_for_every_student() -> None:
    assert drawn(FOR_ALL, student="ada") == drawn(FOR_ALL, student="ben")


def test_numbers_for_all_need_no_secret() -> None:
    assert drawn(FOR_ALL, secret=None) == drawn(FOR_ALL, secret=None, student="ben")
    assert drawn(FOR_ALL, secret=None) != drawn(FOR_ALL)


def test_a_part_without_numbers_has_none() -> None:
    assert drawn(part("text", accept=[{"name": "a", "pattern": "abc"}])) == {}


def test_an_attempt_has_the_numbers_of_its_student() -> None:
    assert student_of("ada/attempt-2") == student_of("ada") == "ada"


def test_only_a_part_that_says_so_is_per_student() -> None:
    assert is_per_student(OWN)
    assert not is_per_student(FOR_ALL)
    assert not is_per_student(part("text", accept=[{"name": "a", "pattern": "abc"}]))


# ---- words ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statement", "shown"),
    [
        ("Let $f(x) = {{a}}x$.", "Let $f(x) = 3x$."),
        (r"$\frac{{{a}}}{2}$", r"$\frac{3}{2}$"),
        ("{{ a }}, {{b}}, {{word}}", "3, 0.25, sin"),
        ("{{a}}{{a}}", "33"),
        ("{a} and {{unknown}} and {{x}^2}", "{a} and {{unknown}} and {{x}^2}"),
    ],
)
def test_numbers_stand_in_place_of_their_names(statement: str, shown: str) -> None:
    assert filled(statement, {"a": 3, "b": 0.25, "word": "sin"}) == shown


def test_a_number_cannot_bring_in_another_one() -> None:
    assert filled("{{a}}", {"a": "{{b}}", "b": 1}) == "{{b}}"


@pytest.mark.parametrize(
    ("number", "shown"),
    [(3, "3"), (-2, "-2"), (2.0, "2"), (100.0, "100"), (0.5, "0.5"), (1e-5, "0.00001"), ("x", "x")],
)
def test_a_number_is_shown_as_people_write_it(number: float | str, shown: str) -> None:
    assert text(number) == shown


def test_who_has_no_numbers_reads_their_names() -> None:
    assert named("$f(x) = {{a}}x + {{b}}$", ["a"]) == "$f(x) = ax + {{b}}$"


# ---- parts that are filled in --------------------------------------------------------------------


def test_everything_that_a_student_reads_is_filled_in() -> None:
    asked = part(
        "value",
        function="f",
        statement="Times {{a}}.",
        hint="Not {{a}} + x.",
        numbers={"a": {"integers": {"low": 1, "high": 9}}},
        inputs={"x": {"normal": []}, "a": {"number": "a"}},
        mistakes=[{"name": "plus", "function": "g", "says": "You added {{a}} to it."}],
    )
    whole = asked.filled_in({"a": 4}, NOTHING)
    assert (whole.statement, whole.hint) == ("Times 4.", "Not 4 + x.")
    assert whole.mistakes[0].says == "You added 4 to it."
    assert whole.numbers == {"a": spec(value=4)}


def test_an_argument_that_is_a_number_of_the_part_has_its_type() -> None:
    asked = part(
        "value",
        function="f",
        statement="{{a}} {{b}}",
        numbers={"a": {"value": 4}, "b": {"value": 4.5}},
        inputs={"a": {"number": "a"}, "b": {"value": 0}},
        groups=[{"name": "b", "points": 1, "inputs": {"b": {"number": "b"}}}],
    )
    made = reference(f=lambda a, b: a + b)
    whole = asked.filled_in({"a": 4, "b": 4.5}, made)
    plan = kinds()["value"].plan(whole, Planning(made, 0))
    first, last = plan.calls[0].arguments, plan.calls[-1].arguments
    assert (first["a"], type(first["a"]), first["b"]) == (4, int, 0)
    assert (last["a"], last["b"], type(last["b"])) == (4, 4.5, float)


def test_a_part_without_numbers_stays_as_it_is() -> None:
    asked = part("value", function="f", statement="$x^{{T}}$", inputs={"x": {"normal": []}})
    assert asked.filled_in({}, NOTHING) is asked


# ---- faults --------------------------------------------------------------------------------------


@pytest.fixture
def course(tmp_path: Path) -> Breakable:
    varied.make(tmp_path)
    return Breakable(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (
            "What is {{a}} times {{b}}?",
            "What is {{a}} times {{c}} and {{b}}?",
            "10: parts[0].statement: no number is called 'c'; expected one of a, b",
        ),
        (
            "Count {{a}} rows.",
            "Count {{n}} rows.",
            "11: parts[0].hint: no number is called 'n'; expected one of a, b",
        ),
        (
            "You added {{a}} and {{b}}.",
            "You added {{a}} and {{d}}.",
            "17: parts[0].mistakes[0].says: no number is called 'd'; expected one of a, b",
        ),
        (
            'choices: ["{{c}}"',
            'choices: ["{{d}}"',
            "51: parts[4].choices[0]: no number is called 'd'; expected one of c",
        ),
        (
            "title: The total",
            'title: "The total {{a}}"',
            (
                "8: parts[0].title: found {{a}}; a title is the same for all; expected it in the "
                "statement"
            ),
        ),
        (
            "What is {{a}} times {{b}}?",
            "What is {{a}} times?",
            None,  # still named by the mistake
        ),
        (
            "      a: {integers: {low: 1000000, high: 9999999}}\n",
            "      a: {integers: {low: 1000000, high: 9999999}}\n      unused: {value: 1}\n",
            "14: parts[0].numbers.unused: it is used nowhere; expected {{unused}} in the statement",
        ),
        (
            "{number: rate}",
            "{number: rates}",
            "35: parts[2].inputs.rate.number: no number is called 'rates'; expected one of rate",
        ),
        (
            "numbers: {rate: {integers: {low: 1000000, high: 9999999}}}",
            "numbers: {rate: {choice: [1, two]}}",
            "35: parts[2].inputs.rate.number: rate may be a word; expected a number",
        ),
        (
            "inputs: {x: {normal: [2]}}",
            "inputs: {x: {number: a}}",
            "43: parts[3].inputs.x.number: found 'a'; the part has no numbers",
        ),
        (
            "of: total",
            "of: totals",
            "15: parts[0].of: growth.py has no function 'totals'; did you mean 'total'?",
        ),
        (
            "of: added",
            "of: adds",
            "17: parts[0].mistakes[0].of: growth.py has no function 'adds'; did you mean 'added'?",
        ),
    ],
)
def test_a_fault_of_numbers_is_told_where_it_stands(
    course: Breakable, old: str, new: str, fault: str | None
) -> None:
    course.change("growth.yaml", old, new)
    if fault is None:
        course.load()
    else:
        assert course.faults() == [f"growth.yaml:{fault}"]


def test_a_written_part_that_draws_nothing_has_no_variant(course: Breakable) -> None:
    course.change("growth.yaml", "    of: sign", "    answer: positive")
    course.change("growth.yaml", "    numbers: {c: {choice: [-3, -2]}}\n", "")
    course.change("growth.yaml", 'choices: ["{{c}}", ', "choices: [")
    course.change("growth.yaml", "What is {{c}} times {{c}}?", "What is it?")
    course.load()
    course.change("growth.yaml", "title: The sign,", "variant: per-student\n    title: The sign,")
    assert course.faults() == [
        (
            "growth.yaml:47: parts[4].variant: nothing of this part is drawn; expected numbers, or "
            "no variant"
        )
    ]


def test_a_variant_is_per_student_and_nothing_else(course: Breakable) -> None:
    course.change("growth.yaml", "variant: per-student", "variant: per-group")
    (fault,) = course.faults()
    assert "variant: found 'per-group'; expected 'per-student'" in fault


VARIED = {
    "choice",
    "computation_graph",
    "condition",
    "expression",
    "gradient",
    "hessian",
    "jacobian",
    "jvp",
    "manual",
    "number",
    "operation",
    "order",
    "quantities",
    "torch_gradients",
    "value",
    "vjp",
}


def test_a_kind_for_which_it_means_nothing_knows_no_variant() -> None:
    models = part_models()
    assert {name for name in models if issubclass(models[name], VariedPart)} == VARIED
    assert {name for name in models if "variant" in models[name].model_fields} == VARIED


def test_a_variant_of_another_kind_is_a_fault_with_its_line(course: Breakable) -> None:
    course.write(
        "growth.yaml",
        "problem: growth\ntitle: Growth\nparts:\n  - id: q\n    kind: text\n    title: Q\n"
        "    points: 6\n    variant: per-student\n    accept: [{name: a, pattern: abc}]\n",
    )
    (fault,) = course.faults()
    assert fault.startswith("growth.yaml:8: parts[0].variant: unknown key 'variant'; expected one")


# ---- answers of the reference --------------------------------------------------------------------


def always(returned: Any) -> Callable[..., Any]:
    """Return a function of the reference that returns this, whatever the numbers are."""
    return lambda **numbers: returned if numbers else None


def answer(asked: VariedPart, **functions: Callable[..., Any]) -> Any:
    given_numbers = drawn(asked)
    return asked.filled_in(given_numbers, reference(**functions))


def number_part(**more: Any) -> Any:
    return part("number", statement="{{a}} {{b}}", numbers=FOUR_AND_A_HALF, of="f", **more)


FOUR_AND_A_HALF = {"a": {"value": 4}, "b": {"value": 0.5}}


@pytest.mark.parametrize(
    ("returned", "written"),
    [
        (6, ["6"]),
        (0.1, ["1/10"]),
        (0.1 + 0.2, ["3/10"]),
        ([1, 2.5], ["1", "5/2"]),
        ((1, 2), ["1", "2"]),
        ([[1], [2]], ["1", "2"]),
    ],
)
def test_a_number_may_come_from_the_reference(returned: Any, written: list[str]) -> None:
    assert answer(number_part(), f=always(returned)).right_answer() == written


def test_arrays_tensors_and_fractions_are_numbers() -> None:
    for returned in (np.float64(2.5), np.array(2.5), np.array([2.5]), Fraction(5, 2)):
        assert answer(number_part(), f=always(returned)).right_answer() == ["5/2"]


def test_the_function_gets_the_numbers_by_name() -> None:
    assert answer(number_part(), f=lambda b, a: a - b).right_answer() == ["7/2"]


@pytest.mark.parametrize("returned", [None, "six", True, [], [None], float("nan"), float("inf")])
def test_what_is_no_number_is_a_fault_of_the_course(returned: Any) -> None:
    with pytest.raises(CourseError) as caught:
        answer(number_part(), f=always(returned))
    assert str(caught.value) == f"p1: f returned {returned}; expected a number or several"


def test_a_function_that_fails_is_a_fault_of_the_course_with_the_numbers() -> None:
    with pytest.raises(CourseError) as caught:
        answer(number_part(), f=lambda a, b: [][a + int(b)])
    assert str(caught.value) == (
        "p1: the reference fails for f(a=4, b=0.5): IndexError('list index out of range')"
    )


def test_a_mistake_of_a_number_may_come_from_the_reference() -> None:
    mistakes = [
        {"name": "sum", "of": "g", "says": "You added {{a}}."},
        {"name": "same", "of": "f", "says": "This is right by chance."},
        {"name": "fixed", "answer": 2, "says": "This is so by chance as well."},
        {"name": "other", "answer": 3, "says": "This is another one."},
    ]
    whole = answer(number_part(mistakes=mistakes), f=lambda a, b: a * b, g=lambda a, b: a + b)
    assert [(m.name, str(m.answer[0]), m.of) for m in whole.mistakes] == [
        ("sum", "9/2", None),
        ("other", "3", None),
    ]
    assert whole.mistakes[0].says == "You added 4."


def test_an_alternative_of_a_number_may_come_from_the_reference() -> None:
    others = [{"of": "g", "note": "Rounded to {{a}} places.", "credit": 0.5}]
    whole = answer(number_part(alternatives=others), f=always(2), g=always(3))
    assert [(o.answer, o.note) for o in whole.alternatives] == [((3,), "Rounded to 4 places.")]


def test_a_mistake_with_another_count_is_a_fault_of_the_course() -> None:
    mistakes = [{"name": "two", "of": "g", "says": "These are two."}]
    with pytest.raises(CourseError) as caught:
        answer(number_part(mistakes=mistakes), f=always(2), g=always([1, 2]))
    assert str(caught.value) == (
        "p1: what the reference gives for a = 4, b = 0.5: expected 1 numbers, as in the answer; "
        "found 2"
    )


def formula_part(kind: str = "expression", **more: Any) -> Any:
    numbers = {"a": {"value": 4}}
    return part(kind, statement="{{a}}", numbers=numbers, names=["n", "m"], of="f", **more)


@pytest.mark.parametrize(
    ("kind", "returned"), [("expression", "4n + 1"), ("order", "n^4"), ("condition", "m > 4n")]
)
def test_a_formula_may_come_from_the_reference(kind: str, returned: str) -> None:
    whole = answer(formula_part(kind), f=always(returned))
    assert whole.right_answer() == returned
    assert whole.of is None


def test_a_mistake_of_a_formula_may_come_from_the_reference() -> None:
    mistakes = [
        {"name": "off", "of": "g", "says": "One too few of {{a}}."},
        {"name": "same", "of": "h", "says": "This is right by chance."},
        {"name": "twice", "answer": "3*n", "says": "The same as the first."},
    ]
    asked = formula_part(mistakes=mistakes)
    whole = answer(asked, f=lambda a: f"{a}n", g=lambda a: f"{a - 1}n", h=lambda a: f"n*{a}")
    assert [(m.name, m.answer) for m in whole.mistakes] == [("off", "3n")]


@pytest.mark.parametrize("returned", ["4x", "4n +", "O(n)"])
def test_a_formula_that_cannot_be_read_is_a_fault_of_the_course(returned: str) -> None:
    with pytest.raises(CourseError) as caught:
        answer(formula_part(), f=always(returned))
    begin = "p1: what the reference gives for a = 4: expected an expression in n, m; found "
    assert str(caught.value).startswith(f"{begin}{returned!r}")


@pytest.mark.parametrize("returned", [None, "", True, [1]])
def test_what_is_no_formula_is_a_fault_of_the_course(returned: Any) -> None:
    with pytest.raises(CourseError) as caught:
        answer(formula_part(), f=always(returned))
    assert str(caught.value) == f"p1: f returned {returned}; expected an expression"


def choice_part(**more: Any) -> Any:
    return part(
        "choice",
        statement="{{a}}",
        numbers={"a": {"value": 4}},
        choices=["{{a}}", "twice {{a}}", "neither"],
        mistakes=[{"name": "once", "answer": "{{a}}", "says": "Once is not enough."}],
        **more,
    )


def test_numbers_stand_in_choices() -> None:
    whole = answer(choice_part(answer="twice {{a}}"))
    assert whole.choices == ("4", "twice 4", "neither")
    assert (whole.right_answer(), whole.mistakes[0].answer) == ("twice 4", "4")


@pytest.mark.parametrize(("returned", "mistakes"), [("twice 4", ["once"]), (4, [])])
def test_the_right_choice_may_come_from_the_reference(returned: Any, mistakes: list[str]) -> None:
    whole = answer(choice_part(of="f"), f=always(returned))
    assert whole.right_answer() == str(returned)
    assert [mistake.name for mistake in whole.mistakes] == mistakes


def test_yes_and_no_may_come_from_the_reference() -> None:
    asked = part("choice", statement="{{a}}", numbers={"a": {"value": 4}}, of="f")
    assert answer(asked, f=lambda a: a > 3).right_answer() == "yes"


def test_a_choice_that_is_none_is_a_fault_of_the_course() -> None:
    with pytest.raises(CourseError) as caught:
        answer(choice_part(of="f"), f=always("thrice"))
    assert str(caught.value) == (
        "p1: what the reference gives for a = 4: found 'thrice'; expected one of 4, twice 4, "
        "neither"
    )


@pytest.mark.parametrize(
    ("kind", "fields", "says"),
    [
        ("number", {}, "expected exactly one of answer, answers, of"),
        ("number", {"answer": 1, "of": "f"}, "expected exactly one of answer, answers, of"),
        ("expression", {"names": ["n"]}, "expected either answer or of"),
        ("expression", {"names": ["n"], "answer": "n", "of": "f"}, "expected either answer or of"),
        ("order", {"names": ["n"]}, "expected either answer or of"),
        ("condition", {"names": ["n"], "answer": ""}, "expected either answer or of"),
        ("choice", {}, "expected either answer or of"),
        ("choice", {"answer": "yes", "of": "f"}, "expected either answer or of"),
        (
            "number",
            {"answer": 1, "mistakes": [{"name": "x", "says": "Something is wrong."}]},
            "expected either answer or of",
        ),
        (
            "expression",
            {
                "names": ["n"],
                "answer": "n",
                "alternatives": [{"of": "f", "answer": "2n", "note": "Both of them."}],
            },
            "expected either answer or of",
        ),
    ],
)
def test_an_answer_is_given_in_one_way(kind: str, fields: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError) as caught:
        part(kind, **fields)
    assert [error["msg"] for error in caught.value.errors()] == [f"Value error, {says}"]
