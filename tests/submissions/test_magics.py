from __future__ import annotations

import ast
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.messages import notebooks
from grader.submissions.magics import PythonCell, python

ROOT = Path(__file__).parents[2]


def lines(source: str) -> list[str]:
    return python(source).lines


def told(cell: PythonCell) -> list[tuple[int, str]]:
    return [(each.line, each.text) for each in cell.left_out]


# ---- what only Jupyter understands ---------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "%matplotlib inline",
        "%config InlineBackend.figure_format = 'retina'",
        "%timeit f(3)",
        "%time",
        "%time -v f()",
        "%time !ls",
        "%run helpers.py",
        "%%nothing",  # not at the top of its cell
        "!pip install torch",
        "!!ls",
        "! echo it's",
        '!echo "',
        "?np.sum",
        "??np.sum",
        "np.sum?",
        "np.sum??",
        "np.sum(3)?",
        'frame["a"].mean?',
        "x = y?",
        "%timeit?",
        "files = !ls *.py",
        "here = %pwd",
        "a.b[0] = !ls",
        "pip install torch",
        "conda install -y numpy",
        "from IPython import get_ipython",
        "get_ipython().run_line_magic('matplotlib', 'inline')",
        "get_ipython().system('ls')",
        "get_ipython()",
    ],
)
def test_a_line_for_jupyter_alone_is_left_out_and_told(line: str) -> None:
    cell = python(f"a = 1\n{line}\nb = 2")
    assert cell.lines == ["a = 1", f"pass  # {line}", "b = 2"]
    assert told(cell) == [(2, line)]
    assert cell.left_out[0].tell is notebooks.line_left_out


def test_in_a_block_it_leaves_a_statement_that_does_nothing() -> None:
    assert lines("if colab:\n    !pip install x\nelse:\n\t%cd there") == [
        "if colab:",
        "    pass  # !pip install x",
        "else:",
        "\tpass  # %cd there",
    ]


def test_a_continued_line_is_left_out_as_a_whole() -> None:
    cell = python("!pip install \\\n    numpy \\\n    torch\nx = 1")
    assert cell.lines == ["pass  # !pip install \\", "# numpy \\", "# torch", "x = 1"]
    assert told(cell) == [(1, "!pip install \\")]


def test_a_call_of_ipython_over_several_lines_is_left_out_as_a_whole() -> None:
    source = 'get_ipython().run_cell_magic(\n    "bash", "", """\nls\n""")\nx = 1'
    assert lines(source) == [
        "pass  # get_ipython().run_cell_magic(",
        '# "bash", "", """',
        "# ls",
        '# """)',
        "x = 1",
    ]


def test_a_long_line_is_told_by_its_beginning() -> None:
    assert told(python("!echo " + "very " * 100)) == [
        (1, "!echo very very very very very very very very very very ver…")
    ]


def test_of_a_timed_statement_the_statement_stays() -> None:
    cell = python("for i in range(3):\n    %time x = f(i)")
    assert cell.lines == ["for i in range(3):", "    x = f(i)  # %time x = f(i)"]
    assert cell.left_out[0].tell is notebooks.timing_left_out


@pytest.mark.parametrize(
    "magic", ["%%time", "%%timeit -n 3", "%%capture out", "%%prun", "%% time", "%%memit"]
)
def test_of_a_timed_or_captured_cell_the_code_stays(magic: str) -> None:
    cell = python(f"\n{magic}\nx = 1\n!ls")
    assert cell.lines == ["", f"pass  # {magic}", "x = 1", "pass  # !ls"]
    assert [each.tell for each in cell.left_out] == [
        notebooks.magic_left_out,
        notebooks.line_left_out,
    ]


def test_one_magic_of_a_cell_may_stand_below_another() -> None:
    assert lines("%%capture\n%%time\nx = 1") == ["pass  # %%capture", "pass  # %%time", "x = 1"]


@pytest.mark.parametrize(
    "magic", ["%%bash", "%%html", "%%writefile a.py", "%%javascript", "%%R -i x", "%%python", "%%x"]
)
def test_a_cell_in_another_language_is_left_out_as_a_whole(magic: str) -> None:
    cell = python(f"{magic}\nx = 'unfinished\n\n  y")
    assert cell.lines == [f"pass  # {magic}", "# x = 'unfinished", "#", "# y"]
    assert told(cell) == [(1, magic)]
    assert cell.left_out[0].tell is notebooks.cell_left_out


@pytest.mark.parametrize(
    "line",
    [
        "await f()",
        "x = await f()",
        "x, y = 1, [await f() for i in range(3)]",
        "y = [i async for i in f()]",
    ],
)
def test_await_outside_of_a_function_is_left_out_and_told(line: str) -> None:
    cell = python(f"a = 1\n{line}\nb = 2")
    assert cell.lines == ["a = 1", f"pass  # {line}", "b = 2"]
    assert [each.tell for each in cell.left_out] == [notebooks.await_left_out]


def test_a_block_that_waits_is_left_out_as_a_whole() -> None:
    cell = python("!ls\nasync with f() as g:\n    x = 1\ny = 2")
    assert cell.lines == ["pass  # !ls", "pass  # async with f() as g:", "# x = 1", "y = 2"]
    assert [each.line for each in cell.left_out] == [1, 2]


