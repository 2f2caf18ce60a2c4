from __future__ import annotations

import warnings

import pytest

from grader.submissions.reach import fault, modules, reached


def reach(first: str, **files: str) -> tuple[set[str], set[str]]:
    """Return what is reached from a file; __ stands for / and the last _ for the dot."""
    named = {".".join(name.replace("__", "/").rsplit("_", 1)): text for name, text in files.items()}
    found = reached([first], {name: text.encode() for name, text in named.items()}.get)
    return set(found.files), set(found.packages)


def test_an_import_leads_to_a_file_of_the_submission_or_to_a_package() -> None:
    assert reach(
        "solution.py", solution_py="import numpy as np\nimport helpers", helpers_py=""
    ) == (
        {"solution.py", "helpers.py"},
        {"numpy"},
    )


def test_imports_are_followed_from_file_to_file_and_in_circles() -> None:
    files, packages = reach("a.py", a_py="import b", b_py="from c import f", c_py="import a, torch")
    assert (files, packages) == ({"a.py", "b.py", "c.py"}, {"torch"})


def test_a_file_that_nothing_imports_is_not_reached() -> None:
    assert reach("a.py", a_py="import os", scratch_py="import torch") == ({"a.py"}, {"os"})


@pytest.mark.parametrize(
    "line",
    [
        "from tools.matrices import invert",
        "import tools.matrices as m",
        "from tools import matrices",
        "import importlib; importlib.import_module('tools.matrices')",
        "def f():\n    try:\n        from tools import matrices\n    except ImportError: pass",
    ],
)
def test_a_module_in_a_folder_is_found(line: str) -> None:
    files, packages = reach(
        "a.py", a_py=line, tools____init___py="", tools__matrices_py="import torch"
    )
    assert {"a.py", "tools/matrices.py"} <= files
    assert "torch" in packages


def test_a_file_finds_those_beside_it() -> None:
    files, _ = reach("code/a.py", code__a_py="import b", code__b_py="")
    assert files == {"code/a.py", "code/b.py"}


def test_a_relative_import_counts() -> None:
    assert reach("a.py", a_py="from . import b", b_py="")[0] == {"a.py", "b.py"}
    assert reach("a.py", a_py="from .b import f", b_py="")[0] == {"a.py", "b.py"}


def test_a_file_that_is_not_there_leads_nowhere() -> None:
    assert reach("a.py") == ({"a.py"}, set())


def test_imports_of_a_file_in_the_middle_of_typing_are_read_off_its_lines() -> None:
    source = "import torch.nn as nn, helpers\nfrom os import path\ndef f(:\n    import json"
    files, packages = reach("a.py", a_py=source, helpers_py="")
    assert (files, packages) == ({"a.py", "helpers.py"}, {"torch", "os", "json"})


def test_text_that_speaks_of_an_import_is_none() -> None:
    assert modules(b'"""\nimport torch\n"""\n# import torch\nx = "import torch"') == set()


@pytest.mark.parametrize(
    "source", [b"\0", b"\xff\xfe", b"# coding: nonsense\nimport os", b"(" * 9999]
)
def test_bytes_that_are_no_python_do_not_matter(source: bytes) -> None:
    modules(source)
    assert fault("a.py", source).endswith(" of a.py")


def test_a_fault_is_told_with_its_line() -> None:
    assert fault("a.py", b"x = 1\ndef f(:\n") == "invalid syntax in line 2 of a.py"
    assert fault("a.py", b"x = 1\n") == ""


def test_what_python_has_to_say_of_an_escape_is_not_printed_here() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert fault("a.py", b'import os\nx = "\\d"') == ""
        assert modules(b'import os\nx = "\\d"') == {"os"}


def test_no_more_than_two_hundred_files_are_followed() -> None:
    files = {f"m{n}.py": f"import m{n + 1}".encode() for n in range(300)}
    assert len(reached(["m0.py"], files.get).files) == 200
