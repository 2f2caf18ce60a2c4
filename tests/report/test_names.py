from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.report.names import line_anchor, page_file, safe_name

ANY_TEXT = st.text(st.characters(exclude_categories=()))  # lone surrogates included


@pytest.mark.parametrize("identifier", ["worked-solution", "a", "s0123456", "team_7", "x" * 64])
def test_a_plain_id_is_its_own_name(identifier: str) -> None:
    assert safe_name(identifier) == identifier


@pytest.mark.parametrize(
    "identifier", ["index", "changes", "con", "com1", "-a", "x" * 65, "Ada", "a.b"]
)
def test_an_id_that_a_file_system_could_mistake_gets_a_digest(identifier: str) -> None:
    assert re.fullmatch(r"[a-z0-9-]+\.[a-z2-7]{16}", safe_name(identifier))


def test_a_name_stays_readable() -> None:
    assert safe_name("Zoë Müller").startswith("zoe-muller.")


def test_an_id_without_a_readable_letter_still_gets_a_name() -> None:
    assert safe_name("李雷").startswith("student.")


@given(ANY_TEXT)
@settings(deadline=None)
def test_every_page_name_is_safe_on_every_file_system(identifier: str) -> None:
    assert re.fullmatch(r"[a-z0-9][a-z0-9_.-]{0,79}\.html", page_file(identifier))


@given(st.lists(ANY_TEXT, unique=True))
@settings(deadline=None)
def test_different_ids_have_different_names_even_without_case(identifiers: list[str]) -> None:
    assert len({safe_name(each).casefold() for each in identifiers}) == len(identifiers)


def test_a_plain_id_cannot_take_the_name_of_another() -> None:
    assert safe_name(safe_name("Ada")) != safe_name("Ada")


@given(ANY_TEXT, st.integers(1, 10**6))
@settings(deadline=None)
def test_an_anchor_is_one_word_of_ascii(file: str, line: int) -> None:
    anchor = line_anchor(file, line)
    assert anchor.isascii()
    assert not re.search(r"[\s\"'<>&#]", anchor)
