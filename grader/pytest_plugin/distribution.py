"""How pytest-xdist shares items among its workers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:

    class LoadScopeScheduling:
        """pytest-xdist has no types; this is the part that is used."""

        def __init__(self, config: object, log: object) -> None: ...
        def _split_scope(self, nodeid: str) -> str: ...

else:
    from xdist.scheduler import LoadScopeScheduling


class SubmissionScheduling(LoadScopeScheduling):
    """Gives all parts of a submission, and all its tests of one file, to one worker."""

    def _split_scope(self, nodeid: str) -> str:
        file, _, rest = nodeid.partition("::")
        if file.endswith("assignment.yaml"):
            return nodeid.rpartition("::")[0]
        if rest.endswith("]"):
            return f"{file}[{rest.partition('[')[2]}"
        return nodeid
