from typing import Any

import numpy as np
import pytest

from grader.records import Call, Failure, Frame, Outcome

from . import samples
from .conftest import Run, Student


def test_a_function_gets_its_arguments_in_order(student: Student) -> None:
    seen = student("def f(a, b): return [a, b]", a=1.5, b=np.array([2, 3]))
    assert seen.outcome is Outcome.RETURNED
    assert seen.value[0] == 1.5
    np.testing.assert_array_equal(seen.value[1], [2, 3])


def test_tuples_and_nested_data_come_back_as_lists(student: Student) -> None:
    assert student("def f(): return (1, {'a': (2.0, None)}, 'x')").value == [
        1,
        {"a": [2.0, None]},
        "x",
    ]


def test_an_exception_comes_with_the_lines_of_the_submission(student: Student) -> None:
    source = """
        def f(x):
            return inner(x)

        def inner(x):
            raise ValueError(f"cannot take {x}")
    """
    seen = student(source, x=3)
    assert seen.outcome is Outcome.RAISED
    assert seen.failure == Failure(
        "ValueError",
        "cannot take 3",
        (
            Frame("solution.py", 3, "f", "return inner(x)"),
            Frame("solution.py", 6, "inner", 'raise ValueError(f"cannot take {x}")'),
        ),
    )


@pytest.mark.parametrize(
    "raised", ["SystemExit(3)", "KeyboardInterrupt()", "GeneratorExit()", "BaseException('x')"]
)
def test_every_exception_is_the_students(student: Student, raised: str) -> None:
    seen = student(f"def f(): raise {raised}")
    assert seen.outcome is Outcome.RAISED
    assert seen.failure is not None
    assert seen.failure.type == raised.partition("(")[0]


def test_an_exception_that_cannot_be_shown_is_still_an_exception(student: Student) -> None:
    source = """
        class Odd(Exception):
            def __str__(self):
                raise RuntimeError("no")
        def f():
            raise Odd
    """
    seen = student(source)
    assert seen.outcome is Outcome.RAISED
    assert seen.failure is not None
    assert seen.failure.type == "Odd"
    assert seen.failure.message == "(its message cannot be shown: __str__ itself failed)"


def test_a_long_message_is_cut(student: Student) -> None:
    seen = student("def f(): raise ValueError('x' * 10_000)")
    assert seen.failure is not None
    assert seen.failure.message == "x" * 2000


def test_text_that_is_not_unicode_crosses_in_a_message(student: Student) -> None:
    seen = student(r"def f(): raise ValueError('a\udc80b')")
    assert seen.failure is not None
    assert seen.failure.message == "a?b"


def test_endless_recursion_is_an_exception_with_few_frames(student: Student) -> None:
    seen = student("def f(): return f()")
    assert seen.outcome is Outcome.RAISED
    assert seen.failure is not None
    assert seen.failure.type == "RecursionError"
    assert len(seen.failure.frames) == 20


def test_a_recursive_solution_on_a_long_chain_passes(student: Student) -> None:
    source = """
        class Node:
            def __init__(self, parent): self.parent = parent
            def __add__(self, other): return self.depth() + other
            def depth(self): return 0 if self.parent is None else self.via()
            def via(self): return sum(p.__add__(1) for p in [self.parent])
        def f():
            node = None
            for _ in range(501):
                node = Node(node)
            return node.depth()
    """
    assert student(source).value == 500


def test_a_missing_function_is_named_with_one_that_is_close(student: Student) -> None:
    seen = student("def ff(): pass")
    assert seen.outcome is Outcome.MISSING
    assert seen.failure == Failure(
        "AttributeError", "solution.py has no f; it has ff, is that meant?"
    )


def test_a_missing_function_is_named_alone_where_none_is_close(student: Student) -> None:
    seen = student("def gradient(): pass")
    assert seen.failure == Failure("AttributeError", "solution.py has no f")


def test_what_is_no_function_is_missing(student: Student) -> None:
    seen = student("f = 3")
    assert seen.outcome is Outcome.MISSING
    assert seen.failure == Failure(
        "AttributeError", "f in solution.py is of type int; it should be a function"
    )


def test_a_method_can_be_the_target(run: Run) -> None:
    source = """
        class A:
            @staticmethod
            def twice(x): return 2 * x
    """
    assert run(source, Call("A.twice", {"x": 4})).observations["part"][0].value == 8


def test_another_signature_is_told_with_the_call(student: Student) -> None:
    seen = student("def f(x): return x", x=1, y=2)
    assert seen.outcome is Outcome.RAISED
    assert seen.failure == Failure("TypeError", "the function is f(x), but it is called as f(x, y)")


def test_what_is_not_data_is_named(student: Student) -> None:
    seen = student("class A: pass\ndef f(): return A()")
    assert seen.outcome is Outcome.NOT_DATA
    assert seen.failure is not None
    assert seen.failure.message == "a value of type solution.A is not data"


