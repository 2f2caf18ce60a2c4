"""The run of pytest within `grader grade`: quiet, with the plugins of this tool alone."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest

from grader.cli.console import say
from grader.cli.ended import Ended
from grader.grading.run import GradingRun

_GOOD = frozenset({pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.INTERRUPTED})


class _HandedOver:
    """A grading run in the form of a pytest plugin, so that `grader.pytest_plugin` finds it."""

    __name__ = "grader-run"

    def __init__(self, run: GradingRun) -> None:
        self.run = run
        self.interrupted = False
        self.not_collected: list[str] = []

    def pytest_keyboard_interrupt(self) -> None:
        """Say at once that Ctrl-C was heard: what has begun may take as long as it is allowed."""
        self.interrupted = True
        say("Stopping; what has begun is finished first.")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note a file of course tests that cannot be imported."""
        if report.failed:
            self.not_collected.append(report.longreprtext)


def run_pytest(run: GradingRun, names: Sequence[str]) -> Ended:
    """Return how grading these assignments ended; results and failures are left in the run."""
    handed_over = _HandedOver(run)
    arguments = [str(run.course.assignment(name)) for name in names]
    with _own_plugins_only():
        code = pytest.main(
            ["-c", os.devnull, f"--rootdir={run.course.root}", *_QUIET, *arguments],
            plugins=[handed_over],
        )
    refused = code == pytest.ExitCode.USAGE_ERROR
    by_hand = f"pytest ended with {code!r}; run it by hand to see why: pytest {arguments[0]}"
    return Ended(
        refused,
        handed_over.interrupted,
        "" if refused or code in _GOOD else by_hand,
        tuple(handed_over.not_collected),
    )


# Progress and summary are ours and come while pytest runs, so its reporter and its capturing are
# off; so is whatever costs time at every item and serves none of them, and the cache, which would
# be written into the course's folder.
_OFF = (
    "cacheprovider",
    "doctest",
    "faulthandler",
    "junitxml",
    "logging",
    "pastebin",
    "setuponly",
    "setupplan",
    "stepwise",
    "terminal",
    "threadexception",
    "unittest",
    "unraisableexception",
    "warnings",
)
_QUIET = (
    "-s",
    "--continue-on-collection-errors",
    "-p",
    "grader.pytest_plugin",
    *(word for name in _OFF for word in ("-p", f"no:{name}")),
)


@contextmanager
def _own_plugins_only() -> Iterator[None]:
    """Keep plugins that happen to be installed, and options for other runs, out of this one."""
    kept = {
        name: os.environ.pop(name, None)
        for name in ("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "PYTEST_ADDOPTS", "PYTEST_PLUGINS")
    }
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    try:
        yield
    finally:
        for name, value in kept.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
