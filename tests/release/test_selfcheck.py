from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.errors import CourseError, ReleaseError
from grader.gradebook.store import Gradebook
from grader.grading import verdicts
from grader.grading.assignment import AssignmentGrading, Mode
from grader.grading.plans import Planned, Plans
from grader.grading.run import packages
from grader.kinds.base import Judging
from grader.kinds.handed_in import HandedInPart
from grader.kinds.registry import probes
from grader.records import Observation, Outcome, PartResult, RunOutcome, Status
from grader.release import selfcheck
from grader.sandbox.plain import PlainSandbox
from grader.spec.reference import Withheld
from grader.submissions import answers
from grader.submissions.folder import Collection, Submission, read
from tests import tiny, varied

from . import course

JUDGED = "value gradient hessian vjp quantities operation autograd_functions autograd_framework"
ALSO_JUDGED = "optimizer torch_gradients network hard_coded_network computation_graph"
LAST_JUDGED = "evaluation_trace two_codings survey declaration"


def graded(
    name: str, submission: Submission, *, from_release: bool = True
) -> dict[str, PartResult]:
    """Return the verdicts of a self-check, from the release or in the folder of the course."""
    check = course.check(name)
    used = check.probes if from_release else probes({p.kind for p in course.assignment(name).parts})
    with (
        Gradebook(None) as gradebook,
        PlainSandbox(preload=packages([submission]), probes=used) as sandbox,
    ):
        grading = AssignmentGrading(
            check.assignment if from_release else course.assignment(name),
            Collection((submission,)),
            gradebook,
            lambda: sandbox,
            mode=Mode(visible_only=True, unconfined=True),
            plans=check if from_release else None,
        )
        grading.grade(submission.id)
        report = gradebook.report(name)
    assert report is not None
    return {part.id: part for part in report.submissions[0].parts}


@cache
def sample(name: str, who: str) -> Mapping[str, PartResult]:
    return graded(name, read(course.ROOT / "submissions" / name / who, who))


# ---- reading back --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", course.NAMES)
def test_every_part_is_read_back_under_its_kind(name: str) -> None:
    check, made = course.check(name), course.assignment(name)
    assert [(p.id, p.kind, p.title, p.points) for p in check.assignment.parts] == [
        (p.id, p.kind, p.title, p.points) for p in made.parts
    ]
    assert check.assignment.outline().problems[0].statement == made.problems[0].spec.statement
    assert check.assignment.spec.limits == made.spec.limits
    assert check.assignment.spec.seed == 0
    assert check.student == ""


def test_kinds_that_need_no_reference_are_judged_and_the_others_looked_for() -> None:
    by_kind: dict[str, set[bool]] = {}
    for name in course.NAMES:
        for part in course.check(name).assignment.parts:
            by_kind.setdefault(part.kind, set()).add(isinstance(part, HandedInPart))
    judged = {*JUDGED.split(), *ALSO_JUDGED.split(), *LAST_JUDGED.split(), "manual"}
    assert {kind for kind, looked in by_kind.items() if False in looked} == judged | {"text"}
    assert {kind for kind, looked in by_kind.items() if True in looked} == {
        *("stationary_points", "hessians_at_points", "classification_of_points"),
        *("cost", "training", "retraining"),
        *("choice", "order", "expression", "text"),
    }


def test_the_visible_cases_are_those_of_the_course() -> None:
    problem = next(p for p in course.assignment("tensor-autograd").problems if len(p.spec.parts))
    (item,) = Plans(course.assignment("tensor-autograd")).of(problem, "")
    (back,) = course.check("tensor-autograd").plans[problem.spec.problem]
    shown = item.plan.visible or 0
    assert shown == 2 == len(back.plan.calls) == len(back.plan.expected)
    for call, wanted in zip(back.plan.calls, item.plan.calls[:shown], strict=True):
        assert call.target == wanted.target
        for argument in wanted.arguments:
            np.testing.assert_array_equal(call.arguments[argument], wanted.arguments[argument])
    for case, original in zip(back.plan.expected, item.plan.expected[:shown], strict=True):
        for found, expected in zip(case.expected, original.expected, strict=True):
            np.testing.assert_array_equal(found, expected)
        assert case.mistakes == {}


def test_graphs_are_not_those_that_are_graded() -> None:
    made = course.assignment("background-math")
    problem = next(p for p in made.problems if p.spec.problem == "q6-autograd")
    graded_plan = Plans(made).of(problem, "")[1].plan
    given = course.check("background-math").plans["q6-autograd"][1].plan
    drawn = {p for e in given.expected for p in [e.program] if _is_drawn(p)}
    assert len(drawn) > 20
    assert not drawn & {e.program for e in graded_plan.expected}


