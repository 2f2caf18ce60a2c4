"""Optimizers that students write: right in several styles, and wrong in known ways."""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.kinds.base import PartPlan
from grader.kinds.training.optimizer import Optimizer, OptimizerPart
from grader.messages import optimizers as says
from grader.records import Observation, Outcome, Status
from tests.kinds.student import Result, judge, observe, part, plan, reference, texts

HEAD = """
import torch

class Made:
    def zero_grad(self):
        for p in self.params:
            if p.grad is not None:
                p.grad.zero_()
"""

SOURCES = {
    "adagrad": HEAD
    + """
    def __init__(self, params, lr, eps):
        self.params, self.lr, self.eps = list(params), lr, eps
        self.s = [torch.zeros_like(p) for p in self.params]

    @torch.no_grad()
    def step(self):
        for p, s in zip(self.params, self.s):
            if p.grad is None:
                continue
            s += p.grad ** 2
            p -= self.lr * p.grad / (s.sqrt() + self.eps)
""",
    "rmsprop": HEAD
    + """
    def __init__(self, params, lr, alpha, eps):
        self.params, self.lr, self.alpha, self.eps = list(params), lr, alpha, eps
        self.s = [torch.zeros_like(p) for p in self.params]

    @torch.no_grad()
    def step(self):
        for p, s in zip(self.params, self.s):
            s *= self.alpha
            s += (1 - self.alpha) * p.grad ** 2
            p -= self.lr * p.grad / (s.sqrt() + self.eps)
""",
    "adam": HEAD
    + """
    def __init__(self, params, lr=0.001, betas=(0.9, 0.999), eps=1e-8):
        self.params, self.lr, self.eps = list(params), lr, eps
        self.b1, self.b2 = betas
        self.t = 0
        self.m = [torch.zeros_like(p) for p in self.params]
        self.v = [torch.zeros_like(p) for p in self.params]

    @torch.no_grad()
    def step(self):
        self.t += 1
        for i, p in enumerate(self.params):
            if p.grad is None:
                continue
            self.m[i] = self.b1 * self.m[i] + (1 - self.b1) * p.grad
            self.v[i] = self.b2 * self.v[i] + (1 - self.b2) * p.grad ** 2
            mh = self.m[i] / (1 - self.b1 ** self.t)
            vh = self.v[i] / (1 - self.b2 ** self.t)
            p -= self.lr * mh / (vh.sqrt() + self.eps)
""",
}


@cache
def asked(rule: str) -> OptimizerPart:
    made: OptimizerPart = part("optimizer", rule=rule, function="Made")
    return made


@cache
def planned(rule: str) -> PartPlan:
    return plan(asked(rule), reference())


def student(rule: str, *changes: tuple[str, str]) -> ModuleType:
    source = SOURCES[rule]
    for old, new in changes:
        assert source.count(old) == 1, (old, source.count(old))
        source = source.replace(old, new)
    module = ModuleType("solution")
    exec(compile(source, "solution.py", "exec"), module.__dict__)  # noqa: S102
    return module


def graded(rule: str, *changes: tuple[str, str], shown: bool = False) -> Result:
    module = student(rule, *changes)
    whole = planned(rule)
    calls, expected = (whole.calls, whole.expected)
    if shown:
        calls, expected = calls[: whole.visible], expected[: whole.visible]
    seen = [observe(call, module) for call in calls]
    return judge(asked(rule), reference(), PartPlan(calls, expected, whole.visible), seen)


TORCH = {"adagrad": "Adagrad", "rmsprop": "RMSprop", "adam": "Adam"}
INSIDE = {
    "adagrad": ("(s.sqrt() + self.eps)", "(s + self.eps).sqrt()"),
    "rmsprop": ("(s.sqrt() + self.eps)", "torch.sqrt(s + self.eps)"),
    "adam": ("(vh.sqrt() + self.eps)", "(vh + self.eps) ** 0.5"),
}
EFFICIENT = (
    "p -= self.lr * mh / (vh.sqrt() + self.eps)",
    (
        "p -= self.lr * (1 - self.b2 ** self.t) ** 0.5 / (1 - self.b1 ** self.t) "
        "* self.m[i] / (self.v[i].sqrt() + self.eps)"
    ),
)


@pytest.mark.parametrize("rule", SOURCES)
def test_a_right_rule_is_right(rule: str) -> None:
    result = graded(rule)
    assert (result.status, result.points) == (Status.CORRECT, 2)
    unused = f" {says.UNUSED}" if rule == "rmsprop" else ""  # it does not look for None
    assert result.summary == (
        f"Right: it takes the same steps as torch.optim.{TORCH[rule]}, up to 120 of them on each "
        f"function.{unused}"
    )


