"""Every page in headless Chromium, checked by axe against WCAG 2.2 AA, in light and in dark."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.report.overview import overview
from grader.report.pages import changes_html, class_html, index_html, submission_html
from grader.report.submission_page import submission_page

from . import sample
from .browser import NAMES, asked, axe_source, browser

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
RUN = """
for (const each of document.querySelectorAll("details")) each.open = true;
axe.run(document, {runOnly: {type: "tag", values: %s}, resultTypes: ["violations"]}).then(
  (found) => answer({
    dark: matchMedia("(prefers-color-scheme: dark)").matches,
    passes: found.passes.length,
    violations: found.violations.map((each) =>
      [each.id, each.nodes.slice(0, 3).map((node) =>
        [node.html.slice(0, 200), node.failureSummary])]),
  }),
  (error) => answer({violations: [String(error)]}));
"""

pytestmark = [
    pytest.mark.skipif(browser() is None, reason=f"none of {', '.join(NAMES)} is installed"),
    pytest.mark.skipif(axe_source() is None, reason="axe-core is not installed"),
]


def _pages() -> Iterator[tuple[str, str]]:
    report = sample.regraded()
    view = overview(report)
    yield "index", index_html((view,)).decode("utf-8")
    yield "class", class_html(view).decode("utf-8")
    yield "changes", changes_html(view).decode("utf-8")
    for submission in report.submissions[:2]:
        page = submission_page(report, submission)
        yield submission.submission, submission_html(page, "fingerprint").decode("utf-8")


PAGES = dict(_pages())


@pytest.mark.parametrize("width", [1280, 500])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(name: str, dark: bool, width: int, tmp_path: Path) -> None:
    script = f"{axe_source()}\n;{RUN % json.dumps(RULES)}"
    told = asked(PAGES[name], script, tmp_path, dark=dark, width=width)
    assert told["violations"] == []
    assert told["dark"] is dark
    assert told["passes"] > 15


def test_axe_would_find_something(tmp_path: Path) -> None:
    broken = PAGES["class"].replace("<main id", '<img src=""><p class="x">pale</p><main id', 1)
    broken = broken.replace("</style>", ".x { color: #aaa; background: #fff; }</style>", 1)
    told = asked(broken, f"{axe_source()}\n;{RUN % json.dumps(RULES)}", tmp_path)
    assert {"image-alt", "color-contrast"} <= {rule for rule, _ in told["violations"]}


@pytest.mark.parametrize("name", PAGES)
def test_what_is_pressed_is_large_enough(name: str, tmp_path: Path) -> None:
    """Target Size (Minimum), new in WCAG 2.2; links in a line of text are exempt."""
    script = """
    for (const each of document.querySelectorAll("details")) each.open = true;
    answer([...document.querySelectorAll("button, input, select, summary, nav a")].map((each) => {
      const box = each.getBoundingClientRect();
      return [each.tagName + " " + each.textContent.trim().slice(0, 30), box.width, box.height];
    }));
    """
    told = asked(PAGES[name], script, tmp_path, width=500)
    assert [each for each in told if 0 < min(each[1:]) < 24] == []
