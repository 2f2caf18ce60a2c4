from __future__ import annotations

import textwrap
from fractions import Fraction
from pathlib import Path

import pytest
from pydantic import BaseModel, ValidationError

from grader.kinds.registry import part_models
from grader.spec import document
from grader.spec.faults import (
    Fault,
    SpecFaultsError,
    explain,
    path_text,
    shown,
    suggestion,
)
from grader.spec.marks import Marks
from grader.spec.models import AssignmentSpec, Model

VALUE = """\
id: q1-a
kind: value
title: A value
points: 2
function: f
inputs: {x: {normal: [2]}}
"""


def faults(model: type[BaseModel], text: str) -> list[str]:
    found = document.parse(textwrap.dedent(text))
    with pytest.raises(ValidationError) as caught:
        model.model_validate(found.data)
    return [str(fault) for fault in explain(caught.value, model, Path("q.yaml"), found)]


def value_faults(*changes: str) -> list[str]:
    """Return the faults of a part of kind value of which some lines are replaced or added."""
    lines = {line.partition(":")[0]: line for line in VALUE.splitlines()}
    lines |= {change.partition(":")[0]: change for change in changes}
    return faults(part_models()["value"], "\n".join(lines.values()))


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("title: 5", "3: title: found 5; expected text; put it in quotes"),
        ("title: yes", "3: title: found true; expected text; put it in quotes"),
        ("title: [a]", "3: title: found ['a']; expected text"),
        ("title:", "3: title: found nothing; expected text"),
        ("title: ''", "3: title: found ''; expected at least 1 character"),
        ("points: -1", "4: points: found -1; expected at least 0"),
        ("points: many", "4: points: found 'many'; expected a number such as 2, 2.5 or 5/9"),
        ("points: yes", "4: points: found true; expected a number such as 2, 2.5 or 5/9"),
        ("points: 1/0", "4: points: found '1/0'; expected a number such as 2, 2.5 or 5/9"),
        ("points: .inf", "4: points: found inf; expected a number such as 2, 2.5 or 5/9"),
        ("points:", "4: points: found nothing; expected a number such as 2, 2.5 or 5/9"),
        (
            "points: '1e999999999'",
            "4: points: found '1e999999999'; expected a number such as 2, 2.5 or 5/9",
        ),
        (
            "id: Q1_a",
            (
                "1: id: found 'Q1_a'; expected small letters, digits and single dashes, as in "
                "q3-gradient"
            ),
        ),
        (
            "function: 2nd",
            (
                "5: function: found '2nd'; expected the name of a Python function or class, as in "
                "q3_gradient"
            ),
        ),
        (
            "file: ../a.py",
            "7: file: found '../a.py'; expected the name of a Python file, as in solution.py",
        ),
        ("wall_s: 0", "7: wall_s: found 0; expected more than 0"),
        ("wall_s: 3601", "7: wall_s: found 3601; expected at most 3600"),
        ("wall_s: soon", "7: wall_s: found 'soon'; expected a number"),
        ("wall_s: [1]", "7: wall_s: found [1]; expected a number"),
        ("cases: {count: 1.5}", "7: cases.count: found 1.5; expected a whole number"),
        ("cases: {count: x}", "7: cases.count: found 'x'; expected a whole number"),
        ("cases: {count: []}", "7: cases.count: found []; expected a whole number"),
        ("cases: {count: 10001}", "7: cases.count: found 10001; expected at most 10000"),
        ("cases: 5", "7: cases: found 5; expected keys and values"),
        (
            "cases: {cuont: 5}",
            (
                "7: cases.cuont: unknown key 'cuont'; expected one of count, visible; did you mean "
                "'count'?"
            ),
        ),
        (
            "shapes: colums",
            "7: shapes: found 'colums'; expected 'exact' or 'columns'; did you mean 'columns'?",
        ),
        ("tolerance: {rtol: 1}", "7: tolerance.rtol: found 1; expected less than 1"),
        (
            "tolerance: {rtol: 0, decimals: 2}",
            "7: tolerance: expected either decimals, or rtol and atol, not both",
        ),
        ("also: 5", "7: also: found 5; expected a list"),
        ("also: [5]", "7: also[0]: found 5; expected keys and values"),
        (
            "also: [{x: abc}]",
            (
                "7: also[0].x: found 'abc'; expected a number, or nested lists of numbers with "
                "rows of equal length"
            ),
        ),
        (
            "also: [{x: [[1, 2], [3]]}]",
            (
                "7: also[0].x: found [[1, 2], [3]]; expected a number, or nested lists of numbers "
                "with rows of equal length"
            ),
        ),
        ("mistakes: [5]", "7: mistakes[0]: found 5; expected keys and values"),
        (
            "mistakes: [{name: a, function: f, says: Too short}]",
            "7: mistakes[0].says: found 'Too short'; expected at least 10 characters",
        ),
        (
            "mistakes: [{name: a, function: f, says: Long enough, credit: 1}]",
            "7: mistakes[0].credit: found 1; expected less than 1",
        ),
        ("mistakes: [{name: a, function: f}]", "7: mistakes[0].says: missing; expected a value"),
        ("inputs: {x: 5}", "6: inputs.x: found 5; expected keys and values"),
        ("inputs: {x: {normal: 2}}", "6: inputs.x.normal: found 2; expected a list"),
        (
            "inputs: {x: {normal: [-1]}}",
            (
                "6: inputs.x.normal[0]: found -1; expected a whole number from 0 to 100000 or "
                "the name of a size"
            ),
        ),
        (
            "inputs: {x: {}}",
            (
                "6: inputs.x: expected exactly one of normal, uniform, integers, value, number; "
                "found none"
            ),
        ),
        (
            "inputs: {x: {normal: [1], value: 2}}",
            (
                "6: inputs.x: expected exactly one of normal, uniform, integers, value, number; "
                "found normal and value"
            ),
        ),
        (
            "inputs: {x: {uniform: {low: a, high: 2}}}",
            "6: inputs.x.uniform.low: found 'a'; expected a number",
        ),
        (
            "inputs: {x: {uniform: {low: -.inf, high: 2}}}",
            "6: inputs.x.uniform.low: found -inf; expected a finite number",
        ),
        (
            "inputs: {x: {uniform: {low: 2, high: 1}}}",
            "6: inputs.x.uniform: expected low < high, found 2 and 1",
        ),
        (
            "inputs: {x: {integers: {low: 2, high: 1}}}",
            "6: inputs.x.integers: expected low <= high, found 2 and 1",
        ),
        # Arguments may have the names of keys and of types.
        (
            "inputs: {normal: {uniform: {low: 1, high: 2, lwo: 1}}}",
            (
                "6: inputs.normal.uniform.lwo: unknown key 'lwo'; expected one of low, high, "
                "shape, signs; did you mean 'low'?"
            ),
        ),
        ("inputs: {float: {normal: 2}}", "6: inputs.float.normal: found 2; expected a list"),
        (
            'inputs: {"a b": {normal: 2}}',
            "6: inputs['a b'].normal: found 2; expected a list",
        ),
    ],
)
def test_a_fault_is_told_with_line_path_what_was_found_and_what_was_expected(
    line: str, fault: str
) -> None:
    assert value_faults(line) == [f"q.yaml:{fault}"]