@pytest.mark.parametrize("rule", SOURCES)
def test_eps_inside_the_root_is_right_and_told(rule: str) -> None:
    result = graded(rule, INSIDE[rule])
    assert (result.status, result.points) == (Status.CORRECT, 2)
    assert "ε was found inside the root, √(s + ε), which is right as well." in result.summary


def test_the_efficient_order_of_the_paper_is_right_and_told() -> None:
    result = graded("adam", EFFICIENT)
    assert result.status is Status.CORRECT
    assert "The order of section 2 of the paper was found" in result.summary
    inside = (EFFICIENT[0], EFFICIENT[1].replace(".sqrt() + self.eps)", " + self.eps).sqrt()"))
    result = graded("adam", inside)
    assert result.status is Status.CORRECT
    assert "with ε inside the root" in result.summary


@pytest.mark.parametrize(
    ("rule", "change"),
    [
        ("adam", ("p -= self.lr * mh", "p.data = p.data - self.lr * mh")),
        ("adam", ("p -= self.lr * mh / (", "p.copy_(p - self.lr * mh / (")),
        ("adam", ("p.grad.zero_()", "p.grad = None")),
        ("adam", ("params, lr=0.001, betas=(0.9, 0.999), eps=1e-8", "params, lr, betas, eps, w=0")),
        (
            "adam",
            ("params, lr=0.001, betas=(0.9, 0.999), eps=1e-8", "params, rate, betas, epsilon"),
        ),
        ("adam", ("(0.9, 0.999), eps=1e-8):", "(0.9, 0.999), eps=1e-8, **rest):")),
        ("adagrad", ("params, lr, eps", "*values")),
    ],
)
def test_other_styles_are_right(rule: str, change: tuple[str, str]) -> None:
    changes = [change]
    if "copy_" in change[1]:
        changes = [("p -= self.lr * mh / (vh.sqrt() + self.eps)",
                    "p.copy_(p - self.lr * mh / (vh.sqrt() + self.eps))")]  # fmt: skip
    if "rate" in change[1]:
        changes.append(("list(params), lr, eps", "list(params), rate, epsilon"))
    if "*values" in change[1]:
        changes.append(("list(params), lr, eps", "list(values[0]), *values[1:]"))
    assert graded(rule, *changes).status is Status.CORRECT


def test_a_state_in_single_precision_is_right_and_told() -> None:
    change = ("self.s = [torch.zeros_like(p) for p", "self.s = [torch.zeros(p.shape) for p")
    result = graded("adagrad", change)
    assert (result.status, result.points) == (Status.CORRECT, 2)
    assert says.SINGLE in result.summary


WRONG = [
    ("adagrad", "without-root", ("(s.sqrt() + self.eps)", "(s + self.eps)")),
    ("adagrad", "decaying-sum", ("s += p.grad ** 2", "s.mul_(0.9).add_(0.1 * p.grad ** 2)")),
    ("adagrad", "decaying-sum", ("s += p.grad ** 2", "s.mul_(0.99).add_(p.grad ** 2)")),
    ("adagrad", "started-at-one", ("torch.zeros_like(p)", "torch.ones_like(p)")),
    ("adagrad", "eps-added-to-step", ("(s.sqrt() + self.eps)", "s.sqrt() + self.eps")),
    ("adagrad", "without-eps", ("(s.sqrt() + self.eps)", "s.sqrt()")),
    ("adagrad", "eps-fixed", ("s.sqrt() + self.eps", "s.sqrt() + 1e-10")),
    ("adagrad", "gradient-not-squared", ("s += p.grad ** 2", "s += p.grad")),
    ("rmsprop", "started-at-one", ("torch.zeros_like(p)", "torch.ones_like(p)")),
    ("rmsprop", "learning-rate-for-decay", ("(1 - self.alpha) *", "self.lr *")),
    ("rmsprop", "without-root", ("(s.sqrt() + self.eps)", "(s + self.eps)")),
    ("rmsprop", "sum-not-average", ("(1 - self.alpha) * p", "p")),
    ("rmsprop", "eps-added-to-step", ("(s.sqrt() + self.eps)", "s.sqrt() + self.eps")),
    ("adam", "no-bias-correction", ("mh / (vh.sqrt()", "self.m[i] / (self.v[i].sqrt()")),
    ("adam", "first-not-corrected", ("lr * mh", "lr * self.m[i]")),
    ("adam", "second-not-corrected", ("(vh.sqrt()", "(self.v[i].sqrt()")),
    ("adam", "time-per-parameter", ("continue\n", "continue\n            self.t += 1\n")),
    ("adam", "time-one-ahead", ("self.t = 0", "self.t = 1")),
    ("adam", "eps-added-to-step", ("(vh.sqrt() + self.eps)", "vh.sqrt() + self.eps")),
    ("adam", "second-moment-of-first", ("self.b2) * p.grad", "self.b2) * self.m[i]")),
    ("adam", "betas-swapped", ("self.b1, self.b2 = betas", "self.b2, self.b1 = betas")),
    ("adam", "without-root", ("(vh.sqrt() + self.eps)", "(vh + self.eps)")),
    ("adam", "eps-fixed", ("vh.sqrt() + self.eps", "vh.sqrt() + 1e-8")),
    ("adam", "corrected-kept", ("p -= ", "self.m[i], self.v[i] = mh, vh\n            p -= ")),
]


