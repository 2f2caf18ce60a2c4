from __future__ import annotations

from pathlib import Path

import pytest

from grader.spec.loader import Assignment
from tests import varied


@pytest.fixture
def own_assignment(tmp_path: Path) -> Assignment:
    """An assignment whose parts are each student's own, in a course with a secret."""
    return varied.loaded(varied.make(tmp_path / "course"))