def _is_drawn(program: Any) -> bool:
    starts = [n.operands[0] for n in program.nodes if n.operation == "input"]
    return any(round(number, 1) != number for number in starts if number != 1.25)


@pytest.mark.parametrize("name", course.NAMES)
def test_a_file_stays_below_a_megabyte(name: str) -> None:
    assert len(course.files(name)[selfcheck.FILE]) < 1_000_000
    assert len(course.packed(name)) < 300_000


@pytest.mark.parametrize("name", course.NAMES)
def test_lines_stay_short_where_there_are_numbers(name: str) -> None:
    lines = course.files(name)[selfcheck.FILE].decode().splitlines()
    rows = [line for line in lines if re.fullmatch(r"[\s\[\]0-9.,e+-]+", line)]
    assert len(rows) > 10
    assert max(map(len, rows)) <= 101


READ = """
import sys
from pathlib import Path
from grader.release import selfcheck
check = selfcheck.read(Path(sys.argv[1]))
slow = {"torch", "sympy", "matplotlib", "networkx", "jinja2", "markdown_it"} & set(sys.modules)
kinds = sorted(m for m in sys.modules if m.startswith("grader.kinds."))
print(sorted(slow), "grader.kinds.costs.cost" in kinds, "grader.kinds.points.landscape" in kinds)
"""


@pytest.mark.parametrize("name", ["background-math", "backprop-and-costs"])
def test_reading_imports_neither_torch_nor_kinds_that_judge_nothing(
    name: str, tmp_path: Path
) -> None:
    path = tmp_path / selfcheck.FILE
    path.write_bytes(course.files(name)[selfcheck.FILE])
    command = [sys.executable, "-c", READ, str(path)]
    done = subprocess.run(command, check=True, capture_output=True, encoding="utf-8")  # noqa: S603  (ours)
    assert done.stdout == "[] False False\n"


# ---- right and wrong -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", course.NAMES)
def test_the_reference_solution_is_right_in_whatever_is_judged(name: str) -> None:
    results = {item.part.id: verdict(name, item) for item in observed(name)[1]}
    for part in course.check(name).assignment.parts:
        wanted = Status.CORRECT
        if part.kind == "manual":
            wanted = Status.PENDING
        elif isinstance(part, HandedInPart):
            wanted = Status.SKIPPED
        assert (part.id, results[part.id].status) == (part.id, wanted)


@pytest.mark.parametrize("name", course.NAMES)
def test_nothing_of_the_starter_is_right(name: str) -> None:
    results = graded(name, read(course.ROOT / "assignments" / name / "starter", "starter"))
    assert {result.status for result in results.values()} == {Status.MISSING}


WRONG = {
    "background-math": {
        "q3-gradient": (Status.WRONG, 3),
        "q3-hessian": (Status.WRONG, 3),
        "q6-functions": (Status.PARTIAL, 2),
    },
    "autodiff-basics": {
        "p2-forward": (Status.PARTIAL, 3),
        "p2-reverse": (Status.PARTIAL, 3),
        "p5-gradient": (Status.WRONG, 3),
        "p5-regularised-gradient": (Status.WRONG, 3),
    },
    "backprop-and-costs": {
        "q1-permutation": (Status.WRONG, 3),
        "q2-backward": (Status.PARTIAL, 3),
        "q2-softmax-jacobian": (Status.WRONG, 4),
    },
    "tensor-autograd": {
        "q1-divide": (Status.WRONG, 2),
        "q4-expand": (Status.PARTIAL, 2),
        "q9-relu": (Status.PARTIAL, 2),
    },
    "autodiff-and-optimizers": {
        "p1-reverse": (Status.PARTIAL, 0),
        "p2-gradients": (Status.PARTIAL, 2),
        "p3-adam": (Status.WRONG, 1),
    },
}


@pytest.mark.parametrize("name", course.NAMES)
def test_what_is_wrong_in_a_sample_is_wrong(name: str) -> None:
    results = sample(name, "typical-student")
    found = {part: (results[part].status, len(results[part].visible)) for part in WRONG[name]}
    assert found == WRONG[name]


def test_a_wrong_answer_is_told_as_in_the_folder_of_the_course() -> None:
    name = "tensor-autograd"
    here = read(course.ROOT / "submissions" / name / "typical-student", "typical-student")
    there = graded(name, here, from_release=False)
    results = sample(name, "typical-student")
    for part in ("q1-divide", "q2-elementwise", "q4-expand"):
        assert results[part].visible == there[part].visible
        assert there[part].mistake
        assert results[part].mistake is None  # its name and its sentence stay with the course
    assert results["q1-divide"].visible[0].call.startswith("q1_backward(np.array([[")