@pytest.mark.parametrize(("rule", "name", "change"), WRONG)
def test_a_known_mistake_is_recognised(rule: str, name: str, change: tuple[str, str]) -> None:
    changes = [change]
    if name == "time-per-parameter":
        changes.append(("self.t += 1\n        for", "for"))
    result = graded(rule, *changes)
    assert (result.mistake, result.status, result.points) == (name, Status.WRONG, 0)
    assert result.summary.startswith(says.mistake(name))


BY_SHAPE = {
    "adagrad": ("[torch.zeros_like(p) for p in self.params]", "[{shared} for p in self.params]"),
    "rmsprop": ("[torch.zeros_like(p) for p in self.params]", "[{shared} for p in self.params]"),
}


@pytest.mark.parametrize("rule", BY_SHAPE)
def test_a_state_for_each_shape_is_recognised(rule: str) -> None:
    old, new = BY_SHAPE[rule]
    shared = "kept.setdefault(tuple(p.shape), torch.zeros_like(p))"
    opened = ("self.params, self.lr", "kept = {}\n        self.params, self.lr")
    result = graded(rule, (old, new.format(shared=shared)), opened)
    assert (result.mistake, result.points) == ("state-by-shape", 0)
    assert result.summary.startswith(says.mistake("state-by-shape"))


def test_a_state_for_each_shape_is_recognised_in_adam() -> None:
    first = ("self.m = [torch.zeros_like(p) for p in self.params]", "self.m = Kept(self.params)")
    second = ("self.v = [torch.zeros_like(p) for p in self.params]", "self.v = Kept(self.params)")
    kept = (
        "class Made:",
        """class Kept:
    def __init__(self, params):
        self.shapes = [tuple(p.shape) for p in params]
        self.by_shape = {}
    def __getitem__(self, i):
        return self.by_shape.get(self.shapes[i], 0)
    def __setitem__(self, i, value):
        self.by_shape[self.shapes[i]] = value

class Made:""",
    )
    assert graded("adam", first, second, kept).mistake == "state-by-shape"


def test_a_state_for_each_size_is_wrong() -> None:
    old = "[torch.zeros_like(p) for p in self.params]"
    new = "[kept.setdefault(p.numel(), torch.zeros(p.numel(), dtype=p.dtype)) for p in self.params]"
    opened = ("self.params, self.lr", "kept = {}\n        self.params, self.lr")
    flat = ("s += p.grad ** 2", "s += p.grad.flatten() ** 2")
    shaped = ("(s.sqrt() + self.eps)", "(s.sqrt().reshape(p.shape) + self.eps)")
    result = graded("adagrad", (old, new), opened, flat, shaped)
    assert (result.status, result.points) == (Status.WRONG, 0)


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        (
            "adam",
            [("self.t = 0", "pass"), ("class Made:", "class Made:\n    t = 0"),
             ("self.t += 1", "Made.t += 1")],
        ),
        (
            "adagrad",
            [("self.s = [torch.zeros_like(p) for p in self.params]",
              "self.s += [torch.zeros_like(p) for p in self.params]"),
             ("class Made:", "class Made:\n    s = []")],
        ),
    ],
)  # fmt: skip
def test_a_state_that_outlives_its_optimizer_is_recognised(
    rule: str, changes: list[tuple[str, str]]
) -> None:
    result = graded(rule, *changes)
    assert (result.mistake, result.points) == ("state-on-the-class", 0)
    assert result.summary.startswith(says.STATE_ON_THE_CLASS)
    assert result.cases_right == 1


