"""Sentences about computation graphs, their evaluation traces, and quantities one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from grader.messages.text import counted, listed

NO_ROWS = "The list of rows is empty; expected a row (node, op, inputs) for each operation."
OUTPUT_RIGHT = "The last row has the right value at every point."
OUTPUT_WRONG = "The value of the last row is wrong."
IS_NONE = "It is None; a number or an array was expected."
PROVES_NOTHING = (
    "It agrees with your earlier quantities, but with zeros or constants where the right values "
    "vary: from those nothing can be followed."
)
WHOLE_GRAPH = "What is hard in the function is in the graph"
WRONG_GRAPH = (
    "Your graph does not compute the function, which counts in its own part; the trace was judged "
    "on your graph as it is."
)
GRAPH_UNDEFINED = (
    "Your graph has no finite value at the point of the trace; mend the graph first, and then "
    "trace it."
)
NOT_A_PAIR = "Expected two numbers, the value and the derivative."
ROUNDED = (
    "Every number is nearly right: keep four decimals in each of them, also in the intermediate "
    "results."
)
OTHER_MODE_REVERSE = (
    "The second numbers are derivatives of the output by each node; forward mode asks for the "
    "derivative of each node by the input."
)
OTHER_MODE_FORWARD = (
    "The second numbers are derivatives of each node by the input; reverse mode asks for the "
    "derivative of the output by each node."
)


# ---- graphs --------------------------------------------------------------------------------------


def not_rows(found: str) -> str:
    """Return the sentence for a graph that is no list."""
    return f"A value of type {found} came back; expected a list of rows (node, op, inputs)."


def too_many_rows(count: int, limit: int) -> str:
    """Return the sentence for more rows than can be meant."""
    return f"{count} rows came back; at most {limit} are looked at."


def not_a_row(number: int, found: str) -> str:
    """Return the sentence for a row of another form."""
    return (
        f"Row {number} is {found}; expected (node, op, inputs), such as ('v3', 'mul', "
        "['v1', 'x2']), with short names."
    )


def names_an_input(number: int, name: str) -> str:
    """Return the sentence for a node with the name of an input."""
    return f"Row {number} is called {name}, which is an input; give the node another name."


def row_for_input(number: int, name: str, operation: str) -> str:
    """Return the sentence for a row that only repeats an input or a number."""
    return (
        f"Row {number} ({name}) has the op {operation!r}; inputs and numbers need no row: write "
        "them where they are used."
    )


def defined_twice(number: int, name: str, first: int) -> str:
    """Return the sentence for two rows with one name."""
    return f"Row {number} is called {name}, as row {first} is; every node needs its own name."


def odd_operand(number: int, name: str, found: str) -> str:
    """Return the sentence for an operand that is neither a name nor a number."""
    return f"Row {number} ({name}) uses {found}; expected inputs, finite numbers or earlier nodes."


def uses_itself(number: int, name: str) -> str:
    """Return the sentence for a row that uses its own node."""
    return f"Row {number} ({name}) uses {name} itself: a computation graph has no cycle."


def used_too_early(number: int, name: str, operand: str, later: int) -> str:
    """Return the sentence for an operand that is defined further down."""
    return (
        f"Row {number} ({name}) uses {operand}, which is defined only in row {later}: put every "
        "row after those that it uses; if that cannot be done, the graph has a cycle."
    )


def unknown_name(number: int, name: str, operand: str, meant: str) -> str:
    """Return the sentence for an operand that is not known; `meant` is one that looks like it."""
    hint = f"; is {meant} meant?" if meant else "."
    return f"Row {number} ({name}) uses {operand}, which is neither an input nor a node{hint}"


def unknown_operation(
    number: int, name: str, found: str, allowed: Sequence[str], meant: str
) -> str:
    """Return the sentence for an operation that is not allowed."""
    hint = f" Is {meant} meant?" if meant else ""
    return (
        f"Row {number} ({name}) has the op {found!r}; expected one of {', '.join(allowed)}.{hint}"
    )


def operand_count(
    number: int, name: str, operation: str, found: int, least: int, most: int | None
) -> str:
    """Return the sentence for too few or too many operands."""
    asked = f"{least}" if most == least else f"at least {least}"
    return f"Row {number} ({name}): {operation} takes {asked}, found {counted(found, 'input')}."


def operands_do_not_fit(row: str, why: str) -> str:
    """Return the sentence for vectors and matrices whose shapes do not fit."""
    return f"{row} cannot be evaluated: {why.rstrip('.')}."


def graph_right(rows: int, output: str) -> str:
    """Return the summary of a right graph."""
    return (
        f"Right: evaluating your {counted(rows, 'row')} gives the function; {output} is the output."
    )


def nodes_right(count: int) -> str:
    """Return the summary of a graph whose named nodes are all right."""
    return f"Right: evaluating your graph gives each of the {count} quantities."


def graph_wrong(output: str, seen: str, wanted: str, point: str) -> str:
    """Return the sentence for a graph with another value than the function."""
    return f"The last row, {output}, is {seen} at {point}; the function is {wanted} there."


def undefined_there(row: str, point: str) -> str:
    """Return the sentence for a row without a finite value, where the function has one."""
    return f"{row} has no finite value at {point}, where the function has one."


def no_node(name: str) -> str:
    """Return the sentence for a node that has to be there."""
    return f"No row is called {name}."


def unused_rows(names: Sequence[str]) -> str:
    """Return the note on rows that lead to nothing."""
    return f"Not used for the result, and free to stay: {listed(names, 5)}."


def graph_title(part: str) -> str:
    """Return the title of the figure of a graph."""
    return f"{part}: your graph"


def graph_in_words(rows: Sequence[str]) -> str:
    """Return a graph in words: its rows."""
    return f"{'; '.join(rows)}."


def states_in_words(states: Mapping[str, str]) -> str:
    """Return what a figure shows by its marks: which nodes are right, wrong, or follow."""
    told = []
    for state, word in (("right", "Right"), ("wrong", "Wrong"), ("follows", "Follows")):
        names = [name for name, found in states.items() if found == state]
        told += [f"{word}: {', '.join(names)}."] if names else []
    return " ".join(told)


# ---- traces --------------------------------------------------------------------------------------


def not_a_trace(found: str) -> str:
    """Return the sentence for a trace that is no dict."""
    return (
        f"The trace is a value of type {found}; expected a dict from the names of your nodes to "
        "pairs of numbers."
    )


def no_graph(function: str, why: str) -> str:
    """Return the sentence for a trace whose graph cannot be evaluated."""
    return f"The trace is judged on your own graph, and {function} gives none. {why}"


def graph_too_small(found: int, least: int) -> str:
    """Return the sentence for a wrong graph with too few nodes to be worth tracing."""
    return (
        "Your graph does not compute the function, and its trace would be too short to count: it "
        f"has {counted(found, 'operation')} on the way from inputs to output; expected at least "
        f"{least}."
    )


def easier_graph(lacking: Sequence[str], share: str) -> str:
    """Return the sentence for a wrong graph that lacks some of what is hard in a right one.

    `share` is what its trace can still earn, such as 3/4; empty for nothing.
    """
    words = {
        "product": "a product or quotient of two quantities",
        "trigonometric": "a sine or cosine",
        "exponential": "an exponential, logarithm or power",
        "shared": "a quantity that is used twice",
    }
    missing = [words[name] for name in lacking]
    told = " and ".join([", ".join(missing[:-1]), missing[-1]] if len(missing) > 1 else missing)
    earns = f"{share} of the points" if share else "nothing"
    return f"It lacks {told}, so that its trace can earn {earns}."


def copied_rows(names: Sequence[str]) -> str:
    """Return the note on rows that have no share."""
    return f"Rows that only copy another have no share: {listed(names, 5)}."


def no_data(function: str, why: str) -> str:
    """Return the sentence for a function that gives no data."""
    return f"{function} returned something that is not data: {why.rstrip('.')}."


def inputs_without_effect(names: Sequence[str]) -> str:
    """Return the sentence for a wrong graph in which an input makes no difference."""
    verb = "makes" if len(names) == 1 else "make"
    return (
        f"Your graph does not compute the function, and {' and '.join(names)} {verb} no "
        "difference in it; mend the graph first, and then trace it."
    )


def trace_right(mode: str, count: int) -> str:
    """Return the summary of a right trace."""
    return f"Right: {counted(count, 'row')} of {mode} mode, value and {what(mode, 1)}."


def what(mode: str, place: int) -> str:
    """Return what a number of a row is called."""
    if place == 0:
        return "value"
    return "tangent" if mode == "forward" else "adjoint"


def missing_row(name: str, meant: str) -> str:
    """Return the sentence for a node without a row in the trace."""
    hint = f" Is {meant} meant for it?" if meant else ""
    return f"The trace has no row for {name}.{hint}"


def wrong_number(number: str, seen: str, wanted: str) -> str:
    """Return the sentence for a wrong number; `wanted` is empty where it is not given away."""
    expected = f"expected {wanted}" if wanted else "it does not follow from the rows around it"
    return f"The {number} is {seen}; {expected}."


def only_path(name: str, user: str, paths: int) -> str:
    """Return the hint where one of several contributions to an adjoint was taken for the sum."""
    return (
        f"That is the contribution of {user} alone; {name} is used by {paths} nodes, and its "
        "adjoint is the sum over all of them."
    )


def swapped(mode: str) -> str:
    """Return the sentence for pairs in the other order."""
    return f"The numbers of each pair are swapped: the value comes first, then the {what(mode, 1)}."


def other_input(found: str, wanted: str) -> str:
    """Return the sentence for tangents in the direction of another input."""
    return f"The second numbers are derivatives by {found}; expected those by {wanted}."


def beside_wrong(names: Sequence[str]) -> str:
    """Return the note on wrong rows of nodes that do not matter for the output."""
    verb = "is" if len(names) == 1 else "are"
    return f"Of the rows that do not count, {', '.join(names[:5])} {verb} wrong."


# ---- quantities ----------------------------------------------------------------------------------


def not_a_dict(found: str, keys: Sequence[str]) -> str:
    """Return the sentence for an answer that is no dict."""
    return f"A value of type {found} came back; expected a dict with the keys {', '.join(keys)}."


def taken_in_order(names: Sequence[str]) -> str:
    """Return the note on a list where a dict was asked for."""
    return f"A list came back; its items were taken for {', '.join(names)}, in this order."


def missing_quantity(name: str, meant: str) -> str:
    """Return the sentence for a key that is not there."""
    hint = f" Is {meant!r} meant for it?" if meant else ""
    return f"There is no {name} in the answer.{hint}"


def extra_keys(names: Sequence[str]) -> str:
    """Return the note on keys that nothing is known of."""
    return f"Not looked at: {', '.join(names)}."


def optional_wrong(names: Sequence[str]) -> str:
    """Return the note on wrong quantities that were not asked for."""
    verb = "is" if len(names) == 1 else "are"
    return f"{listed(names)} {verb} wrong, which costs nothing."


def follows_from(origins: Sequence[str]) -> str:
    """Return why a quantity that is not right is credited."""
    many = listed(origins) if len(origins) > 8 else " and ".join(origins)
    return f"Credited: it follows from your {many}."


def credited(names: Sequence[str]) -> str:
    """Return what is credited, since it follows from earlier steps."""
    return f"Credited, as following from your earlier steps: {listed(names)}."


def first_wrong(mode: str, name: str, says: str) -> str:
    """Return the sentence that names the first wrong step in the order of the visit."""
    order = {
        "values": "evaluation",
        "tangents": "forward mode",
        "forward": "forward mode",
        "adjoints": "reverse mode",
        "reverse": "reverse mode",
    }[mode]
    return f"First wrong in the order of {order}: {name}. {says}"


def visit_title(mode: str) -> str:
    """Return the title of the figure of quantities."""
    return {
        "values": "The quantities in the order of evaluation",
        "tangents": "Values and tangents in the order of forward mode",
        "adjoints": "Adjoints in the order of reverse mode",
    }[mode]
