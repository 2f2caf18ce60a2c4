"""Plain pytest in an unpacked release: an item for each part, judged as by ``grader check``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.errors import GraderError
from grader.grading.checking import Checking
from grader.records import PartResult, Status
from grader.release import selfcheck
from grader.release.selfcheck import SelfCheck
from grader.report.checked import part_as_text
from grader.sandbox.plain import PlainSandbox
from grader.submissions.ahead import packages

_WAIT = frozenset({Status.PENDING, Status.SKIPPED})


class NotRightError(Exception):
    """A part that is not right; carries what its student is told."""

    def __init__(self, result: PartResult) -> None:
        super().__init__(result.summary)
        self.result = result


class SelfCheckFile(pytest.File):
    """The data of a release; the parts that are asked for are checked all at once."""

    def __init__(self, **rest: Any) -> None:
        super().__init__(**rest)
        self._read: SelfCheck | None = None
        self._results: dict[str, PartResult] = {}

    @property
    def data(self) -> SelfCheck:
        """What the file holds."""
        if self._read is None:
            self._read = selfcheck.read(self.path)
        return self._read

    def collect(self) -> Iterator[SelfCheckItem]:
        """Yield the parts in order."""
        try:
            parts = self.data.assignment.parts
        except GraderError as error:
            raise self.CollectError(str(error)) from None
        for part in parts:
            yield SelfCheckItem.from_parent(self, name=part.id, optional=part.bonus)

    def result(self, name: str) -> PartResult:
        """Return the verdict on a part.

        The first one that is asked for brings those of all selected parts, but under pytest-xdist,
        where others ask for theirs in other processes.
        """
        if name not in self._results:
            wanted = {name}
            if not hasattr(self.config, "workerinput"):
                wanted |= {item.name for item in self.session.items if item.parent is self}
            self._results |= self._check(wanted)
        return self._results[name]

    def _check(self, wanted: set[str]) -> dict[str, PartResult]:
        data, folder = self.data, self.path.parent
        with PlainSandbox(preload=packages(folder), probes=data.probes, eager=False) as sandbox:
            checking = Checking(data.assignment, data.of, sandbox)
            submission = checking.submission(folder, released=True)
            return dict(checking.check(submission, wanted).results)


class SelfCheckItem(pytest.Item):
    """One part."""

    parent: SelfCheckFile

    def __init__(self, *, optional: bool, **rest: Any) -> None:
        super().__init__(**rest)
        self._optional = optional

    def runtest(self) -> None:
        """Pass, fail or skip as the part did; a bonus that was left out is skipped."""
        result = self.parent.result(self.name)
        left_out = self._optional and result.status is Status.MISSING
        if result.status in _WAIT or left_out:
            raise pytest.skip.Exception(result.summary, _use_item_location=True)
        if result.status is not Status.CORRECT:
            raise NotRightError(result)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Return what ``grader check`` prints, or for a fault of ours pytest's own account."""
        if isinstance(excinfo.value, NotRightError):
            return part_as_text(excinfo.value.result)
        if isinstance(excinfo.value, GraderError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Return how pytest calls the item."""
        return self.path, 0, self.name
