"""How many wrong derivatives the judge catches, and how many right ones it rejects.

    python benchmarks/power.py --operations 40

Faults are planted in the gradients of torch's own operations, at a few of the samples that torch
tests them with.  Two judges look at each: part `vjp` of this grader, planned and judged as in a
course, and `torch.autograd.gradcheck` with its defaults, for which the fault stands in the
`backward` of a `torch.autograd.Function`.

A fault is planted in the gradient by one input, in every sample of an operation.  It counts if it
changes a value by 0.1 % in some sample (entries below 1e-12 of the largest count as zero: they are
rounding), and it is caught by a judge that says so in some sample and accepts the operation without
the fault.  Right gradients come in the forms of `benchmarks/derivatives.py`, in double and in
single precision; a form that torch does not have for an operation is left out.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import time
import warnings
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any, TypeAlias

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.derivatives import FAULTS, Planted, Way, forward_of, gradients, plant, taken_apart
from benchmarks.operations import (
    Example,
    NotUsableError,
    examples,
    is_random,
    name_of,
)
from grader.errors import CourseError
from grader.kinds.base import Judging, PartPlan, Planning
from grader.kinds.functions.products import Vjp, VjpPart
from grader.records import Observation, Outcome, Status
from grader.spec.reference import Reference

Student: TypeAlias = Callable[[list[np.ndarray], np.ndarray], list[Any]]

CASES = 3  # cotangents for each sample


WAYS = ("reverse", "taken apart", "forward")
PRECISIONS = {"double": torch.float64, "single": torch.float32}


@dataclass
class Verdicts:
    """What the judges said of one operation."""

    operation: str
    skipped: str = ""  # why it was not judged
    planted: list[str] = field(default_factory=list)  # faults that change a value
    unchanged: list[str] = field(default_factory=list)  # faults that change none
    caught: dict[str, set[str]] = field(default_factory=dict)  # by judge: the faults
    rejected: dict[str, str] = field(default_factory=dict)  # by form or judge: why
    judged: list[str] = field(default_factory=list)  # the forms and judges that there were
    samples: int = 0


# ---- our judge -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Exam:
    """A part `vjp` about an operation at one sample, and its plan."""

    example: Example
    reference: Reference
    part: VjpPart
    plan: PartPlan

    def verdict(self, student: Student) -> str:
        """Return what is wrong with a function of inputs and a cotangent, or nothing."""
        seen = []
        for call in self.plan.calls:
            *inputs, vector = (np.asarray(value) for value in call.arguments.values())
            found = student([np.copy(value) for value in inputs], vector)
            value = found[0] if len(found) == 1 else found
            seen.append(Observation(Outcome.RETURNED, value))
        result = Vjp().judge(self.part, self.plan, seen, Judging(self.reference))
        return "" if result.status is Status.CORRECT else result.summary


def exam(example: Example, seed: int) -> Exam:
    """Return the exam about an example.  Raises NotUsableError."""
    names = [f"x{number}" for number in range(len(example.inputs))]
    loaded = ModuleType("made_up")
    vars(loaded).update(
        operation=example,
        sample=lambda _rng, _sizes: dict(zip(names, example.values(), strict=True)),
    )
    reference = Reference(Path("reference"), "course", "made_up")
    reference.__dict__["loaded"] = loaded  # where the cached property keeps it
    part = VjpPart.model_validate({
        "id": "p1", "kind": "vjp", "title": "A part", "points": 1, "of": "operation",
        "function": "backward", "draw": "sample", "cotangent": "u", "cases": {"count": CASES},
    })  # fmt: skip
    try:
        return Exam(example, reference, part, Vjp().plan(part, Planning(reference, seed)))
    except CourseError as error:
        if error.__cause__ is None:
            raise NotUsableError("a gradient that is not finite") from error
        raise NotUsableError(f"its backward raises {type(error.__cause__).__name__}") from error
    except Exception as error:
        raise NotUsableError(f"its value cannot be had: {type(error).__name__}") from error


def student_of(
    example: Example,
    precision: torch.dtype = torch.float64,
    way: Way = gradients,
    planted: Planted | None = None,
) -> Student:
    """Return a student's function, which works in some precision, perhaps with a fault."""

    def backward(values: list[np.ndarray], vector: np.ndarray) -> list[Any]:
        tensors = [torch.as_tensor(value).to(precision) for value in values]
        found = way(example, tensors, torch.as_tensor(vector).to(precision))
        return [gradient.numpy() for gradient in (planted(found) if planted else found)]

    return backward


