from __future__ import annotations

from grader.grading.mutants.scopes import scopes_of, used_names

CODE = """\
LIMIT = 3

class A:
    def f(self):
        def inner():
            return helper(LIMIT)
        return inner

def helper(x):
    return (lambda y: y.size)(x)
"""


def test_functions_are_called_by_what_they_stand_in() -> None:
    assert scopes_of("m.py", CODE) == [
        "A.f",
        "A.f.inner",
        "helper",
        "helper.<lambda 10:12>",
    ]


def test_the_names_that_functions_and_classes_mention() -> None:
    used = used_names(CODE)
    assert used["A"] >= {"helper", "LIMIT", "inner"}
    assert used["helper"] == {"x", "y", "size"}