def test_a_case_that_does_not_match_the_arguments_is_a_fault_of_the_part() -> None:
    assert value_faults("also: [{y: 1}]") == [
        "q.yaml:1: a case under 'also' gives y; expected x",
    ]


def test_a_part_without_a_case_is_refused_since_everyone_would_be_right() -> None:
    assert value_faults("cases: {count: 0}") == [
        "q.yaml:1: it has no case; expected a count above 0, or cases under 'also'",
    ]


def test_every_fault_of_a_part_is_told_at_once() -> None:
    assert len(value_faults("id: A", "title: 5", "points: x", "function: 2", "hnit: a")) == 5


def test_an_unknown_key_at_the_top_is_told_with_the_known_ones() -> None:
    assert value_faults("pionts: 3") == [
        (
            "q.yaml:7: pionts: unknown key 'pionts'; expected one of id, kind, title, points, "
            "statement, hint, wall_s, bonus, variant, numbers, function, file, inputs, cases, "
            "sizes, also, groups, tolerance, shapes, mistakes, of; did you mean 'points'?"
        )
    ]


def test_a_missing_key_is_told_on_the_line_of_what_lacks_it() -> None:
    text = "id: a\nkind: survey\ntitle: t\npoints: 0\nquestions:\n- id: b\n  text: yes\n"
    assert faults(part_models()["survey"], text) == [
        "q.yaml:6: questions[0].asks: missing; expected a value"
    ]


def test_faults_in_items_do_not_make_the_list_too_short() -> None:
    text = "id: a\nkind: survey\ntitle: t\npoints: 0\nquestions:\n- {id: b, asks: c, text: 7}\n"
    assert faults(part_models()["survey"], text) == [
        "q.yaml:6: questions[0].text: found 7; expected true or false"
    ]


@pytest.mark.parametrize(
    ("question", "fault"),
    [
        ("text: []", "text: found []; expected true or false"),
        ("number: [1]", "number[1]: missing; expected a value"),
        ("number: [1, 2, 3]", "number: found [1, 2, 3]; expected at most 2 items"),
        ("choices: {}", "choices: found keys (none); expected a list"),
    ],
)
def test_a_fault_within_a_list_of_models_is_told_with_its_index(question: str, fault: str) -> None:
    text = "id: a\nkind: survey\ntitle: t\npoints: 0\nquestions:\n- {id: b, asks: c, %s}\n"
    assert faults(part_models()["survey"], text % question) == [f"q.yaml:6: questions[0].{fault}"]