# ---- gradcheck -----------------------------------------------------------------------------------


def accepted_by_gradcheck(example: Example, planted: Planted | None) -> bool:
    """Return the verdict of `torch.autograd.gradcheck` with its defaults."""

    class Function(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, *tensors: torch.Tensor) -> torch.Tensor:
            inputs = [tensor.detach().requires_grad_() for tensor in tensors]
            with torch.enable_grad():
                ctx.made = example(*inputs), inputs
            return torch.as_tensor(ctx.made[0].detach())

        @staticmethod
        def backward(ctx: Any, *vectors: Any) -> Any:
            output, inputs = ctx.made
            found = torch.autograd.grad(
                output, inputs, vectors[0],
                retain_graph=True, allow_unused=True, materialize_grads=True,
            )  # fmt: skip
            return tuple(planted(found)) if planted else found

    function = Function.apply if planted else example
    inputs = [torch.tensor(value, requires_grad=True) for value in example.values()]
    return torch.autograd.gradcheck(function, inputs, raise_exception=False)


# ---- one operation -------------------------------------------------------------------------------


def judged(operation: Any) -> Verdicts:
    """Return what both judges say of an operation, with and without faults."""
    verdicts = Verdicts(name_of(operation))
    seed = zlib.crc32(verdicts.operation.encode())
    try:
        exams = _exams(operation, seed)
    except NotUsableError as error:
        verdicts.skipped = str(error)
        return verdicts
    verdicts.samples = len(exams)
    _judge_right_ones(exams, verdicts)
    rng = np.random.default_rng(seed)
    for name, fault in FAULTS.items():
        planted = [(each, plant(each.example, fault, rng)) for each in exams]
        there = [(each, where) for each, where in planted if where is not None]
        (verdicts.planted if there else verdicts.unchanged).append(name)
        if there:
            _judge_wrong_ones(name, there, verdicts)
    return verdicts


def _exams(operation: Any, seed: int) -> list[Exam]:
    found, reasons = [], []
    for example in examples(operation):
        try:
            found.append(exam(example, seed))
        except NotUsableError as error:
            reasons.append(error)
    if not found:
        raise reasons[0]
    return found


def _judge_right_ones(exams: Sequence[Exam], verdicts: Verdicts) -> None:
    for each in exams:
        for form, student in _right(each.example):
            try:
                says = each.verdict(student)
            except Exception:  # noqa: BLE001, S112  (torch cannot do it in this form)
                continue
            if form not in verdicts.judged:
                verdicts.judged.append(form)
            if says:
                verdicts.rejected.setdefault(form, f"{each.example.shapes}: {says}")
    verdicts.judged.append("gradcheck")
    if not all(accepted_by_gradcheck(each.example, None) for each in exams):
        verdicts.rejected["gradcheck"] = "without a fault"


def _right(example: Example) -> Iterator[tuple[str, Student]]:
    for name, precision in PRECISIONS.items():
        if precision is torch.float32 and is_random(example):
            continue  # other numbers are drawn in another precision
        yield f"{name}, reverse", student_of(example, precision)
        yield f"{name}, taken apart", student_of(example, precision, taken_apart)
        if example.operation.supports_forward_ad:
            way = forward_of(example, precision)
            yield f"{name}, forward", student_of(example, precision, way)


def _judge_wrong_ones(name: str, there: Sequence[tuple[Exam, Planted]], verdicts: Verdicts) -> None:
    def note(judge: str, catches: Callable[[Exam, Planted], bool]) -> None:
        if judge not in verdicts.rejected and any(catches(*each) for each in there):
            verdicts.caught.setdefault(judge, set()).add(name)

    def ours(precision: torch.dtype) -> Callable[[Exam, Planted], bool]:
        return lambda exam, where: bool(
            exam.verdict(student_of(exam.example, precision, planted=where))
        )

    for precision, dtype in PRECISIONS.items():
        if f"{precision}, reverse" in verdicts.judged:
            note(f"{precision}, reverse", ours(dtype))
    note("gradcheck", lambda exam, where: not accepted_by_gradcheck(exam.example, where))


# ---- all of them ---------------------------------------------------------------------------------