def test_a_fault_that_shows_after_step_50_is_found() -> None:
    late = ("p -= self.lr * mh", "p -= (1 + (self.t > 100)) * self.lr * mh")
    assert graded("adam", late).summary.startswith(
        "On a quadratic, the parameters go another way from step 101 on."
    )


def test_parameters_are_parameters_of_torch() -> None:
    change = ("list(params), lr", "[p for p in params if isinstance(p, torch.nn.Parameter)], lr")
    assert graded("adam", change).status is Status.CORRECT


def test_a_power_that_is_missing_is_recognised() -> None:
    changes = [(f"self.{b} ** self.t", f"self.{b}") for b in ("b1", "b2")]
    assert graded("adam", *changes).mistake == "power-missing"


def test_a_mistake_is_recognised_where_eps_stands_elsewhere_too() -> None:
    change = ("mh / (vh.sqrt() + self.eps)", "self.m[i] / (self.v[i] + self.eps).sqrt()")
    assert graded("adam", change).mistake == "no-bias-correction"


def test_the_average_from_before_is_recognised() -> None:
    late = (
        "            s += p.grad ** 2\n            p -= self.lr * p.grad / (s.sqrt() + self.eps)\n",
        "            p -= self.lr * p.grad / (s.sqrt() + self.eps)\n            s += p.grad ** 2\n",
    )
    assert graded("adagrad", late).mistake == "average-one-late"


def test_a_step_count_that_is_behind_is_recognised() -> None:
    late = ("self.t += 1\n        for i, p", "for i, p")
    end = ("(vh.sqrt() + self.eps)\n", "(vh.sqrt() + self.eps)\n        self.t += 1\n")
    result = graded("adam", late, end)
    assert result.mistake == "time-one-behind"


def test_a_division_by_zero_in_the_first_step_is_explained() -> None:
    late = ("self.t += 1\n        for i", "1 / (1 - self.b1 ** self.t)\n        for i")
    result = graded("adam", late)
    assert result.status is Status.CRASHED
    assert result.summary.endswith(says.TIME_FROM_ONE)


def test_parameters_that_are_replaced_do_not_move() -> None:
    result = graded("adam", ("p -= self.lr", "p = p - self.lr"))
    assert (result.mistake, result.summary) == ("not-in-place", says.NOT_IN_PLACE)


def test_a_generator_that_is_used_up_is_recognised() -> None:
    changes = [
        ("list(params), lr, eps", "params, lr, eps"),
        ("for p in self.params]", "for p in list(self.params)]"),
    ]
    result = graded("adagrad", *changes)
    assert (result.mistake, result.summary[: len(says.GENERATOR)]) == (
        "generator-used-up",
        says.GENERATOR,
    )


def test_gradients_that_are_never_forgotten_are_told() -> None:
    result = graded("adam", ("p.grad.zero_()", "pass"))
    assert (result.mistake, result.summary) == ("zero-grad", says.ZERO_GRAD)


def test_gradients_that_are_kept_are_told_in_a_self_check() -> None:
    result = graded("adam", ("p.grad.zero_()", "pass"), shown=True)
    assert (result.status, result.mistake) == (Status.WRONG, "zero-grad")


def test_a_self_check_with_the_visible_case_alone_is_judged() -> None:
    assert graded("adam", shown=True).status is Status.CORRECT
    assert graded("adam", ("self.t = 0", "self.t = 1"), shown=True).mistake == "time-one-ahead"


def test_a_step_outside_no_grad_is_explained() -> None:
    result = graded("adam", ("    @torch.no_grad()\n", ""))
    assert result.status is Status.CRASHED
    assert result.summary.startswith("Made stopped with RuntimeError in line ")
    assert result.summary.endswith(says.NO_GRAD)


def test_a_class_with_other_arguments_is_told_its_signature() -> None:
    result = graded("adagrad", ("params, lr, eps", "params"))
    assert (result.status, result.summary) == (
        Status.WRONG,
        "Made should be made as Made(params, lr, eps); it is Made(params).",
    )


def test_an_unknown_way_is_told_where_it_leaves_the_right_one() -> None:
    result = graded("adam", ("p -= self.lr * mh", "p -= 1.5 * self.lr * mh"))
    assert (result.status, result.mistake) == (Status.WRONG, None)
    assert result.summary.startswith(
        "On a quadratic, the parameters go another way from the first step on. There entry [0] of "
        "parameter 1 is "
    )


