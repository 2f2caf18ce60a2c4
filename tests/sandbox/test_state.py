import numpy as np
import pytest

from grader.records import Call, Limits, Outcome
from grader.sandbox.host import Sandbox

from .conftest import Run, first_value, run_part


def test_the_folder_is_the_submissions_in_every_call(run: Run) -> None:
    source = "import os\ndef go(): os.chdir('/')\ndef f(): return os.path.exists('solution.py')"
    assert run(source, "go", "f").observations["part"][1].value is True


def test_garbage_is_collected_while_student_code_runs(run: Run) -> None:
    source = "import gc\ndef f(): return [gc.isenabled(), gc.get_freeze_count() > 0]"
    assert run(source, "f").observations["part"][0].value == [True, True]


def test_numpy_errors_raise_in_no_later_call(run: Run) -> None:
    source = """
        import numpy as np
        def strict(): np.seterr(all="raise")
        def f(): return float(np.float64(1) / np.float64(0))
    """
    assert run(source, "strict", "f").observations["part"][1].value == float("inf")


def test_a_lowered_recursion_limit_lasts_for_its_call(run: Run) -> None:
    source = """
        import sys
        def low(): sys.setrecursionlimit(60)
        def f(n=1000): return 0 if n == 0 else 1 + f(n - 1)
    """
    assert run(source, "low", "f").observations["part"][1].value == 1000


@pytest.mark.parametrize(
    "name",
    [
        "numpy.asarray",
        "numpy.array",
        "builtins.isinstance",
        "os.write",
        "os.read",
        "builtins.len",
        "numpy.random.seed",
        "os.chdir",
    ],
)
def test_a_patched_function_harms_only_the_student(run: Run, sandbox: Sandbox, name: str) -> None:
    module, _, attribute = name.rpartition(".")
    source = f"""
        import {module}
        def wrong(*arguments, **options): raise RuntimeError("patched")
        {module}.{attribute} = wrong
        def f(): return 1.5
    """
    seen = run(source, "f", wall_s=5.0, limits=Limits(wall_s=5.0)).observations["part"][0]
    assert seen.outcome in {Outcome.RETURNED, Outcome.RAISED, Outcome.DIED, Outcome.NOT_IMPORTED}
    clean = "import numpy\ndef f(): return numpy.asarray([len([1, 2])]).sum()"
    assert run_part(sandbox, clean, "f").observations["part"][0].value == 2


def test_defaults_set_by_the_file_hold_in_every_call(torch_sandbox: Sandbox) -> None:
    source = """
        import torch
        torch.set_default_dtype(torch.float64)
        def other():
            torch.set_default_dtype(torch.float32)
            torch.set_grad_enabled(False)
        def f():
            x = torch.ones(2, requires_grad=True)
            (x * x).sum().backward()
            return x.grad
    """
    seen = run_part(torch_sandbox, source, "other", "f").observations["part"][1]
    np.testing.assert_array_equal(seen.value, np.array([2.0, 2.0]), strict=True)


def test_torch_is_seeded_in_every_call(torch_sandbox: Sandbox) -> None:
    calls = [Call("f", seed=1), Call("f", seed=2), Call("f", seed=1)]
    source = "import torch\ndef f(): return torch.rand(2)"
    seen = run_part(torch_sandbox, source, *calls).observations["part"]
    first, second, third = (np.array(one.value).tolist() for one in seen)
    assert first == third
    assert first != second


def test_torch_that_runs_out_of_memory_is_told_apart(torch_sandbox: Sandbox) -> None:
    source = "import torch\ndef f(): return torch.ones(10**10).sum()"
    seen = run_part(torch_sandbox, source, "f").observations["part"][0]
    assert seen.outcome is Outcome.OUT_OF_MEMORY


def test_tensors_come_back_as_arrays(torch_sandbox: Sandbox) -> None:
    source = "import torch\ndef f(): return torch.ones(2, requires_grad=True) * 3"
    assert first_value(run_part(torch_sandbox, source, "f")).tolist() == [3.0, 3.0]


def test_compiled_functions_run(torch_sandbox: Sandbox) -> None:
    source = (
        "import torch\n@torch.compile\ndef g(x): return x + 1\ndef f(): return g(torch.ones(1))"
    )
    assert first_value(run_part(torch_sandbox, source, "f")).tolist() == [2.0]


def test_parallel_work_in_torch_does_not_hang(torch_sandbox: Sandbox) -> None:
    source = """
        import torch
        def f():
            x = torch.ones(600, 600, requires_grad=True)
            (x @ x).sum().backward()
            return float(x.grad.sum())
    """
    assert run_part(torch_sandbox, source, "f").observations["part"][0].value == 432_000_000.0
