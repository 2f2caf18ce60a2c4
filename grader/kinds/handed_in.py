"""The check of what is there, for parts that only the course can judge.

A release holds no reference and no answers.  Of a part that cannot be judged without them, a
student is told whether the file can be imported, whether the functions are there and begun, and how
each written answer was read.  It is never called right.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from grader import messages
from grader.kinds import outcomes, releases
from grader.kinds.base import Judging, Kind, PartPlan, Planning
from grader.kinds.registry import kinds
from grader.kinds.written.answers import Judgement, given_answer, shown
from grader.records import Call, Check, Failure, Observation, Outcome, PartResult, Status
from grader.spec.asked import FORMULAS, Asked
from grader.spec.models import Part, PythonName
from grader.spec.written import written_names

PROBE = "grader.probes.presence:there"

_WORST = (  # what is told first
    Status.CRASHED,
    Status.TIMED_OUT,
    Status.OUT_OF_MEMORY,
    Status.REFUSED,
    Status.WRONG,
    Status.MISSING,
)


class HandedInPart(Part):
    """A part of any kind, as far as a student may know it."""

    file: str = ""
    functions: tuple[PythonName, ...] = ()
    answers: tuple[Asked, ...] = ()

    @property
    def source_file(self) -> str:
        """The file with the functions; empty if there are none."""
        return self.file


class HandedIn(Kind[HandedInPart]):
    """What a part was given, without a verdict.  No YAML of a course can name this kind."""

    name = "handed_in"
    model = HandedInPart
    probes = (PROBE,)

    def plan(self, part: HandedInPart, planning: Planning) -> PartPlan:
        """Look for each function."""
        del planning
        return looked_for(part)

    def judge(
        self,
        part: HandedInPart,
        plan: PartPlan,
        observations: Sequence[Observation],
        judging: Judging,
    ) -> PartResult:
        """Say what is missing or cannot be read; what is there is judged when it is graded."""
        found = [
            _function(part, call.target, observation, judging)
            for call, observation in zip(plan.calls, observations, strict=True)
        ]
        checks = [check for check, _ in found]
        read: dict[str, str] = {}
        for asked in part.answers:
            check, read_as = _answer(asked, judging)
            checks += [check] if check else []
            read |= {asked.key: read_as} if read_as else {}
        wrong = [check for check in checks if check.status is not Status.SKIPPED]
        status = Status.SKIPPED
        if wrong:
            status = min((check.status for check in wrong), key=_WORST.index)
        failure = next((failure for _, failure in found if failure), None)
        return PartResult(
            part.id,
            status,
            Fraction(0),
            part.points,
            _summary(checks, wrong, read),
            hint=part.hint if wrong else "",
            checks=tuple(checks) if len(checks) > 1 else (),
            failure=failure,
            answers={"answer": read[part.id]} if set(read) == {part.id} else read,
        )


def kind_of(part: Part) -> Kind[Any]:
    """Return what judges a part: its kind, or for one of a release the check of what is there."""
    return _HANDED_IN if isinstance(part, HandedInPart) else kinds()[part.kind]


_HANDED_IN = HandedIn()


def looked_for(part: HandedInPart) -> PartPlan:
    """Return the plan of a part: one call for each function, which does not call it."""
    return PartPlan(tuple(Call(name, {}, PROBE) for name in part.functions))


def fields(part: Part, asked: Sequence[Asked]) -> dict[str, Any]:
    """Return what a release holds of a part of any kind."""
    found = releases.fields(part)
    found.pop("hint", None)  # it belongs beside a wrong answer, and none is called wrong here
    if part.source_file:
        found |= {"file": part.source_file, "functions": list(written_names(part))}
    if asked:
        found["answers"] = [item.model_dump(mode="json", exclude_defaults=True) for item in asked]
    return found


def _summary(checks: Sequence[Check], wrong: Sequence[Check], read: Mapping[str, str]) -> str:
    if wrong:
        alike = list(dict.fromkeys(check.says for check in wrong))
        return " ".join(alike[:3])
    if len(checks) == 1 and read:
        return checks[0].says
    return messages.release.handed_in(read)


# ---- functions -----------------------------------------------------------------------------------


def _function(
    part: HandedInPart, name: str, observation: Observation, judging: Judging
) -> tuple[Check, Failure | None]:
    nothing = Fraction(0)
    if observation.outcome is not Outcome.RETURNED:
        status = outcomes.status(observation, right=False)
        says = outcomes.sentence(observation, name, part.file)
        return Check(name, status, nothing, nothing, says), observation.failure
    answer = observation.value if isinstance(observation.value, dict) else {}
    if answer.get("callable") is not True:
        says = messages.release.not_callable(name, part.file)
        return Check(name, Status.WRONG, nothing, nothing, says), None
    if is_stub(judging.sources.get(part.file, b""), name):
        says = messages.calls.not_there_yet(name)
        return Check(name, Status.MISSING, nothing, nothing, says), None
    return Check(name, Status.SKIPPED, nothing, nothing, messages.release.THERE), None


def is_stub(source: bytes, name: str) -> bool:
    """Whether a function of a file does nothing but raise NotImplementedError; or a class's method.

    A file that cannot be read as Python has no such function.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    found = [node for node in tree.body if isinstance(node, _DEFINITIONS) and node.name == name]
    if not found:
        return False
    last = found[-1]  # what a name stands for in the end
    if isinstance(last, ast.ClassDef):
        return any(_raises(node) for node in last.body if isinstance(node, _FUNCTIONS))
    return _raises(last)


