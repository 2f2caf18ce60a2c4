"""Every sentence that a student can read, in one catalogue with a module for each topic.

A message says what was found, what was expected, and what to do next; plain words, no blame.  The
kinds fill in the names and numbers; the reports print the result as it stands.
"""

from grader.messages import (
    answers,
    calls,
    checks,
    codings,
    costs,
    dates,
    diagnosis,
    exports,
    frameworks,
    intake,
    networks,
    notebooks,
    optimizers,
    points,
    products,
    release,
    reports,
    results,
    text,
    traces,
    training,
    written,
)

__all__ = [
    "answers",
    "calls",
    "checks",
    "codings",
    "costs",
    "dates",
    "diagnosis",
    "exports",
    "frameworks",
    "intake",
    "networks",
    "notebooks",
    "optimizers",
    "points",
    "products",
    "release",
    "reports",
    "results",
    "text",
    "traces",
    "training",
    "written",
]
