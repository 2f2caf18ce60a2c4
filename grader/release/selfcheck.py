"""The data of a student's own check, `self-check.json`: written for a release, read by `check`.

How to use what `read` returns, a `SelfCheck`:

    check = selfcheck.read(folder / selfcheck.FILE)
    grading = AssignmentGrading(
        check.assignment,
        Collection((submission,)),
        gradebook,
        lambda: PlainSandbox(preload=…, probes=check.probes),
        mode=Mode(visible_only=True, unconfined=True),
        plans=check,  # and `check.of(problem)` gives the plans of a problem to anything else
    )

`check.assignment` is an ordinary Assignment without anything that a student may not know: its
problems have `Withheld` references, and their `file` is the self-check data itself, so that keys
change with it.  A part that cannot be judged without the reference is a `HandedInPart` under the
name of its own kind: whether it is there is looked up, and it is never right.  `kind_of(part)` in
`grader.kinds.handed_in` gives what judges a part; only kinds that judge are imported.

The file is JSON, format 1:

    {"format": 1, "grader": "0.1.0", "student": "",
     "assignment": {"assignment": "background-math", "title": …, "points": "50", "limits": {…}},
     "problems": [{"problem": "q3-calculus", "title": …, "statement": …, "parts": [
       {"part": {"id": "q3-gradient", "kind": "gradient", …}, "check": "cases",
        "plan": {"calls": [{"target": "q3_gradient", "arguments": {"x": …}}], "expected": [{…}]}},
       {"part": {"id": "q3-stationary-points", …}, "check": "presence"}]}]}

`check` is "cases" where a part is judged on the cases in its plan, "generated" where they are drawn
as the file is read, from a seed that everybody knows, and "presence" where nothing is judged.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, Literal, TypeAlias

import msgspec
from pydantic import ValidationError

import grader
from grader.errors import CourseError, ReleaseError
from grader.grading.plans import Planned, course_code, filled_in, planning_of
from grader.kinds import handed_in
from grader.kinds.base import PUBLIC_SEED, Kind, PartPlan, Planning, Released
from grader.kinds.handed_in import HandedInPart
from grader.kinds.registry import kinds
from grader.records import Call
from grader.release import codec
from grader.release.codec import CodecError
from grader.spec.loader import Assignment, LoadedProblem
from grader.spec.models import AssignmentSpec, Part, Problem
from grader.spec.reference import Withheld
from grader.spec.variants import is_per_student

FILE = "self-check.json"
FORMAT = 1
MAX_BYTES = 16 << 20
_WIDTH = 100


@dataclass(frozen=True, slots=True)
class SelfCheck:
    """What a release holds for a student's own check."""

    assignment: Assignment
    plans: Mapping[str, tuple[Planned, ...]]  # by problem
    student: str = ""  # whose own release it is, if it is one student's
    grader_version: str = ""

    @property
    def probes(self) -> tuple[str, ...]:
        """The probes that its calls need, each once."""
        planned = chain.from_iterable(self.plans.values())
        calls = chain.from_iterable(item.plan.calls for item in planned)
        return tuple(dict.fromkeys(call.probe for call in calls if call.probe))

    def of(self, problem: LoadedProblem, student: str = "") -> tuple[Planned, ...]:
        """Return the plans of a problem's parts, in order; they are the same for everybody."""
        del student
        return self.plans[problem.spec.problem]

    @property
    def now(self) -> str:
        """The part that is being planned: none ever is."""
        return ""


