"""A browser as a test uses it: headless Chromium, without a driver and without a network.

What a page should tell is written into it by a script of ours; Chromium prints the page after it.
"""

from __future__ import annotations

import html
import importlib.util
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
# Packages that bring axe-core along, the newest one first; of none of them is anything imported.
# The last comes with the requirements; the first knows the rules of WCAG 2.2 by itself:
#     pip install --no-deps axe-playwright-python
AXE = ("axe_playwright_python", "selenium_axe_python", "axe_core_python")
FLAGS = (
    "--headless=new",
    "--no-sandbox",  # the pages are ours, and a container gives Chromium no sandbox of its own
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--force-prefers-reduced-motion",
)
_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')
_ANSWER = re.compile(r'<pre id="answer">(.*?)</pre>', re.DOTALL)


def browser() -> str | None:
    """Return the path of a Chromium, if there is one."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def axe_source() -> str | None:
    """Return the source of axe-core, if a package with it is installed."""
    for name in AXE:
        spec = importlib.util.find_spec(name)
        for folder in (spec.submodule_search_locations or ()) if spec else ():
            for file in sorted(Path(folder).rglob("axe.min.js")):
                return file.read_text(encoding="utf-8")
    return None


def asked(page: str, script: str, folder: Path, *, dark: bool = False, width: int = 1280) -> Any:
    """Return what a script answers on a page; it calls `answer(value)` with plain data.

    The policy of the page, which would refuse the script, is taken out of the copy that is opened.
    """
    telling = (
        "function answer(value) { const told = document.createElement('pre'); told.id = 'answer';"
        "told.textContent = JSON.stringify(value); document.body.append(told); }"
    )
    copy = _POLICY.sub("", page).replace(
        "</body>", f"<script>{telling}</script><script>{script}</script></body>"
    )
    file = folder / "page.html"
    file.write_text(copy, encoding="utf-8")
    program = browser()
    assert program is not None
    done = subprocess.run(  # noqa: S603
        [
            program,
            *FLAGS,
            f"--user-data-dir={folder / 'profile'}",
            f"--window-size={width},900",
            f"--blink-settings=preferredColorScheme={0 if dark else 1}",
            "--virtual-time-budget=60000",
            "--dump-dom",
            file.as_uri(),
        ],
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    found = _ANSWER.search(done.stdout)
    assert found, f"the page gave no answer: {done.stderr[-2000:]}"
    return json.loads(html.unescape(found[1]))