def test_too_much_data_is_not_data(student: Student) -> None:
    seen = student("import numpy as np\ndef f(): return np.zeros(10_000_000)")
    assert seen.outcome is Outcome.NOT_DATA


def test_a_lack_of_memory_is_told_apart(student: Student) -> None:
    seen = student("import numpy as np\ndef f(): return np.ones(10**10).sum()")
    assert seen.outcome is Outcome.OUT_OF_MEMORY


def test_an_argument_changed_in_place_is_told(student: Student) -> None:
    source = """
        def f(x, y, z):
            x[0] = 7
            z.append(1)
            return 0
    """
    seen = student(source, x=np.zeros(2), y=np.zeros(2), z=[1, 2])
    assert seen.changed_inputs == ("x", "z")


def test_an_argument_whose_shape_was_changed_is_told(student: Student) -> None:
    assert student("def f(x): x.shape = (4,)", x=np.zeros((2, 2))).changed_inputs == ("x",)


@pytest.mark.parametrize(
    "change",
    ["x[0] = -0.0", "x.dtype = np.int64", "x.dtype = '>f8'", "x.resize((1,), refcheck=False)"],
)
def test_an_argument_that_still_looks_alike_is_told_as_changed(
    student: Student, change: str
) -> None:
    seen = student(f"import numpy as np\ndef f(x): {change}", x=np.zeros(2))
    assert (seen.outcome, seen.changed_inputs) == (Outcome.RETURNED, ("x",))


def test_what_is_no_number_and_stays_so_is_not_changed(student: Student) -> None:
    arguments = {"x": np.full(2, np.nan), "y": np.nan, "z": [np.nan, {"a": -0.0}]}
    assert student("def f(x, y, z): return 1", **arguments).changed_inputs == ()


def test_a_signature_is_looked_at_again_for_another_number_of_arguments(run: Run) -> None:
    calls = [Call("f", {"x": 1}), Call("f", {"x": 1}), Call("f", {"x": 1, "y": 2})]
    *fit, other = run("def f(x): return x", *calls).observations["part"]
    assert [seen.value for seen in fit] == [1, 1]
    assert other.failure == Failure(
        "TypeError", "the function is f(x), but it is called as f(x, y)"
    )


def test_a_signature_is_looked_at_again_for_another_function_of_that_name(run: Run) -> None:
    source = """
        def f(x):
            global f
            def f(): return 0
            return x
    """
    first, second = run(source, *[Call("f", {"x": 1})] * 2).observations["part"]
    assert first.value == 1
    assert second.failure == Failure("TypeError", "the function is f(), but it is called as f(x)")


def test_each_call_gets_fresh_arguments(run: Run) -> None:
    x = np.zeros(2)
    source = "def f(x):\n    x += 1\n    return x"
    outcome = run(source, Call("f", {"x": x}), Call("f", {"x": x}))
    for seen in outcome.observations["part"]:
        np.testing.assert_array_equal(seen.value, [1, 1])
    np.testing.assert_array_equal(x, [0, 0])


def test_random_numbers_depend_on_the_seed_alone(run: Run) -> None:
    source = """
        import random
        import numpy as np
        def f(): return [random.random(), np.random.rand()]
    """
    calls = [Call("f", seed=3), Call("f", seed=4), Call("f", seed=3)]
    first, second, third = (seen.value for seen in run(source, *calls).observations["part"])
    assert first == third
    assert first != second


def test_a_probe_runs_beside_the_module(run: Run) -> None:
    source = "n = 0\ndef f(x):\n    global n\n    n += x\n    return n"
    call = Call("f", {"x": 2}, probe=samples.CALL_TWICE)
    assert run(source, call).observations["part"][0].value == [2, 4]


def test_a_probe_may_look_at_a_module_without_a_target(run: Run) -> None:
    call = Call("", probe=samples.NAME_OF_MODULE)
    assert run("", call).observations["part"][0].value == ["solution", ""]


def test_a_probe_is_not_run_without_its_target(run: Run) -> None:
    call = Call("f", {"x": 2}, probe=samples.CALL_TWICE)
    assert run("", call).observations["part"][0].outcome is Outcome.MISSING


def test_warnings_of_numpy_do_not_matter(student: Student) -> None:
    seen = student("import numpy as np\ndef f(): return np.log(np.zeros(1))")
    assert seen.outcome is Outcome.RETURNED
    np.testing.assert_array_equal(seen.value, [-np.inf])


def test_what_a_file_imports_and_opens_from_its_first_line_on_is_noted(run: Run) -> None:
    source = """
        import os, sys
        __import__("col" + "orsys")
        del sys.modules["colorsys"]
        open(os.path.dirname(os.__file__) + "/this.py").close()
        def f(): pass
    """
    noted: Any = run(source, Call("f", probe=samples.NOTED)).observations["part"][0].value
    assert ["import", "colorsys"] in noted
    assert any(event == "open" and what.endswith("/this.py") for event, what in noted)
