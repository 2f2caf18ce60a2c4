from __future__ import annotations

import ast

import pytest

from grader.errors import CourseError
from grader.grading.mutants.operators import OPERATORS
from grader.grading.mutants.sources import Change, difference, mutants_of

CODE = '''\
"""A file with 1 + 1 docstring."""

from __future__ import annotations

import numpy as np

RATE = 2


def used(x: list[0]) -> np.ndarray[1]:
    """Return x + 1."""
    # one more comment, 3 + 4
    assert x + 1, f"{x + 1}"
    if x is None:
        raise ValueError("no" + str(x - 1))
    print(x + 1)
    return x + RATE


def unused(x):
    return x + 1


class A:
    size = 1

    def used(self):
        return self.size


if __name__ == "__main__":
    used(1 + 1)
'''


def mutated(*entered: str) -> list[tuple[int, str, str]]:
    found = mutants_of("solution.py", CODE, entered)
    return [(each.number, each.operator, each.change.becomes) for each in found]


def test_only_what_computes_something_is_mutated() -> None:
    assert mutated("", "used", "A.used") == [
        (7, "constant", "RATE = 3"),
        (7, "constant", "RATE = 1"),
        (7, "constant", "RATE = 4"),
        (14, "comparison", "if x is not None:"),
        (14, "condition", "if True:"),
        (14, "condition", "if False:"),
        (17, "operator", "return x - RATE"),
        (17, "sign", "return -(x + RATE)"),
        (17, "term", "return x"),
        (17, "term", "return RATE"),
        (25, "constant", "size = 0"),
        (25, "constant", "size = 2"),
    ]


def test_functions_that_have_not_run_are_left_alone() -> None:
    assert mutated("unused") == [
        (21, "operator", "return x - 1"),
        (21, "sign", "return -(x + 1)"),
        (21, "term", "return x"),
        (21, "term", "return 1"),
        (21, "constant", "return x + 0"),
        (21, "constant", "return x + 2"),
    ]


def test_a_mutant_differs_in_its_line_only() -> None:
    lines = CODE.split("\n")
    for mutant in mutants_of("solution.py", CODE, {"", "used"}):
        new = mutant.code.split("\n")
        differing = [n for n, pair in enumerate(zip(lines, new, strict=True)) if len({*pair}) == 2]
        assert differing == [mutant.number - 1]
        assert lines[mutant.number - 1].strip() == mutant.change.line
        assert new[mutant.number - 1].strip() == mutant.change.becomes


def test_a_mutant_knows_its_function_or_the_names_that_it_binds() -> None:
    code = "a, b = 1, x\n\nclass A:\n    c = 1\n    def f(self):\n        return [0 for _ in ()]\n"
    found = mutants_of("m.py", code, {"", "A.f"})
    assert [(each.change, set(each.names)) for each in found if each.operator == "constant"] == [
        (Change("m.py", "", "a, b = 1, x", "a, b = 0, x"), {"a", "b"}),
        (Change("m.py", "", "a, b = 1, x", "a, b = 2, x"), {"a", "b"}),
        (Change("m.py", "", "c = 1", "c = 0"), {"A"}),
        (Change("m.py", "", "c = 1", "c = 2"), {"A"}),
        (Change("m.py", "A.f", "return [0 for _ in ()]", "return [1 for _ in ()]"), set()),
    ]


def test_a_function_without_a_name_is_called_by_its_place() -> None:
    code = "SLOPES = {'sin': lambda x: 2 * x}\n"
    found = mutants_of("m.py", code, {"<lambda 1:17>"})
    assert {each.change.scope for each in found} == {"<lambda 1:17>"}
    assert {each.change.becomes for each in found} >= {"SLOPES = {'sin': lambda x: x}"}


def test_every_mutant_is_python_and_another_program_and_there_once() -> None:
    code = (
        "def f(a, b):\n"
        "    total = [(1 + 1) * x[i][:, 0] for i, x in enumerate(a) if (i or b) and x.T]\n"
        "    return {'a': -np.sum(\n        total,\n        axis=0,\n    ), **b} if a else (b)\n"
    )
    found = mutants_of("m.py", code, {"f"})
    trees = [ast.dump(ast.parse(each.code)) for each in found]
    assert ast.dump(ast.parse(code)) not in trees
    assert len({each.code for each in found}) == len(found)
    assert {each.operator for each in found} <= {operator.name for operator in OPERATORS}


def test_what_stands_on_several_lines_keeps_the_others() -> None:
    code = "def f(a):\n    return g(\n        a,\n        b,\n        axis=0,\n    )\n"
    found = mutants_of("m.py", code, {"f"})
    assert [(m.operator, m.number, m.change.line, m.change.becomes) for m in found][-4:] == [
        ("axis", 5, "axis=0,", "axis=1,"),
        ("axis", 5, "axis=0,", ""),
        ("call", 2, "return g(\na,\nb,\naxis=0,\n)", "return a"),
        ("arguments", 3, "a,\nb,", "b,\na,"),
    ]


def test_the_same_file_has_the_same_mutants_in_the_same_order() -> None:
    entered = {"used", "unused", "", "A.used"}
    assert mutants_of("a.py", CODE, entered) == mutants_of("a.py", CODE, sorted(entered))


def test_a_file_that_is_no_python_is_a_fault() -> None:
    with pytest.raises(CourseError, match=r"^solution\.py:2: not Python: "):
        mutants_of("solution.py", "a = 1\nb = = 2\n", {""})


def test_a_difference_leaves_out_empty_lines_and_the_space_around() -> None:
    assert difference("a\n  b\nc", "a\n  d\n\n  e\nc") == (2, "b", "d\ne")


def test_every_operator_has_a_name_of_its_own_and_a_sentence() -> None:
    assert len({each.name for each in OPERATORS}) == len(OPERATORS)
    assert all(each.says.endswith(".") for each in OPERATORS)


def test_a_mutant_knows_the_block_that_it_stands_in() -> None:
    code = (
        "def f(x):\n    a = 1\n    if x + 2:\n        a = lambda: 3\n        a = 4\n"
        "    return 5 if a else 6\n"
    )
    found = mutants_of("m.py", code, {"f", "f.<lambda 4:12>"})
    blocks = {m.change.line: m.block for m in found if m.operator == "constant" and m.number < 6}
    assert blocks == {"a = 1": "", "if x + 2:": "", "a = lambda: 3": "", "a = 4": "line 4"}
    assert [m.block for m in found if m.operator == "constant" and m.number == 6] == [
        *["line 6, column 11"] * 3,
        *["line 6, column 23"] * 3,
    ]
