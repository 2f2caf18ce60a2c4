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
    """Gives all parts of a submission to one worker, and all course tests of a file.

    The name of a test does not say for certain which submission it is for: `[ada-1]` may be the
    first parameter of ada.
    """

    def _split_scope(self, nodeid: str) -> str:
        file, _, rest = nodeid.partition("::")
        if file.endswith("assignment.yaml"):
            return nodeid.rpartition("::")[0]
        if rest.endswith("]"):
            return file
        return nodeid
