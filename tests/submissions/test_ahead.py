from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from grader.release import selfcheck
from grader.submissions import ahead
from grader.submissions.ahead import handed_in, packages

DATA = '{"file": "solution.py", "other": "train.py"}'


def folder(tmp_path: Path, **files: str) -> Path:
    for name, text in files.items():
        (tmp_path / ".".join(name.rsplit("_", 1))).write_text(text, encoding="utf-8")
    return tmp_path


def test_numpy_is_always_imported_and_torch_where_the_code_does(tmp_path: Path) -> None:
    assert packages(folder(tmp_path, solution_py="import math")) == ["numpy"]
    assert packages(folder(tmp_path, solution_py="import torch")) == ["numpy", "torch"]


def test_in_a_release_only_files_that_are_asked_for_count(tmp_path: Path) -> None:
    (tmp_path / ahead.DATA).write_text(DATA, encoding="utf-8")
    assert packages(folder(tmp_path, solution_py="", scratch_py="import torch")) == ["numpy"]
    assert packages(folder(tmp_path, train_py="import scratch")) == ["numpy", "torch"]


def test_text_that_names_torch_is_no_import(tmp_path: Path) -> None:
    source = '"""Returns a torch tensor; import torch if you like."""\n# import torch\n'
    assert packages(folder(tmp_path, solution_py=source)) == ["numpy"]


@pytest.mark.parametrize("line", ["import torch", "from torch import nn", "import torch.nn as nn"])
def test_a_notebook_counts(line: str, tmp_path: Path) -> None:
    notebook = f'{{"cells": [{{"cell_type": "code", "source": ["{line}\\n"]}}]}}'
    assert packages(folder(tmp_path, solution_ipynb=notebook)) == ["numpy", "torch"]


def test_a_folder_that_is_empty_or_not_there_needs_numpy(tmp_path: Path) -> None:
    assert packages(tmp_path) == packages(tmp_path / "nowhere") == ["numpy"]


def test_the_data_is_called_as_in_a_release() -> None:
    assert ahead.DATA == selfcheck.FILE


def test_what_lies_among_the_submissions_of_a_course_was_handed_in(tmp_path: Path) -> None:
    inside = tmp_path / "submissions" / "doubling" / "ada"
    inside.mkdir(parents=True)
    assert not handed_in(inside)
    (tmp_path / "assignments").mkdir()
    assert handed_in(inside)
    assert not handed_in(tmp_path)


def test_asking_imports_nothing_heavy() -> None:
    code = "import sys, grader.submissions.ahead; print('numpy' in sys.modules)"
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True
    )
    assert done.stdout == "False\n"
