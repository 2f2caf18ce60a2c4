"""What the person who collects reads: who is missing, who came twice, what was not taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.messages.text import counted
from grader.submissions.collecting.placing import Changes

_NAMES = {
    "canvas": "Canvas",
    "gradescope": "Gradescope",
    "moodle": "Moodle",
    "folders": "folders",
    "repositories": "repositories",
}


@dataclass(frozen=True, slots=True)
class Collected:
    """What a collection came to."""

    assignment: str
    source: Path
    to: Path
    layout: str
    students: int
    submissions: int
    on_roster: int | None
    missing: Sequence[str]
    twice: Sequence[str]
    strangers: Sequence[str]
    notes: Sequence[str]
    untimed: Sequence[str]
    passed_over: int
    advice: str
    changes: Changes
    dry_run: bool

    @property
    def text(self) -> str:
        """The whole report, with one line for each thing that somebody may have to look at."""
        what = f"{counted(self.students, 'student')}, {counted(self.submissions, 'submission')}"
        would = "Would collect" if self.dry_run else "Collected"
        lines = [
            f"{would} {self.assignment} from {self.source} ({_NAMES[self.layout]}): {what}.",
            *_sections(self._sections()),
            "",
            *self._summary(),
        ]
        return "\n".join(lines) + "\n"

    def _sections(self) -> Mapping[str, Sequence[str]]:
        return {
            f"Missing, of {self.on_roster} on the roster": self.missing,
            "Handed in more than once; which one counts is said by `attempts` in assignment.yaml, "
            "and is the last one without it": self.twice,
            "Not on the roster": self.strangers,
            "No time is known": () if self.advice else self.untimed,
            "Ignored or changed": self.notes,
        }

    def _summary(self) -> list[str]:
        done = self.changes
        counts = [
            f"{len(done.new)} new",
            f"{len(done.replaced)} replaced",
            f"{len(done.unchanged)} unchanged",
        ]
        if done.kept:
            counts.append(f"{len(done.kept)} not in this source and left as they are")
        lines = [f"{self.to}: {', '.join(counts)}."]
        if done.earlier:
            lines.append(f"What was replaced ({', '.join(done.replaced)}) lies in {done.earlier}.")
        elif done.replaced:
            lines.append(f"To be replaced: {', '.join(done.replaced)}.")
        if self.advice and self.untimed:
            lines.append(f"{self.advice}.")
        if self.passed_over:
            lines.append(
                f"{counted(self.passed_over, 'hidden or generated file')} passed over, such as "
                "__MACOSX and .git."
            )
        if self.dry_run:
            lines.append("Nothing was written.")
        return lines


def _sections(sections: Mapping[str, Sequence[str]]) -> list[str]:
    lines: list[str] = []
    for heading, items in sections.items():
        if items:
            lines += ["", f"{heading} ({len(items)}):", *(f"  {item}" for item in items)]
    return lines
