"""What the documentation says is what happens."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from grader.kinds.registry import part_models
from grader.spec import document

ROOT = Path(__file__).parents[1]
GUIDE = ROOT / "docs" / "writing-a-problem.md"
BLOCK = re.compile(r"^```(\S+) ?(.*?)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, the rest of its first line, and its text."""

    language: str
    about: str
    text: str


def blocks(page: Path) -> list[Block]:
    return [Block(*found) for found in BLOCK.findall(page.read_text(encoding="utf-8"))]


def commands(text: str) -> Iterator[tuple[str, str]]:
    """Yield each command of a console block with the output that stands under it."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, output = part.partition("\n")
        yield command, output


def pattern(output: str) -> str:
    """Return a regular expression; … stands for anything in a line, alone for any lines."""
    lines = output.splitlines(keepends=True)
    return "".join(
        "(?:.*\n)*" if line == "…\n" else re.escape(line).replace("…", ".*") for line in lines
    )


def run(command: str, folder: Path) -> str:
    program, *arguments = command.split()
    assert program == "grader"
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "grader", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return done.stdout


def test_the_guide_leads_from_nothing_to_a_graded_problem(tmp_path: Path) -> None:
    for block in blocks(GUIDE):
        if block.language == "console":
            typo = block.about.startswith("with ")
            spec = tmp_path / "assignments" / "first-steps" / "bowl.yaml"
            kept = spec.read_text(encoding="utf-8")
            if typo:
                spec.write_text(kept.replace("function: bowl", "functoin: bowl"), encoding="utf-8")
            for command, expected in commands(block.text):
                printed = run(command, tmp_path)
                assert re.fullmatch(pattern(expected), printed), f"$ {command}\n{printed}"
            spec.write_text(kept, encoding="utf-8")
        else:
            path = tmp_path / block.about
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")


@pytest.mark.parametrize("page", [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))])
def test_every_file_that_a_page_links_to_is_there(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


KINDS = ROOT / "docs" / "kinds.md"


def examples() -> list[dict[str, Any]]:
    found = [document.parse(block.text).data for block in blocks(KINDS) if block.language == "yaml"]
    return [part for parts in found for part in parts]


@pytest.mark.parametrize("part", examples(), ids=lambda part: part["kind"])
def test_an_example_of_a_kind_is_valid(part: dict[str, Any]) -> None:
    model = part_models()[part["kind"]].model_validate(part)
    shares = model.point_shares()
    assert not shares or sum(shares) == model.points


def test_every_kind_has_an_example() -> None:
    assert {part["kind"] for part in examples()} == set(part_models())
