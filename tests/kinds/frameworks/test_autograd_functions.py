"""`autograd_functions`: forward and backward, class by class."""

from __future__ import annotations

from fractions import Fraction
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest
import yaml

from grader.errors import CourseError
from grader.kinds.frameworks import autograd_functions
from grader.records import Failure, Observation, Outcome, Status
from tests.kinds import framework
from tests.kinds.framework import line
from tests.kinds.student import COURSE, Result, grade, judge, part, plan, reference, taught

TAUGHT = taught("q6_autograd")
SPEC = yaml.safe_load(
    (COURSE / "assignments/background-math/q6-autograd.yaml").read_text(encoding="utf-8")
)
NINE = part(**{**SPEC["parts"][0], "id": "p1"})


def one(name: str, **given: Any) -> Any:
    (spec,) = [item for item in SPEC["parts"][0]["classes"] if item["name"] == name]
    return part("autograd_functions", classes=[{**spec, **given}], count=10)


def graded(*changes: tuple[str, str], only: str | None = None) -> Result:
    return grade(one(only) if only else NINE, TAUGHT, framework.student(*changes))


def test_nine_right_classes_earn_everything() -> None:
    result = graded()
    assert (result.status, result.points) == (Status.CORRECT, 5)
    assert result.summary == "Right: all 9 classes, forward and backward."
    assert [check.name for check in result.checks] == list(framework.NAMES)


def test_each_class_earns_exactly_a_ninth() -> None:
    result = graded(("-math.sin(a)", "math.sin(a)"))
    assert (result.status, result.points) == (Status.PARTIAL, Fraction(40, 9))
    wrong = [check for check in result.checks if check.status is not Status.CORRECT]
    assert [(check.name, check.points, check.max_points) for check in wrong] == [
        ("Cos", 0, Fraction(5, 9))
    ]
    assert result.summary.startswith("Cos: Backward: the partial derivative by a is ")


WRONG = [
    ("Inv", "-1 / a**2", "1 / a**2"),
    ("Inv", "-1 / a**2", "-1 / a"),
    ("Add", "lambda a, b: a + b", "lambda a, b: a - b"),
    ("Add", "a + b, lambda a, b: 1.0", "a + b, lambda a, b: 0.0"),
    ("Ln", "lambda a: 1 / a)", "lambda a: 1 / a**2)"),
    ("Pow", "b * a ** (b - 1)", "a ** (b - 1)"),
    ("Pow", "a**b * math.log(a) if", "a**b if"),
    ("Pow", "else math.nan", "else 1.0"),
    ("Pow", "else math.nan", "else float('inf')"),
    ("Pow", "else math.nan", "else a**b * complex(math.log(-a), math.pi)"),
    ("Sin", "lambda a: math.cos(a))", "lambda a: -math.cos(a))"),
    ("Cos", "-math.sin(a)", "math.sin(a)"),
    ("Tan", "1 + math.tan(a) ** 2", "1 + math.tan(a)"),
    ("Tan", "1 + math.tan(a) ** 2", "1.0000001 + math.tan(a) ** 2"),
    ("Min", "a <= b), lambda a, b: float(a > b)", "a < b), lambda a, b: float(a < b)"),
    ("Min", "float(a > b)", "float(a >= b)"),
    ("Max", '"Max", max', '"Max", min'),
    ("Max", "float(a < b)", "float(a <= b)"),
]


@pytest.mark.parametrize(("name", "old", "new"), WRONG)
def test_a_wrong_forward_or_partial_is_caught(name: str, old: str, new: str) -> None:
    assert graded(only=name).status is Status.CORRECT
    result = graded((old, new), only=name)
    assert (result.status, result.points) == (Status.WRONG, 0)


@pytest.mark.parametrize("given", ["math.nan", "0.0", "0"])
def test_the_partial_that_does_not_exist_may_be_nan_or_zero(given: str) -> None:
    assert graded(("else math.nan", f"else {given}"), only="Pow").status is Status.CORRECT


def test_the_partial_that_does_not_exist_is_told_as_such() -> None:
    result = graded(("else math.nan", "else 1.0"), only="Pow")
    assert result.summary == (
        "Pow: Backward: the partial derivative by b is 1; it does not exist there, so that 0 or "
        "nan was expected."
    )


def test_nan_where_the_partial_exists_is_wrong() -> None:
    result = graded(("-1 / a**2", "math.nan"), only="Inv")
    assert result.summary == "Inv: Backward: the partial derivative by a is nan; expected -0.25."


