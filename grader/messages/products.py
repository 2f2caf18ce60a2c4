"""Sentences about products with the Jacobian, and about operations with forward and backward."""

from __future__ import annotations

from collections.abc import Sequence

from grader.messages.results import shape_text
from grader.messages.text import counted

FORWARD = "Forward"
BACKWARD = "Backward"
PRODUCTS = "forward and backward"
INTERLEAVED = "two calls under way"
UNTOUCHED = "inputs left as they are"
WAITS = "Counts once forward and backward are right."
STATE_ELSEWHERE = (
    "With several calls under way, backward of one used what forward of another had kept. "
    "What backward needs belongs into the context of its own call, not on the class or in a global "
    "variable."
)
INTERLEAVED_STOPPED = (
    "Each call works alone, but with several calls under way backward stops. What "
    "backward needs belongs into the context of its own call, not on the class or in a global "
    "variable."
)
CHANGED_OUTPUT = (
    "backward changes the result of forward in place; what comes after it in the graph still needs "
    "it. Work on a copy, as np.where, np.maximum and * make one."
)


def by_input(name: str) -> str:
    """Return what a gradient is called where there are several."""
    return f"By {name}"


def backward_by(name: str) -> str:
    """Return what a gradient is called beside the value of forward."""
    return f"Backward by {name}"


def labelled(label: str, says: str) -> str:
    """Return a sentence about one of several results."""
    return f"{label}: {says}"


def count_expected(count: int, found: str) -> str:
    """Return the sentence where several arrays were expected and something else came."""
    return f"Expected a tuple of {count} arrays, one gradient for each input; found {found}."


def found_list(length: int) -> str:
    """Return what a list of another length is."""
    return f"a list of length {length}"


def found_array(shape: tuple[int, ...]) -> str:
    """Return what a single array is."""
    return f"one array of shape {shape_text(shape)}"


def found_type(name: str) -> str:
    """Return what anything else is."""
    return f"a value of type {name}"


def groups_right(names: Sequence[str], cases: int) -> str:
    """Return the summary where everything that was judged is right."""
    listed = " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]
    return f"Right: {listed}, in {counted(cases, 'case')}."


def operation_right(cases: int) -> str:
    """Return the summary of a right operation."""
    return f"Right: forward and backward in {counted(cases, 'case')}, alone and interleaved."


def not_on_the_class(name: str, step: str, signature: str, arguments: Sequence[str]) -> str:
    """Return the sentence for a forward or backward that cannot be called as it is."""
    says = (
        f"{name}.{step} is defined as {step}{signature}, but it is called on the class itself, as "
        f"{name}.{step}({', '.join(arguments)})."
    )
    if signature.replace(" ", "").startswith("(self"):
        return (
            f"{says} Put @staticmethod above it and leave out self: nothing is kept on an object."
        )
    return f"{says} Check its parameters, and that @staticmethod stands above it."


def no_step(name: str, step: str) -> str:
    """Return the sentence for a class without forward or backward."""
    return f"{name} has no function {step}."


def context_is_a_dict(says: str) -> str:
    """Return the sentence for a context that is used as an object with attributes."""
    return f"{says} context is a dict: write context['x'] = x, and read context['x']."


def changed(names: Sequence[str]) -> str:
    """Return the sentence for arguments that a call changed in place."""
    listed = " and ".join(names)
    return (
        f"The call changes {listed} in place; whoever passed it still needs it. Work on a copy, as "
        "np.where, np.maximum and * make one."
    )


def at_kink(number: str) -> str:
    """Return the sentence for a derivative at a kink that is on neither side nor between."""
    return (
        f"Backward is right but where an input is {number}: the function has a kink there. "
        "Expected is what the derivative from the left or from the right gives, times the incoming "
        "gradient."
    )


def cut_off(number: str) -> str:
    """Return the sentence for values that are right up to a number, and never larger."""
    return (
        f"Forward: The values are right up to {number}, and all that should be larger are "
        f"{number}. Nothing cuts them off in the function that is asked for."
    )


def two_calls(says: str) -> str:
    """Return what is wrong once two calls are under way."""
    return f"Each call works alone, but not while another is under way. {says}".strip()