_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_DEFINITIONS = (*_FUNCTIONS, ast.ClassDef)


def _raises(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    body = [node for node in function.body if not _is_text(node)]
    if not body or not isinstance(body[0], ast.Raise):
        return False
    raised = body[0].exc
    raised = raised.func if isinstance(raised, ast.Call) else raised
    return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


# ---- answers -------------------------------------------------------------------------------------


def _answer(asked: Asked, judging: Judging) -> tuple[Check | None, str]:
    """Return what is said of an answer and how it was read; None where it may be left out."""
    given = given_answer(judging, asked.key)
    nothing = Fraction(0)
    if given is None and asked.optional:
        return None, ""
    if given is None and judging.answers_problem:
        return Check(asked.key, Status.REFUSED, nothing, nothing, judging.answers_problem), ""
    if given is None:
        says = messages.written.unanswered([asked.key])
        return Check(asked.key, Status.MISSING, nothing, nothing, says), ""
    found = read(asked, given)
    if not found.read_as:
        return Check(asked.key, Status.REFUSED, nothing, nothing, found.says), ""
    says = messages.answers.readable(found.read_as)
    if asked.form == "text":
        says = messages.answers.TEXT_READ
    return Check(asked.key, Status.SKIPPED, nothing, nothing, says), found.read_as


def read(asked: Asked, given: Any) -> Judgement:
    """Return how an answer is understood, or why it cannot be; its verdict means nothing.

    The readers of the kinds compare with an answer as they read; here it is one that nobody gave.
    """
    if asked.form in FORMULAS:
        return _formula(asked, given)
    if asked.form == "number":
        from grader.kinds.written import written_numbers as numbers  # noqa: PLC0415  (if it is used)

        wanted = numbers.NumberAnswer(answers=[0] * asked.count, percent=asked.percent)
        return numbers.judge_number(asked.key, given, wanted)
    if asked.form == "choice":
        from grader.kinds.written import choices  # noqa: PLC0415

        first = choices.ChoiceAnswer(choices=asked.choices, answer=asked.choices[0])
        return choices.judge_choice(asked.key, given, first)
    return Judgement(Status.SKIPPED, "", shown(given))


def _formula(asked: Asked, given: Any) -> Judgement:
    from grader.kinds.written import formulas  # noqa: PLC0415  (only where formulas are asked for)

    forms: Mapping[str, type[formulas.FormulaAnswer]] = {
        "expression": formulas.ExpressionAnswer,
        "order": formulas.OrderAnswer,
        "condition": formulas.ConditionAnswer,
    }
    form = forms[asked.form]
    example = form.model_construct(names=asked.names, answer="").example
    more = {"assuming": asked.assuming} if asked.form == "order" else {}
    wanted = form.model_validate({"names": asked.names, "answer": example, **more})
    return formulas.judge(asked.key, given, wanted)
