"""Every sentence that a student can read, in one catalogue.

A message says what was found, what was expected, and what to do next; plain words, no blame.  The
kinds fill in the names and numbers; the reports print the result as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction
from math import floor


def points_text(points: Fraction) -> str:
    """Return points as a decimal with at most two places, cut and never rounded up.

    >>> points_text(Fraction(5)), points_text(Fraction(5, 2)), points_text(Fraction(44, 9))
    ('5', '2.5', '4.88')
    """
    hundredths = floor(abs(points) * 100)
    text = f"{hundredths // 100}.{hundredths % 100:02d}".rstrip("0").rstrip(".")
    return f"-{text}" if points < 0 and hundredths else text


def counted(number: Fraction | int, one: str, many: str = "") -> str:
    """Return a number with its noun, which gets an s unless its plural is given.

    >>> counted(1, "point"), counted(Fraction(1, 2), "point"), counted(2, "query", "queries")
    ('1 point', '0.5 points', '2 queries')
    """
    return f"{points_text(Fraction(number))} {one if number == 1 else many or f'{one}s'}"


# ---- what came back ---------------------------------------------------------------------------

RETURNED_NONE = "The function returned None; is there a return statement on every path?"
RETURNED_RAGGED = "The lists that came back have rows of different lengths; they form no array."


def returned_text(text: str) -> str:
    """Return the sentence for text where numbers were expected."""
    return f"Text came back ({text[:40]!r}); numbers were expected."


def returned_type(name: str) -> str:
    """Return the sentence for a container that holds no array."""
    return f"A {name} came back; a number, a list or an array was expected."


def returned_mixed(name: str) -> str:
    """Return the sentence for a list with something that is not a number."""
    return f"Among the numbers that came back there is {name}."


def wrong_shape(observed: tuple[int, ...], expected: tuple[int, ...]) -> str:
    """Return the sentence for a shape that does not match."""
    return f"The result has shape {shape_text(observed)}; expected {shape_text(expected)}."


def accepted_shape(observed: tuple[int, ...], expected: tuple[int, ...]) -> str:
    """Return the note for a harmless shape."""
    return f"Shape {shape_text(observed)} was read as {shape_text(expected)}."


def shape_text(shape: tuple[int, ...]) -> str:
    """Return a shape in words: "() (a single number)" for none."""
    return str(shape) if shape else "() (a single number)"


def not_finite(value: object, count: int, size: int) -> str:
    """Return the sentence for NaN or infinity where a finite number was expected."""
    if size == 1:
        return f"The result is {value}; a finite number was expected."
    return f"{count} of {size} entries are not finite numbers; the first is {value}."


def wrong_values(
    count: int, size: int, worst: tuple[int, ...], observed: object, expected: object
) -> str:
    """Return the sentence for values that differ."""
    seen, there = two_numbers(observed, expected)
    if size == 1:
        return f"The result is {seen}; expected {there}."
    return (
        f"{count} of {size} entries differ; the farthest off is entry {index_text(worst)}: "
        f"{seen} where {there} was expected."
    )


def two_numbers(observed: object, expected: object) -> tuple[str, str]:
    """Return two numbers with as many digits as it takes to tell them apart."""
    texts = f"{observed:.10g}", f"{expected:.10g}"
    return texts if texts[0] != texts[1] else (f"{observed:.17g}", f"{expected:.17g}")


def index_text(index: tuple[int, ...]) -> str:
    """Return an index as it is written in Python: [0, 1]."""
    return f"[{', '.join(map(str, index))}]"


# ---- diagnosis --------------------------------------------------------------------------------

ALWAYS_NOT_FINITE = (
    "Every case has NaN or infinity in it: look for a division by zero, a logarithm of a number "
    "that is not positive, or an overflow in exp."
)
ALWAYS_ZERO = "The result is zero in every case."
SIGN = "Every value is right but for its sign: a minus is missing, or there is one too many."
TRANSPOSED = "The result is the transpose of what was expected."
MEAN_FOR_SUM = "Every value is divided by the number of rows: a mean stands where a sum belongs."
SUM_FOR_MEAN = "Every value is multiplied by the number of rows: a sum stands where a mean belongs."
REVERSED = "The entries are right but stand in reversed order along the first axis."
OFF_BY_ONE = "The rows are right but shifted by one."
NEARLY = (
    "The values are close but not close enough: a constant was rounded, a step was taken by a "
    "finite difference, or lower precision was used on the way."
)


def factor(ratio: str) -> str:
    """Return the sentence for a constant factor."""
    return f"Every value is {ratio} times what was expected: look for a constant factor."


def permuted_axes(order: tuple[int, ...]) -> str:
    """Return the sentence for axes in another order than expected."""
    last_two = (*range(len(order) - 2), len(order) - 1, len(order) - 2)
    if order == last_two:
        return "The last two axes of the result are swapped."
    return f"The axes of the result are in another order: it is the right one, transposed{order}."


def constant_offset(offset: float, entry: tuple[int, ...] | None = None) -> str:
    """Return the sentence for the same number added in every case, everywhere or in one entry."""
    side = "too large" if offset > 0 else "too small"
    which = "Every value" if entry is None else f"Only entry {index_text(entry)} is wrong: it"
    return f"{which} is {side} by {abs(offset):.6g}: look for a constant term."


def missing_input(name: str, multiple: float, times: str = "") -> str:
    """Return the sentence for a term that is a multiple of an input, or a product of two."""
    number = {1.0: "", -1.0: "-"}.get(float(multiple), f"{multiple:g}·")
    term = f"{number}{times}·{name}" if times else f"{number}{name}"
    return f"What is missing in every case is the term {term}."


def wrong_entries(entries: list[tuple[int, ...]], size: int) -> str:
    """Return the sentence for entries that are wrong while the others are right."""
    shown = ", ".join(index_text(entry) for entry in entries[:4])
    more = f" and {len(entries) - 4} more" if len(entries) > 4 else ""
    noun, verb = ("Entry", "is") if len(entries) == 1 else ("Entries", "are")
    return f"{noun} {shown}{more} of {size} {verb} wrong; the others are right in every case."


# ---- how a call ended -------------------------------------------------------------------------

NOT_GRADED = "Not graded yet."
ASSERTION = "An assertion of the test does not hold."
NOTHING_VISIBLE = "All cases of this part are hidden; it is judged when it is graded."
ONLY_HIDDEN = "The cases shown below are right, but hidden ones are not."
DATA = "Numbers, text, lists, tuples, NumPy arrays and torch tensors are."
NO_DOT = "The files are no package: import one from another without the dot."
NONE_SHOWN = "The cases of this part are hidden, and not all of them are right."


def all_right(cases: int) -> str:
    """Return the summary of a part that is right."""
    return "Right." if cases == 1 else f"Right in all {cases} cases."


def some_right(right: int, total: int) -> str:
    """Return how many cases are right."""
    return f"({right} of {total} cases are right.)"


def at_line(file: str, line: int) -> str:
    """Return where in the submission something happened."""
    return f" in line {line} of {file}"


def not_there_yet(function: str) -> str:
    """Return the sentence for a function that still raises NotImplementedError."""
    return f"Not there yet: {function} still raises NotImplementedError."


def one_line(message: str, limit: int = 300) -> str:
    """Return the text of an exception as one line, for a summary."""
    text = " ".join(message.split())
    return text if len(text) <= limit else f"{text[:limit].rstrip()} …"


def raised(function: str, error: str, message: str, at: str) -> str:
    """Return the sentence for an exception."""
    detail = f": {one_line(message)}" if message else ""
    says = f"{function} stopped with {error}{at}{detail}".rstrip(".") + "."
    return f"{says} {import_advice(error, message)}".strip()


def not_imported(file: str, error: str, message: str, at: str) -> str:
    """Return the sentence for a file that cannot be imported."""
    detail = f": {one_line(message)}" if message else ""
    says = f"{file} cannot be imported; it stops with {error}{at}{detail}".rstrip(".") + "."
    return f"{says} {import_advice(error, message)}".strip()


def import_advice(error: str, message: str) -> str:
    """Return what to do about an import that failed; nothing for any other exception."""
    missing = re.match(r"No module named '([\w.]{1,100})'", message)
    if error == "ModuleNotFoundError" and missing:
        return (
            f"{missing[1]} is neither installed where this ran nor a file of the submission: "
            "hand it in, or do without it."
        )
    return NO_DOT if error == "ImportError" and "relative import" in message else ""


def not_data(function: str, message: str) -> str:
    """Return the sentence for a result that cannot be compared."""
    detail = one_line(message) or "what it returned cannot be compared"
    says = f"{function} returned something that is not data: {detail}."
    return f"{says} {DATA}" if detail.startswith("a value of type ") else says


def missing(detail: str) -> str:
    """Return the sentence for a file or function that is not there."""
    text = detail or "Not found in the submission"
    return text if text.endswith((".", "?", "!")) else f"{text}."


def timed_out(function: str, detail: str) -> str:
    """Return the sentence for a call beyond its time."""
    return f"{function} did not finish in time. {as_sentence(detail)}".strip()


def out_of_memory(function: str, detail: str) -> str:
    """Return the sentence for a call beyond its memory."""
    return f"{function} used more memory than it may. {as_sentence(detail)}".strip()


def died(function: str, detail: str) -> str:
    """Return the sentence for a call that ended the process."""
    return f"{function} ended the process in which it ran. {as_sentence(detail)}".strip()


def not_run(detail: str) -> str:
    """Return the sentence for a call that was not made."""
    return as_sentence(detail) or "Not run: an earlier case of this part used up its limits."


def as_sentence(text: str) -> str:
    """Return a remark with a capital in front and a full stop behind it."""
    return f"{text[0].upper()}{text[1:].rstrip('.')}." if text else ""


def changed_inputs(names: list[str]) -> str:
    """Return the note for arguments that were changed in place."""
    return f"Note: the call changes its input {' and '.join(names)} in place."


# ---- stationary points ------------------------------------------------------------------------

NO_POINTS = "No point came back."
POINTS_NOT_FINITE = "Among the coordinates there are numbers that are not finite or not real."
LABELS_EXPECTED = "Expected a list of words such as 'saddle', one for each point."
FOLLOWS = "It follows from your own Hessian, whose mistake is counted in its own part."
BOTH_RIGHT = "Right: the Hessian and the classification."


def point_text(point: Iterable[float], digits: int = 10) -> str:
    """Return a point as (0.375, -0.75)."""
    return f"({', '.join(f'{float(x):.{digits}g}' for x in point)})"


def at_point(point: Iterable[float]) -> str:
    """Return where a matrix belongs."""
    return f"At {point_text(point)}."


def points_shape(shape: tuple[int, ...], dimension: int) -> str:
    """Return the sentence for an array that is not a list of points."""
    return (
        f"The result has shape {shape_text(shape)}; expected (k, {dimension}): "
        f"one row of {dimension} numbers for each point."
    )


def too_many_points(count: int, limit: int) -> str:
    """Return the sentence for more points than can be meant."""
    return f"{count} points came back; at most {limit} are looked at."


def points_asked(wanted: int, *, exactly: bool) -> str:
    """Return how many points are asked for."""
    asked = counted(wanted, "stationary point", "stationary points")
    return f"{'exactly' if exactly else 'at least'} {asked}"


def points_found(count: int) -> str:
    """Return the summary of a right set of points."""
    return f"Right: {counted(count, 'stationary point', 'stationary points')}."


def points_missing(found: int, wanted: int, *, exactly: bool) -> str:
    """Return the sentence for too few points."""
    asked = f"{wanted}" if exactly else f"at least {wanted}"
    seen = counted(found, "different stationary point", "different stationary points")
    return f"{seen} found; expected {asked}."


def point_twice(point: Iterable[float]) -> str:
    """Return the sentence for a point that is repeated."""
    return f"{point_text(point)} stands more than once and counts once."


def false_point(point: Iterable[float], gradient: Iterable[float]) -> str:
    """Return the sentence for a point that is not stationary."""
    slope = point_text(gradient, 6)
    return f"{point_text(point)} is not stationary: the gradient there is {slope}."


def nearest_point(nearest: Iterable[float], distance: float) -> str:
    """Return the sentence that leads from a false point to a true one."""
    return f"The nearest stationary point is {point_text(nearest)}, {distance:.2g} away."


def more_false_points(count: int) -> str:
    """Return the sentence for false points beyond those that are named one by one."""
    return f"{count} further {'point is' if count == 1 else 'points are'} not stationary either."


def hessian_count(found: int, wanted: int) -> str:
    """Return the sentence for a number of matrices that does not match the points."""
    came, there = counted(found, "matrix", "matrices"), counted(wanted, "point", "points")
    return f"{came} came back for {there}; expected one for each, in their order."


def hessians_follow(count: int) -> str:
    """Return the summary where some matrices follow from the student's own Hessian."""
    noun = "matrix follows" if count == 1 else "matrices follow"
    return f"Credited: {count} {noun} from your own Hessian, whose mistake counts in its own part."