@pytest.mark.parametrize("name", ["Min", "Max"])
@pytest.mark.parametrize("share", ["0.0", "0.25", "0.5", "1.0"])
def test_at_a_tie_any_shares_that_add_up_to_one_are_right(name: str, share: str) -> None:
    tie = ("lambda a, b: float(a <= b), lambda a, b: float(a > b)", "low, high")
    if name == "Max":
        tie = ("lambda a, b: float(a >= b), lambda a, b: float(a < b)", "low, high")
    first, second = ("a < b", "a > b") if name == "Min" else ("a > b", "a < b")
    helper = (
        "def by_exponent",
        (
            f"low = lambda a, b: {share} if a == b else float({first})\n"
            f"high = lambda a, b: 1 - {share} if a == b else float({second})\n"
            "def by_exponent"
        ),
    )
    assert graded(tie, helper, only=name).status is Status.CORRECT


@pytest.mark.parametrize("pair", ["1.0, 1.0", "0.0, 0.0", "2.0, -1.0", "0.5, 0.6", "1j, 1 - 1j"])
@pytest.mark.parametrize("dtype", ["numpy.float64", "numpy.float32"])
def test_at_a_tie_anything_else_is_wrong(pair: str, dtype: str) -> None:
    dtype = "numpy.complex128" if "j" in pair else dtype
    change = (
        'Min = operation("Min", min, lambda a, b: float(a <= b), lambda a, b: float(a > b))',
        (
            "import numpy\n"
            'Min = operation("Min", min, lambda a, b: 0)\n'
            "Min.backward = lambda parent, children: "
            f"numpy.array([{pair}] if children[0].value == children[1].value else "
            "[children[0].value < children[1].value, children[0].value > children[1].value], "
            f"{dtype})"
        ),
    )
    result = graded(change, only="Min")
    assert result.status is Status.WRONG
    assert result.summary.startswith("Min: Backward: the operands are equal, and the partial ")
    assert result.summary.endswith("expected two numbers from 0 to 1 with the sum 1.")


@pytest.mark.parametrize(
    "form",
    [
        "tuple(slopes)",
        "numpy.array(slopes)",
        "slopes[0] if len(slopes) == 1 else slopes",
        "numpy.array(slopes, dtype=numpy.float32)",
        "[numpy.float64(slope) for slope in slopes]",
        "[numpy.array(slope) for slope in slopes]",
    ],
)
def test_partials_are_right_in_any_form(form: str) -> None:
    old = "return [partial(*(child.value for child in children)) for partial in partials]"
    new = (
        "import numpy; "
        "slopes = [partial(*(child.value for child in children)) for partial in partials]; "
        f"return {form}"
    )
    assert graded((old, new)).status is Status.CORRECT


@pytest.mark.parametrize(
    ("name", "old", "new", "summary"),
    [
        (
            "Inv",
            "lambda a: 1 / a,",
            "lambda a: 2 / a,",
            "Inv: Forward: The result is 1; expected 0.5.",
        ),
        (
            "Ln",
            "lambda a: 1 / a)",
            "lambda a: None)",
            "Ln: Backward: Among the numbers that came back there is None.",
        ),
        (
            "Add",
            "lambda a, b: 1.0, lambda a, b: 1.0)",
            "lambda a, b: 1.0)",
            "Add: Backward: expected a list of 2 partial derivatives, found shape (1,).",
        ),
        (
            "Sin",
            "lambda a: math.cos(a))",
            "lambda a: 1.0, lambda a: 1.0)",
            "Sin: Backward: expected a list of 1 partial derivative, found shape (2,).",
        ),
        (
            "Inv",
            "return Variable(value(*(o.value for o in operands)), operands, Operation)",
            "return value(*(o.value for o in operands))",
            "Inv: Forward: it returned a value of type float; a Variable was expected.",
        ),
        (
            "Inv",
            "lambda a: -1 / a**2",
            "lambda a: Variable(1)",
            (
                "Inv: Inv.backward returned something that is not data: a value of type "
                "diy_autograd.Variable is not data. Numbers, text, lists, tuples, NumPy arrays "
                "and torch tensors are."
            ),
        ),
        (
            "Add",
            "lambda a, b: 1.0, lambda a, b: 1.0)",
            "lambda a, b: 1 + 1e-11, lambda a, b: 1.0)",
            (
                "Add: Backward: the partial derivative by a is 1.00000000001; expected 1. "
                "The values are close but not close enough: a constant was rounded, a step was "
                "taken by a finite difference, or lower precision was used on the way."
            ),
        ),
    ],
)
def test_what_is_wrong_is_said(name: str, old: str, new: str, summary: str) -> None:
    result = graded((old, new), only=name)
    assert (result.status, result.summary) == (Status.WRONG, summary)


