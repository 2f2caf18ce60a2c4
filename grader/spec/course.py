"""A course's folder: where its assignments, references, submissions and marks are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from grader.errors import UsageError
from grader.spec.faults import suggestion
from grader.spec.loader import SPEC_NAME


@dataclass(frozen=True, slots=True)
class Course:
    """The folder that holds assignments/, reference/, submissions/ and marks/."""

    root: Path

    @classmethod
    def find(cls, start: Path) -> Course:
        """Return the course that a folder lies in.  Raises UsageError if there is none."""
        if not start.is_dir():
            raise UsageError(f"there is no folder {start}")
        start = start.resolve()
        for folder in (start, *start.parents):
            if (folder / "assignments").is_dir():
                return cls(folder)
        raise UsageError(
            f"no course here: {start} and the folders above it have no assignments/ folder; "
            "run this in the folder of the course"
        )

    @property
    def references(self) -> Path:
        """The folder of the reference solutions."""
        return self.root / "reference"

    @property
    def reports(self) -> Path:
        """The folder that grading writes, unless told otherwise."""
        return self.root / "reports"

    def assignment(self, name: str) -> Path:
        """Return the folder of an assignment."""
        return self.root / "assignments" / name

    def submissions(self, name: str) -> Path:
        """Return the folder with the submissions of an assignment, unless told otherwise."""
        return self.root / "submissions" / name

    def marks(self, name: str) -> Path:
        """Return the file with what people gave for an assignment."""
        return self.root / "marks" / f"{name}.yaml"

    def names(self) -> list[str]:
        """Return the names of all assignments."""
        folder = self.root / "assignments"
        return sorted(path.parent.name for path in folder.glob(f"*/{SPEC_NAME}"))

    def chosen(self, names: list[str]) -> list[str]:
        """Return the named assignments, each once, or all.

        Raises UsageError for one that is not there.
        """
        known = self.names()
        if not known:
            raise UsageError(f"{self.root}/assignments has no folder with an {SPEC_NAME}")
        for name in names:
            if name not in known:
                raise UsageError(
                    f"no assignment is called {name!r}; there is {', '.join(known)}"
                    f"{suggestion(name, known)}"
                )
        return list(dict.fromkeys(names)) or known