def too_few_hessians(right: int, wanted: int) -> str:
    """Return the sentence for right matrices at too few points."""
    return f"{right} right, at different points; expected at least {wanted}."


def label_count(found: int, wanted: int) -> str:
    """Return the sentence for a number of labels that does not match the points."""
    came, there = counted(found, "label", "labels"), counted(wanted, "point", "points")
    return f"{came} came back for {there}; expected one for each, in their order."


def not_classified(point: Iterable[float]) -> str:
    """Return the sentence for a label at a point that is not stationary."""
    return f"{point_text(point)} is not a stationary point, so no label is right there."


def wrong_label(point: Iterable[float], label: str, wanted: str) -> str:
    """Return the sentence for a wrong label; `wanted` is empty where it is not to be given away."""
    expected = f"expected {wanted}" if wanted else "the eigenvalues of the Hessian say otherwise"
    return f"At {point_text(point)}: {label[:40]!r}; {expected}."


def must_include(point: Iterable[float]) -> str:
    """Return the sentence for a point without which there is no full credit."""
    return f"{point_text(point)} has to be among the points."


def no_function(name: str, file: str) -> str:
    """Return the sentence for a function that is not there."""
    return f"{file} has no function {name}."


# ---- autograd frameworks ----------------------------------------------------------------------

