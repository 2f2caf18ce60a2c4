from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.submissions import answers
from grader.submissions.answers import Answers, Differing, read


def _read(text: str | bytes) -> Answers:
    return read({"answers.yaml": text.encode() if isinstance(text, str) else text})


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("", {}),
        ("# nothing yet", {}),
        ("q1: yes", {"q1": True}),
        ("debrief-hours: 7.5\ndebrief-alone: no", {"debrief-hours": 7.5, "debrief-alone": False}),
        ("debrief: {hours: 7, deep: {er: 1}}", {"debrief-hours": 7, "debrief-deep-er": 1}),
        ("debrief:\n  hours: 7\ndebrief-alone: x", {"debrief-hours": 7, "debrief-alone": "x"}),
        ("q1: [1, {a: 2}]", {"q1": [1, {"a": 2}]}),
        ("q1: {}", {}),
        ("q1:", {"q1": None}),
        ("date: 2024-01-31\ntime: 1:30", {"date": "2024-01-31", "time": "1:30"}),
        ("1: a\n2: {3: b}", {"1": "a", "2-3": "b"}),
        ("\ufeffq1: a", {"q1": "a"}),
    ],
)
def test_answers_are_read_flat(text: str, given: dict[str, Any]) -> None:
    assert _read(text) == Answers(given)


def test_without_the_file_there_are_no_answers() -> None:
    assert read({"solution.py": b""}) == Answers()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("just words", "answers.yaml cannot be read: expected lines of the form key: answer."),
        ("- a", "answers.yaml cannot be read: expected lines of the form key: answer."),
        ("[" * 10_000, "answers.yaml cannot be read: line 1: nested more than 40 levels deep."),
        (b"a: " + b"x" * (2 << 20), "answers.yaml cannot be read: line 1: larger than 1024 KiB."),
        (
            b"a: [\n" + 6000 * b"b: c\n",
            (
                "answers.yaml cannot be read: line 3: not YAML: while parsing a flow sequence, "
                "expected ',' or ']', but got ':'."
            ),
        ),
    ],
)
def test_a_file_of_which_nothing_can_be_read_says_why(text: str | bytes, problem: str) -> None:
    assert _read(text) == Answers(problem=problem)


KNOWN = ("p1-policies", "p3-time", "p5-tf-1", "p5-tf-1-why", "p5-params", "q6", "decl")


@pytest.mark.parametrize(
    "why",
    [
        "J is convex: the sum",
        "`J` is convex",
        '"J" is convex',
        "% J is convex",
        "* J is convex",
        "> J is convex",
        "[1] J is convex",
        "@J is convex",
        "'J' is, it's convex",
        "J is\nconvex",
        "J is\n\tconvex",
        "{J} is: convex",
        "! J is\n  where: not a key",
    ],
)
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_line_that_is_no_yaml_costs_no_other_answer(why: str, ending: str) -> None:
    text = (
        f"p3-time: O(T)\np5-tf-1: false\np5-tf-1-why: {why}\np5-params: [1, 2]\nq6: |\n  a\n  b\n"
    )
    found = read({"answers.yaml": text.replace("\n", ending).encode()}, KNOWN)
    assert not found.problem
    assert {key: found.given[key] for key in ("p3-time", "p5-tf-1", "p5-params")} == {
        "p3-time": "O(T)",
        "p5-tf-1": False,
        "p5-params": [1, 2],
    }
    assert " ".join(found.given["q6"].split()) == "a b"
    assert " ".join(found.given["p5-tf-1-why"].split()) == " ".join(why.split())
    if "\nconvex" not in why:
        assert "It stumbles over line " in found.notes[0]


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("p3-time:O(T)", {"p3-time": "O(T)"}),
        ("q6: a\np3-time:O(T)", {"q6": "a", "p3-time": "O(T)"}),
        ("q6: a\n  p3-time: O(T)  # sweep", {"q6": "a", "p3-time": "O(T)"}),
        ("- q6: a\n- p3-time: O(T)", {"q6": "a", "p3-time": "O(T)"}),
        ("q6: a\n---\np3-time: b", {"q6": "a", "p3-time": "b"}),
        ("q6: a\np3-tme: O(T): x", {"q6": "a", "p3-tme": "O(T): x"}),
        ("'q6': a\np3-time: a: b", {"q6": "a", "p3-time": "a: b"}),
        ("q6: 'a'\np3-time: \"a: b", {"q6": "a", "p3-time": '"a: b'}),
        ("q6: a: b\ndecl-one:\ndecl-two: no", {"q6": "a: b", "decl-one": None, "decl-two": False}),
        ("q6: >-\n  a: b\n  c\np3-time: a: b", {"q6": "a: b c", "p3-time": "a: b"}),
        ("q6: *a\nP3_time: b", {"q6": "*a", "P3-time": "b"}),
        ("# x: y: z\nq6: a: b", {"q6": "a: b"}),
    ],
)
def test_answers_are_read_line_by_line_where_they_are_no_yaml(
    text: str, given: dict[str, Any]
) -> None:
    found = read({"answers.yaml": text.encode()}, KNOWN)
    assert (found.given, found.problem) == (given, "")
    assert len(found.notes) in {1, 2}


