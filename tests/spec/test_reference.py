from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

import pytest

from grader.errors import CourseError
from grader.spec.reference import Reference


def write(folder: Path, files: Mapping[str, str]) -> Reference:
    """Return the reference pack/main.py after writing files, and an empty pack/__init__.py."""
    for name, text in {"pack/__init__.py": "", **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return Reference(folder, "pack", "main")


# ---- names ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("def f(): ...", {"f"}),
        ("async def f(): ...", {"f"}),
        ("class C: ...", {"C"}),
        ("f = lambda x: x", {"f"}),
        ("f: object = len", {"f"}),
        ("f = g = len", {"f", "g"}),
        ("f, (g, *h) = 1, (2, 3)", {"f", "g", "h"}),
        ("import a.b, c as d", {"a", "d"}),
        ("from a import f, g as h", {"f", "h"}),
        ("from a import *", {"*"}),
        ("if x:\n def f(): ...\nelse:\n def g(): ...", {"f", "g"}),
        ("try:\n import f\nexcept E:\n f = g = None\nfinally:\n h = 1", {"f", "g", "h"}),
        ("with x:\n for y in z:\n  def f(): ...", {"f"}),
        ("def f():\n g = 1\n def h(): ...", {"f"}),
        ("class C:\n def f(self): ...", {"C"}),
    ],
)
def test_names_are_those_bound_at_the_top_level(tmp_path: Path, text: str, names: set[str]) -> None:
    assert write(tmp_path, {"pack/main.py": text}).defined_names() == names


def test_names_are_found_without_running_anything(tmp_path: Path) -> None:
    reference = write(tmp_path, {"pack/main.py": "def f(): ...\nraise SystemExit"})
    assert reference.defined_names() == {"f"}


# ---- dependencies and digest ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("import numpy", []),
        ("from . import helper", ["pack/helper.py"]),
        ("from .helper import f", ["pack/helper.py"]),
        ("from pack import helper", ["pack/helper.py"]),
        ("from pack.helper import f", ["pack/helper.py"]),
        ("import pack.helper", ["pack/helper.py"]),
        ("import pack.helper as h, other", ["pack/helper.py"]),
        ("def f():\n from . import helper", ["pack/helper.py"]),
        ("from .deep.inner import f", ["pack/deep/__init__.py", "pack/deep/inner.py"]),
        ("import pack.deep.inner", ["pack/deep/__init__.py", "pack/deep/inner.py"]),
        ("from second import tool", ["second/__init__.py", "second/tool.py"]),
        ("from ..second import tool", ["second/__init__.py", "second/tool.py"]),
        ("from ........ import tool", []),
        ("from .via import f", ["pack/helper.py", "pack/via.py"]),
        ("from .circle import f", ["pack/circle.py"]),
    ],
)
def test_a_module_depends_on_what_it_imports_from_the_reference(
    tmp_path: Path, text: str, more: list[str]
) -> None:
    others = {
        "pack/helper.py": "",
        "pack/unused.py": "",
        "pack/via.py": "from . import helper",
        "pack/circle.py": "from . import main",
        "pack/deep/__init__.py": "",
        "pack/deep/inner.py": "",
        "second/__init__.py": "",
        "second/tool.py": "",
    }
    found = write(tmp_path, {"pack/main.py": text, **others}).dependencies()
    names = [path.relative_to(tmp_path).as_posix() for path in found]
    assert names == sorted(["pack/__init__.py", "pack/main.py", *more])


def test_a_module_depends_on_the_data_of_its_package(tmp_path: Path) -> None:
    reference = write(tmp_path, {"pack/main.py": "", "pack/data/points.csv": "1", "else.csv": "2"})
    assert tmp_path / "pack" / "data" / "points.csv" in reference.dependencies()
    assert tmp_path / "else.csv" not in reference.dependencies()


BASE = {
    "pack/main.py": "from . import helper",
    "pack/helper.py": "import second.tool",
    "pack/unused.py": "",
    "pack/points.csv": "1",
    "second/tool.py": "",
}


@pytest.mark.parametrize(
    "name",
    ["pack/__init__.py", "pack/main.py", "pack/helper.py", "pack/points.csv", "second/tool.py"],
)
def test_a_change_of_anything_it_depends_on_changes_the_digest(tmp_path: Path, name: str) -> None:
    before = write(tmp_path, BASE).digest()
    write(tmp_path, BASE | {name: BASE.get(name, "") + "\n"})
    assert Reference(tmp_path, "pack", "main").digest() != before


def test_a_change_of_what_it_does_not_import_leaves_the_digest(tmp_path: Path) -> None:
    before = write(tmp_path, BASE).digest()
    assert write(tmp_path, BASE | {"pack/unused.py": "x = 1", "new.py": ""}).digest() == before


def test_contents_that_change_places_change_the_digest(tmp_path: Path) -> None:
    files = {"pack/main.py": "from . import a, b", "pack/a.py": "x = 1", "pack/b.py": "x = 2"}
    before = write(tmp_path, files).digest()
    swapped = {"pack/a.py": "x = 2", "pack/b.py": "x = 1"}
    assert write(tmp_path, files | swapped).digest() != before


def test_the_digest_does_not_depend_on_where_the_course_lies(tmp_path: Path) -> None:
    here, there = write(tmp_path / "here", BASE), write(tmp_path / "there", BASE)
    assert here.digest() == there.digest()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"def f(:", "{}:1: not Python: invalid syntax (main.py, line 1)"),
        (b"\n\0", "{}:1: not Python: source code string cannot contain null bytes"),
    ],
)
def test_what_is_not_python_is_a_fault_of_the_course(
    tmp_path: Path, content: bytes, says: str
) -> None:
    reference = write(tmp_path, {})
    reference.path.write_bytes(content)
    with pytest.raises(CourseError) as caught:
        reference.defined_names()
    assert str(caught.value) == says.format(reference.path)


