"""A reference or a judge of the course that fails: told as what it is, and never a zero."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from grader.kinds.functions.derivatives import Value
from tests import tiny
from tests.faults import running
from tests.faults.running import FAULT
from tests.tiny import Tiny

HALF = "    return np.asarray(x) / 2"
RIGHT = {("correct", "Right in all 5 cases.", 1.0)}


@pytest.fixture
def course(tmp_path: Path) -> Tiny:
    return tiny.make(tmp_path)


def _reference(course: Tiny) -> Path:
    return course.root / "reference" / "doubling" / "twice.py"


def _details(course: Tiny, part: str = "twice-half") -> set[str]:
    """Return what is said in brackets of a part that is a fault for everybody."""
    found = running.summaries(course, part)
    assert {(status, points) for status, _, points in found} == {("grader_fault", None)}
    before, after = FAULT.split("{}")
    says = {summary.removeprefix(before).removesuffix(after) for _, summary, _ in found}
    numbers = r"half\(np\.array\(\[[-\d., e]+\]\)\)"  # the inputs that it was asked for
    return {re.sub(numbers, "half(…)", text) for text in says}


def _retried(course: Tiny) -> None:
    """Assert that the next run, with everything mended, tries the part again."""
    _reference(course).write_text(tiny.REFERENCE, encoding="utf-8")
    assert running.grade(course).code == 0
    assert running.summaries(course) == RIGHT


CALLS = {
    "raises": ("raise ZeroDivisionError('no')", "the reference fails for half(…): "),
    "leaves": ("raise SystemExit(0)", "planning twice-half failed: SystemExit(0)"),
    "leaves with words": ("import sys; sys.exit('no')", "planning twice-half failed: "),
    "raises what is no Exception": ("raise BaseException('no')", "planning twice-half failed: "),
    "closes": ("raise GeneratorExit", "planning twice-half failed: GeneratorExit()"),
    "recurs": ("return half(x)", "the reference fails for half(…): RecursionError("),
    "gives NaN": ("return np.asarray(x) * np.nan", "the reference gives [nan nan] for half(…)"),
    "gives inf": ("return np.asarray(x) + np.inf", "the reference gives [inf inf] for half(…)"),
    "gives None": ("return None", "TypeError('expected real numbers, found an array of dtype "),
    "gives text": ("return 'two'", "TypeError('expected real numbers, found an array of dtype "),
    "gives rows of two lengths": ("return [[1.0], [1.0, 2.0]]", "ValueError('setting an array"),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_reference_that_fails_in_a_call_is_a_fault_of_that_part_alone(
    name: str, course: Tiny
) -> None:
    body, says = CALLS[name]
    running.change(_reference(course), HALF, f"    {body}")
    said = running.grade(course)
    assert (said.code, said.err) == (3, "")
    assert "  ada       2 of 6, 3 waiting  grader fault in 1 part\n" in said.out
    (detail,) = _details(course)
    assert says in detail
    assert running.summaries(course, "twice-value") == {
        ("correct", "Right in all 5 cases.", 2.0),
        ("wrong", "The numbers were squared, not doubled.", 0.0),
    }


IMPORTS = {
    "raise RuntimeError('no')": "RuntimeError('no')",
    "import sys; sys.exit(3)": "SystemExit(3)",
    "raise BaseException('no')": "BaseException('no')",
    "import nothing_there": "ModuleNotFoundError(\"No module named 'nothing_there'\")",
}


@pytest.mark.parametrize("line", IMPORTS)
def test_a_reference_that_cannot_be_imported_is_a_fault_of_all_its_parts_until_it_can(
    line: str, course: Tiny
) -> None:
    file = _reference(course)
    file.write_text(f"{tiny.REFERENCE}\n{line}\n", encoding="utf-8")
    said = running.grade(course)
    assert (said.code, said.err) == (3, "")
    says = f"{file}: importing the reference failed: {IMPORTS[line]}"
    assert _details(course) == _details(course, "twice-value") == {says}
    _retried(course)


def test_a_reference_that_is_no_python_is_told_before_anything_is_graded(course: Tiny) -> None:
    file = _reference(course)
    file.write_text("def twice(:\n", encoding="utf-8")
    said = running.grade(course)
    assert (said.code, said.out) == (2, "")
    assert said.err == (
        f"grader: {course.assignment / 'twice.yaml'}:4: reference: {file}:1: not Python: invalid "
        "syntax (twice.py, line 1)\n"
    )
    assert not course.results.exists()


@pytest.mark.parametrize("body", ["r = x / 2; x[:] = 0; return r", "x /= 2; return x"])
def test_a_reference_that_changes_its_inputs_changes_nobodys(body: str, course: Tiny) -> None:
    running.change(_reference(course), HALF, f"    {body}")
    assert running.grade(course).code == 0
    assert running.summaries(course) == RIGHT


GRADIENT = """\
    kind: gradient
    title: The half
    points: 1
    function: half
    of: energy
"""


def test_a_reference_that_gives_another_shape_than_its_kind_needs_is_a_fault(course: Tiny) -> None:
    kind = GRADIENT.replace("gradient", "value").replace("    of: energy\n", "")
    running.change(course.assignment / "twice.yaml", kind, GRADIENT)
    with _reference(course).open("a", encoding="utf-8") as file:
        file.write("\ndef energy(x):\n    return x**2 / 2\n")
    assert running.grade(course).code == 3
    (detail,) = _details(course)
    assert detail == (
        "twice-half: the reference fails for half(…): ValueError('expected one number, found the "
        "shape (2,)')"
    )


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
def test_a_reference_that_never_ends_is_named_and_ctrl_c_ends_it(course: Tiny) -> None:
    running.change(_reference(course), HALF, "    import time\n    time.sleep(600)")
    patience = (
        "import sys\nfrom grader.cli import grade\ngrade.PATIENCE_S = 0.2\n"
        "from grader.cli import main\nmain()\n"
    )
    with subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", patience, "grade", "--course", str(course.root)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as run:
        assert run.stderr is not None
        told = run.stderr.readline()
        run.send_signal(signal.SIGINT)
        out, err = run.communicate()
    assert told == (
        "grader: still computing what is expected of twice-half; if its reference never ends, "
        "stop with Ctrl-C\n"
    )
    assert err == ""
    assert out.endswith(
        "Interrupted; what was graded is kept, and the next run goes on from there.\n"
    )
    assert run.returncode == 130
    _retried(course)


def test_a_kind_whose_judge_fails_is_a_fault_and_tried_again(
    course: Tiny, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise BaseException("no")  # noqa: TRY002  (the worst that there is)

    with monkeypatch.context() as patched:
        patched.setattr(Value, "judge", broken)
        said = running.grade(course)
    assert (said.code, said.err) == (3, "")
    assert _details(course) == {"judging failed: BaseException('no')"}
    assert running.grade(course).code == 0
    assert running.summaries(course) == RIGHT