def test_the_note_says_which_line_and_how_to_write_it() -> None:
    found = _read("a: 1\nb: c: d")
    assert found.given == {"a": 1, "b": "c: d"}
    [note] = found.notes
    assert note == (
        "answers.yaml is not quite YAML; the answers in it were read line by line. It stumbles "
        "over line 2: not YAML: mapping values are not allowed here. Write a space behind the "
        "colon of a key, and a sentence with a colon, a quote or a sign at its beginning on a line "
        "of its own, with two spaces before it, under key: >-"
    )


@pytest.mark.parametrize(
    "raw", ["a: \u00e9t\u00e9".encode("latin-1"), "a: \u00e9t\u00e9".encode("utf-16")]
)
def test_other_encodings_are_read_too(raw: bytes) -> None:
    assert _read(raw) == Answers({"a": "\u00e9t\u00e9"})


def test_of_two_answers_that_differ_neither_counts_and_the_others_do() -> None:
    found = _read("a: 1\nb: 2\na: 3\n")
    assert found.given == {"a": Differing((1, 3)), "b": 2}
    assert str(found.given["a"]) == "different answers: 1; 3"
    assert found.notes[1:] == (
        "There are two answers for a, and they differ; neither was judged. Delete one.",
    )


@pytest.mark.parametrize("text", ["a: 1\na: 1", "a:\na: 1", "a: 1\na:", "a: {b: 1}\na-b: 1"])
def test_a_key_may_stand_twice_if_its_answers_do_not_differ(text: str) -> None:
    assert set(_read(text).given.values()) == {1}


def test_an_answer_may_stand_one_level_deeper() -> None:
    assert _read("p3-time: {answer: O(T)}").given == {"p3-time": "O(T)"}


@pytest.mark.parametrize("name", ["answers.yml", "Answers.yaml", "ANSWERS.YML", "answers.yaml.txt"])
def test_a_file_of_almost_the_name_is_read(name: str) -> None:
    note = f"The answers were read from {name}; the file should be called answers.yaml."
    assert read({name: b"a: 1", "x.py": b""}) == Answers({"a": 1}, notes=(note,))
    assert read({name: b"a: 1", "answers.yaml": b"b: 2"}) == Answers({"b": 2})


def test_underscores_are_dashes() -> None:
    assert _read("p3_time_one: a").given == {"p3-time-one": "a"}


@pytest.mark.parametrize(
    ("key", "notes"),
    [
        ("p3-tme", ("No part is called p3-tme, as in answers.yaml; was p3-time meant?",)),
        ("p3-time", ()),
        ("P3-Time", ()),
        ("decl-certified", ()),
        ("something-else", ()),
        ("q9", ()),
    ],
)
def test_a_misspelt_key_is_told(key: str, notes: tuple[str, ...]) -> None:
    assert read({"answers.yaml": f"{key}: a".encode()}, KNOWN).notes == notes


@given(st.binary())
def test_any_bytes_give_answers_or_a_problem(raw: bytes) -> None:
    found = _read(raw)
    assert not (found.given and found.problem)


def test_of_very_many_keys_that_no_part_has_only_the_first_are_compared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compared = []

    def close(key: str, *_: object) -> list[str]:
        compared.append(key)
        return []

    monkeypatch.setattr(answers, "get_close_matches", close)
    keys = [f"q1-time-{number}x" for number in range(9_000)]
    text = "".join(f"{key}: 1\n" for key in keys)
    found = read({answers.FILE: text.encode()}, ["q2"])
    assert (len(found.given), found.notes) == (9_000, ())
    assert compared == keys[: answers.MAX_COMPARED]
