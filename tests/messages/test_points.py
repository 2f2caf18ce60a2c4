"""The sentences of this topic, to the letter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from grader.messages import points

from .catalogue import Sentence, check

POINT, ORIGIN = (0.375, -0.75), (0.0, 0.0)

SENTENCES: Sequence[Sentence] = [
    ("point_text", (POINT,), {}, "(0.375, -0.75)"),
    ("point_text", ((1.0000004,),), {}, "(1.0000004)"),
    ("at_point", (POINT,), {}, "At (0.375, -0.75)."),
    (
        "points_shape",
        ((3,), 2),
        {},
        "The result has shape (3,); expected (k, 2): one row of 2 numbers for each point.",
    ),
    ("too_many_points", (1001, 1000), {}, "1001 points came back; at most 1000 are looked at."),
    ("points_asked", (3,), {"exactly": False}, "at least 3 stationary points"),
    ("points_asked", (1,), {"exactly": True}, "exactly 1 stationary point"),
    ("points_found", (1,), {}, "Right: 1 stationary point."),
    (
        "points_missing",
        (1, 3),
        {"exactly": False},
        "1 different stationary point found; expected at least 3.",
    ),
    (
        "points_missing",
        (2, 4),
        {"exactly": True},
        "2 different stationary points found; expected 4.",
    ),
    ("point_twice", (POINT,), {}, "(0.375, -0.75) stands more than once and counts once."),
    (
        "false_point",
        (POINT, (1 / 3, 0.0)),
        {},
        "(0.375, -0.75) is not stationary: the gradient there is (0.333333, 0).",
    ),
    (
        "nearest_point",
        (ORIGIN, 0.8385),
        {},
        "The nearest stationary point is (0, 0), 0.84 away.",
    ),
    ("more_false_points", (1,), {}, "1 further point is not stationary either."),
    ("more_false_points", (2,), {}, "2 further points are not stationary either."),
    (
        "picture_text",
        ([ORIGIN, POINT], [(1 / 3, 2)], [(1, 0)], 1),
        {},
        (
            "Contour lines of the function, darker where it is larger. "
            "Marked as found: (0, 0), (0.375, -0.75). Marked as not stationary: (0.333, 2). "
            "Marked as missed: (1, 0). 1 point lies outside of the picture."
        ),
    ),
    (
        "picture_text",
        ([], [ORIGIN] * 10, [], 2),
        {},
        (
            "Contour lines of the function, darker where it is larger. Marked as not stationary: "
            "(0, 0), (0, 0), (0, 0), (0, 0), (0, 0), (0, 0), (0, 0), (0, 0) and 2 more. "
            "2 points lie outside of the picture."
        ),
    ),
    (
        "hessian_count",
        (1, 3),
        {},
        "1 matrix came back for 3 points; expected one for each, in their order.",
    ),
    (
        "hessians_follow",
        (1,),
        {},
        "Credited: 1 matrix follows from your own Hessian, whose mistake counts in its own part.",
    ),
    (
        "hessians_follow",
        (2,),
        {},
        "Credited: 2 matrices follow from your own Hessian, whose mistake counts in its own part.",
    ),
    ("too_few_hessians", (1, 3), {}, "1 right, at different points; expected at least 3."),
    (
        "label_count",
        (2, 1),
        {},
        "2 labels came back for 1 point; expected one for each, in their order.",
    ),
    (
        "not_classified",
        (POINT,),
        {},
        "(0.375, -0.75) is not a stationary point, so no label is right there.",
    ),
    (
        "wrong_label",
        (POINT, "x" * 50, "maximum"),
        {},
        f"At (0.375, -0.75): '{'x' * 40}'; expected maximum.",
    ),
    (
        "wrong_label",
        (POINT, "saddle", ""),
        {},
        "At (0.375, -0.75): 'saddle'; the eigenvalues of the Hessian say otherwise.",
    ),
    ("must_include", (POINT,), {}, "(0.375, -0.75) has to be among the points."),
    ("no_function", ("f", "solution.py"), {}, "solution.py has no function f."),
]
CONSTANTS: Mapping[str, str] = {
    "NO_POINTS": ("No point came back."),
    "POINTS_NOT_FINITE": (
        "Among the coordinates there are numbers that are not finite or not real."
    ),
    "LABELS_EXPECTED": ("Expected a list of words such as 'saddle', one for each point."),
    "FOLLOWS": ("It follows from your own Hessian, whose mistake is counted in its own part."),
    "BOTH_RIGHT": ("Right: the Hessian and the classification."),
    "PICTURE": "Contours of the function, and your points",
}


def test_every_sentence_reads_like_this() -> None:
    check(points, SENTENCES, CONSTANTS)
