"""The sentences of this topic, to the letter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from grader.messages import costs
from grader.tracing.record import Refusal

from .catalogue import Sentence, check

SENTENCES: Sequence[Sentence] = [
    ("all_right", (4,), {}, "Right: all 4 checks, with the costs measured on your own code."),
    ("sizes_text", (("n", "m"), (3, 2)), {}, "n = 3, m = 2"),
    ("at_sizes", ("n = 3", "It stopped."), {}, "With n = 3: It stopped."),
    (
        "side_by_side",
        ("n²", "2n²", "2n²"),
        {},
        "declared n² · measured 2n² · best known 2n²",
    ),
    (
        "cannot_trace",
        ("f", "cast", " in line 3 of solution.py", 100),
        {},
        (
            "f cannot be followed in line 3 of solution.py: a number is turned into a plain float "
            "or int there, by float(), int(), astype(float) or a function that knows no other "
            "numbers. Drop the conversion; the entries are floats when your code is run."
        ),
    ),
    (
        "cannot_trace",
        ("f", "returned", "", 100),
        {},
        (
            "f cannot be followed: what it returns is no array of numbers. Return an array, a "
            "number or nested lists of numbers of equal length."
        ),
    ),
    (
        "cannot_trace",
        ("f", "length", "", 100),
        {},
        "f cannot be followed: it takes more than 100 steps at these sizes.",
    ),
    (
        "cannot_trace",
        ("f", "constant", " in line 3 of solution.py", 100),
        {},
        (
            "f cannot be followed in line 3 of solution.py: it uses a whole number beyond 2^53. "
            "Use smaller ones, or a float."
        ),
    ),
    (
        "torch_cannot_trace",
        ("f", " in line 3 of solution.py"),
        {},
        (
            "f cannot be followed in line 3 of solution.py: torch computes on memory of its own. "
            "Write this with NumPy or plain Python."
        ),
    ),
    (
        "stopped_while_traced",
        ("f", "TypeError", "no loop.", " in line 3 of solution.py"),
        {},
        (
            "f works with floats, but cannot be followed: TypeError in line 3 of "
            "solution.py: no loop. While its cost is measured its arrays hold objects (dtype "
            "object) that record every operation. Write that line with + - * / **, @, np.dot, "
            "np.outer, np.einsum, np.exp and the like, or as a loop."
        ),
    ),
    (
        "stopped_while_traced",
        ("f", "KeyError", "", ""),
        {},
        (
            "f works with floats, but cannot be followed: KeyError. While its cost is "
            "measured its arrays hold objects (dtype object) that record every operation. Write "
            "that line with + - * / **, @, np.dot, np.outer, np.einsum, np.exp and the like, or as"
            " a loop."
        ),
    ),
    (
        "grows_too_fast",
        ("memory", "n²", "n"),
        {},
        "The memory grows too fast: measured n²; expected O(n).",
    ),
    (
        "grows_too_fast_hidden",
        ("multiplications",),
        {},
        "The number of multiplications grows faster than that of the algorithm asked for.",
    ),
    (
        "growth_right",
        ("2n", "3n + 1", "n"),
        {},
        (
            "Measured for multiplications: 2n; for memory: 3n + 1. Both, additions and other calls "
            "are O(n)."
        ),
    ),
    (
        "outgrows",
        ("memory", "n", ("n = 9", 81), ("n = 30", 900)),
        {},
        (
            "The memory grows too fast: it is 81 with n = 9 and 900 with n = 30, which is faster "
            "than O(n)."
        ),
    ),
    ("no_polynomial", (3,), {}, "no polynomial of degree 3 or less"),
    ("counts_label", ("reverse-memory",), {}, "reverse-memory, as counted"),
    (
        "ended_while_traced",
        ("f", " in line 3 of solution.py"),
        {},
        (
            "f ends the program in line 3 of solution.py while its cost is measured, with "
            "sys.exit(), exit() or quit(). Let it return its value, or raise an exception that says"
            " what is wrong."
        ),
    ),
    (
        "another_way",
        ("f", " in line 3 of solution.py"),
        {},
        (
            "f takes another way when it is recorded: on the same numbers, as floats, it executes "
            "something else in line 3 of solution.py. What is measured has to be what runs: leave "
            "out whatever looks at the type of the entries, or counts its calls."
        ),
    ),
    (
        "declared_everywhere",
        ("max(n, m)", "memory", 18, "n + m"),
        {},
        (
            "Declared max(n, m); your code takes as many numbers at all 18 sizes that were tried; "
            "best known n + m."
        ),
    ),
    (
        "declared_elsewhere",
        ("3nm", "multiplications", "n = 3, m = 20", "180", 249, "3nm"),
        {},
        (
            "Declared 3nm, which is 180 with n = 3, m = 20, but your code was measured to take 249 "
            "multiplications there; best known 3nm."
        ),
    ),
    (
        "best_is_not_yours",
        ("multiplications",),
        {},
        (
            "What is declared is the best known cost, but your code takes more: look for products "
            "that are computed more than once, or entry by entry where a single number would do."
        ),
    ),
    (
        "best_is_not_yours",
        ("memory",),
        {},
        (
            "What is declared is the best known cost, but your code takes more: look for arrays "
            "that are made on the way, such as the second matrix of 2 * A where A *= 2 makes none."
        ),
    ),
    (
        "grows_too_fast",
        ("additions", "n²", "n"),
        {},
        "The number of additions grows too fast: measured n²; expected O(n).",
    ),
    (
        "grows_too_fast",
        ("calls", "n²", "n"),
        {},
        "The number of other calls grows too fast: measured n²; expected O(n).",
    ),
    ("table", ([("n = 3", 12), ("n = 4", 20)],), {}, "12 with n = 3\n20 with n = 4"),
    (
        "varies",
        ("memory", "n = 9", 20, 21),
        {},
        (
            "The memory depends on the values of the inputs, not only on their sizes: with n = 9 "
            "once 20, once 21."
        ),
    ),
    ("not_judged", ("It stopped.",), {}, "Not judged: it stopped."),
    (
        "refused",
        ("f", "forward", 7, 0),
        {},
        (
            "The trace of f proves no cost: event 7 uses a value that is computed only later. "
            "Ordinary arithmetic on the arguments always gives a trace that holds; look for values"
            " that are computed beforehand, kept between calls, or read off the recorded numbers."
        ),
    ),
    (
        "declared_right",
        ("2n", "2n", "2n"),
        {},
        "Declared 2n; your code 2n; best known 2n.",
    ),
    (
        "declared_best",
        ("3n + 1", "3n"),
        {},
        (
            "Declared 3n + 1, the best known; your code does with 3n, which would have been right "
            "as well."
        ),
    ),
    (
        "declared_wrong",
        ("n", "2n", "2n"),
        {},
        "Declared n, but your code was measured to take 2n; best known 2n.",
    ),
    ("by_a_factor", ("0.5",), {}, "The declaration is 0.5 times what was measured."),
    ("by_a_constant", ("1",), {}, "The two differ by 1 at every size."),
    (
        "leading_terms_only",
        ("3n",),
        {},
        "The terms of the highest degree are right; the rest is not: what is missing is 3n.",
    ),
    (
        "declared_too_large",
        ("2n²", "n"),
        {},
        "Declared 2n², which is what your code does; the algorithm asked for is O(n).",
    ),
    (
        "trace_summary",
        (6, 1, 0, 0, 10),
        {},
        "6 multiplications, 1 addition, 0 other calls; at most 10 numbers at once.",
    ),
    (
        "trace_summary",
        (1, 0, 1, 1, 3),
        {},
        "1 multiplication, 0 additions, 1 other call, 1 comparison; at most 3 numbers at once.",
    ),
    ("work_per_node", (2.04,), {}, "backward() did 2.0 multiplications per node."),
    (
        "work_grows",
        (2.0, 4, 5.0, 10),
        {},
        (
            "backward() did 2.0 multiplications per node on 4 levels of y = y * y, and 5.0 on 10: "
            "the work for each node should not grow with the graph."
        ),
    ),
    (
        "work_multiplies",
        (2.003, 8, 510, 10, 2046),
        {},
        (
            "The work of backward() doubles with every level of y = y * y: 510 multiplications on "
            "8 levels, 2046 on 10."
        ),
    ),
    (
        "work_multiplies",
        (3.0, 8, 10, 10, 90),
        {},
        (
            "The work of backward() grows 3.0 times with every level of y = y * y: 10 "
            "multiplications on 8 levels, 90 on 10."
        ),
    ),
    ("trace_title", ("f", "n = 3"), {}, "What f does with n = 3"),
    (
        "trace_in_words",
        (["z1 = v[0] * y[0]", "z2 = z1 + v[0]"],),
        {},
        "The evaluation trace: z1 = v[0] * y[0]; z2 = z1 + v[0].",
    ),
    ("trace_in_words", ([],), {}, "The evaluation trace: nothing is computed."),
    (
        "tried_with",
        ("v (3,)",),
        {},
        (
            "It was called with v (3,). If it takes other shapes, say so: --shape y=m for a vector "
            "of m numbers, --shape A=n,m for a matrix, --shape c= for a single number."
        ),
    ),
    ("asks", ("f", "multiplications"), {}, "How many multiplications your f makes."),
    ("asks", ("f", "memory"), {}, "The most numbers that live at once in your f."),
]
CONSTANTS: Mapping[str, str] = {
    "RIGHT_VALUE": "Right at every size that was tried.",
    "RIGHT_SO_FAR": (
        "Right as far as a self-check goes; the answers in answers.yaml are judged when it is "
        "graded."
    ),
    "NOTHING": "nothing",
    "GROWTH_RIGHT_HIDDEN": (
        "Multiplications, additions, other calls and memory grow as they should."
    ),
    "COMPARES": (
        "The function compares numbers: its counts hold for inputs with which every comparison "
        "comes out as it did here."
    ),
    "EXACT": "The trace was replayed exactly, on inputs that the code had not seen.",
    "IN_DOUBLES": (
        "The trace was replayed in double precision, on inputs that the code had not seen."
    ),
    "ORDER_GIVEN": (
        "An order leaves out constant factors and lower terms; they are asked for here."
    ),
}

REFUSALS = {
    "malformed": "it is not a list of operations as the recorder writes it.",
    "too_long": "it has 7 events; at most 5 are read.",
    "other_inputs": "it claims 7 inputs; the function was given 5.",
    "forward": "event 7 uses a value that is computed only later.",
    "after_release": "event 7 uses a value that was released before.",
    "released_twice": "event 7 releases a value that was released before.",
    "unused_input": "nothing that is returned depends on input 7, but the function does.",
    "other_shape": "what it computes has another shape than the function asked for.",
    "other_function": "done again on other inputs, it gives other values than the function.",
    "other_branch": "its comparisons come out differently for every other input that was tried.",
}


def test_every_sentence_reads_like_this() -> None:
    check(costs, SENTENCES, CONSTANTS)


@pytest.mark.parametrize("why", Refusal)
def test_every_refusal_has_its_own_sentence(why: Refusal) -> None:
    found = costs.refused("f", why, 7, 5)
    assert found.startswith(f"The trace of f proves no cost: {REFUSALS[why]} Ordinary arithmetic")
