"""The written answers of the course: every right form passes, every known wrong one is named."""

# ruff: noqa: RUF001  (what people write holds all sorts of dashes and quotes)

from __future__ import annotations

from fractions import Fraction
from functools import cache
from typing import Any

import pytest

from grader.kinds.base import Planning
from grader.kinds.registry import kinds
from grader.records import Status
from grader.spec import document
from grader.spec.marks import Mark
from grader.spec.models import Part
from tests.kinds.student import COURSE as ROOT
from tests.kinds.student import Result, judge, plan, reference

COURSE = reference()
FILES = {
    "autodiff-basics": [
        "p0-declaration",
        "p1-policies",
        "p3-costs-of-ad",
        "p5-binary-logistic",
        "p5-multiclass-logistic",
    ],
    "tensor-autograd": ["q5-graph-nodes", "q6-opnode", "q7-backward-line"],
}
KINDS = {"declaration", "text", "order", "choice", "manual", "expression"}


@cache
def course_parts() -> dict[str, Part]:
    found: dict[str, Part] = {}
    for assignment, names in FILES.items():
        for name in names:
            data = document.read(ROOT / "assignments" / assignment / f"{name}.yaml").data
            for item in data["parts"]:
                if item["kind"] in KINDS:
                    part = kinds()[item["kind"]].model.model_validate(item)
                    found[part.id] = part
    return found


def answered(name: str, written: Any, **judging: Any) -> Result:
    asked = course_parts()[name]
    # As the student would have typed it, and as YAML takes it.
    given = document.parse(f"{name}: {written}").data if isinstance(written, str) else None
    answers = {name: written} if given is None else given
    return judge(asked, COURSE, plan(asked, COURSE), [], answers=answers, **judging)


T = [
    "O(T)",
    "T",
    "O(3T)",
    "O(T + 1)",
    "Θ(T)",
    "\\mathcal{O}(T)",
    "$O(T)$",
    "O( T )",
    "O(2T+d)",
    "O(t)",
]
TD = [
    "O(Td)",
    "O(T d)",
    "O(dT)",
    "O(T·d)",
    "O(T*d)",
    "O(T \\cdot d)",
    "T d",
    "d*T",
    "O(2dT + T)",
    "d O(T)",
]
M = ["O(m)", "m", "O(2m)", "O(m+1)", "\\mathcal O(m)", "O(M)", "O(3m + 5)"]
YES = ["yes", "Yes", "YES", "y", "true", "True", "T", "'yes'", "Yes.", "Yes, with d workers"]
NO = ["no", "No", "NO", "n", "false", "False", "F", "'no'", "No.", "No - it is one sweep"]
RIGHT: dict[str, list[str]] = {
    "p1-policies": [
        "I have read and understood these policies.",
        "I have read and understood these policies",
        "i have read and understood these policies",
        '"I have read and understood these policies."',
    ],
    "p3-time-forward-one": T,
    "p3-time-reverse-one": [*T, "O(T + d)"],
    "p3-time-forward-gradient": TD,
    "p3-time-reverse-gradient": [*T, "O(T + d)", "O(d + T)", "T + d", "O(T) + O(d)"],
    "p3-time-parallel-reverse": NO,
    "p3-time-parallel-forward": YES,
    "p3-time-parallel-forward-serial": T,
    "p3-memory-less-than-t": YES,
    "p3-memory-forward-one": M,
    "p3-memory-reverse-one": ["O(T)", "T", "O(T + m)", "O(2T)"],
    "p3-memory-frugal-gradient": [*M, "O(m + d)", "O(d+m)", "m + d", "O(m) + O(d)"],
    "p5-tf-1": NO,
    "p5-tf-2": NO,
    "p5-tf-3": YES,
    "p5-tf-4": NO,
    "p5-tf-5": NO,
    "p5-parameters": ["(R-1)*D", "(R-1)D", "D(R-1)", "(R − 1)·D", "RD - D", "R*D-D", "$(R-1) D$"],
    "q5-graph-nodes-1": [
        "The sum of a and b, element by element.",
        "a + b",
        "'the result of adding both arrays: the element-wise addition'",
        (
            "c.value contains the outcome of the tensor addition, so if a and b are tensors of the "
            "same shape, then c.value is the element-wise addition of a and b."
        ),
        "np.array with a.value + b.value",
    ],
    "q5-graph-nodes-2": [
        "The OpNode that made it.",
        (
            "'c.source refers to the operation node in the sense that it refers to what operation "
            "resulted in the node c'"
        ),
        "an op node",
        "The op that produced c",
        "OpNode of the Add operation",
    ],
    "q5-graph-nodes-3": [
        "the value of a",
        "a.value, the data in tensor node a",
        (
            "'c.source.inputs[0].value refers to the value(s) of the tensor node a. "
            "c.source.inputs[0] itself is a tensor node.'"
        ),
        "The array in a",
        "the numpy array of `a` (the first input)",
    ],
    "q5-graph-nodes-4": [
        "The gradient of the loss with respect to a; zeros at first.",
        "a.grad refers to the gradient of the loss wrt to a value. Its current value is 0.",
        "the derivative of the output by a, currently None",
        "gradient of loss w.r.t. a, not set (None)",
    ],
    "q6-opnode-1": [
        "a class",
        "A subclass of Op",
        "An opnode performs some operation on some inputs. The operation itself is a class object.",
        "the class Add itself, never an instance of it",
        "A class; it is not instantiated",
    ],
    "q6-opnode-2": [
        "return a + b, in Add.forward",
        "Add.forward",
        (
            "'The addition is done with a function in core.py at line 104-108. This leads to the "
            'actual operation class "Add" which performs the actual addition at line 324.\''
        ),
        "in the forward of the class Add",
        "line 324, a + b",
        "__add__ calls Add.do_forward, which calls Add.forward",
    ],
    "q6-opnode-3": [
        "The outputs do not exist before forward was computed; in do_forward.",
        "'They need the OpNode as a source, so it is made first: opnode.outputs = outputs'",
        "Because they aren't created yet. Lines 248 and 249.",
    ],
    "q7-backward-line": [
        "self.source.backward()",
        "This happens in line 97 (see fig. 11) whereby the relevant operation is self.source",
        "self.op.backward(self.context, *goutputs_raw)",
        "in OpNode.backward",
        "39",
    ],
}
CREDITED = [(name, written) for name, forms in RIGHT.items() for written in forms]


