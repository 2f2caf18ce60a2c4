"""The sentences of this topic, to the letter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from grader.kinds.training.update_rules import MISTAKES
from grader.messages import optimizers

from .catalogue import Sentence, check

SENTENCES: Sequence[Sentence] = [
    (
        "right",
        ("Adam", 50, "outside"),
        {},
        ("Right: it takes the same steps as torch.optim.Adam, up to 50 of them on each function."),
    ),
    (
        "right",
        ("RMSprop", 50, "inside"),
        {},
        (
            "Right: it takes the same steps as torch.optim.RMSprop, up to 50 of them on each "
            "function. ε was found inside the root, √(s + ε), which is right as well."
        ),
    ),
    (
        "right",
        ("Adam", 50, "efficient"),
        {},
        (
            "Right: it takes the same steps as torch.optim.Adam, up to 50 of them on each "
            "function. The order of section 2 of the paper was found, lr "
            "√(1-β₂ᵗ)/(1-β₁ᵗ) · m / (√v + ε), which is right as well."
        ),
    ),
    (
        "right",
        ("Adam", 50, "efficient-inside"),
        {},
        (
            "Right: it takes the same steps as torch.optim.Adam, up to 50 of them on each "
            "function. The order of section 2 of the paper was found, with ε inside "
            "the root, lr √(1-β₂ᵗ)/(1-β₁ᵗ) · m / √(v + ε), which is right as well."
        ),
    ),
    (
        "mistake",
        ("without-root",),
        {},
        (
            "The root is missing: the step divides by the accumulated squares "
            "themselves instead of by their square root."
        ),
    ),
    (
        "mistake",
        ("eps-added-to-step",),
        {},
        (
            "ε is added to the step instead of to the denominator. It is there to keep "
            "the denominator away from zero, and a parameter whose gradient is zero "
            "must not move."
        ),
    ),
    (
        "mistake",
        ("without-eps",),
        {},
        (
            "ε is missing: a parameter whose gradient is zero gets 0/0, which is NaN. "
            "Add ε to the denominator."
        ),
    ),
    (
        "mistake",
        ("eps-fixed",),
        {},
        ("The rule is right, but it works with an ε of its own: use the argument eps."),
    ),
    (
        "mistake",
        ("average-one-late",),
        {},
        (
            "The step uses the accumulated squares from before this gradient: update "
            "them first, then divide by their root."
        ),
    ),
    (
        "mistake",
        ("started-at-one",),
        {},
        "The accumulated squares start at one; they start at zero.",
    ),
    (
        "mistake",
        ("gradient-not-squared",),
        {},
        "The gradients are accumulated as they are; their squares should be.",
    ),
    (
        "mistake",
        ("decaying-sum",),
        {},
        (
            "The sum of squares decays, as in RMSprop. Adagrad adds up all squares "
            "since the first step and forgets nothing: s += g²."
        ),
    ),
    (
        "mistake",
        ("learning-rate-for-decay",),
        {},
        (
            "The new square enters the average with the learning rate as its weight; "
            "the weight is 1 - alpha. (With lr = 0.01 and alpha = 0.99 the two are the "
            "same.)"
        ),
    ),
    (
        "mistake",
        ("decay-swapped",),
        {},
        ("alpha and 1 - alpha have changed places: alpha is the weight of the old average."),
    ),
    (
        "mistake",
        ("sum-not-average",),
        {},
        (
            "The new term enters with weight 1: an average weighs the old value with "
            "the decay rate and the new one with 1 minus that rate."
        ),
    ),
    (
        "mistake",
        ("no-bias-correction",),
        {},
        (
            "The bias correction is missing: Algorithm 1 divides the first moment by 1 "
            "- β₁ᵗ and the second by 1 - β₂ᵗ."
        ),
    ),
    (
        "mistake",
        ("first-not-corrected",),
        {},
        ("Only the second moment is corrected for its bias; divide the first one by 1 - β₁ᵗ."),
    ),
    (
        "mistake",
        ("second-not-corrected",),
        {},
        ("Only the first moment is corrected for its bias; divide the second one by 1 - β₂ᵗ."),
    ),
    (
        "mistake",
        ("power-missing",),
        {},
        (
            "The correction divides by 1 - β in every step. It should be 1 - βᵗ, t "
            "being the number of the step: the two agree in the first step only."
        ),
    ),
    (
        "mistake",
        ("time-per-parameter",),
        {},
        (
            "t is counted up once for each parameter. It is the number of the step: "
            "count it up once in step(), before going through the parameters."
        ),
    ),
    (
        "mistake",
        ("time-one-behind",),
        {},
        (
            "The correction uses t - 1, which makes 1 - βᵗ zero in the first step: "
            "count t up before it is used."
        ),
    ),
    (
        "mistake",
        ("time-one-ahead",),
        {},
        "The correction uses t + 1: in the first step t is 1.",
    ),
    (
        "mistake",
        ("second-moment-of-first",),
        {},
        (
            "The second moment is made from the squares of the first moment; it is the "
            "average of the squared gradients, g²."
        ),
    ),
    (
        "mistake",
        ("betas-swapped",),
        {},
        (
            "The two betas have changed places: the first is the decay of the "
            "gradients' average, the second that of the squares."
        ),
    ),
    (
        "mistake",
        ("corrected-kept",),
        {},
        (
            "The corrected moments are kept for the next step. Keep m and v as they "
            "are, and correct copies of them: m̂ and v̂ serve one step only."
        ),
    ),
    (
        "differs",
        ("quadratic", 1, 2, (0, 1), 1.5, 2.0),
        {},
        (
            "On a quadratic, the parameters go another way from the first step on. "
            "There entry [0, 1] of parameter 2 is 1.5; expected 2."
        ),
    ),
    (
        "differs",
        ("network", 3, 1, (), 1.5, 2.0),
        {},
        (
            "On a network, the parameters go another way from step 3 on. There the "
            "parameter is 1.5; expected 2."
        ),
    ),
    (
        "differs_hidden",
        ("network", 1),
        {},
        "On a network, the parameters go another way from the first step on.",
    ),
    (
        "differs_hidden",
        ("network", 7),
        {},
        "On a network, the parameters go another way from step 7 on.",
    ),
    (
        "signature",
        ("Adam", "(params)", {"lr": 0.1, "eps": 0.5}),
        {},
        "Adam should be made as Adam(params, lr, eps); it is Adam(params).",
    ),
    (
        "made",
        ("Adam", {"lr": 0.1}, "list", 50, "network"),
        {},
        "Adam(params, lr=0.1), 50 steps on a network",
    ),
    (
        "made",
        ("Adam", {"lr": 0.1}, "generator", 50, "network"),
        {},
        "Adam(iter(params), lr=0.1), 50 steps on a network",
    ),
    (
        "named",
        ("torch.optim", "solution.py", 3),
        {},
        (
            "Line 3 of solution.py names torch.optim, which may not be used here. "
            "Comparisons with it can stand in a file that this one does not import."
        ),
    ),
    (
        "names_grader",
        ("solution.py", 3),
        {},
        (
            "Line 3 of solution.py names grader, the program that grades. No solution "
            "needs it: take it out."
        ),
    ),
    (
        "mistake",
        ("state-by-shape",),
        {},
        (
            "Parameters of the same shape share their state. Each parameter needs its "
            "own: keep it in a list in the order of the parameters, or by id(p)."
        ),
    ),
    (
        "reached",
        ("torch.optim.adam.Adam.__init__",),
        {},
        (
            "The code does not name it, but while it ran it reached "
            "torch.optim.adam.Adam.__init__, which may not be used."
        ),
    ),
]
CONSTANTS: Mapping[str, str] = {
    "STATE_ON_THE_CLASS": (
        "The first run is right, and every later one is wrong from its first step: the state of "
        "one optimizer is still there when the next one is made. Is it an attribute of the class, "
        "a global variable or a default argument? Make it in __init__, for each instance."
    ),
    "UNWATCHED": (
        "While it ran, the code replaced or removed the function set by sys.setprofile, by which "
        "calls of what may not be used are seen. Take out what does so, a profiler perhaps."
    ),
    "NO_GRAD": (
        "Parameters require gradients, so that they are changed in place under "
        "torch.no_grad() only."
    ),
    "TIME_FROM_ONE": ("With t = 0 in the first step, 1 - beta^t is 0: count the steps from 1."),
    "SINGLE": (
        "Note: the state is kept in single precision; torch.zeros_like(p) takes the precision of p."
    ),
    "UNUSED": (
        "Note: step() stops if a parameter has no gradient (p.grad is None), as "
        "one that takes no part in the loss; torch's optimizers pass over it."
    ),
    "NOT_IN_PLACE": (
        "The parameters do not move. step() has to change each parameter itself, "
        "in place, as p -= … or p.copy_(…) do; p = p - … only gives the name p to "
        "a new tensor."
    ),
    "GENERATOR": (
        "The parameters do not move if they are given as a generator, which can be "
        "gone through only once: keep list(params)."
    ),
    "ZERO_GRAD": (
        "The update rule is right, but zero_grad() leaves gradients as they were, "
        "so that those of all steps add up: set p.grad to None, or call "
        "p.grad.zero_(), for every parameter."
    ),
    "UNREADABLE": "What came back of this run is no trajectory of the parameters.",
}


def test_every_sentence_reads_like_this() -> None:
    check(optimizers, SENTENCES, CONSTANTS)


@pytest.mark.parametrize("rule", MISTAKES)
def test_every_mistake_has_its_sentence(rule: str) -> None:
    tested = {values[0] for name, values, *_ in SENTENCES if name == "mistake"}
    assert set(MISTAKES[rule]) <= tested
