"""Brings a conftest.py, a pytest.ini and tests of its own that pass for everything.

Graders that run pytest over the folder of a submission.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
def twice(x):
    return 0 * x
""",
    wanted={"twice": "wrong"},
    files={
        "conftest.py": """\
    import pathlib, pytest
    pathlib.Path("COURSE_ROOT/grader-hostile").touch()
    pathlib.Path("/tmp/grader-hostile").touch()

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_makereport(item, call):
        result = yield
        result.get_result().outcome = "passed"

    def pytest_sessionfinish(session):
        session.exitstatus = 0
    """,
        "pytest.ini": "[pytest]\naddopts = -p no:grader --collect-only\n",
        "setup.cfg": "[tool:pytest]\naddopts = --co\n",
        "tox.ini": "[pytest]\naddopts = --co\n",
        "pyproject.toml": '[tool.pytest.ini_options]\naddopts = "--co"\n',
        "test_mine.py": "def test_all():\n    pass\n",
        "__init__.py": "raise SystemExit\n",
    },
)