def test_a_fault_that_only_hidden_cases_show_tells_no_numbers() -> None:
    change = ("p.grad.zero_()", "p.grad.zero_()\n    extra = 0")
    network = ("p -= self.lr * mh / (", "p -= (1 + (len(self.params) == 4)) * self.lr * mh / (")
    result = graded("adam", change, network)
    assert result.summary == (
        "On a network, the parameters go another way from the first step on. (2 of 3 cases are "
        "right.)"
    )


def test_a_class_as_the_starter_left_it_is_missing() -> None:
    result = graded("adam", ("        self.t += 1\n", "        raise NotImplementedError\n"))
    assert result.status is Status.MISSING


def test_a_class_that_is_not_there_is_missing() -> None:
    module = ModuleType("solution")
    seen = [observe(call, module) for call in planned("adam").calls]
    result = judge(asked("adam"), reference(), planned("adam"), seen)
    assert (result.status, result.summary) == (Status.MISSING, "solution.py has no Made.")


def test_code_that_names_the_built_in_ones_is_refused() -> None:
    seen = [observe(call, student("adam")) for call in planned("adam").calls]
    sources = {"solution.py": b"import torch\n\nx = torch.optim.Adam\n"}
    result = judge(asked("adam"), reference(), planned("adam"), seen, sources=sources)
    assert (result.status, result.points) == (Status.REFUSED, 0)
    assert result.summary == says.named("torch.optim.Adam", "solution.py", 3)


def test_code_that_reaches_the_built_in_ones_is_refused() -> None:
    module = ModuleType("solution")
    source = "import torch\nmodule = getattr(torch, ''.join(reversed('mitpo')))\n"
    source += "class Made(module.Adam):\n    pass\n"
    exec(source, module.__dict__)  # noqa: S102
    seen = [observe(call, module) for call in planned("adam").calls]
    result = judge(asked("adam"), reference(), planned("adam"), seen)
    assert (result.status, result.points) == (Status.REFUSED, 0)
    assert result.summary == says.reached("torch.optim.adam.Adam.__init__")


def test_the_built_in_ones_are_found_where_the_error_is_swallowed() -> None:
    module = student("adam", ("        self.t += 1\n", "        self.t += 1\n        reach()\n"))

    def reach() -> None:
        import torch  # noqa: PLC0415

        with suppress(RuntimeError):
            torch.optim.SGD([torch.zeros(1)], lr=1)

    vars(module)["reach"] = reach
    seen = [observe(call, module) for call in planned("adam").calls]
    assert judge(asked("adam"), reference(), planned("adam"), seen).status is Status.REFUSED


def test_the_visible_case_is_shown_with_its_call() -> None:
    (report,) = graded("adam").visible
    assert report.right
    assert report.call == (
        "Made(params, lr=0.1, betas=[0.7, 0.95], eps=0.05), 50 steps on a quadratic"
    )
    assert report.observed == report.expected


garbage = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["trajectory", "cleared", "signature", "forbidden", "x"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(value=garbage)
def test_a_forged_answer_is_never_right_and_never_a_fault(value: Any) -> None:
    seen = [Observation(Outcome.RETURNED, value) for _ in planned("adam").calls]
    result = judge(asked("adam"), reference(), planned("adam"), seen)
    assert result.points == 0


@pytest.mark.parametrize("shape", [(51, 3), (51,), (50, 3)])
def test_a_trajectory_of_another_shape_is_wrong(shape: tuple[int, ...]) -> None:
    answer = {"trajectory": [np.zeros(shape)] * 3, "cleared": True}
    seen = [Observation(Outcome.RETURNED, answer) for _ in planned("adam").calls]
    result = judge(asked("adam"), reference(), planned("adam"), seen)
    assert (result.status, result.summary) == (Status.WRONG, says.UNREADABLE)


def test_the_plan_sends_no_trajectory() -> None:
    for call in planned("adam").calls:
        assert set(call.arguments) == {
            "objective", "start", "options", "steps", "form", "forbids",
        }  # fmt: skip


def test_nothing_that_is_shown_mentions_a_hidden_case() -> None:
    result = graded("adam", ("self.t = 0", "self.t = 1"))
    assert len(result.visible) == 1
    assert not any("network" in text for text in texts(result.visible))


def test_the_kind_is_registered_under_its_name() -> None:
    assert Optimizer.name == "optimizer"
