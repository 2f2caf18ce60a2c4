"""The pytest plugin: one item per submission and part, and the `student` fixture.

    pytest assignments/background-math --submissions submissions/background-math --reports reports

In an unpacked release plain ``pytest`` checks what a student has written, one item per part.

A run is a `grader.grading.run.GradingRun`.  The command line hands its own over as a plugin called
``grader-run``; plain pytest makes one when the first `assignment.yaml` is collected.  pytest loads
this module in every run, also where there is no course, so nothing heavy is imported up here.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from grader.submissions.ahead import handed_in

if TYPE_CHECKING:
    from grader.grading.run import GradingRun

HANDED_OVER = "grader-run"
SPEC_NAME = "assignment.yaml"
SELF_CHECK_NAME = "self-check.json"
run_key = pytest.StashKey["GradingRun"]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add what can be chosen on the command line of pytest."""
    group = parser.getgroup("grader", "grading submissions")
    group.addoption(
        "--submissions",
        metavar="DIR",
        type=Path,
        help="the folder with one folder per student (default: submissions/<assignment>)",
    )
    group.addoption(
        "--reports",
        metavar="DIR",
        type=Path,
        help="where to write the reports and keep the gradebook (default: neither)",
    )
    group.addoption(
        "--grader-jobs",
        metavar="N",
        type=int,
        default=None,
        help="how many submissions run at once (default: as many as there are cores; "
        "under pytest-xdist one for each worker)",
    )
    group.addoption(
        "--unsafe-no-sandbox",
        action="store_true",
        help="grade without confinement: for code that you would run yourself",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Register the mark for points; take over a run that the command line made."""
    config.addinivalue_line(
        "markers", "points(n): what a test function that takes `student` is worth"
    )
    handed_over = config.pluginmanager.get_plugin(HANDED_OVER)
    if handed_over is not None:
        config.stash[run_key] = handed_over.run


def run_of(config: pytest.Config, path: Path) -> GradingRun:
    """Return the grading run of this pytest run, made on the first call."""
    if run_key not in config.stash:
        from grader.grading.run import (  # noqa: PLC0415  (see above)
            GradingRun,
            Settings,
            usable_cores,
        )
        from grader.spec.course import Course  # noqa: PLC0415

        alone = not hasattr(config, "workerinput")
        settings = Settings(
            reports=config.getoption("--reports"),
            submissions=config.getoption("--submissions"),
            jobs=config.getoption("--grader-jobs") or (usable_cores() if alone else 1),
            unsafe=config.getoption("--unsafe-no-sandbox"),
        )
        config.stash[run_key] = GradingRun(Course.find(path.parent), settings)
    return config.stash[run_key]


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect an assignment from its `assignment.yaml`, an unpacked release from its data."""
    if file_path.name == SELF_CHECK_NAME and not handed_in(file_path.parent):
        from grader.pytest_plugin.selfcheck import SelfCheckFile  # noqa: PLC0415

        return SelfCheckFile.from_parent(parent, path=file_path)
    if file_path.name != SPEC_NAME or file_path.parent.parent.name != "assignments":
        return None
    from grader.pytest_plugin.items import AssignmentFile  # noqa: PLC0415

    return AssignmentFile.from_parent(parent, path=file_path)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give every course test that takes `student` one item per submission."""
    if "student" not in metafunc.fixturenames:
        return
    folder = metafunc.definition.path.parent
    if not (folder / SPEC_NAME).is_file():
        return
    from grader.errors import GraderError  # noqa: PLC0415

    try:
        grading = run_of(metafunc.config, folder / SPEC_NAME).grading(folder.name)
    except GraderError as error:
        raise pytest.Collector.CollectError(str(error)) from None
    metafunc.parametrize("student", grading.selected, indirect=True, ids=grading.selected)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Iterator[pytest.CollectReport]:
    """Count the items of each course test: some of them may be left out of this run."""
    report: pytest.CollectReport = yield  # type: ignore[misc,assignment]
    if isinstance(collector, pytest.Module) and run_key in collector.config.stash:
        from grader.pytest_plugin import coursetests  # noqa: PLC0415

        coursetests.count(collector.config, report.result)
    return report  # type: ignore[return-value]


@pytest.fixture
def student(request: pytest.FixtureRequest) -> Iterator[Any]:
    """The submission under test: its functions run in the sandbox and give data back."""
    from grader.pytest_plugin import coursetests  # noqa: PLC0415

    if not hasattr(request, "param"):
        pytest.fail("the student fixture works in test files beside an assignment.yaml")
    yield from coursetests.proxy(request)


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> None:
    """Begin to grade in the background, if more than one submission may run at once."""
    config = session.config
    if run_key not in config.stash or config.option.collectonly or hasattr(config, "workerinput"):
        return
    from grader.pytest_plugin.items import begin  # noqa: PLC0415

    begin(session, config.stash[run_key])


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> object | None:
    """Answer a course test whose result is still good without running it."""
    if "student" not in pyfuncitem.fixturenames or run_key not in pyfuncitem.config.stash:
        return None
    from grader.pytest_plugin import coursetests  # noqa: PLC0415

    return coursetests.answer_from_gradebook(pyfuncitem)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Iterator[pytest.TestReport]:
    """Note the verdict of a course test."""
    report: pytest.TestReport = yield  # type: ignore[misc,assignment]
    if isinstance(item, pytest.Function) and "student" in item.fixturenames:
        from grader.pytest_plugin import coursetests  # noqa: PLC0415

        coursetests.note(item, call, report)
    return report  # type: ignore[return-value]


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Keep what is left, write the reports, and end the sandbox."""
    config = session.config
    if hasattr(config, "workerinput"):
        if run_key in config.stash:
            from grader.pytest_plugin import coursetests  # noqa: PLC0415

            coursetests.keep_rest(config)
            config.stash[run_key].close()
        return
    if run_key not in config.stash and config.getoption("--reports") is None:
        return  # a run without a course
    from grader.pytest_plugin.items import finish  # noqa: PLC0415

    finish(config)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Keep all parts of a submission on one worker, so that it runs once."""
    asked = config.getoption("--submissions") or any("assignments" in arg for arg in config.args)
    if not asked:
        return None
    from grader.pytest_plugin.distribution import SubmissionScheduling  # noqa: PLC0415

    return SubmissionScheduling(config, log)
