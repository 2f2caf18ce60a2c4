"""Verdicts on modules made of notebooks, told in cells: what a student can find.

Sandbox and judges know modules only.  Once a verdict stands, the frames of its failure and
whatever its sentences say of "line 57 of solution.py", become cells and lines of the notebook.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from grader import messages
from grader.records import CaseReport, Check, Failure, Frame, Notebook, Observation, PartResult

_SYNTAX = frozenset({"SyntaxError", "IndentationError", "TabError"})


def told(result: PartResult, notebooks: Sequence[Notebook]) -> PartResult:
    """Return a verdict with every place in one of the notebooks told as the student knows it."""
    if not notebooks:
        return result
    return replace(
        result,
        summary=sentence(result.summary, notebooks),
        hint=sentence(result.hint, notebooks),
        visible=tuple(_case(case, notebooks) for case in result.visible),
        checks=tuple(_check(check, notebooks) for check in result.checks),
        failure=result.failure and _failure(result.failure, notebooks),
    )


def sentence(text: str, notebooks: Iterable[Notebook]) -> str:
    """Return a sentence that names notebooks, and cells in them, where it had named modules."""
    for notebook in notebooks:
        if notebook.module in text:
            text = _named(text, notebook)
    return text


def _named(text: str, notebook: Notebook) -> str:
    module = re.escape(notebook.module)
    pattern = rf"(?:\b([Ll])ine (\d{{1,9}}) of )?(?<![\w./-]){module}(?!\w)"

    def name(found: re.Match[str]) -> str:
        if found[2] is None:
            return notebook.file
        cell, line = notebook.place(int(found[2]))
        there = messages.notebooks.line_of(notebook.file, line, cell)
        return there if found[1] == "l" else there[0].upper() + there[1:]

    return re.sub(pattern, name, text)


def observed(observation: Observation, notebooks: Sequence[Notebook]) -> Observation:
    """Return an observation in which the text of a syntax error names cells, not bare lines."""
    failure = observation.failure
    if not notebooks or failure is None or failure.type not in _SYNTAX or not failure.frames:
        return observation
    at = next((each for each in notebooks if each.module == failure.frames[-1].file), None)
    if at is None:
        return observation
    message = re.sub(r"\bline (\d{1,9})\b", lambda found: _line(int(found[1]), at), failure.message)
    return replace(observation, failure=replace(failure, message=message))


def _failure(failure: Failure, notebooks: Sequence[Notebook]) -> Failure:
    by_module = {notebook.module: notebook for notebook in notebooks}
    frames = tuple(_frame(frame, by_module.get(frame.file)) for frame in failure.frames)
    return replace(failure, frames=frames)


def _line(line: int, notebook: Notebook) -> str:
    cell, within = notebook.place(line)
    return f"cell {cell}, line {within}" if cell else f"line {within}"


def _frame(frame: Frame, notebook: Notebook | None) -> Frame:
    if notebook is None:
        return frame
    cell, line = notebook.place(frame.line)
    return replace(frame, file=notebook.file, cell=cell, line=line)


def _case(case: CaseReport, notebooks: Sequence[Notebook]) -> CaseReport:
    return replace(case, message=sentence(case.message, notebooks))


def _check(check: Check, notebooks: Sequence[Notebook]) -> Check:
    return replace(check, says=sentence(check.says, notebooks))
