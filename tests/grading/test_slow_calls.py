"""Which calls a grading speaks of while they run: those that may take longer than others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path

from grader.gradebook.store import Gradebook
from grader.grading.assignment import AssignmentGrading, Caller
from grader.kinds.registry import part_models
from grader.records import Limits, Observation, Outcome, RunOutcome, RunRequest
from grader.spec.loader import load
from grader.submissions.folder import collect
from tests import tiny


class Telling:
    """Makes no call, and tells of each all the same."""

    def run(
        self, request: RunRequest, on_call: Callable[[str, int, int], None] | None = None
    ) -> RunOutcome:
        counts: dict[str, int] = {}
        for part in request.parts:  # which come in pieces
            count = part.before + len(part.calls) + part.after
            counts[part.part] = count
            for number, _ in enumerate(part.calls, part.before + 1):
                if on_call is not None:
                    on_call(part.part, number, count)
        silent = Observation(Outcome.RETURNED)
        return RunOutcome({name: (silent,) * count for name, count in counts.items()})

    def open(self, files: Mapping[str, bytes], limits: Limits) -> AbstractContextManager[Caller]:
        raise NotImplementedError


def heard(folder: Path, change: tuple[str, str] = ("", "")) -> list[tuple[str, str, int, int]]:
    course = tiny.make(folder)
    problem = course.assignment / "twice.yaml"
    text = problem.read_text(encoding="utf-8")
    problem.write_text(text.replace(*change, 1) if change[0] else text, encoding="utf-8")
    assignment = load(course.assignment, course.root / "reference", part_models())
    calls: list[tuple[str, str, int, int]] = []
    with Gradebook(None) as gradebook:
        grading = AssignmentGrading(
            assignment,
            collect(course.submissions),
            gradebook,
            Telling,
            on_call=lambda *values: calls.append(values),
        )
        grading.grade("ada")
    return calls


def test_a_part_with_more_time_than_others_is_spoken_of(tmp_path: Path) -> None:
    slow = ("    title: The half\n", "    title: The half\n    wall_s: 60\n")
    assert heard(tmp_path, slow) == [("ada", "twice-half", n, 5) for n in range(1, 6)]


def test_parts_with_the_usual_time_are_not(tmp_path: Path) -> None:
    assert heard(tmp_path) == []


def test_parts_with_less_time_are_not(tmp_path: Path) -> None:
    quick = ("    title: The half\n", "    title: The half\n    wall_s: 1\n")
    assert heard(tmp_path, quick) == []