def _number(index: int) -> Verdicts:
    from torch.testing._internal.common_methods_invocations import op_db  # noqa: PLC0415

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return judged(op_db[index])
        except Exception as error:  # noqa: BLE001  (whatever one of so many does)
            says = f"the benchmark fails on it: {type(error).__name__}"
            return Verdicts(name_of(op_db[index]), says)


def measure(count: int | None) -> list[Verdicts]:
    """Return the verdicts on operations spread over torch's list, or on all of them."""
    torch.set_num_threads(1)
    from torch.testing._internal.common_methods_invocations import op_db  # noqa: PLC0415

    indices = list(range(len(op_db)))[:: max(1, len(op_db) // count) if count else 1]
    # Forked, so that the list of operations, seconds of work, is made once.
    with multiprocessing.get_context("fork").Pool(len(os.sched_getaffinity(0))) as pool:
        return pool.map(_number, indices[:count], chunksize=1)


def report(verdicts: Sequence[Verdicts]) -> None:
    """Print the tables and the lists."""
    used = [each for each in verdicts if not each.skipped]
    samples = sum(each.samples for each in used)
    print(f"{len(used)} operations of torch {torch.__version__}, {samples} samples\n")  # noqa: T201
    judges = {
        "double, reverse": "grader",
        "single, reverse": "grader, single",
        "gradcheck": "gradcheck",
    }
    print(f"{'fault':22}{'planted':>9}" + "".join(f"{j:>16}" for j in judges.values()))  # noqa: T201
    for fault in FAULTS:
        _print_row(fault, [each for each in used if fault in each.planted], fault, judges)
    _print_rejected(used)
    for judge, label in judges.items():
        missed = {
            fault: [
                each.operation
                for each in used
                if _could(each, judge, fault) and not _did(each, judge, fault)
            ]
            for fault in FAULTS
        }
        _print_list(f"missed by {label}", missed)
    _print_list("skipped", _reasons(verdicts))
    unchanged = Counter(fault for each in used for fault in each.unchanged)
    listed = ", ".join(f"{fault} {number}" for fault, number in unchanged.items())
    print(f"\nnot counted, since they change no value by 0.1 %: {listed}")  # noqa: T201


def _could(verdicts: Verdicts, judge: str, fault: str) -> bool:
    return judge in verdicts.judged and fault in verdicts.planted


def _did(verdicts: Verdicts, judge: str, fault: str) -> bool:
    return fault in verdicts.caught.get(judge, ())


def _print_row(
    label: str, there: Sequence[Verdicts], fault: str, judges: Mapping[str, str]
) -> None:
    cells = []
    for judge in judges:
        could = [each for each in there if _could(each, judge, fault)]
        caught = sum(_did(each, judge, fault) for each in could)
        cells.append(f"{caught} of {len(could)}")
    print(f"{label:22}{len(there):>9}" + "".join(f"{cell:>16}" for cell in cells))  # noqa: T201


def _print_rejected(used: Sequence[Verdicts]) -> None:
    print("\nright gradients rejected")  # noqa: T201
    forms = [f"{precision}, {way}" for precision in PRECISIONS for way in WAYS]
    for form in (*forms, "gradcheck"):
        of = [each for each in used if form in each.judged]
        wrong = [each for each in of if form in each.rejected]
        print(f"{form:22}{f'{len(wrong)} of {len(of)}':>16}")  # noqa: T201
        for each in wrong:
            print(f"    {each.operation}: {each.rejected[form][:150]}")  # noqa: T201


def _print_list(title: str, groups: Mapping[str, Sequence[str]]) -> None:
    print(f"\n{title}: {sum(map(len, groups.values()))}")  # noqa: T201
    for name, members in groups.items():
        if members:
            shown = ", ".join(members[:12]) + (", ..." if len(members) > 12 else "")
            print(f"    {name}, {len(members)}: {shown}")  # noqa: T201


def _reasons(verdicts: Sequence[Verdicts]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for each in verdicts:
        if each.skipped:
            groups.setdefault(each.skipped, []).append(each.operation)
    return groups


def main() -> None:
    """Measure, and print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--operations", type=int, help="so many, spread over the list; else all")
    options = parser.parse_args()
    began = time.perf_counter()
    report(measure(options.operations))
    print(f"\n{time.perf_counter() - began:.0f} s")  # noqa: T201


if __name__ == "__main__":
    main()
