from __future__ import annotations

import codecs
import json
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import nbformat as untyped_nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.records import Notebook
from grader.submissions.folder import MAX_FILE_BYTES, MAX_NOTEBOOK_BYTES, Submission, read
from grader.submissions.notebooks import (
    MAX_CELLS,
    MAX_CODE,
    MAX_NOTES,
    Converted,
    RefusedNotebookError,
    code_only,
    converted,
)

nbformat: Any = untyped_nbformat
FILE = "solution.ipynb"
AGAIN = "Open it in Jupyter, clear all outputs, save it, and hand in the saved file."
STANDS_IN = (
    "solution.ipynb counts as solution.py: its code cells, from the first to the last. Cell 3 is "
    "the one that has [3] beside it after Restart Kernel and Run All Cells."
)


def code(source: Any, **fields: Any) -> dict[str, Any]:
    cell: dict[str, Any] = {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": [],
    }
    return {**cell, "source": source, **fields}


def document(*cells: Any, **fields: Any) -> bytes:
    found = {"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": list(cells)}
    return json.dumps({**found, **fields}).encode()


def convert(raw: bytes) -> Converted:
    return converted(FILE, code_only(FILE, raw))


def sources(raw: bytes) -> list[str]:
    """Return the code of the cells that count."""
    return [cell["source"] for cell in json.loads(code_only(FILE, raw))["cells"]]


def refusal(raw: bytes) -> str:
    """Return why a notebook is refused, without its name."""
    with pytest.raises(RefusedNotebookError) as caught:
        code_only(FILE, raw)
    begin = "solution.ipynb cannot be read: "
    assert str(caught.value).startswith(begin)
    return str(caught.value).removeprefix(begin)


# ---- from cells to a module ----------------------------------------------------------------------


def test_the_code_cells_in_order_are_the_module() -> None:
    made = convert(
        document(
            {"cell_type": "markdown", "metadata": {}, "source": "# One"},
            code(["x = 1\n", "y = 2"]),
            code("\n"),
            {"cell_type": "raw", "metadata": {}, "source": "no"},
            code("%matplotlib inline\r\nz = 3\r\n"),
        )
    )
    assert made.module.decode() == (
        "# solution.ipynb\n\n# cell 1\nx = 1\ny = 2\n# cell 2\npass  # %matplotlib inline\nz = 3\n"
    )
    assert made.notebook == Notebook("solution.ipynb", "solution.py", (4, 7))
    assert made.notes == (
        STANDS_IN,
        (
            "solution.ipynb, cell 2, line 1 was left out, as only Jupyter understands it: "
            "%matplotlib inline"
        ),
    )


def test_lines_of_the_module_are_known_by_cell_and_line() -> None:
    made = convert(document(code("a\nb"), code("c")))
    lines = made.module.decode().split("\n")
    places = {lines[n - 1]: made.notebook.place(n) for n in range(1, len(lines) + 1)}
    assert places["a"] == (1, 1)
    assert places["b"] == (1, 2)
    assert places["# cell 2"] == (1, 3)  # where a cell ends too early
    assert places["c"] == (2, 1)
    assert places["# solution.ipynb"] == (0, 1)


def test_a_module_of_no_cells_is_empty() -> None:
    made = convert(document())
    assert made.module == b"# solution.ipynb\n\n"
    assert made.notebook.place(2) == (0, 2)


def test_imports_from_the_future_come_first() -> None:
    cells = [code("x = 1"), code("from __future__ import annotations\ny: Later = 2")]
    space: dict[str, Any] = {}
    exec(convert(document(*cells)).module, space)  # noqa: S102
    assert space["y"] == 2


def test_display_is_there_if_it_is_used_and_does_nothing() -> None:
    space: dict[str, Any] = {}
    exec(convert(document(code("x = display(1, raw=True)"))).module, space)  # noqa: S102
    assert space["x"] is None
    assert b"display" not in convert(document(code("x = 1"))).module