def test_a_mistake_that_belongs_to_the_kind_is_named() -> None:
    assert sample("autodiff-and-optimizers", "typical-student")["p3-adam"].mistake == (
        "no-bias-correction"
    )


def test_what_may_follow_from_a_wrong_quantity_is_left_open() -> None:
    result = sample("autodiff-basics", "typical-student")["p2-forward"]
    states = {check.name: check.status for check in result.checks}
    assert states["dz2/dw1"] is Status.WRONG
    assert Status.SKIPPED in states.values()
    assert result.summary.endswith(
        "Wrong quantities behind it are not judged here; graded, what follows from your own keeps "
        "its credit."
    )


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("autodiff-basics", "p2-reverse"),
        ("autodiff-basics", "p5-log-likelihood"),
        ("autodiff-basics", "p5-gradient"),
        ("background-math", "q3-hessian"),
        ("background-math", "q6-functions"),
        ("background-math", "q7-backward"),
        ("backprop-and-costs", "q2-backward"),
        ("backprop-and-costs", "q2-softmax-jacobian"),
        ("tensor-autograd", "q3-linear"),
        ("tensor-autograd", "q9-relu"),
        ("autodiff-and-optimizers", "p1-reverse"),
        ("autodiff-and-optimizers", "p2-values"),
        ("autodiff-and-optimizers", "p2-torch"),
        ("autodiff-and-optimizers", "p3-rmsprop"),
    ],
)
def test_numbers_that_are_off_by_a_percent_are_wrong(name: str, part: str) -> None:
    right, wrong = judged_twice(name, part, _off)
    assert right.status is Status.CORRECT
    assert wrong.status in {Status.WRONG, Status.PARTIAL}


def judged_twice(name: str, part: str, change: Any) -> tuple[PartResult, PartResult]:
    """Return the verdicts on what the reference solution gives, and on that with a change."""
    _, items, outcome = observed(name)
    item = next(each for each in items if each.part.id == part)
    seen = outcome.observations[part]
    changed = tuple(Observation(Outcome.RETURNED, change(each.value)) for each in seen)
    return verdict(name, item), verdict(
        name, item, RunOutcome({**outcome.observations, part: changed})
    )


@cache
def observed(name: str) -> tuple[Submission, list[Planned], RunOutcome]:
    """Return the reference solution, the plans of a release, and what it did."""
    check = course.check(name)
    folder = course.ROOT / "submissions" / name / "reference-solution"
    submission = read(folder, "reference-solution")
    items = [item for planned in check.plans.values() for item in planned]
    request = verdicts.request(items, submission, check.assignment.spec.limits.record())
    assert request is not None
    with PlainSandbox(preload=packages([submission]), probes=check.probes) as sandbox:
        return submission, items, sandbox.run(request)


def verdict(name: str, item: Planned, outcome: RunOutcome | None = None) -> PartResult:
    """Return the verdict of a self-check on the reference solution, or on what it did instead."""
    submission, _, seen = observed(name)
    written = answers.read(submission.files, [part.id for part in course.assignment(name).parts])
    judging = Judging(
        Withheld(),
        written.given,
        files=tuple(submission.files),
        sources=submission.files,
        self_check=True,
    )
    return verdicts.verdict(item, submission, outcome or seen, judging)


@pytest.mark.parametrize(
    ("name", "part", "operation", "other"),
    [
        ("autodiff-and-optimizers", "p1-graph", "div", "mul"),
        ("backprop-and-costs", "q2-graph", "relu", "sigmoid"),
    ],
)
def test_a_graph_with_another_operation_is_wrong(
    name: str, part: str, operation: str, other: str
) -> None:
    right, wrong = judged_twice(
        name, part, lambda rows: [[other if x == operation else x for x in row] for row in rows]
    )
    assert right.status is Status.CORRECT
    assert wrong.status in {Status.WRONG, Status.PARTIAL}


def _off(value: Any) -> Any:
    """Return what came back with every number that is not whole larger by a percent."""
    if isinstance(value, float):
        return value if value.is_integer() and abs(value) < 3 else 1.01 * value
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return 1.01 * value
    if isinstance(value, list):
        return [_off(item) for item in value]
    if isinstance(value, dict):
        return {name: _off(item) for name, item in value.items()}
    return value