def test_the_table_of_right_forms_is_a_long_one() -> None:
    assert len(CREDITED) > 150
    assert {name for name, part in course_parts().items() if part.points} == set(RIGHT)


@pytest.mark.parametrize(("name", "written"), CREDITED)
def test_every_right_form_passes(name: str, written: str) -> None:
    result = answered(name, written)
    assert (result.status, result.mistake) == (Status.CORRECT, None), result.summary
    assert result.points == course_parts()[name].points


WRONG: dict[str, dict[str, list[str]]] = {
    "p3-time-forward-one": {
        "sweep-per-input": ["O(Td)", "O(d T)", "T d"],
        "inputs-only": ["O(d)", "d"],
        "constant": ["O(1)", "1", "O(5)"],
    },
    "p3-time-reverse-one": {
        "sweep-per-input": ["O(Td)", "O(T·d)"],
        "inputs-only": ["O(d)"],
        "constant": ["O(1)"],
    },
    "p3-time-forward-gradient": {
        "one-sweep": ["O(T)", "T", "O(T + d)", "O(3T)"],
        "inputs-only": ["O(d)"],
        "squared": ["O(T^2)", "O(T²)", "T**2", "O(T^2 + T d)"],
    },
    "p3-time-reverse-gradient": {
        "sweep-per-input": ["O(Td)", "O(T d)", "T d", "O(Td + T)"],
        "inputs-only": ["O(d)"],
    },
    "p3-time-parallel-reverse": {"sweep-is-serial": ["yes", "true", "Y"]},
    "p3-time-parallel-forward": {"sweeps-are-independent": ["no", "false"]},
    "p3-time-parallel-forward-serial": {
        "work-not-time": ["O(Td)", "T d"],
        "divided-by-workers": ["O(T/d)", "T/d"],
        "inputs-only": ["O(d)"],
        "constant": ["O(1)"],
    },
    "p3-memory-less-than-t": {"keeps-everything": ["no", "F"]},
    "p3-memory-forward-one": {
        "whole-trace": ["O(T)", "O(T + m)"],
        "tangent-per-input": ["O(m d)", "O(dm)"],
        "constant": ["O(1)"],
    },
    "p3-memory-reverse-one": {
        "values-deleted": ["O(m)", "m"],
        "trace-per-input": ["O(T d)"],
    },
    "p3-memory-frugal-gradient": {
        "whole-trace": ["O(T)", "O(T + d)"],
        "all-at-once": ["O(m d)", "O(md + d)"],
        "output-only": ["O(d)"],
    },
    "p5-tf-1": {"not-convex": ["true", "T"]},
    "p5-tf-2": {"as-with-l1": ["true"]},
    "p5-tf-3": {"optimum-exists": ["false", "F"]},
    "p5-tf-4": {"likelihood-for-loss": ["true", "True", "T", "yes", "True."]},
    "p5-tf-5": {"regularising-always-helps": ["true"]},
    "p5-parameters": {
        "all-classes": ["R*D", "RD", "D R"],
        "with-intercepts": ["(R-1)(D+1)", "RD + R - D - 1"],
    },
    "q5-graph-nodes-1": {"gradient": ["the gradient"], "concatenation": ["a and b, concatenated"]},
    "q5-graph-nodes-2": {
        "inputs": ["the tensor nodes a and b", "its inputs"],
        "none": ["None", "nothing"],
    },
    "q5-graph-nodes-3": {"second-operand": ["the value of b"], "result": ["the value of c"]},
    "q5-graph-nodes-4": {"ones": ["the gradient of the loss, ones", "1"]},
    "q6-opnode-1": {"instance": ["an instance of Op"], "node": ["an OpNode"]},
    "q6-opnode-2": {
        "operator": ["in __add__ of TensorNode", "line 42"],
        "do-forward": ["Op.do_forward"],
    },
    "q6-opnode-3": {
        "forward-or-backward": [
            (
                "'The reason it is left as None at first, is that it will depend on whether one "
                "does a forward or a backward pass with it (in which case they will differ). The "
                "OpNode is connected to the outputs at line 248 and 249 (first defined at 248, "
                "then connected at 249) in core.py.'"
            )
        ]
    },
    "q7-backward-line": {
        "start": ["loss.backward()"],
        "outer-function": ["in TensorNode.backward"],
    },
}
KNOWN = [
    (name, mistake, written)
    for name, mistakes in WRONG.items()
    for mistake, forms in mistakes.items()
    for written in forms
]


