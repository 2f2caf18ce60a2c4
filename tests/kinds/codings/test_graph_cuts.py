"""Where code cuts the graph of autograd, and where it only looks at a number."""

from __future__ import annotations

import textwrap

import pytest

from grader.kinds.codings.graph_cuts import Cut, find


def cut(source: str, **others: str) -> Cut | None:
    sources = {f"{name}.py": text for name, text in {"solution": source, **others}.items()}
    files = {name: textwrap.dedent(text).encode() for name, text in sources.items()}
    return find(files, "solution.py", ("p4_f", "p4_g"))


@pytest.mark.parametrize(
    "source",
    [
        "",
        "def p4_f(x): return 2 * x",
        "def p4_f(x):\n    'no_grad, detach() and .data'\n    return x  # x.detach()",
        "def unused(x): return x.detach()\ndef p4_f(x): return x",
        "def p4_f(x):\n    if x.data > 0: return x\n    return 2 * x",
        "def p4_f(x):\n    while x.detach() < 0: x = x + 1\n    return x",
        "def p4_f(x): return x if x.data > 0 else 2 * x",
        "def p4_f(x): return torch.where(x.detach() > 0, x, 2 * x)",
        "def p4_f(x): return torch.where(x.data.bool(), x, 2 * x)",
        "def p4_f(x):\n    assert x.data\n    return 2 * x + (x.data > 0)",
        "def at(x, v): return x if v > 0 else 2 * x\ndef p4_f(x): return at(x, x.data)",
        "def p4_f(x):\n    v = x.data\n    return x if v > 0 else 2 * x",
        "def p4_f(x): return x.requires_grad_()",
        "class Function: pass\nclass Own(Function): pass\ndef p4_f(x): return x",
        "def p4_f(x) return",
        "\x00",
    ],
)
def test_ordinary_code_cuts_nothing(source: str) -> None:
    assert cut(source) is None


@pytest.mark.parametrize(
    ("source", "kind", "line", "text"),
    [
        ("def p4_f(x):\n    return 2 * x.detach()", "detach", 2, "x.detach()"),
        ("def p4_g(x):\n    y = 2 * x.data\n    return y", "data", 2, "x.data"),
        ("p4_f = lambda x: x.data", "data", 1, "x.data"),
        ("def p4_f(x):\n    x += x.detach()", "detach", 2, "x.detach()"),
        ("def p4_f(x):\n    return abs(x.detach())", "detach", 2, "x.detach()"),
        ("def p4_f(x):\n    return torch.where(x > 0, x.data, x)", "data", 2, "x.data"),
        ("def p4_f(x):\n    if x > 0:\n        return x.data", "data", 3, "x.data"),
        ("def p4_f(x):\n    return x if x > 0 else x.data", "data", 2, "x.data"),
        ("def h(x): return x.data\ndef p4_f(x): return h(x)", "data", 1, "x.data"),
        (
            "class Own(torch.autograd.Function): pass\ndef p4_f(x): return Own.apply(x)",
            "function",
            1,
            "class Own",
        ),
        (
            "class Own(Function): pass\nown = Own.apply\ndef p4_f(x): return own(x)",
            "function",
            1,
            "class Own",
        ),
        ("def p4_f(x):\n    with torch.no_grad(): return x", "no_grad", 2, "torch.no_grad"),
        ("from torch import no_grad\n@no_grad()\ndef p4_f(x): return x", "no_grad", 2, "no_grad"),
        (
            "def p4_f(x):\n    torch.set_grad_enabled(False)",
            "no_grad",
            2,
            "torch.set_grad_enabled",
        ),
        ("def p4_f(x):\n    x.register_hook(print)", "hook", 2, "x.register_hook"),
        (
            "def p4_f(x):\n    x.register_post_accumulate_grad_hook(print)",
            "hook",
            2,
            "x.register_post_accumulate_grad_hook",
        ),
        ("def p4_f(x):\n    x.detach_()", "detach", 2, "x.detach_"),
        ("def p4_f(x):\n    x.data = x", "data", 2, "x.data"),
        ("def p4_f(x):\n    x.requires_grad = False", "detach", 2, "x.requires_grad"),
        (
            "def p4_f(x):\n    x.requires_grad_(False)",
            "detach",
            2,
            "x.requires_grad_(False)",
        ),
        (
            "def p4_f(x):\n    x.requires_grad_(requires_grad=False)",
            "detach",
            2,
            "x.requires_grad_(requires_grad=False)",
        ),
        (
            "if True:\n    def h(x): return x.data\ndef p4_f(x): return h(x)",
            "data",
            2,
            "x.data",
        ),
    ],
)
def test_a_cut_is_found_with_its_line(source: str, kind: str, line: int, text: str) -> None:
    assert cut(source) == Cut(kind, "solution.py", line, text)


@pytest.mark.parametrize(
    "source",
    [
        "from helper import h\ndef p4_f(x): return h(x)",
        "from helper import h as k\ndef p4_f(x): return k(x)",
        "import helper\ndef p4_f(x): return helper.h(x)",
        "from helper import h as p4_f",
    ],
)
def test_the_other_files_of_a_submission_are_followed(source: str) -> None:
    found = cut(source, helper="def other(x): return x\ndef h(x):\n    return x.detach()")
    assert found == Cut("detach", "helper.py", 3, "x.detach()")


def test_the_first_line_of_the_file_itself_comes_first() -> None:
    source = "from helper import h\ndef p4_f(x): return h(x)\ndef p4_g(x): return x.data"
    found = cut(source, helper="def h(x): return x.detach()")
    assert found == Cut("data", "solution.py", 3, "x.data")


def test_an_expression_nested_beyond_measure_is_left_to_the_run() -> None:
    assert cut(f"def p4_f(x): return {'-' * 900}x") is None


def test_functions_that_call_each_other_are_looked_at_once() -> None:
    assert cut("def p4_f(x): return p4_g(x)\ndef p4_g(x): return p4_f(x)") is None


def test_a_long_line_is_cut_short() -> None:
    found = cut(f"def p4_f(x):\n    return {'y' * 200}.detach()")
    assert found is not None
    assert len(found.text) == 80