FORWARD = "Forward:"
BACKWARD = "Backward:"
GRAPH_VALUES = "The values are off."
GRAPH_GRADIENTS = "The gradients are off."
BUILD_AND_BACKWARD = "Building this graph and calling backward()"
NO_GRAPH = "No graph could be tried: every one needs a class that is not right yet."


def classes_right(count: int) -> str:
    """Return the summary where every class is right."""
    return f"Right: all {count} classes, forward and backward."


def graphs_right(count: int) -> str:
    """Return the summary where every graph is right."""
    return f"Right on all {count} graphs, at every Variable."


def classes_left_out(names: list[str]) -> str:
    """Return the note on graphs that were left out."""
    return f"Graphs with {', '.join(names)} were left out; those count in their own part."


def no_class(name: str, file: str) -> str:
    """Return the sentence for a class that is not there."""
    return f"{file} has no class {name}."


def partial_count(shape: tuple[int, ...], wanted: int) -> str:
    """Return the sentence for a list of partial derivatives of the wrong length."""
    noun = "partial derivative" if wanted == 1 else "partial derivatives"
    return f"Backward: expected a list of {wanted} {noun}, found shape {shape_text(shape)}."


def wrong_partial(name: str, observed: object, expected: float, hint: str = "") -> str:
    """Return the sentence for a wrong partial derivative; one that does not exist is NaN."""
    if expected != expected:
        there = f"{observed:.10g}; it does not exist there, so that 0 or nan was expected"
        return f"Backward: the partial derivative by {name} is {there}."
    seen, there = two_numbers(observed, expected)
    says = f"Backward: the partial derivative by {name} is {seen}; expected {there}."
    return f"{says} {hint}".strip()


