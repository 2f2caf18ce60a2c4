"""Sentences about stationary points, their Hessians and their labels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from grader.messages.results import shape_text
from grader.messages.text import counted

NO_POINTS = "No point came back."
POINTS_NOT_FINITE = "Among the coordinates there are numbers that are not finite or not real."
LABELS_EXPECTED = "Expected a list of words such as 'saddle', one for each point."
FOLLOWS = "It follows from your own Hessian, whose mistake is counted in its own part."
BOTH_RIGHT = "Right: the Hessian and the classification."
PICTURE = "Contours of the function, and your points"


def point_text(point: Iterable[float], digits: int = 10) -> str:
    """Return a point as (0.375, -0.75)."""
    return f"({', '.join(f'{float(x):.{digits}g}' for x in point)})"


def at_point(point: Iterable[float]) -> str:
    """Return where a matrix belongs."""
    return f"At {point_text(point)}."


def points_shape(shape: tuple[int, ...], dimension: int) -> str:
    """Return the sentence for an array that is not a list of points."""
    return (
        f"The result has shape {shape_text(shape)}; expected (k, {dimension}): "
        f"one row of {dimension} numbers for each point."
    )


def too_many_points(count: int, limit: int) -> str:
    """Return the sentence for more points than can be meant."""
    return f"{count} points came back; at most {limit} are looked at."


def points_asked(wanted: int, *, exactly: bool) -> str:
    """Return how many points are asked for."""
    asked = counted(wanted, "stationary point", "stationary points")
    return f"{'exactly' if exactly else 'at least'} {asked}"


def points_found(count: int) -> str:
    """Return the summary of a right set of points."""
    return f"Right: {counted(count, 'stationary point', 'stationary points')}."


def points_missing(found: int, wanted: int, *, exactly: bool) -> str:
    """Return the sentence for too few points."""
    asked = f"{wanted}" if exactly else f"at least {wanted}"
    seen = counted(found, "different stationary point", "different stationary points")
    return f"{seen} found; expected {asked}."


def point_twice(point: Iterable[float]) -> str:
    """Return the sentence for a point that is repeated."""
    return f"{point_text(point)} stands more than once and counts once."


def false_point(point: Iterable[float], gradient: Iterable[float]) -> str:
    """Return the sentence for a point that is not stationary."""
    slope = point_text(gradient, 6)
    return f"{point_text(point)} is not stationary: the gradient there is {slope}."


def nearest_point(nearest: Iterable[float], distance: float) -> str:
    """Return the sentence that leads from a false point to a true one."""
    return f"The nearest stationary point is {point_text(nearest)}, {distance:.2g} away."


def more_false_points(count: int) -> str:
    """Return the sentence for false points beyond those that are named one by one."""
    return f"{count} further {'point is' if count == 1 else 'points are'} not stationary either."


def hessian_count(found: int, wanted: int) -> str:
    """Return the sentence for a number of matrices that does not match the points."""
    came, there = counted(found, "matrix", "matrices"), counted(wanted, "point", "points")
    return f"{came} came back for {there}; expected one for each, in their order."


def hessians_follow(count: int) -> str:
    """Return the summary where some matrices follow from the student's own Hessian."""
    noun = "matrix follows" if count == 1 else "matrices follow"
    return f"Credited: {count} {noun} from your own Hessian, whose mistake counts in its own part."


def too_few_hessians(right: int, wanted: int) -> str:
    """Return the sentence for right matrices at too few points."""
    return f"{right} right, at different points; expected at least {wanted}."


def label_count(found: int, wanted: int) -> str:
    """Return the sentence for a number of labels that does not match the points."""
    came, there = counted(found, "label", "labels"), counted(wanted, "point", "points")
    return f"{came} came back for {there}; expected one for each, in their order."


def not_classified(point: Iterable[float]) -> str:
    """Return the sentence for a label at a point that is not stationary."""
    return f"{point_text(point)} is not a stationary point, so no label is right there."


def wrong_label(point: Iterable[float], label: str, wanted: str) -> str:
    """Return the sentence for a wrong label; `wanted` is empty where it is not to be given away."""
    expected = f"expected {wanted}" if wanted else "the eigenvalues of the Hessian say otherwise"
    return f"At {point_text(point)}: {label[:40]!r}; {expected}."


def must_include(point: Iterable[float]) -> str:
    """Return the sentence for a point without which there is no full credit."""
    return f"{point_text(point)} has to be among the points."


def no_function(name: str, file: str) -> str:
    """Return the sentence for a function that is not there."""
    return f"{file} has no function {name}."


def picture_text(
    found: Sequence[Iterable[float]],
    false: Sequence[Iterable[float]],
    missed: Sequence[Iterable[float]],
    outside: int,
) -> str:
    """Return in words what the picture of a function with its stationary points shows."""
    most = 8
    said = ["Contour lines of the function, darker where it is larger."]
    for states, points in (("found", found), ("not stationary", false), ("missed", missed)):
        if points:
            named = ", ".join(point_text(point, 3) for point in points[:most])
            more = f" and {len(points) - most} more" if len(points) > most else ""
            said.append(f"Marked as {states}: {named}{more}.")
    if outside:
        said.append(f"{counted(outside, 'point lies', 'points lie')} outside of the picture.")
    return " ".join(said)