@pytest.mark.parametrize("name", ["Inv", "Ln", "Sin", "Cos", "Tan"])
def test_a_finite_difference_is_no_derivative(name: str) -> None:
    module = framework.student()
    function = getattr(module, name)

    def backward(parent: Any, children: list[Any]) -> list[float]:
        del parent
        x, h = children[0].value, 1e-5
        return [(function.forward(x + h).value - function.forward(x - h).value) / (2 * h)]

    function.backward = backward
    result = grade(one(name), TAUGHT, module)
    assert (result.status, result.points) == (Status.WRONG, 0)


def test_partials_by_math_of_values_in_single_precision_are_right() -> None:
    single = ("= value, list(children)", "= __import__('numpy').float32(value), list(children)")
    assert graded(single).status is Status.CORRECT


def test_values_in_arrays_of_one_number_are_right() -> None:
    single = ("= value, list(children)", "= __import__('numpy').ravel(value), list(children)")
    log = ("lambda a: math.log(a), lambda a: 1 / a)", "__import__('numpy').log, lambda a: 1 / a)")
    assert graded(single, log, only="Ln").status is Status.CORRECT


def test_an_operation_need_not_be_a_class() -> None:
    module = framework.student()
    made = vars(module)["Inv"]
    vars(module)["Inv"] = SimpleNamespace(forward=made.forward, backward=made.backward)
    assert grade(one("Inv"), TAUGHT, module).status is Status.CORRECT


def test_a_forward_that_takes_self_is_told_how_it_is_called() -> None:
    old = "        @staticmethod\n        def forward(*operands):"
    result = graded((old, "        def forward(self, a):"), only="Inv")
    assert (result.status, result.summary) == (
        Status.CRASHED,
        (
            "Inv: Inv.forward stopped with TypeError: operation.<locals>.Operation.forward() "
            "missing 1 required positional argument: 'a'. Inv.forward is called on the class "
            "itself, without self: is @staticmethod missing?"
        ),
    )


def test_the_report_shows_the_call_and_both_values() -> None:
    (report,) = graded(("-1 / a**2", "1 / a**2"), only="Inv").visible
    assert report.call == "Inv.backward(Inv.forward(Variable(2.0)), [Variable(2.0)])"
    assert (report.observed, report.expected) == ("[0.25]", "[-0.25]")
    assert (report.worst_index, report.observed_there, report.expected_there) == (
        "[0]",
        "0.25",
        "-0.25",
    )


def test_a_crash_in_backward_is_told_with_its_line() -> None:
    old = "return a**b * math.log(a) if a > 0 else math.nan"
    result = graded((old, "return a**b * math.log(a)"), only="Pow")
    where = line(old)
    assert result.status is Status.CRASHED
    assert result.summary == (
        f"Pow: Pow.backward stopped with ValueError in line {where} of diy_autograd.py: "
        "math domain error."
    )
    assert result.failure is not None
    assert result.failure.frames[-1].line == where


def test_a_class_as_the_starter_left_it_is_missing_and_not_a_crash() -> None:
    result = graded(
        ("def by_exponent", "def todo(a):\n    raise NotImplementedError\ndef by_exponent"),
        ("lambda a: 1 / a,", "todo,"),
        only="Inv",
    )
    assert result.status is Status.MISSING
    assert result.summary == "Inv: Not there yet: Inv.forward still raises NotImplementedError."


def test_a_missing_class_costs_its_share_alone() -> None:
    student = framework.student()
    del student.Tan
    result = grade(NINE, TAUGHT, student)
    assert result.points == Fraction(40, 9)
    (check,) = [check for check in result.checks if check.status is not Status.CORRECT]
    assert (check.name, check.status) == ("Tan", Status.MISSING)


def test_without_variable_nothing_can_be_judged() -> None:
    student = framework.student()
    del student.Variable
    result = grade(one("Inv"), TAUGHT, student)
    assert (result.status, result.summary) == (
        Status.MISSING,
        "Inv: diy_autograd.py has no class Variable.",
    )