class _Record(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    pass


class _Call(_Record):
    target: str
    arguments: dict[str, Any] = {}
    probe: str | None = None
    seed: int = 0


class _Plan(_Record):
    calls: list[_Call] = []
    expected: list[Any] = []
    visible: int | None = None
    fresh: bool = False
    fair: bool = False


class _Part(_Record):
    part: dict[str, Any]
    check: Literal["cases", "generated", "presence"]
    plan: _Plan | None = None


class _Problem(_Record):
    problem: str
    title: str
    parts: list[_Part]
    statement: str = ""


class _File(_Record):
    format: Literal[1]
    grader: str
    assignment: dict[str, Any]
    problems: list[_Problem]
    student: str = ""


# ---- writing -------------------------------------------------------------------------------------


Known: TypeAlias = MutableMapping[str, Any]
"""Parts that are the same for all students, by id, so that they are made once."""


def written(assignment: Assignment, *, student: str = "", known: Known | None = None) -> bytes:
    """Return the content of the file for an assignment; with `student`, of that student's own.

    `known` is kept from one student to the next.  Raises CourseError where the reference fails.
    """
    known = {} if known is None else known
    spec = assignment.spec
    shown = {"assignment", "title", "points", "statement", "limits"}
    made = _File(
        1,
        grader.__version__,
        spec.model_dump(mode="json", include=shown, exclude_defaults=True),
        [_problem(assignment, problem, student, known) for problem in assignment.problems],
        student,
    )
    return (_text(msgspec.to_builtins(made), 0) + "\n").encode()


def _problem(
    assignment: Assignment, problem: LoadedProblem, student: str, known: Known
) -> _Problem:
    spec = problem.spec
    planning = planning_of(assignment, problem, student)
    parts: list[_Part] = []
    for part in spec.parts:
        made = known.get(part.id) or _part(filled_in(part, planning), planning)
        if not is_per_student(part):
            known[part.id] = made
        parts.append(made)
    return _Problem(spec.problem, spec.title, parts, spec.statement)


def _part(part: Part, planning: Planning) -> _Part:
    kind = kinds()[part.kind]
    with course_code(f"planning {part.id} failed"):
        found = kind.released(part, planning)
    if found is None:
        return _Part(handed_in.fields(part, kind.asked(part)), "presence")
    if found.plan is None:
        return _Part(dict(found.fields), "generated")
    return _Part(dict(found.fields), "cases", _plan(kind, found))


def _plan(kind: Kind[Any], found: Released) -> _Plan:
    plan = found.plan
    assert plan is not None  # noqa: S101  (asked before)
    calls = [
        _Call(
            call.target,
            {name: codec.encoded(value, Any) for name, value in call.arguments.items()},
            call.probe,
            call.seed,
        )
        for call in plan.calls
    ]
    expected = [codec.encoded(item, kind.expects) for item in plan.expected]
    return _Plan(calls, expected, plan.visible, plan.fresh, plan.fair)


def _text(data: Any, indent: int) -> str:
    """Return JSON with a line for whatever fits on one."""
    flat = json.dumps(data, ensure_ascii=False, allow_nan=False)
    if len(flat) + indent <= _WIDTH or not isinstance(data, (dict, list)) or not data:
        return flat
    deeper = " " * (indent + 1)
    if isinstance(data, dict):
        lines = [
            f"{json.dumps(name, ensure_ascii=False)}: {_text(item, indent + 1)}"
            for name, item in data.items()
        ]
        opening, closing = "{}"
    else:
        lines = [_text(item, indent + 1) for item in data]
        opening, closing = "[]"
        if all(not isinstance(item, (dict, list)) for item in data):
            lines = _filled(lines, _WIDTH - indent - 1)
    joined = f",\n{deeper}".join(lines)
    return f"{opening}\n{deeper}{joined}\n{' ' * indent}{closing}"


def _filled(items: list[str], width: int) -> list[str]:
    """Return items on as few lines as they fit."""
    lines: list[str] = []
    for item in items:
        if lines and len(lines[-1]) + len(item) + 2 <= width:
            lines[-1] += f", {item}"
        else:
            lines.append(item)
    return lines


# ---- reading -------------------------------------------------------------------------------------


def read(path: Path) -> SelfCheck:
    """Return what a release holds.  Raises ReleaseError for a file that cannot be used."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise ReleaseError(f"{path}: cannot be read: {error.strerror}") from None
    if len(raw) > MAX_BYTES:
        raise ReleaseError(f"{path}: larger than {MAX_BYTES >> 20} MiB. {_AGAIN}")
    file = _file(path, raw)
    try:
        return _self_check(path, file)
    except (CodecError, ValidationError, KeyError, CourseError) as error:
        raise ReleaseError(f"{path}: {_first_line(error)}. {_AGAIN}") from None


_AGAIN = "Download it again: it is made by the course, and nothing in it is for you to change."


def _first_line(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        return f"{where}: {first['msg']}".removeprefix(": ")
    return str(error).strip("'\"").splitlines()[0].rstrip(".")


def _file(path: Path, raw: bytes) -> _File:
    try:
        head = msgspec.json.decode(raw)
        found = head.get("format") if isinstance(head, dict) else None
        if type(found) is int and found > FORMAT:
            raise ReleaseError(
                f"{path}: made by a newer grader (format {found}; this one reads {FORMAT}). "
                "Update the grader: pip install --upgrade grader"
            )
        return msgspec.convert(head, _File)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise ReleaseError(f"{path}: not the data of a self-check: {error}. {_AGAIN}") from None


def _self_check(path: Path, file: _File) -> SelfCheck:
    problems: list[LoadedProblem] = []
    plans: dict[str, tuple[Planned, ...]] = {}
    for item in file.problems:
        planned = tuple(_planned(part) for part in item.parts)
        parts = tuple(each.part for each in planned)
        spec = Problem(
            problem=item.problem, title=item.title, statement=item.statement, parts=parts
        )
        problems.append(LoadedProblem(spec, path, Withheld()))
        plans[item.problem] = planned
    names = tuple(item.problem for item in file.problems)
    whole = AssignmentSpec.model_validate({**file.assignment, "problems": names})
    assignment = Assignment(path.parent, whole, tuple(problems))
    return SelfCheck(assignment, plans, file.student, file.grader)


def _planned(item: _Part) -> Planned:
    name = item.part.get("kind")
    if item.check == "presence":
        asked = HandedInPart.model_validate(item.part)
        return Planned(asked, handed_in.looked_for(asked))
    if not isinstance(name, str) or name not in kinds():
        raise CodecError(f"there is no kind {name!r} here; it may need a newer grader")
    kind = kinds()[name]
    part: Part = kind.taken_back(item.part)
    if item.check == "generated":
        return Planned(part, kind.plan(part, Planning(Withheld(), PUBLIC_SEED)))
    if item.plan is None:
        raise CodecError(f"{part.id}: there is no plan")
    where = f"{part.id}.expected"
    plan = PartPlan(
        tuple(_call(part, number, call) for number, call in enumerate(item.plan.calls)),
        tuple(
            codec.decoded(data, kind.expects, f"{where}[{number}]")
            for number, data in enumerate(item.plan.expected)
        ),
        item.plan.visible,
        item.plan.fresh,
        item.plan.fair,
    )
    return Planned(part, kind.completed(part, plan))


def _call(part: Part, number: int, call: _Call) -> Call:
    where = f"{part.id}.calls[{number}]"
    arguments = {
        name: codec.decoded(value, Any, f"{where}.{name}") for name, value in call.arguments.items()
    }
    return Call(call.target, arguments, call.probe, call.seed)
