"""Sentences about costs: what was measured, what was declared, and why a record proves nothing."""

from __future__ import annotations

from collections.abc import Sequence

RIGHT_VALUE = "Right at every size that was tried."
RIGHT_SO_FAR = (
    "Right as far as a self-check goes; the answers in answers.yaml are judged when it is graded."
)
NOTHING = "nothing"
GROWTH_RIGHT_HIDDEN = "Multiplications, additions, other calls and memory grow as they should."
COMPARES = (
    "The function compares numbers: its counts hold for inputs with which every comparison comes "
    "out as it did here."
)
EXACT = "The trace was replayed exactly, on inputs that the code had not seen."
IN_DOUBLES = "The trace was replayed in double precision, on inputs that the code had not seen."
ORDER_GIVEN = "An order leaves out constant factors and lower terms; they are asked for here."
_best_is_not_yours = {
    "multiplications": (
        "What is declared is the best known cost, but your code takes more: look for products that "
        "are computed more than once, or entry by entry where a single number would do."
    ),
    "memory": (
        "What is declared is the best known cost, but your code takes more: look for arrays that "
        "are made on the way, such as the second matrix of 2 * A where A *= 2 makes none."
    ),
}
_nouns = {
    "multiplications": "The number of multiplications",
    "memory": "The memory",
    "additions": "The number of additions",
    "calls": "The number of other calls",
}
_units = {"multiplications": "multiplications", "memory": "numbers"}


def all_right(checks: int) -> str:
    """Return the summary of a part that is right throughout."""
    return f"Right: all {checks} checks, with the costs measured on your own code."


def sizes_text(names: Sequence[str], sizes: Sequence[int]) -> str:
    """Return sizes as text: n = 3, m = 2."""
    return ", ".join(f"{name} = {size}" for name, size in zip(names, sizes, strict=True))


def at_sizes(sizes: str, says: str) -> str:
    """Return a sentence with the sizes at which it holds."""
    return f"With {sizes}: {says}"


def side_by_side(declared: str, measured: str, best: str) -> str:
    """Return a row of the table of costs."""
    return f"declared {declared} · measured {measured} · best known {best}"


# ---- the code --------------------------------------------------------------------------------


def cannot_trace(function: str, why: str, at: str, limit: int) -> str:
    """Return the sentence for something that leaves no trace; `why` is the recorder's word."""
    if why == "cast":
        return (
            f"{function} cannot be followed{at}: a number is turned into a plain float or int "
            "there, by float(), int(), astype(float) or a function that knows no other numbers. "
            "Drop the conversion; the entries are floats when your code is run."
        )
    if why == "returned":
        return (
            f"{function} cannot be followed: what it returns is no array of numbers. Return an "
            "array, a number or nested lists of numbers of equal length."
        )
    if why == "length":
        return f"{function} cannot be followed: it takes more than {limit} steps at these sizes."
    return (
        f"{function} cannot be followed{at}: it uses a whole number beyond 2^53. Use smaller ones, "
        "or a float."
    )


def torch_cannot_trace(function: str, at: str) -> str:
    """Return the sentence for a call into torch."""
    return (
        f"{function} cannot be followed{at}: torch computes on memory of its own. Write this with "
        "NumPy or plain Python."
    )


def stopped_while_traced(function: str, error: str, message: str, at: str) -> str:
    """Return the sentence for an exception that comes only with recorded numbers."""
    detail = f": {message}" if message else ""
    says = f"{function} works with floats, but cannot be followed: {error}{at}{detail}"
    return (
        f"{says.rstrip('.')}. While its cost is measured its arrays hold objects (dtype object) "
        "that record every operation. Write that line with + - * / **, @, np.dot, np.outer, "
        "np.einsum, np.exp and the like, or as a loop."
    )


def ended_while_traced(function: str, at: str) -> str:
    """Return the sentence for code that leaves Python while it is recorded."""
    return (
        f"{function} ends the program{at} while its cost is measured, with sys.exit(), exit() or "
        "quit(). Let it return its value, or raise an exception that says what is wrong."
    )