def declared(part: Part) -> set[str]:
    return {m.name for m in (*getattr(part, "mistakes", ()), *getattr(part, "refuse", ()))}


def test_every_declared_mistake_is_in_the_table() -> None:
    for name, part in course_parts().items():
        assert declared(part) == set(WRONG.get(name, ())), name


@pytest.mark.parametrize(("name", "mistake", "written"), KNOWN)
def test_every_known_wrong_answer_is_named(name: str, mistake: str, written: str) -> None:
    result = answered(name, written.strip("'"))
    assert (result.status, result.points, result.mistake) == (Status.WRONG, 0, mistake)


@pytest.mark.parametrize(
    "name", [name for name, part in course_parts().items() if getattr(part, "mistakes", ())]
)
def test_the_examples_for_an_audit_are_recognised_as_themselves(name: str) -> None:
    asked = course_parts()[name]
    planned = plan(asked, COURSE)
    examples = kinds()[asked.kind].mistaken(asked, planned, Planning(COURSE, 0))
    assert {example.mistake for example in examples} == declared(asked)
    for example in examples:
        result = judge(asked, COURSE, planned, [], answers=example.answers)
        assert result.mistake == example.mistake


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("p3-time-forward-one", "O(T log T)"),
        ("p3-time-forward-one", "O(sqrt(T))"),
        ("p3-time-reverse-one", "O(T^2)"),
        ("p3-time-forward-gradient", "O(d^2)"),
        ("p3-time-forward-gradient", "O(T d^2)"),
        ("p3-time-reverse-gradient", "O(T^2)"),
        ("p3-time-reverse-gradient", "O(1)"),
        ("p3-time-parallel-forward-serial", "O(T + d^2)"),
        ("p3-memory-forward-one", "O(m + d)"),
        ("p3-memory-forward-one", "O(m^2)"),
        ("p3-memory-reverse-one", "O(d)"),
        ("p3-memory-reverse-one", "O(T m)"),
        ("p3-memory-frugal-gradient", "O(1)"),
        ("p3-memory-frugal-gradient", "O(m + d^2)"),
        ("p5-parameters", "R + D"),
        ("p5-parameters", "R(D-1)"),
        ("p5-parameters", "(R-1)*D + 1"),
        ("p1-policies", "I have read them."),
    ],
)
def test_every_other_wrong_answer_is_wrong(name: str, written: str) -> None:
    result = answered(name, written)
    assert (result.status, result.points, result.mistake) == (Status.WRONG, 0, None)


