"""The sentences of this topic, to the letter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from grader.messages import traces

from .catalogue import Sentence, check

SENTENCES: Sequence[Sentence] = [
    (
        "not_rows",
        ("int",),
        {},
        "A value of type int came back; expected a list of rows (node, op, inputs).",
    ),
    ("too_many_rows", (501, 500), {}, "501 rows came back; at most 500 are looked at."),
    (
        "not_a_row",
        (2, "3"),
        {},
        (
            "Row 2 is 3; expected (node, op, inputs), such as ('v3', 'mul', ['v1', 'x2']), with "
            "short names."
        ),
    ),
    (
        "names_an_input",
        (2, "x1"),
        {},
        "Row 2 is called x1, which is an input; give the node another name.",
    ),
    (
        "row_for_input",
        (1, "v0", "input"),
        {},
        (
            "Row 1 (v0) has the op 'input'; inputs and numbers need no row: write them where they "
            "are used."
        ),
    ),
    (
        "defined_twice",
        (3, "v1", 1),
        {},
        "Row 3 is called v1, as row 1 is; every node needs its own name.",
    ),
    (
        "odd_operand",
        (3, "v1", "None"),
        {},
        "Row 3 (v1) uses None; expected inputs, finite numbers or earlier nodes.",
    ),
    (
        "uses_itself",
        (3, "v1"),
        {},
        "Row 3 (v1) uses v1 itself: a computation graph has no cycle.",
    ),
    (
        "used_too_early",
        (1, "v1", "v2", 4),
        {},
        (
            "Row 1 (v1) uses v2, which is defined only in row 4: put every row after those that it "
            "uses; if that cannot be done, the graph has a cycle."
        ),
    ),
    (
        "unknown_name",
        (1, "v1", "w", ""),
        {},
        "Row 1 (v1) uses w, which is neither an input nor a node.",
    ),
    (
        "unknown_name",
        (1, "v1", "x", "x1"),
        {},
        "Row 1 (v1) uses x, which is neither an input nor a node; is x1 meant?",
    ),
    (
        "unknown_operation",
        (1, "v1", "sq", ["mul", "pow"], ""),
        {},
        "Row 1 (v1) has the op 'sq'; expected one of mul, pow.",
    ),
    (
        "unknown_operation",
        (1, "v1", "muls", ["mul", "pow"], "mul"),
        {},
        "Row 1 (v1) has the op 'muls'; expected one of mul, pow. Is mul meant?",
    ),
    (
        "operand_count",
        (1, "v1", "sin", 2, 1, 1),
        {},
        "Row 1 (v1): sin takes 1, found 2 inputs.",
    ),
    (
        "operand_count",
        (1, "v1", "mul", 1, 2, None),
        {},
        "Row 1 (v1): mul takes at least 2, found 1 input.",
    ),
    (
        "operands_do_not_fit",
        ("z = affine: W, x, b", "no match."),
        {},
        "z = affine: W, x, b cannot be evaluated: no match.",
    ),
    (
        "graph_right",
        (1, "v1"),
        {},
        "Right: evaluating your 1 row gives the function; v1 is the output.",
    ),
    (
        "nodes_right",
        (9,),
        {},
        "Right: evaluating your graph gives each of the 9 quantities.",
    ),
    (
        "graph_wrong",
        ("v6", "2", "3", "x1 = 1"),
        {},
        "The last row, v6, is 2 at x1 = 1; the function is 3 there.",
    ),
    (
        "undefined_there",
        ("v1 = log: x1", "x1 = -1"),
        {},
        "v1 = log: x1 has no finite value at x1 = -1, where the function has one.",
    ),
    ("no_node", ("J",), {}, "No row is called J."),
    ("unused_rows", (["u", "w"],), {}, "Not used for the result, and free to stay: u, w."),
    (
        "unused_rows",
        (["a", "b", "c", "d", "e", "f", "g"],),
        {},
        "Not used for the result, and free to stay: a, b, c, d, e and 2 more.",
    ),
    ("graph_title", ("The graph",), {}, "The graph: your graph"),
    ("graph_in_words", (["v1 = sin: x1", "v2 = neg: v1"],), {}, "v1 = sin: x1; v2 = neg: v1."),
    (
        "states_in_words",
        ({"a": "right", "b": "wrong", "c": "follows", "d": "right", "e": "plain"},),
        {},
        "Right: a, d. Wrong: b. Follows: c.",
    ),
    ("states_in_words", ({"a": "plain"},), {}, ""),
    (
        "not_a_trace",
        ("list",),
        {},
        (
            "The trace is a value of type list; expected a dict from the names of your nodes to "
            "pairs of numbers."
        ),
    ),
    (
        "no_graph",
        ("p1_graph", "Row 1 is odd."),
        {},
        "The trace is judged on your own graph, and p1_graph gives none. Row 1 is odd.",
    ),
    (
        "graph_too_small",
        (1, 3),
        {},
        (
            "Your graph does not compute the function, and its trace would be too short to count: "
            "it has 1 operation on the way from inputs to output; expected at least 3."
        ),
    ),
    (
        "inputs_without_effect",
        (["x1"],),
        {},
        (
            "Your graph does not compute the function, and x1 makes no difference in it; mend the "
            "graph first, and then trace it."
        ),
    ),
    (
        "inputs_without_effect",
        (["x1", "x2"],),
        {},
        (
            "Your graph does not compute the function, and x1 and x2 make no difference in it; "
            "mend the graph first, and then trace it."
        ),
    ),
    ("trace_right", ("forward", 6), {}, "Right: 6 rows of forward mode, value and tangent."),
    ("trace_right", ("reverse", 1), {}, "Right: 1 row of reverse mode, value and adjoint."),
    ("what", ("reverse", 0), {}, "value"),
    ("what", ("forward", 1), {}, "tangent"),
    ("what", ("reverse", 1), {}, "adjoint"),
    ("missing_row", ("v3", ""), {}, "The trace has no row for v3."),
    ("missing_row", ("v3", "V3"), {}, "The trace has no row for v3. Is V3 meant for it?"),
    ("wrong_number", ("value", "2", "3"), {}, "The value is 2; expected 3."),
    (
        "wrong_number",
        ("tangent", "2", ""),
        {},
        "The tangent is 2; it does not follow from the rows around it.",
    ),
    (
        "only_path",
        ("v1", "v3", 2),
        {},
        (
            "That is the contribution of v3 alone; v1 is used by 2 nodes, and its adjoint is the "
            "sum over all of them."
        ),
    ),
    (
        "swapped",
        ("reverse",),
        {},
        "The numbers of each pair are swapped: the value comes first, then the adjoint.",
    ),
    (
        "other_input",
        ("x1", "x2"),
        {},
        "The second numbers are derivatives by x1; expected those by x2.",
    ),
    ("beside_wrong", (["u"],), {}, "Of the rows that do not count, u is wrong."),
    ("beside_wrong", (["u", "w"],), {}, "Of the rows that do not count, u, w are wrong."),
    (
        "not_a_dict",
        ("list", ["z2", "z1"]),
        {},
        "A value of type list came back; expected a dict with the keys z2, z1.",
    ),
    (
        "easier_graph",
        (["product"], "3/4"),
        {},
        (
            "It lacks a product or quotient of two quantities, so that its trace can earn 3/4 of "
            "the points."
        ),
    ),
    (
        "easier_graph",
        (["trigonometric", "exponential", "shared"], ""),
        {},
        (
            "It lacks a sine or cosine, an exponential, logarithm or power and a quantity that is "
            "used twice, so that its trace can earn nothing."
        ),
    ),
    ("copied_rows", (["w"],), {}, "Rows that only copy another have no share: w."),
    (
        "no_data",
        ("p1_graph", "a value of type set is not data"),
        {},
        "p1_graph returned something that is not data: a value of type set is not data.",
    ),
    (
        "taken_in_order",
        (["V1", "z"],),
        {},
        "A list came back; its items were taken for V1, z, in this order.",
    ),
    (
        "credited",
        (list("abcdefghij"),),
        {},
        "Credited, as following from your earlier steps: a, b, c, d, e, f, g, h and 2 more.",
    ),
    (
        "follows_from",
        (list("abcdefghij"),),
        {},
        "Credited: it follows from your a, b, c, d, e, f, g, h and 2 more.",
    ),
    ("missing_quantity", ("z4", ""), {}, "There is no z4 in the answer."),
    ("missing_quantity", ("z4", "Z4"), {}, "There is no z4 in the answer. Is 'Z4' meant for it?"),
    ("extra_keys", (["Y", "z0"],), {}, "Not looked at: Y, z0."),
    ("optional_wrong", (["X"],), {}, "X is wrong, which costs nothing."),
    ("optional_wrong", (["X", "Y"],), {}, "X, Y are wrong, which costs nothing."),
    ("follows_from", (["z4"],), {}, "Credited: it follows from your z4."),
    ("follows_from", (["z4", "z2"],), {}, "Credited: it follows from your z4 and z2."),
    (
        "credited",
        (["z3", "z1"],),
        {},
        "Credited, as following from your earlier steps: z3, z1.",
    ),
    ("first_wrong", ("values", "V1", "So."), {}, "First wrong in the order of evaluation: V1. So."),
    (
        "first_wrong",
        ("tangents", "z1", "So."),
        {},
        "First wrong in the order of forward mode: z1. So.",
    ),
    (
        "first_wrong",
        ("forward", "v1", "So."),
        {},
        "First wrong in the order of forward mode: v1. So.",
    ),
    (
        "first_wrong",
        ("adjoints", "z4", "So."),
        {},
        "First wrong in the order of reverse mode: z4. So.",
    ),
    (
        "first_wrong",
        ("reverse", "v4", "So."),
        {},
        "First wrong in the order of reverse mode: v4. So.",
    ),
    ("visit_title", ("values",), {}, "The quantities in the order of evaluation"),
    ("visit_title", ("tangents",), {}, "Values and tangents in the order of forward mode"),
    ("visit_title", ("adjoints",), {}, "Adjoints in the order of reverse mode"),
]
CONSTANTS: Mapping[str, str] = {
    "NO_ROWS": "The list of rows is empty; expected a row (node, op, inputs) for each operation.",
    "OUTPUT_RIGHT": "The last row has the right value at every point.",
    "OUTPUT_WRONG": "The value of the last row is wrong.",
    "IS_NONE": "It is None; a number or an array was expected.",
    "PROVES_NOTHING": (
        "It agrees with your earlier quantities, but with zeros or constants where the right "
        "values vary: from those nothing can be followed."
    ),
    "WRONG_GRAPH": (
        "Your graph does not compute the function, which counts in its own part; the trace was "
        "judged on your graph as it is."
    ),
    "GRAPH_UNDEFINED": (
        "Your graph has no finite value at the point of the trace; mend the graph first, and then "
        "trace it."
    ),
    "WHOLE_GRAPH": "What is hard in the function is in the graph",
    "NOT_A_PAIR": "Expected two numbers, the value and the derivative.",
    "ROUNDED": (
        "Every number is nearly right: keep four decimals in each of them, also in the "
        "intermediate results."
    ),
    "OTHER_MODE_REVERSE": (
        "The second numbers are derivatives of the output by each node; forward mode asks for the "
        "derivative of each node by the input."
    ),
    "OTHER_MODE_FORWARD": (
        "The second numbers are derivatives of each node by the input; reverse mode asks for the "
        "derivative of the output by each node."
    ),
}


def test_every_sentence_reads_like_this() -> None:
    check(traces, SENTENCES, CONSTANTS)