def another_way(function: str, at: str) -> str:
    """Return the sentence for code that does something else when it is recorded."""
    return (
        f"{function} takes another way when it is recorded: on the same numbers, as floats, it "
        f"executes something else{at}. What is measured has to be what runs: leave out whatever "
        "looks at the type of the entries, or counts its calls."
    )


def grows_too_fast(quantity: str, measured: str, limit: str) -> str:
    """Return the sentence for code that does more than the algorithm asked for."""
    return f"{_nouns[quantity]} grows too fast: measured {measured}; expected O({limit})."


def grows_too_fast_hidden(quantity: str) -> str:
    """Return the sentence for a student's own check, without the limit."""
    return f"{_nouns[quantity]} grows faster than that of the algorithm asked for."


def outgrows(quantity: str, limit: str, near: tuple[str, int], far: tuple[str, int]) -> str:
    """Return the sentence for counts that are no polynomial, but rise faster than the limit."""
    return (
        f"{_nouns[quantity]} grows too fast: it is {near[1]} with {near[0]} and {far[1]} with "
        f"{far[0]}, which is faster than O({limit})."
    )


def growth_right(multiplications: str, memory: str, limit: str) -> str:
    """Return what was measured where the growth is right."""
    return (
        f"Measured for multiplications: {multiplications}; for memory: {memory}. Both, additions "
        f"and other calls are O({limit})."
    )


def no_polynomial(degree: int) -> str:
    """Return what stands for the expression of counts that have none."""
    return f"no polynomial of degree {degree} or less"


def counts_label(label: str) -> str:
    """Return what the table of a cost is called."""
    return f"{label}, as counted"


def table(rows: Sequence[tuple[str, int]]) -> str:
    """Return counts at several sizes, one a line: 12 with n = 3."""
    return "\n".join(f"{number} with {sizes}" for sizes, number in rows)


def varies(quantity: str, sizes: str, first: int, second: int) -> str:
    """Return the sentence for a count that depends on the values of the inputs."""
    return (
        f"{_nouns[quantity]} depends on the values of the inputs, not only on their sizes: "
        f"with {sizes} once {first}, once {second}."
    )


def not_judged(why: str) -> str:
    """Return the sentence for what cannot be judged because the code cannot."""
    return f"Not judged: {why[:1].lower()}{why[1:]}"


# ---- the record ------------------------------------------------------------------------------

_refusals = {
    "malformed": "it is not a list of operations as the recorder writes it.",
    "too_long": "it has {number} events; at most {more} are read.",
    "other_inputs": "it claims {number} inputs; the function was given {more}.",
    "forward": "event {number} uses a value that is computed only later.",
    "after_release": "event {number} uses a value that was released before.",
    "released_twice": "event {number} releases a value that was released before.",
    "unused_input": "nothing that is returned depends on input {number}, but the function does.",
    "other_shape": "what it computes has another shape than the function asked for.",
    "other_function": "done again on other inputs, it gives other values than the function.",
    "other_branch": "its comparisons come out differently for every other input that was tried.",
}


def refused(function: str, why: str, number: int, more: int) -> str:
    """Return the sentence for a record that proves nothing."""
    detail = _refusals[why].format(number=number, more=more)
    return (
        f"The trace of {function} proves no cost: {detail} Ordinary arithmetic on the arguments "
        "always gives a trace that holds; look for values that are computed beforehand, kept "
        "between calls, or read off the recorded numbers."
    )


# ---- the declarations ------------------------------------------------------------------------


def declared_right(declared: str, measured: str, best: str) -> str:
    """Return the three expressions side by side."""
    return f"Declared {declared}; your code {measured}; best known {best}."


def declared_everywhere(declared: str, quantity: str, sizes: int, best: str) -> str:
    """Return the sentence for an expression that no polynomial is, and that is right everywhere."""
    return (
        f"Declared {declared}; your code takes as many {_units[quantity]} at all {sizes} sizes "
        f"that were tried; best known {best}."
    )


