"""Pages of HTML from their templates, each complete in itself.

A policy in every page allows one style sheet and, on the page of a class, one script, named by
their digests: text that came through all the escaping would still find nothing that runs it.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Callable
from fractions import Fraction
from functools import cache, lru_cache
from math import floor
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from grader import messages
from grader.messages.text import points_text
from grader.report import words
from grader.report.listing import code_html
from grader.report.names import safe_name
from grader.report.overview import MOST_NAMED, Overview
from grader.report.statements import line, statement
from grader.report.submission_page import SubmissionPage, case_status, wide
from grader.report.text import printable

MOST_CHANGED = 400
"""Parts on the page of changes: the latest gradings first, and in each the largest changes."""
_TEMPLATES = Path(__file__).parent / "templates"


def index_html(overviews: tuple[Overview, ...]) -> bytes:
    """Return the page that lists all assignments."""
    template = _environment().get_template("index.html")
    return template.render(overviews=overviews).encode("utf-8")


def class_html(view: Overview) -> bytes:
    """Return the page of a class: one assignment and all of its submissions."""
    template = _environment().get_template("class.html")
    return template.render(view=view).encode("utf-8")


def changes_html(view: Overview) -> bytes:
    """Return the page that says whose score a later grading changed."""
    template = _environment().get_template("changes.html")
    return template.render(view=view).encode("utf-8")


def submission_html(page: SubmissionPage, fingerprint: str) -> bytes:
    """Return the page of one submission, which says near its start what it was made from."""
    template = _environment().get_template("submission.html")
    return template.render(page=page, fingerprint=fingerprint).encode("utf-8")


def page_of(template: Path, **given: object) -> bytes:
    """Return a page from a template that lies elsewhere and extends those here."""
    environment = _environment()
    assert environment.loader is not None  # noqa: S101  (it was given one)
    theirs = FileSystemLoader(template.parent, encoding="utf-8")
    folders = ChoiceLoader([theirs, environment.loader])
    found = environment.overlay(loader=folders).get_template(template.name)
    return found.render(**given).encode("utf-8")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES, encoding="utf-8"),
        autoescape=True,
        finalize=_shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    style = (_TEMPLATES / "style.css").read_text(encoding="utf-8")
    script = (_TEMPLATES / "tables.js").read_text(encoding="utf-8")
    environment.globals.update(
        style=Markup(style),  # noqa: S704 - ours
        script=Markup(script),  # noqa: S704 - ours
        style_digest=_digest(style),
        script_digest=_digest(script),
        words=words,
        say=messages.reports,
        dates=messages.dates,
        most_named=MOST_NAMED,
        most_changed=MOST_CHANGED,
        status_words=words.STATUS_WORDS,
        state_words=words.STATE_WORDS,
        case_status=case_status,
    )
    environment.filters.update(
        points=points_text,
        percent=_percent,
        change=_change,
        share=_share,
        seconds=_seconds,
        statement=statement,
        formulas=line,
        anchor=safe_name,
        mark=_macro("mark"),
        badge=_macro("badge"),
        case=_macro("case"),  # those of a part are alike for all who are right
        code=lambda lines, anchored: code_html(lines, anchored=anchored),
    )
    environment.tests.update(wide=wide)
    return environment


def _macro(name: str) -> Callable[..., Markup]:
    """Return a macro as a filter that remembers what it gave."""

    @lru_cache(maxsize=1024)
    def remembered(*given: object) -> Markup:
        macro: Callable[..., Markup] = getattr(_macros(), name)
        return macro(*given)

    return remembered


@cache
def _macros() -> Any:
    return _environment().get_template("macros.html").module


def _shown(value: object) -> object:
    """Return what a template prints: text made printable, HTML as it is."""
    if type(value) is not str and (not isinstance(value, str) or hasattr(value, "__html__")):
        return value
    # Most is short, plain and printable, and a page prints a thousand pieces.
    return value if value.isascii() and value.isprintable() else printable(value)


def _percent(points: Fraction, whole: Fraction) -> str:
    """Return a share as the width of a bar, cut and never rounded up to the full width."""
    share = min(Fraction(1), max(Fraction(0), points / whole)) if whole else Fraction(0)
    return f"{floor(share * 1000) / 10:g}%"


def _change(points: Fraction) -> str:
    """Return a difference of points with its sign; it is cut towards zero."""
    if not points:
        return "0"
    sign = "+" if points > 0 else "\N{MINUS SIGN}"
    return sign + points_text(abs(points))


def _share(part: Fraction) -> str:
    """Return a share in whole per cent, cut: only all are 100 %."""
    return f"{floor(part * 100)} %"


def _seconds(seconds: float) -> str:
    """Return a time with its unit, in so many digits as anybody needs."""
    if seconds < 1:
        return f"{max(1, round(seconds * 1000))} ms"
    return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"


def _digest(text: str) -> str:
    return b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