def wrong_tie(partials: str) -> str:
    """Return the sentence for wrong partial derivatives where both operands are equal."""
    return (
        f"Backward: the operands are equal, and the partial derivatives are {partials}; "
        "expected two numbers from 0 to 1 with the sum 1."
    )


def not_variable(found: str) -> str:
    """Return the sentence for a forward that returns something else than a Variable."""
    return f"Forward: it returned a value of type {found}; a Variable was expected."


def called_on_class(step: str) -> str:
    """Return the hint where forward or backward cannot be called as it is."""
    return f"{step} is called on the class itself, without self: is @staticmethod missing?"


def holds_no_number(name: str, attribute: str, found: str) -> str:
    """Return the sentence for a Variable whose value or gradient is something else."""
    return f"{name}.{attribute} holds a value of type {found}; expected a number."


def wrong_node(
    what: str, name: str, attribute: str, observed: object, expected: object, hint: str
) -> str:
    """Return the sentence for a wrong value or gradient in a graph."""
    seen, there = two_numbers(observed, expected)
    says = f"{what} {name}.{attribute} is {seen}; expected {there}."
    return f"{says} {hint}".strip()


def no_gradient(name: str, attribute: str) -> str:
    """Return the sentence for a Variable without a gradient."""
    return f"{name}.{attribute} is None after backward(); expected a number for every Variable."


def sharing_hint(observed: float, expected: float, uses: int) -> str:
    """Return a hint where a node that is used several times has only a part of its gradient."""
    if uses < 2 or not abs(observed) < abs(expected):  # also where NaN came back
        return ""
    return (
        f"That Variable is used {uses} times: its gradient is the sum over all uses "
        "(+= and not =), and it may be passed on only when the sum is complete."
    )


def exponential(levels: int) -> str:
    """Return the sentence for work that grows with the number of paths."""
    return (
        f"backward() did not finish on {levels} levels of y = y + y. That graph has {levels + 1} "
        f"nodes but 2^{levels} paths: visit each node once, in topological order, "
        "instead of following every path."
    )