def test_a_class_that_dies_leaves_the_others_their_points() -> None:
    planned = plan(NINE, TAUGHT)
    alive = [framework_answer(call) for call in planned.calls]
    alive[0] = Observation(Outcome.TIMED_OUT, failure=Failure("", "It had 10 s."))
    result = judge(NINE, TAUGHT, planned, alive)
    assert result.points == Fraction(40, 9)
    assert result.summary == "Inv: Inv did not finish in time. It had 10 s."


def framework_answer(call: Any, student: ModuleType | None = None) -> Observation:
    from tests.kinds.student import observe  # noqa: PLC0415

    return observe(call, student or framework.student())


@pytest.mark.parametrize(
    "answer",
    [
        None,
        "x",
        {},
        {"results": "x"},
        {"results": [], "stopped": 3},
        {"results": [1, 2]},
        {"results": [[1]]},
        {"results": [], "stopped": {"step": np.zeros(2), "message": "x" * 10**6}},
        {"results": [], "stopped": {"frames": [["x", "y"], 3, ["diy_autograd.py", "1", "", ""]]}},
    ],
)
def test_a_forged_answer_is_wrong_and_never_a_fault(answer: Any) -> None:
    asked = one("Inv")
    planned = plan(asked, TAUGHT)
    result = judge(asked, TAUGHT, planned, [Observation(Outcome.RETURNED, answer)])
    assert result.status in {Status.WRONG, Status.CRASHED}
    assert result.points == 0


def test_several_wrong_classes_are_all_named() -> None:
    result = graded(("-math.sin(a)", "math.sin(a)"), ("1 + math.tan(a) ** 2", "1.0"))
    assert result.summary.endswith("Not right either: Tan.")


def test_a_reference_without_a_value_is_a_fault_of_the_course() -> None:
    with pytest.raises(CourseError, match=r"p1: the reference gives nan for \[-1.0\]"):
        plan(one("Ln", also=[[-1]]), reference(ln=TAUGHT.function("ln")))


@pytest.mark.parametrize("off", [0.0, 1e-13, 1e-11, 1e-8, 1e-3, np.nan])
@pytest.mark.parametrize("name", framework.NAMES)
def test_what_is_right_at_a_glance_is_right_case_by_case(name: str, off: float) -> None:
    ((cases,), item) = plan(one(name), TAUGHT).expected, one(name).classes[0]
    results = [[float(c.value), [float(p) for p in c.partials * (1 + off)]] for c in cases]
    at_a_glance = autograd_functions._are_plainly_right(cases, results)
    case_by_case = [
        autograd_functions._wrong_case(item, *pair) is None
        for pair in zip(cases, results, strict=True)
    ]
    assert not at_a_glance or all(case_by_case)
    assert at_a_glance == (off < 1e-12)


@pytest.mark.parametrize(
    "change",
    [
        lambda results: results[:-1],
        lambda results: [[np.float32(results[0][0]), results[0][1]], *results[1:]],
        lambda results: [[results[0][0], results[0][1] * 2], *results[1:]],
        lambda results: [[True, results[0][1]], *results[1:]],
        lambda results: [results[0][:1], *results[1:]],
        lambda results: [None, *results[1:]],
    ],
)
def test_what_is_not_plain_is_looked_at_case_by_case(change: Any) -> None:
    (cases,) = plan(one("Sin"), TAUGHT).expected
    results = [[float(c.value), c.partials.tolist()] for c in cases]
    assert autograd_functions._are_plainly_right(cases, results)
    assert not autograd_functions._are_plainly_right(cases, change(results))


@pytest.mark.parametrize(("seen", "right"), [(np.inf, True), (5.0, False), (-np.inf, False)])
def test_an_infinite_partial_is_met_by_the_same_infinity_alone(seen: float, right: bool) -> None:
    asked = one(
        "Pow", inputs={"a": {"uniform": {"low": 1, "high": 2}}, "b": {"value": 2}}, also=[[0, 0.5]]
    )
    planned = plan(asked, TAUGHT)
    (cases,) = planned.expected
    assert cases[0].partials.tolist() == [np.inf, 0]
    results = [[float(case.value), case.partials.tolist()] for case in cases]
    results[0][1][0] = seen
    result = judge(asked, TAUGHT, planned, [Observation(Outcome.RETURNED, {"results": results})])
    assert (result.status is Status.CORRECT) is right
