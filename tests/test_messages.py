"""Every sentence that a student can read, to the letter."""

from __future__ import annotations

import doctest
import inspect
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader import messages
from grader.messages import points_text

POINT, ORIGIN = (0.375, -0.75), (0.0, 0.0)

SENTENCES: list[tuple[str, tuple[Any, ...], dict[str, Any], str]] = [
    ("returned_text", ("a" * 50,), {}, f"Text came back ('{'a' * 40}'); numbers were expected."),
    (
        "returned_type",
        ("dict",),
        {},
        "A dict came back; a number, a list or an array was expected.",
    ),
    ("returned_mixed", ("None",), {}, "Among the numbers that came back there is None."),
    ("wrong_shape", ((2, 1), (2,)), {}, "The result has shape (2, 1); expected (2,)."),
    ("wrong_shape", ((), (2,)), {}, "The result has shape () (a single number); expected (2,)."),
    ("accepted_shape", ((2, 1), (2,)), {}, "Shape (2, 1) was read as (2,)."),
    ("shape_text", ((),), {}, "() (a single number)"),
    ("not_finite", (float("nan"), 1, 1), {}, "The result is nan; a finite number was expected."),
    (
        "not_finite",
        (float("inf"), 2, 6),
        {},
        "2 of 6 entries are not finite numbers; the first is inf.",
    ),
    ("wrong_values", (1, 1, (), 3.0, 2.0), {}, "The result is 3; expected 2."),
    (
        "wrong_values",
        (2, 4, (0, 1), 3.0, 2.5),
        {},
        "2 of 4 entries differ; the farthest off is entry [0, 1]: 3 where 2.5 was expected.",
    ),
    ("index_text", ((0, 1),), {}, "[0, 1]"),
    (
        "factor",
        ("1/2",),
        {},
        "Every value is 1/2 times what was expected: look for a constant factor.",
    ),
    ("permuted_axes", ((0, 2, 1),), {}, "The last two axes of the result are swapped."),
    (
        "permuted_axes",
        ((2, 0, 1),),
        {},
        "The axes of the result are in another order: it is the right one, transposed(2, 0, 1).",
    ),
    ("constant_offset", (0.5,), {}, "Every value is too large by 0.5: look for a constant term."),
    (
        "constant_offset",
        (-8.0, (1,)),
        {},
        "Only entry [1] is wrong: it is too small by 8: look for a constant term.",
    ),
    ("missing_input", ("W", -1), {}, "What is missing in every case is the term -W."),
    ("missing_input", ("W", 2, "lam"), {}, "What is missing in every case is the term 2·lam·W."),
    (
        "wrong_entries",
        ([(0,)], 2),
        {},
        "Entry [0] of 2 is wrong; the others are right in every case.",
    ),
    (
        "wrong_entries",
        ([(n,) for n in range(6)], 9),
        {},
        "Entries [0], [1], [2], [3] and 2 more of 9 are wrong; the others are right in every case.",
    ),
    ("all_right", (1,), {}, "Right."),
    ("all_right", (50,), {}, "Right in all 50 cases."),
    ("some_right", (3, 50), {}, "(3 of 50 cases are right.)"),
    ("at_line", ("solution.py", 7), {}, " in line 7 of solution.py"),
    ("one_line", ("a\n  b\tc",), {}, "a b c"),
    ("one_line", ("abcdef", 3), {}, "abc …"),
    (
        "raised",
        ("f", "ValueError", "no", " in line 7 of solution.py"),
        {},
        "f stopped with ValueError in line 7 of solution.py: no.",
    ),
    ("raised", ("f", "ValueError", "", ""), {}, "f stopped with ValueError."),
    ("raised", ("f", "E", "It ends here.", ""), {}, "f stopped with E: It ends here."),
    (
        "not_imported",
        ("solution.py", "SyntaxError", "invalid syntax", " in line 1 of solution.py"),
        {},
        (
            "solution.py cannot be imported; it stops with SyntaxError in line 1 of solution.py: "
            "invalid syntax."
        ),
    ),
    (
        "not_imported",
        ("solution.py", "ImportError", "attempted relative import with no known parent", ""),
        {},
        (
            "solution.py cannot be imported; it stops with ImportError: attempted relative import "
            "with no known parent. The files are no package: import one from another without the "
            "dot."
        ),
    ),
    (
        "raised",
        ("f", "ModuleNotFoundError", "No module named 'a.b'; 'a' is not a package", ""),
        {},
        (
            "f stopped with ModuleNotFoundError: No module named 'a.b'; 'a' is not a package. "
            "a.b is neither installed where this ran nor a file of the submission: hand it in, or "
            "do without it."
        ),
    ),
    ("import_advice", ("ValueError", "No module named 'a'"), {}, ""),
    ("import_advice", ("ImportError", "cannot import name 'a'"), {}, ""),
    ("not_data", ("f", "a set"), {}, "f returned something that is not data: a set."),
    (
        "not_data",
        ("f", "a value of type set is not data"),
        {},
        (
            "f returned something that is not data: a value of type set is not data. "
            "Numbers, text, lists, tuples, NumPy arrays and torch tensors are."
        ),
    ),
    (
        "not_data",
        ("f", ""),
        {},
        "f returned something that is not data: what it returned cannot be compared.",
    ),
    ("not_there_yet", ("f",), {}, "Not there yet: f still raises NotImplementedError."),
    ("missing", ("solution.py has no f",), {}, "solution.py has no f."),
    ("missing", ("has no f; is g meant?",), {}, "has no f; is g meant?"),
    ("missing", ("",), {}, "Not found in the submission."),
    ("timed_out", ("f", "It had 10 s."), {}, "f did not finish in time. It had 10 s."),
    ("out_of_memory", ("f", ""), {}, "f used more memory than it may."),
    ("died", ("f", "Exit code 3."), {}, "f ended the process in which it ran. Exit code 3."),
    (
        "not_run",
        ("",),
        {},
        "Not run: an earlier case of this part used up its limits.",
    ),
    ("not_run", ("it was late",), {}, "It was late."),
    ("as_sentence", ("still running",), {}, "Still running."),
    ("as_sentence", ("",), {}, ""),
    ("not_run", ("Not run.",), {}, "Not run."),
    (
        "changed_inputs",
        (["x", "y"],),
        {},
        "Note: the call changes its input x and y in place.",
    ),
    ("point_text", (POINT,), {}, "(0.375, -0.75)"),
    ("point_text", ((1.0000004,),), {}, "(1.0000004)"),
    ("at_point", (POINT,), {}, "At (0.375, -0.75)."),
    (
        "points_shape",
        ((3,), 2),
        {},
        "The result has shape (3,); expected (k, 2): one row of 2 numbers for each point.",
    ),
    ("too_many_points", (1001, 1000), {}, "1001 points came back; at most 1000 are looked at."),
    ("counted", (1, "point", "points"), {}, "1 point"),
    ("counted", (0, "point", "points"), {}, "0 points"),
    ("points_asked", (3,), {"exactly": False}, "at least 3 stationary points"),
    ("points_asked", (1,), {"exactly": True}, "exactly 1 stationary point"),
    ("points_found", (1,), {}, "Right: 1 stationary point."),
    (
        "points_missing",
        (1, 3),
        {"exactly": False},
        "1 different stationary point found; expected at least 3.",
    ),
    (
        "points_missing",
        (2, 4),
        {"exactly": True},
        "2 different stationary points found; expected 4.",
    ),
    ("point_twice", (POINT,), {}, "(0.375, -0.75) stands more than once and counts once."),
    (
        "false_point",
        (POINT, (1 / 3, 0.0)),
        {},
        "(0.375, -0.75) is not stationary: the gradient there is (0.333333, 0).",
    ),
    (
        "nearest_point",
        (ORIGIN, 0.8385),
        {},
        "The nearest stationary point is (0, 0), 0.84 away.",
    ),
    ("more_false_points", (1,), {}, "1 further point is not stationary either."),
    ("more_false_points", (2,), {}, "2 further points are not stationary either."),
    (
        "hessian_count",
        (1, 3),
        {},
        "1 matrix came back for 3 points; expected one for each, in their order.",
    ),
    (
        "hessians_follow",
        (1,),
        {},
        "Credited: 1 matrix follows from your own Hessian, whose mistake counts in its own part.",
    ),
    (
        "hessians_follow",
        (2,),
        {},
        "Credited: 2 matrices follow from your own Hessian, whose mistake counts in its own part.",
    ),
    ("too_few_hessians", (1, 3), {}, "1 right, at different points; expected at least 3."),
    (
        "label_count",
        (2, 1),
        {},
        "2 labels came back for 1 point; expected one for each, in their order.",
    ),
    (
        "not_classified",
        (POINT,),
        {},
        "(0.375, -0.75) is not a stationary point, so no label is right there.",
    ),
    (
        "wrong_label",
        (POINT, "x" * 50, "maximum"),
        {},
        f"At (0.375, -0.75): '{'x' * 40}'; expected maximum.",
    ),
    (
        "wrong_label",
        (POINT, "saddle", ""),
        {},
        "At (0.375, -0.75): 'saddle'; the eigenvalues of the Hessian say otherwise.",
    ),
    ("must_include", (POINT,), {}, "(0.375, -0.75) has to be among the points."),
    ("no_function", ("f", "solution.py"), {}, "solution.py has no function f."),
    ("classes_right", (9,), {}, "Right: all 9 classes, forward and backward."),
    ("graphs_right", (60,), {}, "Right on all 60 graphs, at every Variable."),
    (
        "classes_left_out",
        (["Pow", "Sin"],),
        {},
        "Graphs with Pow, Sin were left out; those count in their own part.",
    ),
    ("no_class", ("Tan", "diy_autograd.py"), {}, "diy_autograd.py has no class Tan."),
    (
        "partial_count",
        ((3,), 2),
        {},
        "Backward: expected a list of 2 partial derivatives, found shape (3,).",
    ),
    (
        "partial_count",
        ((2,), 1),
        {},
        "Backward: expected a list of 1 partial derivative, found shape (2,).",
    ),
    (
        "wrong_partial",
        ("a", 2.0, -2.0),
        {},
        "Backward: the partial derivative by a is 2; expected -2.",
    ),
    (
        "wrong_partial",
        ("a", 2.0, -2.0, "Look again."),
        {},
        "Backward: the partial derivative by a is 2; expected -2. Look again.",
    ),
    (
        "wrong_partial",
        ("b", 2.0, float("nan")),
        {},
        (
            "Backward: the partial derivative by b is 2; it does not exist there, so that 0 or nan "
            "was expected."
        ),
    ),
    (
        "wrong_tie",
        ("[1, 1]",),
        {},
        (
            "Backward: the operands are equal, and the partial derivatives are [1, 1]; expected "
            "two numbers from 0 to 1 with the sum 1."
        ),
    ),
    (
        "not_variable",
        ("float",),
        {},
        "Forward: it returned a value of type float; a Variable was expected.",
    ),
    (
        "wrong_node",
        ("The gradients are off.", "x0", "grad", 3.0, 6.0, ""),
        {},
        "The gradients are off. x0.grad is 3; expected 6.",
    ),
    (
        "called_on_class",
        ("Inv.forward",),
        {},
        "Inv.forward is called on the class itself, without self: is @staticmethod missing?",
    ),
    (
        "holds_no_number",
        ("x0", "grad", "set"),
        {},
        "x0.grad holds a value of type set; expected a number.",
    ),
    (
        "no_gradient",
        ("x0", "grad"),
        {},
        "x0.grad is None after backward(); expected a number for every Variable.",
    ),
    (
        "sharing_hint",
        (3.0, 6.0, 2),
        {},
        (
            "That Variable is used 2 times: its gradient is the sum over all uses (+= and not =), "
            "and it may be passed on only when the sum is complete."
        ),
    ),
    ("sharing_hint", (3.0, 6.0, 1), {}, ""),
    ("sharing_hint", (6.0, 3.0, 2), {}, ""),
    ("sharing_hint", (float("nan"), 3.0, 2), {}, ""),
    (
        "exponential",
        (40,),
        {},
        (
            "backward() did not finish on 40 levels of y = y + y. That graph has 41 nodes but 2^40 "
            "paths: visit each node once, in topological order, instead of following every path."
        ),
    ),
    ("also_wrong", (["Sin", "Cos"],), {}, "Not right either: Sin, Cos."),
    ("unanswered", (["a-b", "a-c"],), {}, "answers.yaml has no answer for a-b, a-c."),
    ("number_expected", ("a-b", "six"), {}, "a-b: expected a number, found 'six'."),
    (
        "number_between",
        ("a-b", "101", 0.0, 100.0),
        {},
        "a-b: expected a number from 0 to 100, found 101.",
    ),
    ("choice", ("a", "x", ("yes", "no")), {}, "a: expected one of yes, no; found 'x'."),
    ("must_be_true", (["a-b"],), {}, "a-b has to be true."),
    ("handed_in", (["q1.pdf", "q1.md"], "q1"), {}, "Handed in: q1.pdf, q1.md."),
    ("handed_in", ([], "q1"), {}, "Handed in: the text under q1 in answers.yaml."),
    (
        "nothing_handed_in",
        ("q1", ["q1.*"]),
        {},
        "Nothing handed in; expected a file (q1.*) or text under q1 in answers.yaml.",
    ),
    (
        "nothing_handed_in",
        ("q1", []),
        {},
        "Nothing handed in; expected text under q1 in answers.yaml.",
    ),
    (
        "unknown_mark",
        ("eve",),
        {},
        "There are marks for eve, but no submission of that name.",
    ),
    ("link_ignored", ("a",), {}, "a is a link and was not followed; hand in the file itself."),
    ("stray_file", ("a",), {}, "a was ignored: it is a file, and a submission is a folder."),
    ("not_a_file", ("a",), {}, "a was ignored: it is not a regular file."),
    ("cannot_read", ("a", "Permission denied"), {}, "a cannot be read: Permission denied."),
    ("not_read", ("a", "it is not UTF-8"), {}, "a cannot be read: it is not UTF-8."),
    (
        "too_large",
        ("a", 5 * 2**20, 2**20),
        {},
        "a has 5 MiB and was not read; at most 1 are.",
    ),
    ("too_much", ("a", 2**20), {}, "a was not read: the submission has more than 1 MiB."),
    (
        "too_many_files",
        (100,),
        {},
        "The submission has more than 100 files and folders; the others were not read.",
    ),
    ("no_solution", ([],), {}, "There is no solution.py."),
    (
        "no_solution",
        (["Solution.py", "sol.py"],),
        {},
        "There is no solution.py; found Solution.py, sol.py. Only solution.py itself is run.",
    ),
    (
        "same_name",
        ("ada",),
        {},
        "A second folder ada was ignored: both names read the same; rename one.",
    ),
    ("too_deep", ("a",), {}, "a was not read: it lies too many folders deep."),
    ("mib", (2**20 * 3 // 2,), {}, "1.5"),
    ("mib", (2**20 * 12,), {}, "12"),
    (
        "grader_fault",
        ("no memory",),
        {},
        (
            "The grader failed here, not the submission; nothing was taken off, and it is tried "
            "again next time. (no memory)"
        ),
    ),
]
CONSTANTS = {
    "DATA": "Numbers, text, lists, tuples, NumPy arrays and torch tensors are.",
    "NO_DOT": "The files are no package: import one from another without the dot.",
    "ASSERTION": "An assertion of the test does not hold.",
    "NOTHING_VISIBLE": "All cases of this part are hidden; it is judged when it is graded.",
    "RETURNED_NONE": "The function returned None; is there a return statement on every path?",
    "RETURNED_RAGGED": (
        "The lists that came back have rows of different lengths; they form no array."
    ),
    "ALWAYS_NOT_FINITE": (
        "Every case has NaN or infinity in it: look for a division by zero, a logarithm of a "
        "number that is not positive, or an overflow in exp."
    ),
    "ALWAYS_ZERO": "The result is zero in every case.",
    "SIGN": "Every value is right but for its sign: a minus is missing, or there is one too many.",
    "TRANSPOSED": "The result is the transpose of what was expected.",
    "MEAN_FOR_SUM": (
        "Every value is divided by the number of rows: a mean stands where a sum belongs."
    ),
    "SUM_FOR_MEAN": (
        "Every value is multiplied by the number of rows: a sum stands where a mean belongs."
    ),
    "REVERSED": "The entries are right but stand in reversed order along the first axis.",
    "OFF_BY_ONE": "The rows are right but shifted by one.",
    "NEARLY": (
        "The values are close but not close enough: a constant was rounded, a step was taken by a "
        "finite difference, or lower precision was used on the way."
    ),
    "ONLY_HIDDEN": "The cases shown below are right, but hidden ones are not.",
    "NONE_SHOWN": "The cases of this part are hidden, and not all of them are right.",
    "NOT_GRADED": "Not graded yet.",
    "NO_POINTS": "No point came back.",
    "POINTS_NOT_FINITE": "Among the coordinates there are numbers that are not finite or not real.",
    "LABELS_EXPECTED": "Expected a list of words such as 'saddle', one for each point.",
    "FOLLOWS": "It follows from your own Hessian, whose mistake is counted in its own part.",
    "BOTH_RIGHT": "Right: the Hessian and the classification.",
    "FORWARD": "Forward:",
    "BACKWARD": "Backward:",
    "GRAPH_VALUES": "The values are off.",
    "GRAPH_GRADIENTS": "The gradients are off.",
    "BUILD_AND_BACKWARD": "Building this graph and calling backward()",
    "NO_GRAPH": "No graph could be tried: every one needs a class that is not right yet.",
    "SURVEY_DONE": "Answered; thank you.",
    "DECLARED": "Declared.",
    "WAITS": "Waits for a person to review it.",
    "REVIEWED": "Reviewed.",
    "EMPTY_SUBMISSION": "The submission is empty.",
    "CUT": "# … the rest is not shown",
}


@pytest.mark.parametrize(("name", "values", "options", "text"), SENTENCES)
def test_a_sentence_reads_like_this(
    name: str, values: tuple[Any, ...], options: dict[str, Any], text: str
) -> None:
    assert getattr(messages, name)(*values, **options) == text


@pytest.mark.parametrize(("name", "text"), CONSTANTS.items())
def test_a_fixed_sentence_reads_like_this(name: str, text: str) -> None:
    assert getattr(messages, name) == text


def test_the_examples_in_the_docstrings_hold() -> None:
    tried = doctest.testmod(messages)
    assert tried.attempted
    assert not tried.failed


def test_no_sentence_is_left_out_here() -> None:
    made = {
        name
        for name, item in vars(messages).items()
        if inspect.isfunction(item) and item.__module__ == messages.__name__
    }
    fixed = {name for name, item in vars(messages).items() if name.isupper()}
    assert made - {"points_text", "two_numbers"} == {name for name, *_ in SENTENCES}
    assert fixed == set(CONSTANTS)


# ---- numbers -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("observed", "expected", "texts"),
    [
        (1.5, 2.0, ("1.5", "2")),
        (1 / 3, 2 / 3, ("0.3333333333", "0.6666666667")),
        (1.0, 1 + 1e-12, ("1", "1.0000000000010001")),
        (1 + 2j, 1.0, ("1+2j", "1")),
        (float("nan"), 1.0, ("nan", "1")),
    ],
)
def test_two_numbers_are_written_so_that_they_differ(
    observed: object, expected: object, texts: tuple[str, str]
) -> None:
    assert messages.two_numbers(observed, expected) == texts


POINTS = st.fractions(min_value=0, max_value=1000, max_denominator=1000)


@given(POINTS)
def test_points_are_never_rounded_up(points: Fraction) -> None:
    shown = Fraction(points_text(points))
    assert shown <= points < shown + Fraction(1, 100)


@given(POINTS, POINTS)
def test_more_points_never_read_as_fewer(left: Fraction, right: Fraction) -> None:
    low, high = sorted((left, right))
    assert Fraction(points_text(low)) <= Fraction(points_text(high))


@given(POINTS)
def test_points_taken_off_read_like_those_given(points: Fraction) -> None:
    shown = points_text(points)
    assert points_text(-points) == (shown if shown == "0" else f"-{shown}")


@pytest.mark.parametrize(
    ("points", "text"),
    [
        (Fraction(5), "5"),
        (Fraction(10), "10"),
        (Fraction(5, 2), "2.5"),
        (Fraction(44, 9), "4.88"),
        (Fraction(4999, 1000), "4.99"),
        (Fraction(1, 1000), "0"),
        (Fraction(0), "0"),
    ],
)
def test_points_have_two_decimals_at_most(points: Fraction, text: str) -> None:
    assert points_text(points) == text
