"""The path of a teaching assistant in `docs/for-tas.md`, gone from its start to its end."""

from __future__ import annotations

import re
from pathlib import Path

from tests.submissions.collecting.downloads import zipped
from tests.test_docs import ROOT, blocks, commands, pattern, run

PAGE = ROOT / "docs" / "for-tas.md"
RIGHT = b"def square_gradient(x):\n    return [2 * v for v in x]\n"
HANDED_IN = {
    "lovelaceada_11_500_homework.zip": zipped({"homework/solution.py": RIGHT}),
    "lovelaceada_11_501_answers.yaml": b"convex: The Hessian is 2 I.\n",
    "bitben_LATE_12_502_solution-1.py": b"def square_gradient(x):\n    return -2 * x\n",
    "zwart_13_503_homework.zip": b"cut short",
}


def test_the_page_leads_from_an_empty_folder_to_exported_grades(tmp_path: Path) -> None:
    ran = []
    for block in blocks(PAGE):
        if block.language == "console":
            for command, expected in commands(block.text):
                printed = run(command, tmp_path)
                assert re.fullmatch(pattern(expected), printed), f"$ {command}\n{printed}"
                ran.append(command.split()[1])
        elif block.about == "canvas.zip":
            files = {name: HANDED_IN[name] for name in block.text.split()}
            (tmp_path / block.about).write_bytes(zipped(files))
        else:
            path = tmp_path / block.about
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")
    steps = ["validate", "audit", "release", "collect", "collect", "grade", "grade", "export"]
    assert ran == steps
    assert (tmp_path / "dist" / "week-1.zip").is_file()
    assert (tmp_path / "reports" / "index.html").is_file()