def test_a_declared_encoding_in_a_cell_is_a_remark() -> None:
    made = convert(document(code("# -*- coding: latin-1 -*-\nx = 'ü'")))
    space: dict[str, Any] = {}
    exec(made.module, space)  # noqa: S102
    assert space["x"] == "ü"


def test_of_many_lines_left_out_the_first_are_told() -> None:
    notes = convert(document(code("!ls\n" * (MAX_NOTES + 2)))).notes
    assert len(notes) == MAX_NOTES + 2
    assert notes[-1] == (
        "solution.ipynb: 2 more lines were left out. What a solution needs has to stand in it as "
        "Python."
    )


# ---- what is read --------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.booleans(), st.text(st.characters(exclude_characters="\0\r")))))
def test_the_cells_are_those_that_nbformat_finds(cells: list[tuple[bool, str]]) -> None:
    new = nbformat.v4
    made = new.new_notebook(
        cells=[
            new.new_code_cell(text) if is_code else new.new_markdown_cell(text)
            for is_code, text in cells
        ]
    )
    raw = nbformat.writes(made).encode("utf-8", "replace")
    read = nbformat.reads(raw.decode(), as_version=4)
    found = [cell.source for cell in read.cells if cell.cell_type == "code"]
    assert sources(raw) == [text.removesuffix("\n") for text in found if text.strip()]


def test_older_formats_are_read() -> None:
    cells = [
        {"cell_type": "heading", "source": ["One"], "level": 1},
        {"cell_type": "code", "input": ["x = 1\n", "y = 2"], "outputs": [], "language": "python"},
    ]
    raw = json.dumps(
        {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": cells}]}
    ).encode()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        newer = nbformat.reads(raw.decode(), as_version=4)
    assert sources(raw) == ["x = 1\ny = 2"]
    assert newer.cells[1].source == "x = 1\ny = 2"


@pytest.mark.parametrize(
    "cell",
    [
        {"cell_type": "code", "source": "x = 1"},
        code("x = 1", id=3),
        code("x = 1", outputs=None),
        code("x = 1", outputs=[float("nan"), float("-inf"), '"NaN" \\'], metadata=7),
        code("x = 1", outputs=["\ud800", "\udc00\ud800", "\\ud800", "\U0001f600"]),
        code("x = 1", outputs=[{"data": {"image/png": "A" * 100_000}}]),
        code("x = 1", outputs=[1e400, 10**400]),
        code(["x", " = 1\n"]),
    ],
    ids=range(8),
)
def test_only_the_code_of_a_cell_matters(cell: dict[str, Any]) -> None:
    assert sources(document(cell)) == ["x = 1"]


def test_of_a_key_that_stands_twice_the_last_counts_as_in_jupyter() -> None:
    raw = b'{"cells": [], "cells": [{"cell_type": "code", "source": "a", "source": "b"}]}'
    assert sources(raw) == [json.loads(raw)["cells"][0]["source"]] == ["b"]


def test_a_byte_order_mark_does_no_harm() -> None:
    assert sources(codecs.BOM_UTF8 + document(code("x = 1"))) == ["x = 1"]


def test_half_a_surrogate_pair_in_the_code_becomes_the_replacement_character() -> None:
    assert sources(document(code("x = '\ud83d'"))) == ["x = '\ufffd'"]
    assert sources(document(code("x = '\\ud83d'"))) == ["x = '\\ud83d'"]


@pytest.mark.parametrize(
    "metadata",
    [
        {"language_info": {"name": "python"}, "kernelspec": {"language": "R"}},
        {"kernelspec": {"language": "Python", "name": "conda-env"}},
        {"language_info": {"name": "ipython"}},
        {"language_info": {"name": 3}},
        {"kernelspec": []},
        None,
        [],
        3,
    ],
)
def test_what_does_not_say_another_language_is_python(metadata: Any) -> None:
    assert sources(document(code("x"), metadata=metadata)) == ["x"]


# ---- what is refused, and what is said of it -----------------------------------------------------


@pytest.mark.parametrize("raw", [b"", b"\xef\xbb\xbf", b" \n"])
def test_an_empty_file(raw: bytes) -> None:
    assert refusal(raw) == f"the file is empty. {AGAIN}"


def test_utf_16() -> None:
    assert refusal(document().decode().encode("utf-16")) == "it is UTF-16; save it as UTF-8."


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"<!DOCTYPE html>\n<p>", "line 1 is not what Jupyter saves: <!DOCTYPE html>."),
        (b'{"cells":\n[}', "line 2 is not what Jupyter saves: [}."),
        (b'{"cells": []}\n\nx = 1', "line 3 is not what Jupyter saves: x = 1."),
        (
            b"import numpy\x1b[0m as np" + b" " * 90,
            "line 1 is not what Jupyter saves: import numpy [0m as np.",
        ),
        (b"\xff\xfa" * 90, f"line 1 is not what Jupyter saves: {'�' * 39}…."),
        (b'{"cells": [\n{"cell_type": "co', "it stops in line 2, in the middle of the notebook."),
        (
            b'{"cells": [\n<<<<<<< HEAD\n{},\n=======\n>>>>>>> b\n]}',
            "line 2 is a mark of git's, for a conflict that nobody resolved.",
        ),
    ],
)
def test_what_is_no_json(raw: bytes, says: str) -> None:
    assert refusal(raw) == f"{says} {AGAIN}"


