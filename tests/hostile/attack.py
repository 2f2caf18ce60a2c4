"""What a module of the corpus declares: a submission, and the verdict that it must get."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from tests.hostile import course

Content: TypeAlias = str | bytes | Callable[[], bytes]
"""A file; what is large is made when it is needed."""


@dataclass(frozen=True)
class Attack:
    """A submission; `code` stands below the right solution and replaces what it defines again.

    Whatever part `wanted` does not name is right and gets its points: what is stopped costs
    nothing.  In code and files, COURSE_ROOT stands for the folder of the course, as if its owner
    had told.  Statuses are separated by " or " where the machine decides.
    """

    code: str = ""
    wanted: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, Content] = field(default_factory=dict)
    solution: Content | None = None  # in place of the right one and of `code`
    answers: str = course.ANSWERS
    links: Mapping[str, str] = field(default_factory=dict)  # symbolic links in its folder
    folder: str = ""  # its name; by default that of the module
    without: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """What is wanted where a mechanism of the sandbox is missing, by its name."""
    tells: str = ""
    """A pattern of what it would tell, where that is no plain number; it must not be found."""

    def statuses(self, missing: frozenset[str] = frozenset()) -> dict[str, str]:
        """Return the status that every part must get where mechanisms are missing."""
        wanted = dict.fromkeys(course.PARTS, "correct") | dict(self.wanted)
        for mechanism, instead in self.without.items():
            if mechanism in missing:
                wanted |= instead
        return wanted

    def laid_out(self, root: str) -> dict[str, bytes]:
        """Return the files of the submission, where the course lies in `root`."""
        whole = self.solution if self.solution is not None else f"{course.RIGHT}\n\n{self.code}"
        files = {"solution.py": whole, "answers.yaml": self.answers, **self.files}
        return {name: _bytes(content, root) for name, content in files.items()}


ALL_CODE = course.CODE
"""The parts that lie in code."""


def every_part(status: str) -> dict[str, str]:
    """Return what a file that cannot be imported gets."""
    return dict.fromkeys(ALL_CODE, status)


def _bytes(content: Content, root: str) -> bytes:
    if callable(content):
        return content()
    raw = content.encode() if isinstance(content, str) else content
    return raw.replace(b"COURSE_ROOT", root.encode())
