"""How the run of pytest within `grader grade` ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run of pytest ended; by default there was nothing to run."""

    refused: bool = False  # pytest did not start, and said why
    interrupted: bool = False
    fault: str = ""  # something that should not happen
    not_collected: Sequence[str] = ()  # files of course tests that cannot be imported