@pytest.mark.parametrize(
    "raw",
    [b"[]", b"3", b"null", b'"x"', b"{}", b'{"cells": null}', b'{"nbformat": 9}', b'{"Cells": []}'],
)
def test_json_that_is_no_notebook(raw: bytes) -> None:
    assert refusal(raw) == f"it is JSON, but has no list of cells, as a notebook has. {AGAIN}"


@pytest.mark.parametrize(
    "raw",
    [
        document(3),
        document(None),
        document([]),
        document({}),
        document({"source": "x"}),
        b'{"cells": {}}',
        b'{"cells": "x"}',
        b'{"worksheets": 3}',
        b'{"worksheets": [3]}',
        b'{"worksheets": [{"cells": [3]}]}',
    ],
)
def test_cells_that_are_none(raw: bytes) -> None:
    assert refusal(raw) == f"its cells are not what Jupyter saves. {AGAIN}"


@pytest.mark.parametrize("source", [None, 3, True, {}, {"a": "b"}, [1], ["x", None], [["x"]]])
def test_code_that_is_no_text(source: Any) -> None:
    raw = document(code("x"), code(" "), code(source))
    assert refusal(raw) == f"the code of cell 2 is no text. {AGAIN}"


def test_a_cell_without_code() -> None:
    assert refusal(document({"cell_type": "code"})) == f"the code of cell 1 is no text. {AGAIN}"


def test_code_that_is_not_utf_8() -> None:
    raw = document(code("x")).replace(b'"x"', b'"\xff"')
    assert refusal(raw) == f"the code of cell 1 is no text. {AGAIN}"


def test_a_null_byte_in_the_code() -> None:
    raw = document(code("x"), code("y\nz = '\0'"))
    assert refusal(raw) == "cell 2, line 2 has a null byte; delete it."


def test_another_language() -> None:
    raw = document(metadata={"kernelspec": {"language": "julia \n" + "x" * 90}})
    says = "it is a notebook for julia xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; expected one for Python."
    assert refusal(raw) == says


@pytest.mark.parametrize("place", ["outputs", "source", "metadata"])
def test_json_that_is_nested_deeply(place: str) -> None:
    deep = b"[" * 100_000 + b"]" * 100_000
    raw = document({"cell_type": "code", "source": "x", place: "HERE"}).replace(b'"HERE"', deep)
    assert refusal(raw) == f"it is nested too deeply for a notebook. {AGAIN}"


