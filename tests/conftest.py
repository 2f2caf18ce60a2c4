"""Settings for all tests."""

from __future__ import annotations

import os

from hypothesis import settings

# A test is never timed, and these machines may be busy.
settings.register_profile("grader", deadline=None)
settings.load_profile("grader")

# Nor does a test depend on the secret of whoever runs it.
os.environ.pop("GRADER_SECRET", None)
