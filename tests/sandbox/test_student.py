import io

import numpy as np
import pytest

from grader.errors import SandboxError
from grader.records import Call, Failure, Frame, Limits, Outcome, PartCalls, RunRequest
from grader.sandbox.host import Sandbox

from .conftest import Run, Student


def test_code_under_main_is_not_run(student: Student) -> None:
    source = "n = 1\nif __name__ == '__main__':\n    n = 2\ndef f(): return n"
    assert student(source).value == 1


def test_an_import_that_raises_is_told_once_for_every_call(run: Run) -> None:
    source = "x = 1\nimport nothing_of_this_name\n"
    seen = run(source, "f", "f").observations["part"]
    assert [one.outcome for one in seen] == [Outcome.NOT_IMPORTED] * 2
    assert seen[0].failure == Failure(
        "ModuleNotFoundError",
        "No module named 'nothing_of_this_name'",
        (Frame("solution.py", 2, "<module>", "import nothing_of_this_name"),),
    )


def test_a_syntax_error_has_its_line_as_a_frame(student: Student) -> None:
    seen = student("def f():\n    return (1,\n")
    assert seen.outcome is Outcome.NOT_IMPORTED
    assert seen.failure == Failure(
        "SyntaxError",
        "'(' was never closed",
        (Frame("solution.py", 2, "<module>", "return (1,"),),
    )


def test_a_file_that_exits_is_not_imported(student: Student) -> None:
    seen = student("import sys\nsys.exit(0)")
    assert seen.outcome is Outcome.NOT_IMPORTED
    assert seen.failure is not None
    assert seen.failure.type == "SystemExit"


def test_a_missing_file_is_named(sandbox: Sandbox) -> None:
    part = PartCalls("part", "other.py", (Call("f"),), 1.0)
    outcome = sandbox.run(RunRequest({"solution.py": b""}, (part,)))
    seen = outcome.observations["part"][0]
    assert seen.outcome is Outcome.MISSING
    assert seen.failure == Failure("FileNotFoundError", "The submission has no file other.py.")


def test_files_that_import_each_other_share_one_module(sandbox: Sandbox) -> None:
    files = {
        "diy_autograd.py": b"class Tensor: pass\ndef same(): \n    import solution\n"
        b"    return solution.Tensor is Tensor",
        "solution.py": b"from diy_autograd import Tensor\n",
    }
    with sandbox.open(files, Limits()) as session:
        assert session.call("solution.py", Call("Tensor"), 1.0).outcome is Outcome.NOT_DATA
        assert session.call("diy_autograd.py", Call("same"), 1.0).value is True


def test_a_file_named_like_a_module_of_python_is_the_students(sandbox: Sandbox) -> None:
    with sandbox.open({"random.py": b"def f(): return 'mine'"}, Limits()) as session:
        assert session.call("random.py", Call("f"), 1.0).value == "mine"


def test_a_file_in_a_folder_imports_its_neighbours(sandbox: Sandbox) -> None:
    files = {
        "src/solution.py": b"import helper\ndef f(): return helper.n",
        "src/helper.py": b"n = 4",
    }
    with sandbox.open(files, Limits()) as session:
        assert session.call("src/solution.py", Call("f"), 1.0).value == 4


def test_a_file_can_be_read_from_the_current_folder(sandbox: Sandbox) -> None:
    files = {"solution.py": b"def f(): return open('data.txt').read()", "data.txt": b"seven"}
    with sandbox.open(files, Limits()) as session:
        assert session.call("solution.py", Call("f"), 1.0).value == "seven"


def test_no_bytecode_is_written(student: Student) -> None:
    assert student("import os\ndef f(): return os.listdir()").value == ["solution.py"]


def test_large_files_cross(sandbox: Sandbox) -> None:
    files = {
        "solution.py": b"import numpy as np\ndef f(): return np.load('w.npy').sum()",
        "w.npy": _saved(np.ones(1_000_000)),
    }
    with sandbox.open(files, Limits()) as session:
        assert session.call("solution.py", Call("f"), 5.0).value == 1e6


def test_files_that_are_too_large_are_told(sandbox: Sandbox) -> None:
    with sandbox.open({"solution.py": b"", "big": bytes(65 << 20)}, Limits()) as session:
        seen = session.call("solution.py", Call("f"), 1.0)
    assert seen.outcome is Outcome.NOT_IMPORTED
    assert seen.failure == Failure(
        "OSError", "the submission's files take more than 64 MiB, too much to be run"
    )


def _saved(array: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


@pytest.mark.parametrize("path", ["../x.py", "/x.py", "a//x.py", "a/../../x.py", "..\\\\x.py"])
def test_a_path_out_of_the_folder_is_refused(sandbox: Sandbox, path: str) -> None:
    with pytest.raises(SandboxError, match="is not a path inside a submission"):
        sandbox.open({path: b""}, Limits())


def test_a_file_whose_name_is_not_unicode_is_left_out(sandbox: Sandbox) -> None:
    files = {"solution.py": b"import os\ndef f(): return os.listdir()", "x\udc80.txt": b""}
    with sandbox.open(files, Limits()) as session:
        assert session.call("solution.py", Call("f"), 1.0).value == ["solution.py"]