@pytest.mark.parametrize(
    ("name", "written", "note"),
    [
        ("p3-memory-frugal-gradient", "O(m + d)", "The d units are those of the gradient itself"),
        ("p3-time-reverse-gradient", "O(T + d)", "O(T + d) is right since d ≤ T is assumed."),
        ("p3-time-forward-one", "T", "It was read as if O(…) stood around it."),
        ("p3-time-forward-one", "O(T), one sweep", "Only O(T) was judged."),
        ("p5-parameters", "(R-1)*D weights", "Only (R − 1)D was judged."),
        ("p5-tf-3", "True, by scaling them.", "Only the first word was judged."),
        ("q7-backward-line", "self.source.backward()", "This call goes to the node"),
    ],
)
def test_an_answer_that_is_right_in_its_own_way_has_a_note(
    name: str, written: str, note: str
) -> None:
    result = answered(name, written)
    assert result.status is Status.CORRECT
    assert note in result.summary


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("p3-time-forward-one", "O(n)"),
        ("p3-time-forward-one", "linear in T"),
        ("p3-time-forward-one", "o(T)"),
        ("p3-time-forward-one", "O(T"),
        ("p3-time-parallel-reverse", "it depends"),
        ("p5-tf-1", "both"),
        ("p5-parameters", "(R-1)*D cats"),
        ("p5-parameters", "(R-1)*k"),
    ],
)
def test_what_cannot_be_read_is_refused(name: str, written: str) -> None:
    result = answered(name, written)
    assert (result.status, result.points, result.mistake) == (Status.REFUSED, 0, None)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("q5-graph-nodes-1", "the numbers of c"),
        ("q5-graph-nodes-2", "its origin"),
        ("q5-graph-nodes-2", "not an OpNode"),
        ("q5-graph-nodes-3", "the values of a and b"),
        ("q5-graph-nodes-3", "a gradient"),
        ("q5-graph-nodes-4", "the gradient"),
        ("q5-graph-nodes-4", "gradient of the loss, zero now and one later"),
        ("q6-opnode-1", "a Python object"),
        ("q6-opnode-2", "somewhere in core.py"),
        ("q6-opnode-3", "Because it is faster."),
        ("q7-backward-line", "line 12"),
        ("q7-backward-line", "97"),
        ("q7-backward-line", "line 97"),
        ("q6-opnode-2", "line 109 of core.py"),
        ("q7-backward-line", "the last one"),
    ],
)
def test_an_answer_that_nobody_foresaw_waits_and_a_person_decides(name: str, written: str) -> None:
    points = course_parts()[name].points
    result = answered(name, written)
    assert (result.status, result.points) == (Status.PENDING, 0)
    assert sum(check.max_points for check in result.checks) == points
    marked = answered(name, written, mark=Mark.model_validate({"rubric": {"answer": str(points)}}))
    assert (marked.status, marked.points) == (Status.CORRECT, points)


def test_the_key_of_the_sheet_is_accepted_too() -> None:
    asked = course_parts()["p3-memory-less-than-t"]
    answers = document.parse("p3-memory-less-than-T: yes").data
    result = judge(asked, COURSE, plan(asked, COURSE), [], answers=answers)
    assert result.status is Status.CORRECT


def test_the_points_are_those_of_the_sheet() -> None:
    points: dict[str, Fraction] = {}
    for name, part in course_parts().items():
        points[name[:2]] = points.get(name[:2], Fraction(0)) + part.points
    assert points == {"p0": 0, "p1": 1, "p3": 11, "p5": 6, "q5": 1, "q6": Fraction(3, 2), "q7": 0.5}
    assert sum(p for name, p in points.items() if name[0] == "q") == 3


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"certification": True}, Status.CORRECT),
        ({"certification": "Yes"}, Status.CORRECT),
        ({"certification": False}, Status.WRONG),
        ({"certification": None}, Status.WRONG),
    ],
)
def test_the_declaration_has_to_be_certified(given: dict[str, Any], status: Status) -> None:
    asked = course_parts()["p0-declaration"]
    answers = {
        "p0-declaration-collaborators": "none",
        "p0-declaration-acknowledgements": "None.",
        "p0-declaration-dataset-terms": "I accept them.",
    } | {f"p0-declaration-{name}": item for name, item in given.items()}
    result = judge(asked, COURSE, plan(asked, COURSE), [], answers=answers)
    assert result.status is status


@pytest.mark.parametrize("number", range(1, 6))
def test_a_reason_waits_for_a_person_and_earns_nothing(number: int) -> None:
    result = answered(f"p5-tf-{number}-why", "Both terms are convex.")
    assert (result.status, result.max_points) == (Status.PENDING, 0)


@pytest.mark.parametrize("name", sorted(RIGHT))
def test_a_self_check_never_says_whether_an_answer_is_right(name: str) -> None:
    if name == "p1-policies":  # its sentence stands in the statement
        return
    written = [RIGHT[name][0], *(forms[0] for forms in WRONG[name].values())]
    for answer in written:
        result = answered(name, answer.strip("'"), self_check=True)
        assert (result.status, result.points, result.mistake, result.hint) == (
            Status.SKIPPED,
            0,
            None,
            "",
        )