def test_an_empty_list_is_too_short() -> None:
    text = "id: a\nkind: survey\ntitle: t\npoints: 0\nquestions: []\n"
    assert faults(part_models()["survey"], text) == [
        "q.yaml:5: questions: found []; expected at least 1 item"
    ]


def test_an_unknown_word_as_a_key_is_told_with_the_known_ones() -> None:
    text = "id: a\nkind: autograd_framework\ntitle: t\npoints: 1\ngroups: {chians: 1}\n"
    assert faults(part_models()["autograd_framework"], text) == [
        (
            "q.yaml:5: groups.chians: found 'chians'; expected 'chains', 'shared', 'operators' or "
            "'linear'; did you mean 'chains'?"
        )
    ]


def test_an_unknown_key_below_an_optional_model_is_told_with_the_known_ones() -> None:
    text = """\
        id: a
        kind: classification_of_points
        title: t
        points: 1
        of: f
        all_points: g
        function: h
        hessian: {function: h, points: 1, piont: 2}
        also_accepted: [{point: [1], labels: [saddle], lable: 1}]
        """
    assert faults(part_models()["classification_of_points"], text) == [
        (
            "q.yaml:9: also_accepted[0].lable: unknown key 'lable'; expected one of point, labels; "
            "did you mean 'labels'?"
        ),
        (
            "q.yaml:8: hessian.piont: unknown key 'piont'; expected one of function, points; "
            "did you mean 'points'?"
        ),
    ]


def test_faults_of_marks_have_the_student_and_the_part_in_their_path() -> None:
    text = "ada l:\n  q1:\n    rubrik: {}\n    rubric: {a: x}\n"
    assert faults(Marks, text) == [
        "q.yaml:4: ['ada l'].q1.rubric.a: found 'x'; expected a number such as 2, 2.5 or 5/9",
        (
            "q.yaml:3: ['ada l'].q1.rubrik: unknown key 'rubrik'; expected one of rubric, comment; "
            "did you mean 'rubric'?"
        ),
    ]


def test_a_list_where_a_mapping_belongs_is_a_fault_of_the_file() -> None:
    assert faults(Marks, "- 1") == ["q.yaml:1: found [1]; expected keys and values"]


def test_the_branches_of_a_union_become_one_fault() -> None:
    class Either(Model):
        size: int | list[int]

    assert faults(Either, "size: x") == [
        "q.yaml:1: size: found 'x'; expected a whole number or a list"
    ]


def test_an_unknown_key_without_anything_alike_has_no_suggestion() -> None:
    text = "assignment: a\ntitle: t\npoints: 1\nproblems: [p]\nlimits: {zzz: 1}\n"
    assert faults(AssignmentSpec, text) == [
        "q.yaml:5: limits.zzz: unknown key 'zzz'; expected one of wall_s, memory_mib, output_kib"
    ]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ((), ""),
        (("parts", 2, "points"), "parts[2].points"),
        (("parts", 2, "inputs", "x", "uniform", "low"), "parts[2].inputs.x.uniform.low"),
        (("q3-a", 0, 1), "q3-a[0][1]"),
        (("a\nb", "c.d"), "['a\\nb']['c.d']"),
    ],
)
def test_a_path_is_written_as_it_is_read_aloud(path: tuple[str | int, ...], text: str) -> None:
    assert path_text(path) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "nothing"),
        (True, "true"),
        (False, "false"),
        (2.5, "2.5"),
        (Fraction(1, 2), "1/2"),
        ("a\nb", "'a\\nb'"),
        ({}, "keys (none)"),
        ({"a": 1, "b": 2}, "keys a, b"),
        ({"a\nb": 1}, "keys a\\nb"),
        ("x" * 100, "'" + "x" * 58 + "…"),
        (list(range(100)), "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, …"),
    ],
)
def test_a_value_is_shown_on_one_short_line(value: object, text: str) -> None:
    assert shown(value) == text


@pytest.mark.parametrize(
    ("word", "text"),
    [("pionts", "; did you mean 'points'?"), ("points", "; did you mean 'points'?"), ("zzz", "")],
)
def test_only_a_word_that_is_close_is_suggested(word: str, text: str) -> None:
    assert suggestion(word, ["points", "title"]) == text


def test_faults_are_sorted_by_file_line_and_path() -> None:
    a, b = Path("a.yaml"), Path("b.yaml")
    mixed = [
        Fault(b, 1, "", "four"),
        Fault(a, 10, "x", "three"),
        Fault(a, 2, "y", "two"),
        Fault(a, 2, "x", "one"),
    ]
    assert str(SpecFaultsError(mixed)) == (
        "a.yaml:2: x: one\na.yaml:2: y: two\na.yaml:10: x: three\nb.yaml:1: four"
    )