def test_a_file_that_cannot_be_read_is_a_fault_of_the_course(tmp_path: Path) -> None:
    reference = write(tmp_path, {})
    with pytest.raises(CourseError) as caught:
        reference.defined_names()
    assert str(caught.value) == f"{reference.path}: cannot be read: No such file or directory"


# ---- importing --------------------------------------------------------------------------------


def test_a_function_of_the_reference_can_be_called(tmp_path: Path) -> None:
    reference = write(tmp_path, {"pack/main.py": "def f(x): return 2 * x"})
    assert reference.function("f")(21) == 42


@pytest.mark.parametrize("name", ["g", "constant"])
def test_what_is_no_function_is_a_fault_of_the_course(tmp_path: Path, name: str) -> None:
    reference = write(tmp_path, {"pack/main.py": "constant = 1"})
    with pytest.raises(CourseError) as caught:
        reference.function(name)
    assert str(caught.value) == f"{reference.path}: there is no function {name!r}"


@pytest.mark.parametrize(
    ("text", "error"),
    [("1 / 0", "ZeroDivisionError('division by zero')"), ("exit(3)", "SystemExit(3)")],
)
def test_a_reference_that_cannot_be_imported_is_a_fault_of_the_course(
    tmp_path: Path, text: str, error: str
) -> None:
    reference = write(tmp_path, {"pack/main.py": text})
    with pytest.raises(CourseError) as caught:
        _ = reference.loaded
    assert str(caught.value) == f"{reference.path}: importing the reference failed: {error}"


def _value(reference: Reference) -> object:
    return reference.function("f")()


@pytest.mark.parametrize("init", [{}, {"pack/__init__.py": "from .helper import g"}])
def test_courses_with_equally_named_packages_are_not_mixed_up(
    tmp_path: Path, init: Mapping[str, str]
) -> None:
    files = {"pack/main.py": "from .helper import g\nf = g", **init}
    one = write(tmp_path / "one", {**files, "pack/helper.py": "def g(): return 1"})
    two = write(tmp_path / "two", {**files, "pack/helper.py": "def g(): return 2"})
    assert (_value(one), _value(two), _value(one)) == (1, 2, 1)


def test_another_module_of_an_equally_named_package_is_found(tmp_path: Path) -> None:
    one = write(tmp_path / "one", {"pack/main.py": "def f(): return 1"})
    write(tmp_path / "two", {"pack/other.py": "def f(): return 2"})
    assert _value(one) == 1
    assert _value(Reference(tmp_path / "two", "pack", "other")) == 2


def test_helpers_outside_the_package_are_not_mixed_up_either(tmp_path: Path) -> None:
    main = {"pack/main.py": "from second.tool import f"}
    one = write(tmp_path / "one", {**main, "second/tool.py": "def f(): return 1"})
    two = write(tmp_path / "two", {**main, "second/tool.py": "def f(): return 2"})
    assert (_value(one), _value(two)) == (1, 2)


def test_a_package_without_init_is_not_mixed_up_with_one_that_has_it(tmp_path: Path) -> None:
    one = write(tmp_path / "one", {"pack/main.py": "def f(): return 1"})
    (tmp_path / "one" / "pack" / "__init__.py").unlink()
    files = {"pack/__init__.py": "x = 2", "pack/main.py": "from pack import x\ndef f(): return x"}
    two = write(tmp_path / "two", files)
    assert (_value(one), _value(two)) == (1, 2)


def test_a_helper_that_changed_is_imported_again(tmp_path: Path) -> None:
    files = {"pack/main.py": "from .helper import f", "pack/helper.py": "def f(): return 1"}
    assert _value(write(tmp_path, files)) == 1
    # Of the same length and within the same second: only the content tells them apart.
    assert _value(write(tmp_path, files | {"pack/helper.py": "def f(): return 2"})) == 2


def test_two_modules_of_a_package_share_their_helpers(tmp_path: Path) -> None:
    text = "from .helper import shared\ndef f(): return shared"
    write(tmp_path, {"pack/a.py": text, "pack/b.py": text, "pack/helper.py": "shared = object()"})
    a, b = (Reference(tmp_path, "pack", name) for name in "ab")
    assert _value(a) is _value(b)


class _AnswersAnything(ModuleType):
    def __getattr__(self, name: str) -> object:
        return self


@pytest.mark.parametrize("odd", [None, object(), _AnswersAnything("odd")])
def test_odd_entries_among_the_modules_do_no_harm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, odd: object
) -> None:
    monkeypatch.setitem(sys.modules, "odd_entry", odd)
    assert _value(write(tmp_path, {"pack/main.py": "def f(): return 1"})) == 1


def test_importing_leaves_no_trace_in_the_course_or_on_the_path(tmp_path: Path) -> None:
    reference = write(tmp_path, {"pack/main.py": "def f(): return 1"})
    before = list(sys.path)
    assert _value(reference) == 1
    assert sys.path == before
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["__init__.py", "main.py", "pack"]


def test_a_failed_import_leaves_no_trace_on_the_path(tmp_path: Path) -> None:
    reference = write(tmp_path, {"pack/main.py": "1 / 0"})
    before = list(sys.path)
    with pytest.raises(CourseError):
        _ = reference.loaded
    assert sys.path == before