def test_await_beside_another_statement_is_left_to_python() -> None:
    assert lines("x = 1; await f()") == ["x = 1; await f()"]


@pytest.mark.parametrize(
    ("line", "becomes"),
    [
        ("from IPython.display import display", "display = display"),
        ("from IPython.display import HTML as h, Math", "h = Math = display"),
        ("from IPython.core.display import HTML", "HTML = display"),
        ("from IPython.display import *", "pass"),
    ],
)
def test_what_displays_is_replaced_by_what_shows_nothing(line: str, becomes: str) -> None:
    cell = python(line)
    assert cell.lines == [f"{becomes}  # {line}"]
    assert cell.left_out[0].tell is notebooks.display_replaced


def test_imports_from_the_future_are_kept_for_the_top_of_the_module() -> None:
    cell = python("from __future__ import annotations, division")
    assert cell.futures == ["annotations", "division"]
    assert cell.left_out == []
    assert cell.lines == ["pass  # from __future__ import annotations, division"]


def test_an_unknown_future_stays_for_python_to_refuse() -> None:
    cell = python("from __future__ import braces")
    assert cell.futures == []
    assert cell.lines == ["from __future__ import braces"]


def test_the_indentation_of_a_whole_cell_is_taken_off() -> None:
    assert lines("\n    x = 1\n    if x:\n        !ls\ny = 2") == [
        "",
        "x = 1",
        "if x:",
        "    pass  # !ls",
        "y = 2",
    ]


# ---- what is Python and stays --------------------------------------------------------------------

PYTHON = [
    'x = """\n%matplotlib inline\n!ls\nwhat?\n"""',
    "x = '''\n%%bash\n'''",
    "x = f'''\n!ls {1}\n'''",
    "x = (17\n% 5\n!= 3)",
    f"x = [1,\n{2}]",
    "x = 17 \\\n% 5",
    "x = {'a': 1,  # (\n'b': 2 % 1}",
    "x = 'a \\\n%b \\\n!c'",
    "# %matplotlib inline\n#!ls\nx = 1  # what?",
    "print('what?')",
    "print('x = !ls'); print(\"y = %s\" % 3)",
    "s = '=!x'\nt = f(a='=%x')",
    "x = a != b\ny = a % b\nx %= 3",
    "x: int = -1 % 3",
    "def f(x='%a', *, y=5 % 3): return x",
    "x = r'\\'' % ()",
    "pip = 3\npip\nconda = pip",
    "async def f():\n    await g()\n    return [i async for i in h()]",
    "f = lambda: (yield)",
    "ip = get_ipython()\nx = get_ipython().getoutput('ls')",
    "get_ipython_shell()",
    "from IPythonic import x",
    "class A:\n    '''Doc.\n\n    %magic\n    '''\n    x = 1",
    "x = 1;",
    "\f\nx = 1",
    "x = '\x0c%'\n",
    "@decorate\ndef f(): pass",
    "if x:\n\ty = 1\n\n\n",
]


@pytest.mark.parametrize("source", PYTHON)
def test_a_line_that_is_python_is_never_left_out(source: str) -> None:
    ast.parse(source)
    cell = python(source)
    assert cell.lines == source.split("\n")
    assert cell.left_out == []


@pytest.mark.parametrize("folder", ["grader", "reference", "submissions", "assignments"])
def test_all_code_of_this_course_stays_as_it_is(folder: str) -> None:
    for path in (ROOT / folder).rglob("*.py"):
        source = path.read_bytes().decode("utf-8", "replace").replace("\r\n", "\n")
        cell = python(source)
        assert cell.left_out == [], path
        assert len(cell.lines) == len(source.split("\n"))


@given(st.lists(st.sampled_from(PYTHON)), st.lists(st.sampled_from(["!ls", "%cd x", "f?"])))
def test_among_any_python_only_what_is_for_jupyter_is_left_out(
    sources: Sequence[str], magics: Sequence[str]
) -> None:
    pieces = [piece for pair in zip(sources, magics, strict=False) for piece in pair]
    cell = python("\n".join(pieces))
    assert [each.text for each in cell.left_out] == [each for each in pieces if each in magics]


@pytest.mark.parametrize(
    "source",
    [
        "print('what?",  # a string without its end
        "f(x, # what?",
        "x = (1,\n!ls",
        "x = '''\n%magic",
        "/f 1 2",
        ",f a b",
        "if x: !ls",
        "await f(",
    ],
)
def test_what_is_wrong_stays_for_python_to_say_so(source: str) -> None:
    cell = python(source)
    assert cell.lines == source.split("\n")
    assert cell.left_out == []


@given(st.text(st.sampled_from("%!?=\"'\\#\n\t ()[]{}:;,.xa_await%%timeget_ipython()")))
def test_every_text_keeps_the_number_of_its_lines(source: str) -> None:
    cell = python(source)
    assert len(cell.lines) == len(source.split("\n"))
    assert all(1 <= each.line <= len(cell.lines) for each in cell.left_out)
    assert [each.line for each in cell.left_out] == sorted(each.line for each in cell.left_out)


@given(st.text())
def test_no_text_whatever_makes_it_fail(source: str) -> None:
    assert len(python(source).lines) == len(source.split("\n"))