def also_wrong(names: list[str]) -> str:
    """Return the sentence that names further checks that failed."""
    return f"Not right either: {', '.join(names)}."


# ---- written answers --------------------------------------------------------------------------

SURVEY_DONE = "Answered; thank you."
DECLARED = "Declared."
WAITS = "Waits for a person to review it."
REVIEWED = "Reviewed."


def unanswered(keys: list[str]) -> str:
    """Return the sentence for keys of answers.yaml without an answer."""
    return f"answers.yaml has no answer for {', '.join(keys)}."


def number_expected(key: str, found: str) -> str:
    """Return the sentence for an answer that is no number."""
    return f"{key}: expected a number, found {found[:60]!r}."


def number_between(key: str, found: str, low: float, high: float) -> str:
    """Return the sentence for a number out of range."""
    return f"{key}: expected a number from {low:g} to {high:g}, found {found[:60]}."


def choice(key: str, found: str, choices: Iterable[str]) -> str:
    """Return the sentence for an answer that is none of the choices."""
    return f"{key}: expected one of {', '.join(choices)}; found {found[:60]!r}."


def must_be_true(keys: list[str]) -> str:
    """Return the sentence for statements that have to be true."""
    return f"{', '.join(keys)} has to be true."


def handed_in(files: list[str], key: str) -> str:
    """Return what was handed in for a part that a person reviews."""
    return f"Handed in: {', '.join(files) if files else f'the text under {key} in answers.yaml'}."


def nothing_handed_in(key: str, patterns: Iterable[str]) -> str:
    """Return the sentence for a part that a person would review, were there anything."""
    files = ", ".join(patterns)
    where = f"a file ({files}) or text under {key} in answers.yaml"
    if not files:
        where = f"text under {key} in answers.yaml"
    return f"Nothing handed in; expected {where}."


# ---- submissions ------------------------------------------------------------------------------

EMPTY_SUBMISSION = "The submission is empty."
CUT = "# … the rest is not shown"


def no_solution(alike: list[str]) -> str:
    """Return the note on a submission without solution.py; `alike` may have been meant."""
    if not alike:
        return "There is no solution.py."
    return f"There is no solution.py; found {', '.join(alike)}. Only solution.py itself is run."


def same_name(name: str) -> str:
    """Return the note on a folder whose name cannot be told from another's."""
    return f"A second folder {name} was ignored: both names read the same; rename one."


def unknown_mark(name: str) -> str:
    """Return the note on marks for somebody who handed nothing in."""
    return f"There are marks for {name}, but no submission of that name."


def link_ignored(name: str) -> str:
    """Return the note on a symbolic link."""
    return f"{name} is a link and was not followed; hand in the file itself."


def stray_file(name: str) -> str:
    """Return the note on a file among the folders of students."""
    return f"{name} was ignored: it is a file, and a submission is a folder."


def not_a_file(name: str) -> str:
    """Return the note on a pipe, a device or the like."""
    return f"{name} was ignored: it is not a regular file."


def cannot_read(name: str, why: str) -> str:
    """Return the note on something that the operating system refuses."""
    return f"{name} cannot be read: {why}."


def not_read(name: str, why: str) -> str:
    """Return the sentence for a file whose text makes no sense."""
    return f"{name} cannot be read: {why}."


def too_large(name: str, size_bytes: int, limit_bytes: int) -> str:
    """Return the sentence for a file beyond the limit."""
    return f"{name} has {mib(size_bytes)} MiB and was not read; at most {mib(limit_bytes)} are."


def too_much(name: str, limit_bytes: int) -> str:
    """Return the sentence for a file that makes a submission too large."""
    return f"{name} was not read: the submission has more than {mib(limit_bytes)} MiB."


def too_many_files(limit: int) -> str:
    """Return the note on files beyond the number that is read."""
    return f"The submission has more than {limit} files and folders; the others were not read."


def too_deep(name: str) -> str:
    """Return the note on a folder that lies too deep."""
    return f"{name} was not read: it lies too many folders deep."


def mib(size_bytes: int) -> str:
    """Return a size in MiB, with one decimal where it is small."""
    size = size_bytes / 2**20
    return f"{size:.0f}" if size >= 10 or size == int(size) else f"{size:.1f}"


def grader_fault(detail: str) -> str:
    """Return the sentence for a fault that is ours."""
    return (
        "The grader failed here, not the submission; nothing was taken off, and it is tried again "
        f"next time. ({detail})"
    )
