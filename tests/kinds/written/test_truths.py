"""Yes and no, true and false."""

# ruff: noqa: RUF001  (what people write holds all sorts of dashes and quotes)

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.kinds.written.truths import Truth, read_truth, truth_word


@pytest.mark.parametrize(
    "yes", [True, "yes", "Yes", "YES", "y", "true", "TRUE", "T", " yes. ", "Yes!", "'yes'", "y."]
)
def test_a_yes_is_read_in_any_form(yes: Any) -> None:
    assert read_truth(yes) == Truth(True, alone=True)
    assert truth_word(yes) is True


@pytest.mark.parametrize(
    "no",
    [
        *(False, "no", "No", "n", "false", "FALSE", "F", "no.", "No!", "FALSE!", '"No"', "(no)"),
        *("**No**", "*no*", "`no`", "“no”", "no\u200b", "no\u00a0", "ｎｏ", "no;", "[no]"),
    ],
)
def test_a_no_is_read_in_any_form(no: Any) -> None:
    assert read_truth(no) == Truth(False, alone=True)


@pytest.mark.parametrize(
    "no",
    [
        "No, it is serial.",
        "**No**. Sequential.",
        "No because the sweep is serial",
        "no since it is serial",
        "False because J is convex",
        "false, since J is convex",
        "False due to convexity",
        "No (order)",
        "no - the sweep",
        "No – the sweep",
        "No—never",
        "no: sweep",
        "No! It is serial.",
        "no\n\n  really",
        "It is false, since J is convex",
        "False, because it is not true that J has several minima",
        "No, that is not true for long chains",
        "No, yes would need communication",
    ],
)
def test_an_explanation_is_not_looked_at(no: str) -> None:
    found = read_truth(no)
    assert found is not None
    assert found.value is False
    assert not found.alone or no.startswith("no\n")


@pytest.mark.parametrize(
    "no", ["It is false", "It's false.", "Answer: no", "I say no", "this is false"]
)
def test_a_lead_in_does_not_matter(no: str) -> None:
    assert read_truth(no) == Truth(False, alone=True)


@pytest.mark.parametrize(
    "yes", ["True, no finite optimum exists", "Yes, no doubt", "true as λ grows"]
)
def test_the_other_word_may_stand_within_an_explanation(yes: str) -> None:
    assert read_truth(yes) == Truth(True, alone=False)


@pytest.mark.parametrize(
    "both",
    [
        *(
            "yes, no",
            "No; yes",
            "yes/no",
            "yes and no",
            "yes or no",
            "Yes—no",
            "yes (no)",
            "no. Yes.",
        ),
        *(
            "no... yes",
            "yes - but no",
            "true, false",
            "no, true",
            "No, it is serial. Yes.",
            "yes?",
            "true, it is false",
            "No, this is true",
        ),
    ],
)
def test_who_says_both_says_neither(both: str) -> None:
    assert read_truth(both) is None


@pytest.mark.parametrize(
    "neither",
    [
        *(
            "",
            "maybe",
            None,
            1,
            0,
            "ja",
            "not true",
            "it is not true",
            "not easily",
            "nope",
            "never",
        ),
        *("it depends", "No one", "truely", "yesterday", "the tensor", ["yes"], "-", "t, f"),
    ],
)
def test_anything_else_is_neither(neither: Any) -> None:
    assert read_truth(neither) is None


@given(st.text(max_size=80))
def test_any_text_is_read_or_not(text: str) -> None:
    assert read_truth(text) is None or isinstance(read_truth(text), Truth)
