"""How many wrong derivatives the judge catches, and how many right ones it rejects.

    python benchmarks/power.py --operations 40

Faults are planted in the gradients of torch's own operations, at a few of the samples that torch
tests them with.  Two judges look at each: part `vjp` of this grader, planned and judged as in a
course, and `torch.autograd.gradcheck` with its defaults, for which the fault stands in the
`backward` of a `torch.autograd.Function`.

A fault is planted in the gradient by one input of one sample.  It counts if it changes a value by
0.1 % (entries below 1e-12 of the largest count as zero: they are rounding).  It is caught by a
judge that rejects the sample with the fault and accepts it without.

No judge can catch what drowns in its own tolerance: a fault can be told if it moves some entry by
more than the tolerance table allows there, and more than twice as far as right gradients in the
same precision are off.  Right gradients come in the forms of `benchmarks/derivatives.py`, in double
and in single precision; a form that torch does not have for an operation is left out.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import time
import warnings
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, TypeAlias

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.derivatives import (
    FAULTS,
    Answers,
    Planted,
    Way,
    can_be_told,
    forward_of,
    gradients,
    numerical,
    plant,
    taken_apart,
    who_errs,
)
from benchmarks.operations import Example, NotUsableError, examples, is_random, name_of
from benchmarks.power_tables import Verdicts, good, report
from grader.errors import CourseError
from grader.kinds.base import Judging, PartPlan, Planning
from grader.kinds.functions.products import Vjp, VjpPart
from grader.records import Observation, Outcome, Status
from grader.spec.reference import Reference

CASES = 3  # cotangents for each sample
PRECISIONS = {"double": torch.float64, "single": torch.float32}
_LINES = 20  # of progress, where it does not go to a terminal


# ---- our judge -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Exam:
    """A part `vjp` about an operation at one sample, and its plan."""

    example: Example
    reference: Reference
    part: VjpPart
    plan: PartPlan

    @property
    def expected(self) -> list[list[np.ndarray]]:
        """What is expected of each case, by each input."""
        return [list(case.expected) for case in self.plan.expected]

    def answers(self, precision: torch.dtype, way: Way) -> Answers:
        """Return what a student gives for each case, who works in some precision and way."""
        found = []
        for call in self.plan.calls:
            values = [
                torch.as_tensor(np.array(value)).to(precision) for value in call.arguments.values()
            ]
            found.append(way(self.example, values[:-1], values[-1]))
        return found

    def verdict(self, answers: Answers) -> str:
        """Return what is wrong with the answers to all cases, or nothing."""
        seen = []
        for found in answers:
            arrays = [gradient.numpy() for gradient in found]
            value = arrays[0] if len(arrays) == 1 else arrays
            seen.append(Observation(Outcome.RETURNED, value))
        result = Vjp().judge(self.part, self.plan, seen, Judging(self.reference))
        return "" if result.status is Status.CORRECT else result.summary or "rejected"


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
        "function": "backward", "draw": "sample", "cotangent": "u",
        "cases": {"count": CASES, "visible": 0},
    })  # fmt: skip
    try:
        return Exam(example, reference, part, Vjp().plan(part, Planning(reference, seed)))
    except CourseError as error:
        if error.__cause__ is None:
            raise NotUsableError("a gradient that is not finite") from error
        raise NotUsableError(f"its backward raises {type(error.__cause__).__name__}") from error
    except Exception as error:
        raise NotUsableError(f"its value cannot be had: {type(error).__name__}") from error


# ---- gradcheck -----------------------------------------------------------------------------------


Values: TypeAlias = dict[tuple[bytes, ...], torch.Tensor]


def accepted_by_gradcheck(example: Example, known: Values, planted: Planted | None) -> bool:
    """Return the verdict of `torch.autograd.gradcheck` with its defaults on a `backward`.

    `known` keeps the values of the operation: it is called at the same places for every fault.
    """

    class Function(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, *tensors: torch.Tensor) -> torch.Tensor:
            ctx.tensors = tensors
            place = tuple(tensor.numpy().tobytes() for tensor in tensors)
            if place not in known:
                known[place] = example(*(tensor.detach() for tensor in tensors))
            return known[place].clone()

        @staticmethod
        def backward(ctx: Any, *vectors: Any) -> Any:
            if not hasattr(ctx, "made"):  # one graph serves every row of the Jacobian
                inputs = [tensor.detach().requires_grad_() for tensor in ctx.tensors]
                with torch.enable_grad():
                    ctx.made = example(*inputs), inputs
            output, inputs = ctx.made
            found = torch.autograd.grad(
                output, inputs, vectors[0],
                retain_graph=True, allow_unused=True, materialize_grads=True,
            )  # fmt: skip
            return tuple(planted(found)) if planted else found

    return _gradcheck(Function.apply, example)


def _gradcheck(function: Any, example: Example) -> bool:
    inputs = [torch.tensor(value, requires_grad=True) for value in example.values()]
    return torch.autograd.gradcheck(function, inputs, raise_exception=False)


# ---- one operation -------------------------------------------------------------------------------


def judged(operation: Any) -> Verdicts:
    """Return what both judges say of an operation, with and without faults."""
    verdicts = Verdicts(name_of(operation))
    seed = zlib.crc32(verdicts.operation.encode())
    rng = np.random.default_rng(seed)
    try:
        for example in examples(operation):
            try:
                made = exam(example, seed)
            except NotUsableError as error:
                verdicts.dropped.append(str(error))
            else:
                _judge(made, rng, verdicts)
    except NotUsableError as error:
        verdicts.skipped = str(error)
    if not verdicts.samples:
        verdicts.skipped = verdicts.skipped or verdicts.dropped[0]
    return verdicts


def _judge(exam: Exam, rng: np.random.Generator, verdicts: Verdicts) -> None:
    example = exam.example
    shapes = str(list(example.shapes))
    verdicts.samples += 1
    right = dict(_right(exam))
    says = {form: exam.verdict(answers) for form, answers in right.items()}
    known: Values = {}
    if not accepted_by_gradcheck(example, known, None):
        alone = _gradcheck(example, example)  # not as a Function
        says["gradcheck"] = "rejected, as a Function only" if alone else "rejected"
    else:
        says["gradcheck"] = ""
    verdicts.accept(shapes, says, _excuses(exam, right, says))
    for name, fault in FAULTS.items():
        where = plant(right["double, reverse"], fault, rng)
        if where is None:
            verdicts.unchanged[name] += 1
            continue
        for precision in PRECISIONS:
            form = f"{precision}, reverse"
            if form not in right:
                continue
            alike = [answers for key, answers in right.items() if key.startswith(precision)]
            told = can_be_told(exam.expected, alike, where)
            caught = not says[form] and bool(exam.verdict([where(each) for each in right[form]]))
            verdicts.note(precision, name, shapes, told=told, caught=caught)
        accepted = bool(says["gradcheck"]) or accepted_by_gradcheck(example, known, where)
        verdicts.note("gradcheck", name, shapes, told=True, caught=not accepted)


def _excuses(exam: Exam, right: Mapping[str, Answers], says: Mapping[str, str]) -> dict[str, str]:
    """Return why a form was rejected rightly, where torch errs by numerical derivatives."""
    double = [form for form in right if form.startswith("double") and says[form]]
    if not double:
        return {}
    expected = [[torch.as_tensor(array) for array in case] for case in exam.expected]
    numbers = exam.answers(torch.float64, numerical)
    why = {form: who_errs(right[form], expected, numbers) for form in double}
    return {**why, **{form.replace("double", "single"): errs for form, errs in why.items()}}


def _right(exam: Exam) -> Iterator[tuple[str, Answers]]:
    """Yield right answers in each form that torch has for an operation."""
    for name, precision in PRECISIONS.items():
        if precision is torch.float32 and is_random(exam.example):
            continue  # other numbers are drawn in another precision
        ways: dict[str, Way] = {"reverse": gradients, "taken apart": taken_apart}
        if exam.example.operation.supports_forward_ad:
            ways["forward"] = forward_of(exam.example, precision)
        for label, way in ways.items():
            try:
                answers = exam.answers(precision, way)
            except Exception:  # noqa: BLE001, S112  (torch cannot do it in this form)
                continue
            yield f"{name}, {label}", answers


# ---- all of them ---------------------------------------------------------------------------------


def _begin() -> None:
    # Many operations are wrapped so that they set the seed at each call.  torch.manual_seed does so
    # on devices that are not there, too, and takes ten times as long as most operations.
    torch.manual_seed = torch.default_generator.manual_seed


def _number(index: int) -> Verdicts:
    from torch.testing._internal.common_methods_invocations import op_db  # noqa: PLC0415

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return judged(op_db[index])
        except Exception as error:  # noqa: BLE001  (whatever one of so many does)
            says = f"the benchmark fails on it: {type(error).__name__}: {error}"
            return Verdicts(name_of(op_db[index]), says)


def measure(count: int | None, only: Sequence[str] = ()) -> list[Verdicts]:
    """Return the verdicts on operations spread over torch's list, on all, or on some by name."""
    torch.set_num_threads(1)
    from torch.testing._internal.common_methods_invocations import op_db  # noqa: PLC0415

    if only:
        indices = [index for index, each in enumerate(op_db) if name_of(each) in only]
    else:
        indices = list(range(len(op_db)))[:: max(1, len(op_db) // count) if count else 1][:count]
    found = []
    # Forked, so that the list of operations, seconds of work, is made once.
    with multiprocessing.get_context("fork").Pool(len(os.sched_getaffinity(0)), _begin) as pool:
        for verdicts in pool.imap(_number, indices, chunksize=1):
            found.append(verdicts)
            _progress(len(found), len(indices), verdicts.operation)
    return found


def _progress(done: int, total: int, name: str) -> None:
    if sys.stderr.isatty():
        end = "\n" if done == total else ""
        print(f"\r\x1b[K{done} of {total}: {name}", end=end, file=sys.stderr, flush=True)  # noqa: T201
    elif done % max(1, total // _LINES) == 0 or done == total:
        print(f"{done} of {total} operations", file=sys.stderr, flush=True)  # noqa: T201


def main() -> None:
    """Measure, and print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--operations", type=int, help="so many, spread over the list; else all")
    parser.add_argument("--only", nargs="+", default=(), help="the operations of these names")
    parser.add_argument("--strict", action="store_true", help="exit code 1 if the aim is missed")
    options = parser.parse_args()
    began = time.perf_counter()
    verdicts = measure(options.operations, options.only)
    report(verdicts)
    print(f"\n{time.perf_counter() - began:.0f} s")  # noqa: T201
    if options.strict and not good(verdicts):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
