"""The sentences of this topic, to the letter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from grader.messages import exports

from .catalogue import Sentence, check

SENTENCES: Sequence[Sentence] = [
    ("hidden_cases", (1, 8), {}, "Hidden cases: 1 of 8 right."),
    ("more_parts", (["a", "b"],), {}, "2 more parts lost points: a, b."),
]
CONSTANTS: Mapping[str, str] = {
    "WAITS": "A person will read this part; its points are still open.",
    "FAULT": (
        "The grader itself failed on this part, which costs no points; it will be graded again."
    ),
    "UNGRADED": "This part has not been graded yet; its points are still open.",
    "GRADER_FAILED": (
        "The grader failed, and this says nothing about your work: no points were lost. Please "
        "tell the staff of your course; they can see what happened."
    ),
    "SUMMARY_CUT": "The summary ends here, since GitHub shows at most 1 MiB for a step.",
}


def test_every_sentence_reads_like_this() -> None:
    check(exports, SENTENCES, CONSTANTS)
