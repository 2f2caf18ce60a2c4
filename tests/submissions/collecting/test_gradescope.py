from __future__ import annotations

import io
from contextlib import suppress
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.submissions.collecting.gradescope import Listed, Submitter, parse_time, read
from grader.submissions.collecting.paths import Refused
from tests.submissions.collecting.downloads import utc


def listed(text: str) -> list[Listed]:
    return read(io.BytesIO(text.encode()))


def refusal(text: str) -> str:
    with pytest.raises(Refused) as caught:
        listed(text)
    return str(caught.value)


def test_a_submission_is_read() -> None:
    assert listed(
        "submission_1:\n  :submitters:\n  - :name: Ada\n    :sid: '007'\n    :email: a@x\n"
        "  :created_at: 2026-03-01 22:10:05.190432000 Z\n  :history:\n  - :id: 1\n  - :id: 2\n"
    ) == [Listed("submission_1", (Submitter("Ada", "007", "a@x"),), utc(2026, 3, 1, 22, 10, 5), 3)]


def test_tags_of_ruby_are_not_obeyed_and_anchors_are_followed() -> None:
    text = (
        "submission_1: !ruby/hash:ActiveSupport::HashWithIndifferentAccess\n"
        "  :submitters:\n  - &1 !ruby/object:User\n    :name: &2 Ada\n    :sid: *2\n"
        "  :created_at: !ruby/object:ActiveSupport::TimeWithZone\n"
        "    utc: 2026-03-01 22:10:05 Z\n    zone: &3 !ruby/object:Zone {name: X}\n"
        "submission_2:\n  :submitters:\n  - *1\n"
    )
    first, second = listed(text)
    assert first.submitters == second.submitters == (Submitter("Ada", "Ada", ""),)
    assert first.created_at == utc(2026, 3, 1, 22, 10, 5)


def test_python_tags_are_not_obeyed() -> None:
    assert listed("a: !!python/object/apply:os.system ['exit 3']\n") == [Listed("a", (), None, 1)]


def test_what_autograders_printed_is_not_kept() -> None:
    results = "".join(f"    - output: &x{number} text\n" for number in range(100))
    text = f"a:\n  :results:\n    tests:\n{results}  :submitters:\n  - :name: *x1\n"
    assert listed(text) == [Listed("a", (Submitter("", "", ""),), None, 1)]


@pytest.mark.parametrize("text", ["a: [", "\t", "- 1\n", "", "just text", "a: \x00"])
def test_what_is_no_list_is_refused(text: str) -> None:
    assert refusal(text).startswith("it is not the YAML that Gradescope writes (")


def test_a_list_nested_without_end_is_refused() -> None:
    assert refusal("a: " + "[" * 5000) == (
        "it is not the YAML that Gradescope writes (it is nested too deep)"
    )


def test_a_bomb_of_aliases_is_harmless() -> None:
    layers = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    layers += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    assert len(listed("\n".join(layers))) == 30


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-01 22:10:05.190432000 Z", utc(2026, 3, 1, 22, 10, 5)),
        ("2026-03-01 22:10:05 UTC", utc(2026, 3, 1, 22, 10, 5)),
        ("2026-03-01T22:10:05", utc(2026, 3, 1, 22, 10, 5)),
        ("2026-03-01 22:10:05.5 -07:00", utc(2026, 3, 2, 5, 10, 5, 500_000)),
        ("2026-03-01 22:10:05 -0700", utc(2026, 3, 2, 5, 10, 5)),
        ("2026-02-31 22:10:05 Z", None),
        ("yesterday", None),
        (None, None),
        (["2026-03-01 22:10:05 Z"], None),
    ],
)
def test_a_time_is_read_in_the_ways_that_ruby_writes_it(
    text: object, moment: datetime | None
) -> None:
    assert parse_time(text) == moment


@given(st.text() | st.text(alphabet=":-[]{}&*!? \n\"'abc#|>%", max_size=60))
def test_no_text_raises_anything_but_a_refusal(text: str) -> None:
    with suppress(Refused):
        read(io.BytesIO(text.encode("utf-8", "surrogatepass")))