CODINGS = """
import torch
p4_x0 = 0.0
def p4_f(x):
    return 0 * x
def p4_g(x):
    return x * 2 - x - x
p4_smooth_x0 = 0.0
def p4_smooth_f(x):
    return x
def p4_smooth_g(x):
    return 2 * x
"""

NETWORK = """
import torch
def p3_network(inputs, classes):
    return torch.nn.Sequential(torch.nn.Linear(inputs, 8), torch.nn.Linear(8, classes))
def p3_loss(output, target):
    return torch.nn.functional.cross_entropy(output, target)
"""


def test_codings_and_networks_that_are_wrong_are_wrong() -> None:
    codings = graded("autodiff-basics", Submission("ada", {"solution.py": CODINGS.encode()}))
    assert codings["p4-two-codings"].mistake == "continuous"
    assert codings["p4-extra"].mistake == "different-functions"
    network = graded(
        "autodiff-and-optimizers", Submission("ada", {"solution.py": NETWORK.encode()})
    )
    assert network["p3-network"].status is Status.WRONG


# ---- courses that cannot be released -------------------------------------------------------------


@pytest.mark.parametrize("error", ["SystemExit(3)", "BaseException('no')"])
def test_a_reference_that_raises_no_exception_is_a_fault_of_the_course(
    error: str, tmp_path: Path
) -> None:
    made = tiny.make(tmp_path)
    file = made.root / "reference" / "doubling" / "twice.py"
    file.write_text(f"{tiny.REFERENCE}\ndef half(x):\n    raise {error}\n", encoding="utf-8")
    with pytest.raises(CourseError) as caught:
        selfcheck.written(varied.loaded(made))
    assert str(caught.value) == f"planning twice-half failed: {error}"


# ---- files that cannot be used -------------------------------------------------------------------

AGAIN = "Download it again: it is made by the course, and nothing in it is for you to change."


def broken(tmp_path: Path, content: bytes) -> str:
    path = tmp_path / selfcheck.FILE
    path.write_bytes(content)
    with pytest.raises(ReleaseError) as error:
        selfcheck.read(path)
    says = str(error.value)
    assert says.startswith(f"{path}: ")
    assert "\n" not in says
    return says.removeprefix(f"{path}: ")


def changed(tmp_path: Path, change: Any) -> str:
    data = json.loads(course.files("tensor-autograd")[selfcheck.FILE])
    change(data)
    return broken(tmp_path, json.dumps(data).encode())


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError) as error:
        selfcheck.read(tmp_path / "none.json")
    assert str(error.value) == (
        f"{tmp_path / 'none.json'}: cannot be read: No such file or directory"
    )


def test_half_a_file_is_told(tmp_path: Path) -> None:
    half = course.files("tensor-autograd")[selfcheck.FILE][:2000]
    assert broken(tmp_path, half) == (
        f"not the data of a self-check: Input data was truncated. {AGAIN}"
    )


@pytest.mark.parametrize("content", [b"", b"[]", b"3", b"\xff\xfe", b"[" * 100_000])
def test_a_file_of_something_else_is_told(content: bytes, tmp_path: Path) -> None:
    assert broken(tmp_path, content).startswith("not the data of a self-check: ")


def test_a_newer_format_asks_for_a_newer_grader(tmp_path: Path) -> None:
    assert changed(tmp_path, lambda data: data.update(format=2, more=1)) == (
        "made by a newer grader (format 2; this one reads 1). Update the grader: pip install "
        "--upgrade grader"
    )


def test_an_unknown_kind_is_told(tmp_path: Path) -> None:
    def change(data: Any) -> None:
        data["problems"][0]["parts"][0]["part"]["kind"] = "divination"

    assert changed(tmp_path, change) == (
        f"there is no kind 'divination' here; it may need a newer grader. {AGAIN}"
    )


def test_an_unknown_field_is_told(tmp_path: Path) -> None:
    def change(data: Any) -> None:
        data["problems"][0]["parts"][0]["part"]["colour"] = "red"

    assert changed(tmp_path, change) == f"colour: Extra inputs are not permitted. {AGAIN}"


def test_an_expected_value_of_another_type_is_told(tmp_path: Path) -> None:
    def change(data: Any) -> None:
        data["problems"][0]["parts"][0]["plan"]["expected"][0]["expected"] = [["x"]]

    assert changed(tmp_path, change) == (
        f"q1-divide.expected[0].expected[0]: expected a number, found str. {AGAIN}"
    )


def test_a_file_that_is_too_large_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selfcheck, "MAX_BYTES", 1 << 20)
    assert broken(tmp_path, b" " * (2 << 20)) == f"larger than 1 MiB. {AGAIN}"
