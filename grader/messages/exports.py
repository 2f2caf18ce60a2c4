"""Sentences of the feedback that other places show: Gradescope, GitHub, a CI job."""

from __future__ import annotations

from collections.abc import Sequence

WAITS = "A person will read this part; its points are still open."
FAULT = "The grader itself failed on this part, which costs no points; it will be graded again."
UNGRADED = "This part has not been graded yet; its points are still open."
GRADER_FAILED = (
    "The grader failed, and this says nothing about your work: no points were lost. Please tell "
    "the staff of your course; they can see what happened."
)
SUMMARY_CUT = "The summary ends here, since GitHub shows at most 1 MiB for a step."


def hidden_cases(right: int, total: int) -> str:
    """Return how the hidden cases went: counts, nothing more."""
    return f"Hidden cases: {right} of {total} right."


def more_parts(parts: Sequence[str]) -> str:
    """Return the sentence for the parts that GitHub has no room for."""
    return f"{len(parts)} more parts lost points: {', '.join(parts)}."