def test_thousands_of_cells() -> None:
    raw = document(*[code("x")] * (MAX_CELLS + 1))
    assert refusal(raw) == "it has more than 5000 cells."
    assert len(sources(document(*[code("x")] * MAX_CELLS))) == MAX_CELLS


def test_more_code_than_anybody_writes() -> None:
    half = code("x" * (MAX_CODE // 2))
    says = "its code has more than 512 KiB; put data in a file of its own."
    assert refusal(document(half, half, code("y"))) == says
    assert len(sources(document(half, half))) == 2
    assert refusal(document(code("\u00e9" * 2 * MAX_CODE))) == says


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
CELLS = st.lists(
    JSON
    | st.dictionaries(
        st.sampled_from(["cell_type", "source", "input", "outputs", "id", "x"]),
        JSON | st.just("code") | st.lists(st.text()),
    ),
    max_size=4,
)
DOCUMENTS = st.dictionaries(
    st.sampled_from(["cells", "worksheets", "metadata", "nbformat"]),
    JSON | CELLS | st.lists(st.fixed_dictionaries({"cells": CELLS})),
)


def _check_documented(raw: bytes) -> None:
    made, says = _made(raw)
    if made is None:
        assert says.startswith("solution.ipynb cannot be read: ")
        assert says.endswith(".")
    else:
        assert b"\0" not in made.module
        assert made.module.decode().count("\n") >= len(made.notebook.starts)
        assert list(made.notebook.starts) == sorted(set(made.notebook.starts))


def _made(raw: bytes) -> tuple[Converted | None, str]:
    try:
        return convert(raw), ""
    except RefusedNotebookError as error:
        return None, str(error)


@given(DOCUMENTS)
@settings(deadline=None)
def test_any_json_is_read_or_refused_in_words(found: dict[str, Any]) -> None:
    _check_documented(json.dumps(found).encode())


@given(st.binary())
@settings(deadline=None)
def test_any_bytes_are_read_or_refused_in_words(raw: bytes) -> None:
    _check_documented(raw)


@given(st.data())
@settings(deadline=None)
def test_any_damage_to_a_notebook_is_read_or_refused_in_words(data: st.DataObject) -> None:
    raw = document(code("x = '\ud83d'\n%ls", outputs=[float("nan")]), code(["!ls\n", "y"]))
    start = data.draw(st.integers(0, len(raw)))
    end = data.draw(st.integers(start, len(raw)))
    _check_documented(raw[:start] + data.draw(st.binary(max_size=8)) + raw[end:])


# ---- in the folder of a submission ---------------------------------------------------------------


def _ada(folder: Path, **files: bytes) -> Submission:
    for name, content in files.items():
        (folder / ".".join(name.rsplit("_", 1))).write_bytes(content)
    return read(folder, "ada")


def test_a_notebook_counts_as_the_module_that_is_asked_for(tmp_path: Path) -> None:
    found = _ada(tmp_path, solution_ipynb=document(code("x = 1")), notes_ipynb=document(code("y")))
    assert found.notes == ()
    assert not any(name.endswith(".py") for name in found.files)
    module = found.as_modules(["solution.py", "other.py", ""])
    assert module.files["solution.py"] == b"# solution.ipynb\n\n# cell 1\nx = 1\n"
    assert sorted(module.files) == ["notes.ipynb", "solution.ipynb", "solution.py"]
    assert module.notes == (STANDS_IN,)
    assert module.as_modules(["solution.py"]) == module
    assert module.sources() == {"solution.ipynb": "# solution.ipynb\n\n# cell 1\nx = 1\n"}


def test_other_modules_may_be_notebooks_too(tmp_path: Path) -> None:
    files = {"solution_py": b"x = 1\n", "diy_autograd_ipynb": document(code("y = 2"))}
    found = _ada(tmp_path, **files).as_modules(["solution.py", "diy_autograd.py"])
    assert found.files["diy_autograd.py"] == b"# diy_autograd.ipynb\n\n# cell 1\ny = 2\n"
    assert found.files["solution.py"] == b"x = 1\n"
    assert found.notebooks == (Notebook("diy_autograd.ipynb", "diy_autograd.py", (4,)),)


def test_beside_a_python_file_a_notebook_does_not_count(tmp_path: Path) -> None:
    found = _ada(tmp_path, solution_py=b"x = 1\n", solution_ipynb=document(code("x = 2")))
    module = found.as_modules(["solution.py"])
    assert module.files == found.files
    assert module.notebooks == ()
    assert module.notes == (
        "solution.ipynb was not read: solution.py was handed in too, and solution.py counts.",
    )


def test_a_python_file_that_is_refused_counts_all_the_same(tmp_path: Path) -> None:
    found = _ada(tmp_path, solution_py=b"\0", solution_ipynb=document(code("x = 2")))
    module = found.as_modules(["solution.py"])
    assert module.refused == {"solution.py": "solution.py cannot be read: line 1 has a null byte."}
    assert module.notebooks == ()


def test_a_notebook_that_is_refused_is_refused_as_the_module(tmp_path: Path) -> None:
    found = _ada(tmp_path, solution_ipynb=b"[]", notes_ipynb=b"")
    assert found.notes == ()
    module = found.as_modules(["solution.py"])
    says = "solution.ipynb cannot be read: it is JSON, but has no list of cells, as a notebook has."
    assert module.refused["solution.py"] == f"{says} {AGAIN}"
    assert module.files == {}


def test_a_notebook_full_of_plots_is_read(tmp_path: Path) -> None:
    plots = [{"data": {"image/png": "A" * (6 << 20)}}]
    raw = document(code("x = 1", outputs=plots), code("y = 2", outputs=plots))
    assert MAX_FILE_BYTES < len(raw) < MAX_NOTEBOOK_BYTES
    found = _ada(tmp_path, solution_ipynb=raw)
    assert found.as_modules(["solution.py"]).files["solution.py"].endswith(b"y = 2\n")
    assert len(found.files["solution.ipynb"]) < 1000  # what is kept of it


def test_a_notebook_beyond_the_limit_is_refused(tmp_path: Path) -> None:
    raw = document(code("x", outputs=["A" * MAX_NOTEBOOK_BYTES]))
    found = _ada(tmp_path, solution_ipynb=raw).as_modules(["solution.py"])
    says = f"solution.ipynb has 20 MiB and was not read; at most 20 are. {AGAIN}"
    assert found.refused == {"solution.ipynb": says, "solution.py": says}
    assert found.notes == (says,)


def test_a_notebook_in_a_folder_is_a_file_like_any_other(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "solution.ipynb").write_bytes(b"not read")
    found = _ada(tmp_path, solution_py=b"").as_modules(["solution.py"])
    assert found.files["old/solution.ipynb"] == b"not read"
    assert found.notes == ()


def test_photographs_do_not_use_up_the_room_of_a_notebook(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.submissions.folder.MAX_TOTAL_BYTES", 1000)
    raw = document(code("x = 1", outputs=["A" * 5000]))
    found = _ada(tmp_path, a_jpg=b"0" * 950, solution_ipynb=raw)
    assert "solution.ipynb" in found.files
    assert "a.jpg" in found.refused


def test_without_a_notebook_nothing_is_imported_to_read_one(tmp_path: Path) -> None:
    (tmp_path / "solution.py").write_bytes(b"")
    program = (
        "import sys; from pathlib import Path; from grader.submissions.folder import read; "
        f"read(Path({str(tmp_path)!r}), 'ada').as_modules(['solution.py']); "
        "print('grader.submissions.notebooks' in sys.modules)"
    )
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=True
    )
    assert done.stdout == "False\n"
