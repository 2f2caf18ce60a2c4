"""Settings for all tests."""

from __future__ import annotations

from hypothesis import settings

# A test is never timed, and these machines may be busy.
settings.register_profile("grader", deadline=None)
settings.load_profile("grader")
