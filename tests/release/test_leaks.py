from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grader.grading.plans import Plans
from grader.release import selfcheck
from grader.release.bundle import bundle
from grader.spec.loader import Assignment, LoadedProblem
from grader.spec.models import Part
from tests import varied

from . import course
from .leaks import apart, found, numbers, secrets

SMALL = "tensor-autograd"


@pytest.mark.parametrize("name", course.NAMES)
def test_nothing_that_stays_with_the_course_is_in_a_release(name: str) -> None:
    assert found(course.files(name), course.hidden(name)) == []


@pytest.mark.parametrize("name", course.NAMES)
def test_there_is_something_to_look_for_in_every_assignment(name: str) -> None:
    secret = course.hidden(name)
    sizes = map(len, (secret.numbers, secret.lines, secret.texts, secret.names))
    assert min(sizes) >= 20


# ---- a leak is found -----------------------------------------------------------------------------


def planted(name: str, file: str, text: str) -> list[str]:
    files = course.files(name)
    files[file] += text.encode()
    return found(files, course.hidden(name))


def hidden_numbers(name: str, part: str) -> list[float]:
    problem = next(p for p in course.assignment(name).problems if _has(p, part))
    item = next(i for i in Plans(course.assignment(name)).of(problem, "") if i.part.id == part)
    seen, unseen = apart(item.part, item.plan)
    return sorted(set(numbers(unseen)) - set(numbers(seen)))


def _has(problem: LoadedProblem, part: str) -> bool:
    return any(found.id == part for found in problem.spec.parts)


def test_a_hidden_number_is_found_with_all_its_digits() -> None:
    number = hidden_numbers(SMALL, "q3-linear")[40]
    assert planted(SMALL, "statement.md", f"\nThe answer is {number!r}.\n") == [
        f"statement.md: number: {number!r}"
    ]


def test_a_hidden_number_is_found_with_some_of_its_digits() -> None:
    number = f"{hidden_numbers(SMALL, 'q3-linear')[40]:.8g}"
    assert planted(SMALL, "answers.yaml", f"# {number}\n") == [f"answers.yaml: number: {number}"]


def test_a_hidden_number_is_found_whatever_its_sign() -> None:
    number = f"-{hidden_numbers(SMALL, 'q8-normalize')[25]:.8e}"
    assert planted(SMALL, "README.md", f"{number}\n") == [f"README.md: number: {number}"]


def with_data(name: str, change: Any) -> list[str]:
    files = course.files(name)
    data = json.loads(files[selfcheck.FILE])
    change(data)
    files[selfcheck.FILE] = json.dumps(data).encode()
    return found(files, course.hidden(name))


def part_of(data: Any, name: str) -> Any:
    return next(p for q in data["problems"] for p in q["parts"] if p["part"]["id"] == name)


def test_a_hidden_case_among_the_visible_ones_is_found() -> None:
    problem = next(p for p in course.assignment(SMALL).problems if _has(p, "q8-normalize"))
    (item,) = Plans(course.assignment(SMALL)).of(problem, "")
    case = item.plan.expected[-1]

    def leak(data: Any) -> None:
        one = part_of(data, "q8-normalize")["plan"]["expected"][0]
        one["expected"] = [array.tolist() for array in case.expected]

    assert any("self-check.json: number: " in says for says in with_data(SMALL, leak))


def test_a_hidden_input_of_few_digits_is_found_as_a_whole() -> None:
    rows = [row for row in course.hidden(SMALL).rows if all(round(n, 3) == n for n in row)]

    def leak(data: Any) -> None:
        part_of(data, "q8-normalize")["plan"]["calls"][0]["arguments"]["more"] = list(rows[0])

    assert with_data(SMALL, leak) == [f"self-check.json: array: {rows[0][:4]}"]


@pytest.mark.parametrize(
    ("part", "field", "value"),
    [
        ("q7-backward-line", "accept", [{"name": "x", "pattern": ["y"]}]),
        ("q9-relu", "also", [{"x": [1, 2]}]),
        ("q9-relu", "mistakes", []),
        ("q2-elementwise-why", "rubric", []),
    ],
)
def test_a_field_that_tells_what_is_right_is_found(part: str, field: str, value: Any) -> None:
    def leak(data: Any) -> None:
        part_of(data, part)["part"][field] = value

    assert f"self-check.json: field: {part}: {field}" in with_data(SMALL, leak)


def test_the_right_choice_is_found() -> None:
    def leak(data: Any) -> None:
        part_of(data, "p5-tf-1")["part"]["answers"][0]["answer"] = "false"

    assert with_data("autodiff-basics", leak) == ["self-check.json: field: p5-tf-1: answers.answer"]