def declared_elsewhere(
    declared: str, quantity: str, sizes: str, value: str, number: int, best: str
) -> str:
    """Return the sentence for a declaration that some of the counts are not."""
    return (
        f"Declared {declared}, which is {value} with {sizes}, but your code was measured to take "
        f"{number} {_units[quantity]} there; best known {best}."
    )


def best_is_not_yours(quantity: str) -> str:
    """Return the hint for the best known cost, declared of code that takes more."""
    return _best_is_not_yours[quantity]


def declared_best(declared: str, measured: str) -> str:
    """Return the note where the best known cost was declared and the code needs less."""
    return (
        f"Declared {declared}, the best known; your code does with {measured}, which would have "
        "been right as well."
    )


def declared_wrong(declared: str, measured: str, best: str) -> str:
    """Return the sentence for a declaration that the code does not bear out."""
    return f"Declared {declared}, but your code was measured to take {measured}; best known {best}."


def by_a_factor(factor: str) -> str:
    """Return the hint for a declaration that is off by a constant factor."""
    return f"The declaration is {factor} times what was measured."


def by_a_constant(difference: str) -> str:
    """Return the hint for a declaration that is off by a constant."""
    return f"The two differ by {difference} at every size."


def leading_terms_only(missing: str) -> str:
    """Return the hint for a declaration that leaves lower terms out."""
    return (
        f"The terms of the highest degree are right; the rest is not: what is missing is {missing}."
    )


def declared_too_large(declared: str, limit: str) -> str:
    """Return the sentence for a declaration that is honest about code that does too much."""
    return (
        f"Declared {declared}, which is what your code does; the algorithm asked for is O({limit})."
    )


# ---- the work of backward() ------------------------------------------------------------------


def work_per_node(multiplications: float) -> str:
    """Return what was measured where the work is linear in the graph."""
    return f"backward() did {multiplications:.1f} multiplications per node."


def work_grows(few: float, first: int, many: float, last: int) -> str:
    """Return what was measured where the work for each node grows with the graph."""
    return (
        f"backward() did {few:.1f} multiplications per node on {first} levels of y = y * y, and "
        f"{many:.1f} on {last}: the work for each node should not grow with the graph."
    )


def work_multiplies(factor: float, levels: int, few: int, more: int, many: int) -> str:
    """Return what was measured where the work follows the paths and not the nodes."""
    times = "doubles" if round(factor, 1) == 2 else f"grows {factor:.1f} times"
    return (
        f"The work of backward() {times} with every level of y = y * y: {few} multiplications on "
        f"{levels} levels, {many} on {more}."
    )


# ---- evaluation traces -----------------------------------------------------------------------


def trace_summary(
    multiplications: int, additions: int, calls: int, comparisons: int, memory: int
) -> str:
    """Return the costs of one run, in a line."""
    more = f", {_counted(comparisons, 'comparison')}" if comparisons else ""
    return (
        f"{_counted(multiplications, 'multiplication')}, {_counted(additions, 'addition')}, "
        f"{_counted(calls, 'other call')}{more}; at most {_counted(memory, 'number')} at once."
    )


def trace_title(function: str, sizes: str) -> str:
    """Return the title of a drawn evaluation trace."""
    return f"What {function} does with {sizes}"


def trace_in_words(operations: Sequence[str]) -> str:
    """Return an evaluation trace in words."""
    return f"The evaluation trace: {'; '.join(operations) or 'nothing is computed'}."


def tried_with(arguments: str) -> str:
    """Return what a function was called with, and how to call it with something else."""
    return (
        f"It was called with {arguments}. If it takes other shapes, say so: --shape y=m for a "
        "vector of m numbers, --shape A=n,m for a matrix, --shape c= for a single number."
    )


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def asks(function: str, quantity: str) -> str:
    """Return what is asked of a cost, on the sheet for answers."""
    if quantity == "memory":
        return f"The most numbers that live at once in your {function}."
    return f"How many multiplications your {function} makes."
