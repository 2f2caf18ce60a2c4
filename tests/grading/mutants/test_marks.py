from __future__ import annotations

import contextlib
import io
from typing import Any

from grader.grading.mutants.marks import entered, marked

CODE = '''\
"""About."""
from __future__ import annotations

def first(x):
    """Return it."""
    return x

def short(x): return x

class A:
    def method(self):
        return [inner(1) for _ in range(3)]

def inner(x): return (lambda y: y, 1)

SLOPES = {"a": lambda x: x + 1}
'''


def ran(code: str, calls: str) -> tuple[set[tuple[str, str]], dict[str, Any]]:
    names: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(marked("m.py", code) + calls, "m.py", "exec"), names)  # noqa: S102
    return set(entered(printed.getvalue())), names


def test_a_file_that_is_imported_has_run_and_none_of_its_functions() -> None:
    assert ran(CODE, "")[0] == {("m.py", "")}


def test_functions_methods_and_lambdas_are_told_when_they_run() -> None:
    found, _ = ran(CODE, "first(1); short(2); A().method(); SLOPES['a'](3)\n")
    scopes = {"", "first", "short", "A.method", "inner", "<lambda 16:15>"}
    assert found == {("m.py", scope) for scope in scopes}


def test_a_function_is_told_once_and_computes_the_same() -> None:
    _, names = ran(CODE, "result = [first(1), first(2), SLOPES['a'](3)]\n")
    assert names["result"] == [1, 2, 4]
    assert names["first"].__doc__ is None or names["__doc__"] == "About."


def test_other_lines_that_are_printed_are_no_marks() -> None:
    assert entered("hello\n\x1eentered a.py:f\nentered b.py:g\n") == {("a.py", "f")}


BRANCHES = """\
def f(x):
    if x > 0:
        y = 1
    elif x < 0: y = 2
    else:
        y = 3
    for _ in range(x):
        y += 1
    while y > 5:
        y -= 1
    return "odd" if y % 2 else "even"
"""


def test_blocks_are_told_by_their_first_line_when_they_run() -> None:
    def blocks(x: int) -> set[str]:
        found, names = ran(BRANCHES, f"f({x})\n")
        assert names["f"](x) in {"odd", "even"}
        return {scope.removeprefix("f@") for _, scope in found if "@" in scope}

    assert blocks(2) == {"line 3", "line 8", "line 11, column 11"}
    assert blocks(0) == {"line 6", "line 11, column 11"}
    assert blocks(-1) == {"line 4", "line 11, column 31"}
    assert "line 10" in blocks(9)