@pytest.mark.parametrize(
    ("category", "name", "text"),
    [
        ("reference", SMALL, "    return grad / Y, -grad * X / Y**2"),
        ("text", "autodiff-basics", "p5-parameters: (R-1)*D\n"),
        ("text", "backprop-and-costs", "# 3n + 1 in all\n"),
        ("text", SMALL, "Negative entries leak through with a factor of 0.01: that is the leaky"),
        ("name", SMALL, '{"name": "mask-by-gradient"}'),
        ("name", "background-math", "see gradient_first_factor_constant"),
        ("text", "autodiff-basics", "If the *chain* rule needs\ndifferentiable pieces;"),
    ],
)
def test_text_of_every_category_is_found(category: str, name: str, text: str) -> None:
    told = planted(name, "statement.md", f"\n{text}\n")
    assert told
    assert all(says.startswith(f"statement.md: {category}: ") for says in told)


# ---- the answers do not matter -------------------------------------------------------------------


def answered_otherwise(part: Part) -> Part:
    """Return a part with other answers, and without what is known to be wrong."""
    others: dict[str, dict[str, Any]] = {
        "order": {"answer": "O(1)"},
        "expression": {"answer": "1"},
        "choice": {"answer": getattr(part, "choices", ("", ""))[-1]},
        "text": {"accept": (), "refuse": (), "beside": (), "about": ()},
        "manual": {"rubric": getattr(part, "rubric", ())[:1]},
    }
    gone = {"alternatives": (), "mistakes": ()}
    known = {name: item for name, item in gone.items() if name in type(part).model_fields}
    return part.model_copy(update={**known, **others[part.kind]})


@pytest.mark.parametrize("name", ["autodiff-basics", SMALL])
def test_a_release_is_the_same_whatever_the_answers_are(name: str) -> None:
    made = course.assignment(name)
    problems = tuple(
        replace(p, spec=p.spec.model_copy(update={"parts": tuple(map(_changed, p.spec.parts))}))
        for p in made.problems
    )
    assert any(map(_is_changed, made.parts))
    assert bundle(replace(made, problems=problems)).packed() == course.packed(name)


def _is_changed(part: Part) -> bool:
    return part.kind in {"order", "expression", "choice", "text", "manual"}


def _changed(part: Part) -> Part:
    return answered_otherwise(part) if _is_changed(part) else part


# ---- the same bytes ------------------------------------------------------------------------------

BUILD = """
import os, sys
from pathlib import Path
os.umask(int(sys.argv[3], 8))
from grader.kinds.registry import part_models
from grader.release.bundle import bundle
from grader.spec.course import Course
from grader.spec.loader import load
course = Course(Path(sys.argv[1]))
made = bundle(load(course.assignment(sys.argv[2]), course.references, part_models())).packed()
Path(sys.argv[4]).write_bytes(made)
"""


def test_the_same_course_gives_the_same_bytes(tmp_path: Path) -> None:
    copy = tmp_path / "course"
    for folder in ("assignments", "reference"):
        shutil.copytree(course.ROOT / folder, copy / folder, copy_function=shutil.copyfile)
    made = []
    for hashed, mask in (("1", "022"), ("271828", "077")):
        target = tmp_path / f"{hashed}.zip"
        environment = {**os.environ, "PYTHONHASHSEED": hashed, "TZ": f"UTC-{hashed[0]}"}
        command = [sys.executable, "-c", BUILD, str(copy), SMALL, mask, str(target)]
        subprocess.run(command, check=True, env=environment)  # noqa: S603  (ours)
        made.append(hashlib.sha256(target.read_bytes()).hexdigest())
    assert made == [hashlib.sha256(course.packed(SMALL)).hexdigest()] * 2


# ---- one student's own ---------------------------------------------------------------------------


def test_of_an_assignment_per_student_nothing_hidden_and_nothing_of_others_is_given_away(
    own_assignment: Assignment,
) -> None:
    archives = {name: bundle(own_assignment, name).files for name in ("ada", "bob")}
    for name, files in archives.items():
        assert found(files, secrets(own_assignment, name)) == []
    # Whatever one student is given, the other is not; only what is the same for all is in both.
    given = {name: set(_rates(files)) for name, files in archives.items()}
    assert given["ada"] & given["bob"] == set()
    assert json.loads(archives["ada"][selfcheck.FILE])["student"] == "ada"


def _rates(files: dict[str, bytes]) -> list[float]:
    """Return the numbers that are a student's own, as the statements say them."""
    return [n for n in varied.numbers(files["statement.md"].decode()) if n >= 1000]


def test_the_answer_that_follows_from_ones_own_numbers_is_not_given_away(
    own_assignment: Assignment,
) -> None:
    files = bundle(own_assignment, "ada").files
    rows, width = varied.numbers(files["statement.md"].decode().partition("What is ")[2])[:2]
    product = f"{rows * width:.6g}".replace(".", "")
    for content in files.values():
        assert product not in content.decode().replace(".", "")


def test_the_secret_of_the_course_is_in_no_release(own_assignment: Assignment) -> None:
    assert own_assignment.secret
    for content in bundle(own_assignment, "ada").files.values():
        assert own_assignment.secret not in content
        assert own_assignment.secret.hex().encode() not in content
