"""Sentences about written answers."""

from __future__ import annotations

from collections.abc import Iterable

SURVEY_DONE = "Answered; thank you."
DECLARED = "Declared."
WAITS = "Waits for a person to review it."
REVIEWED = "Reviewed."


def unanswered(keys: list[str]) -> str:
    """Return the sentence for keys of answers.yaml without an answer."""
    return f"answers.yaml has no answer for {', '.join(keys)}."


def number_expected(key: str, found: str) -> str:
    """Return the sentence for an answer that is no number."""
    return f"{key}: expected a number, found {found[:60]!r}."


def number_between(key: str, found: str, low: float, high: float) -> str:
    """Return the sentence for a number out of range."""
    return f"{key}: expected a number from {low:g} to {high:g}, found {found[:60]}."


def choice(key: str, found: str, choices: Iterable[str]) -> str:
    """Return the sentence for an answer that is none of the choices."""
    return f"{key}: expected one of {', '.join(choices)}; found {found[:60]!r}."


def must_be_true(keys: list[str]) -> str:
    """Return the sentence for statements that have to be true."""
    return f"{', '.join(keys)} has to be true."


def handed_in(files: list[str], key: str) -> str:
    """Return what was handed in for a part that a person reviews."""
    return f"Handed in: {', '.join(files) if files else f'the text under {key} in answers.yaml'}."


def nothing_handed_in(key: str, patterns: Iterable[str]) -> str:
    """Return the sentence for a part that a person would review, were there anything."""
    files = ", ".join(patterns)
    where = f"a file ({files}) or text under {key} in answers.yaml"
    if not files:
        where = f"text under {key} in answers.yaml"
    return f"Nothing handed in; expected {where}."


KEYS_EXPECTED = "expected lines of the form key: answer"


def other_file(found: str, expected: str) -> str:
    """Return the note on answers in a file of another name."""
    return f"The answers were read from {found}; the file should be called {expected}."


def read_by_lines(file: str, line: int, why: str) -> str:
    """Return the note on a file of answers that is no YAML, and was read nevertheless."""
    return (
        f"{file} is not quite YAML; the answers in it were read line by line. It stumbles over "
        f"line {line}: {why}. Write a space behind the colon of a key, and a sentence with a "
        "colon, a quote or a sign at its beginning on a line of its own, with two spaces before "
        "it, under key: >-"
    )


def answered_twice(key: str) -> str:
    """Return the note on a key that stands twice, with different answers."""
    return f"There are two answers for {key}, and they differ; neither was judged. Delete one."


def differing(answers: list[str]) -> str:
    """Return how answers are shown that stand under one key."""
    return f"different answers: {'; '.join(answers)}"


def unknown_key(key: str, close: str) -> str:
    """Return the note on a key that no part has."""
    return f"No part is called {key}, as in answers.yaml; was {close} meant?"
