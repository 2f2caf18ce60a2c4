"""A course whose reference is Python functions, and students who are Python functions too.

Nothing here runs a sandbox: a call is made on the spot, and what it did is written down as the
sandbox would have written it.
"""

from __future__ import annotations

import copy
import traceback
from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, TypeAlias

from grader import values
from grader.kinds.base import Judging, PartPlan, Planning
from grader.kinds.registry import kinds
from grader.records import Call, Failure, Frame, Observation, Outcome
from grader.spec.models import Part
from grader.spec.reference import Reference

Result: TypeAlias = Any
"""A `PartResult`; mypy takes points == 5 for a mistake where they stand in a tuple."""

COURSE = Path(__file__).parents[2]


def reference(**functions: Any) -> Reference:
    """Return a reference with these functions, as if a module of the course defined them."""
    made = Reference(Path("reference"), "course", "made_up")
    made.__dict__["loaded"] = module(**functions)  # where the cached property keeps it
    return made


def taught(name: str) -> Reference:
    """Return a module of the real course as a reference."""
    path = COURSE / "reference" / "background_math" / f"{name}.py"
    found = ModuleType(name)
    exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), found.__dict__)  # noqa: S102
    return reference(**vars(found))


def module(**names: Any) -> ModuleType:
    """Return a student's module."""
    made = ModuleType("submission")
    vars(made).update({name: item for name, item in names.items() if not name.startswith("__")})
    return made


def part(kind: str, **given: Any) -> Any:
    """Return a part of a kind, worth two points unless said otherwise."""
    base = {"id": "p1", "kind": kind, "title": "A part", "points": 2}
    return kinds()[kind].model.model_validate({**base, **given})


def plan(asked: Part, course: Reference, seed: int = 0) -> PartPlan:
    """Return the plan of a part."""
    return kinds()[asked.kind].plan(asked, Planning(course, seed))


def judge(
    asked: Part,
    course: Reference,
    planned: PartPlan,
    observations: Iterable[Observation],
    **judging: Any,
) -> Result:
    """Return the verdict on observations."""
    kind = kinds()[asked.kind]
    return kind.judge(asked, planned, tuple(observations), Judging(course, **judging))


def grade(
    asked: Part, course: Reference, student: ModuleType | None = None, **functions: Any
) -> Result:
    """Return the verdict on a student's module, or on functions given by name."""
    written = student or module(**functions)
    planned = plan(asked, course)
    seen = [observe(call, written) for call in planned.calls]
    return judge(asked, course, planned, seen, files=("solution.py", "diy_autograd.py"))


def observe(call: Call, written: ModuleType) -> Observation:
    """Return what one call did."""
    arguments = copy.deepcopy(dict(call.arguments))
    target = getattr(written, call.target, None)
    if target is None:
        says = f"solution.py has no {call.target}"
        return Observation(Outcome.MISSING, failure=Failure("AttributeError", says))
    try:
        if call.probe is None:
            value = target(*arguments.values())
        else:
            value = probe(call.probe)(written, target=call.target, **arguments)
        value = values.plain(value)
    except values.NotDataError as error:
        return Observation(Outcome.NOT_DATA, failure=Failure("NotDataError", str(error)))
    except Exception as error:  # noqa: BLE001  (whatever a student's function raises)
        return Observation(Outcome.RAISED, failure=_failure(error))
    changed = [
        name
        for name, was in call.arguments.items()
        if b"".join(values.dump(was)) != b"".join(values.dump(arguments[name]))
    ]
    return Observation(Outcome.RETURNED, value, changed_inputs=tuple(changed))


def probe(name: str) -> Callable[..., Any]:
    """Return a probe by the name under which a call asks for it."""
    home, _, function = name.partition(":")
    found: Callable[..., Any] = getattr(import_module(home), function)
    return found


def _failure(error: Exception) -> Failure:
    frames = [
        Frame("solution.py", frame.lineno or 0, frame.name, frame.line or "")
        for frame in traceback.extract_tb(error.__traceback__)
        if "grader" not in frame.filename and not frame.filename.endswith("student.py")
    ]
    return Failure(type(error).__name__, str(error), tuple(frames))


def texts(record: Any) -> list[str]:
    """Return every text that stands anywhere in a record."""
    if isinstance(record, str):
        return [record]
    if is_dataclass(record):
        return [text for field in fields(record) for text in texts(getattr(record, field.name))]
    if isinstance(record, (tuple, list)):
        return [text for item in record for text in texts(item)]
    return []
