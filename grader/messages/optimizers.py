"""Sentences about optimizers, and about code that a part forbids."""

from __future__ import annotations

from collections.abc import Mapping

from grader.messages.results import index_text, two_numbers

NO_GRAD = (
    "Parameters require gradients, so that they are changed in place under torch.no_grad() only."
)
TIME_FROM_ONE = "With t = 0 in the first step, 1 - beta^t is 0: count the steps from 1."
SINGLE = (
    "Note: the state is kept in single precision; torch.zeros_like(p) takes the precision of p."
)
UNUSED = (
    "Note: step() stops if a parameter has no gradient (p.grad is None), as one that takes no part "
    "in the loss; torch's optimizers pass over it."
)
NOT_IN_PLACE = (
    "The parameters do not move. step() has to change each parameter itself, in place, as p -= … "
    "or p.copy_(…) do; p = p - … only gives the name p to a new tensor."
)
GENERATOR = (
    "The parameters do not move if they are given as a generator, which can be gone through only "
    "once: keep list(params)."
)
ZERO_GRAD = (
    "The update rule is right, but zero_grad() leaves gradients as they were, so that those of all "
    "steps add up: set p.grad to None, or call p.grad.zero_(), for every parameter."
)
STATE_ON_THE_CLASS = (
    "The first run is right, and every later one is wrong from its first step: the state of one "
    "optimizer is still there when the next one is made. Is it an attribute of the class, a global "
    "variable or a default argument? Make it in __init__, for each instance."
)
UNWATCHED = (
    "While it ran, the code replaced or removed the function set by sys.setprofile, by which calls "
    "of what may not be used are seen. Take out what does so, a profiler perhaps."
)
UNREADABLE = "What came back of this run is no trajectory of the parameters."

_places = {
    "outside": "",
    "inside": "ε was found inside the root, √(s + ε), which is right as well.",
    "efficient": (
        "The order of section 2 of the paper was found, lr √(1-β₂ᵗ)/(1-β₁ᵗ) · m / (√v + ε), which "
        "is right as well."
    ),
    "efficient-inside": (
        "The order of section 2 of the paper was found, with ε inside the root, "
        "lr √(1-β₂ᵗ)/(1-β₁ᵗ) · m / √(v + ε), which is right as well."
    ),
}
_mistakes = {
    "without-root": (
        "The root is missing: the step divides by the accumulated squares themselves instead of "
        "by their square root."
    ),
    "eps-added-to-step": (
        "ε is added to the step instead of to the denominator. It is there to keep the denominator "
        "away from zero, and a parameter whose gradient is zero must not move."
    ),
    "without-eps": (
        "ε is missing: a parameter whose gradient is zero gets 0/0, which is NaN. Add ε to the "
        "denominator."
    ),
    "eps-fixed": "The rule is right, but it works with an ε of its own: use the argument eps.",
    "average-one-late": (
        "The step uses the accumulated squares from before this gradient: update them first, then "
        "divide by their root."
    ),
    "started-at-one": "The accumulated squares start at one; they start at zero.",
    "gradient-not-squared": "The gradients are accumulated as they are; their squares should be.",
    "decaying-sum": (
        "The sum of squares decays, as in RMSprop. Adagrad adds up all squares since the first "
        "step and forgets nothing: s += g²."
    ),
    "learning-rate-for-decay": (
        "The new square enters the average with the learning rate as its weight; the weight is "
        "1 - alpha. (With lr = 0.01 and alpha = 0.99 the two are the same.)"
    ),
    "decay-swapped": (
        "alpha and 1 - alpha have changed places: alpha is the weight of the old average."
    ),
    "sum-not-average": (
        "The new term enters with weight 1: an average weighs the old value with the decay rate "
        "and the new one with 1 minus that rate."
    ),
    "no-bias-correction": (
        "The bias correction is missing: Algorithm 1 divides the first moment by 1 - β₁ᵗ and the "
        "second by 1 - β₂ᵗ."
    ),
    "first-not-corrected": (
        "Only the second moment is corrected for its bias; divide the first one by 1 - β₁ᵗ."
    ),
    "second-not-corrected": (
        "Only the first moment is corrected for its bias; divide the second one by 1 - β₂ᵗ."
    ),
    "power-missing": (
        "The correction divides by 1 - β in every step. It should be 1 - βᵗ, t being the number of "
        "the step: the two agree in the first step only."
    ),
    "time-per-parameter": (
        "t is counted up once for each parameter. It is the number of the step: count it up once "
        "in step(), before going through the parameters."
    ),
    "time-one-behind": (
        "The correction uses t - 1, which makes 1 - βᵗ zero in the first step: count t up before "
        "it is used."
    ),
    "time-one-ahead": ("The correction uses t + 1: in the first step t is 1."),
    "second-moment-of-first": (
        "The second moment is made from the squares of the first moment; it is the average of the "
        "squared gradients, g²."
    ),
    "betas-swapped": (
        "The two betas have changed places: the first is the decay of the gradients' average, the "
        "second that of the squares."
    ),
    "corrected-kept": (
        "The corrected moments are kept for the next step. Keep m and v as they are, and correct "
        "copies of them: m̂ and v̂ serve one step only."
    ),
    "state-by-shape": (
        "Parameters of the same shape share their state. Each parameter needs its own: keep it in "
        "a list in the order of the parameters, or by id(p)."
    ),
}


def right(rule: str, steps: int, placement: str) -> str:
    """Return the summary of an optimizer that is right, and how it places ε."""
    says = (
        f"Right: it takes the same steps as torch.optim.{rule}, up to {steps} of them on each "
        "function."
    )
    return f"{says} {_places[placement]}".strip()


def mistake(name: str) -> str:
    """Return the sentence for a known mistake."""
    return _mistakes[name]


def differs(
    objective: str, step: int, parameter: int, index: tuple[int, ...], seen: float, expected: float
) -> str:
    """Return the sentence for a trajectory that is none of those known."""
    found, wanted = two_numbers(seen, expected)
    where = f"entry {index_text(index)} of parameter {parameter}" if index else "the parameter"
    return f"{differs_hidden(objective, step)} There {where} is {found}; expected {wanted}."


def differs_hidden(objective: str, step: int) -> str:
    """Return the same without numbers."""
    since = "from the first step on" if step == 1 else f"from step {step} on"
    return f"On a {objective}, the parameters go another way {since}."


def signature(name: str, found: str, options: Mapping[str, object]) -> str:
    """Return the sentence for a class that cannot be made with its arguments."""
    wanted = ", ".join(["params", *options])
    return f"{name} should be made as {name}({wanted}); it is {name}{found}."


def made(name: str, options: Mapping[str, object], form: str, steps: int, objective: str) -> str:
    """Return a line that says what a case does."""
    given = ", ".join(f"{key}={value!r}" for key, value in options.items())
    params = "iter(params)" if form == "generator" else "params"
    return f"{name}({params}, {given}), {steps} steps on a {objective}"


def named(name: str, file: str, line: int) -> str:
    """Return the sentence for code that names what its part forbids."""
    return (
        f"Line {line} of {file} names {name}, which may not be used here. Comparisons with it can "
        "stand in a file that this one does not import."
    )


def names_grader(file: str, line: int) -> str:
    """Return the sentence for code that names the grader."""
    return (
        f"Line {line} of {file} names grader, the program that grades. No solution needs it: take "
        "it out."
    )


def reached(name: str) -> str:
    """Return the sentence for code that reached what its part forbids while it ran."""
    return f"The code does not name it, but while it ran it reached {name}, which may not be used."
