"""A function with its true stationary points, and what the kinds about them share.

The true set comes from the reference and is checked when planning: the gradient vanishes at each
point, and no point stands twice.  Points are judged by their distance to the true set and not by
their gradient: near a degenerate point the gradient is so flat that a small residual accepts points
that are not stationary.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import Any, ClassVar

import numpy as np
from pydantic import Field

from grader import messages
from grader.compare import arrays
from grader.compare.closeness import Closeness, compare
from grader.compare.conditioning import conditioning
from grader.errors import CourseError
from grader.kinds import outcomes
from grader.kinds.base import Planning
from grader.kinds.functions.automatic import derivative, numeric
from grader.kinds.points import contours
from grader.records import Observation, Outcome, PartResult, Status
from grader.spec.models import FileName, Part, PythonName

PROBE = "grader.probes.points:points_and_values"
RADIUS = {"float64": 1e-6, "float32": 1e-5}
"""How near a point has to be to a true one, by the precision that the student worked in."""
MAX_POINTS = 1000


class PointsPart(Part):
    """A part about the stationary points of a function of the reference."""

    of: PythonName = Field(description="The function, in torch, in the reference.")
    all_points: PythonName = Field(
        description="A function of the reference that returns every stationary point."
    )
    function: PythonName
    file: FileName = "solution.py"

    reference_fields: ClassVar[tuple[str, ...]] = ("of", "all_points")

    @property
    def source_file(self) -> str:
        """The file with the student's function."""
        return self.file


@dataclass(frozen=True, slots=True)
class Landscape:
    """A function with its true stationary points, as the judge needs it."""

    points: np.ndarray  # (k, d)
    gradient: Callable[..., np.ndarray]
    hessian: Callable[..., np.ndarray]
    surface: contours.Surface

    def nearest(self, point: np.ndarray) -> tuple[int, float]:
        """Return the number of the nearest true point, and the distance to it."""
        with np.errstate(over="ignore"):  # a coordinate may be as large as a double can be
            distances = np.linalg.norm(self.points - point, axis=1)
        best = int(np.argmin(distances))
        return best, float(distances[best])

    def label(self, point: np.ndarray) -> str:
        """Return what the eigenvalues of the Hessian say of a point."""
        eigenvalues = np.linalg.eigvalsh(self.hessian(x=point))
        flat = 1e-9 * max(1.0, float(np.max(np.abs(eigenvalues))))
        if np.any(eigenvalues > flat) and np.any(eigenvalues < -flat):
            return "saddle"
        if np.any(np.abs(eigenvalues) <= flat):
            return "degenerate"
        return "minimum" if eigenvalues[0] > 0 else "maximum"


def landscape(part: PointsPart, planning: Planning) -> Landscape:
    """Return the function of a part with its true points.

    Raises CourseError if the reference's points are not stationary, or stand twice.
    """
    function = planning.reference.function(part.of)
    points = numeric(planning.reference.function(part.all_points))()
    points = np.atleast_2d(points)
    gradient = remembered(derivative(function, "grad", 0))
    hessian = remembered(derivative(function, "hessian", 0))
    for number, point in enumerate(points):
        residual = float(np.max(np.abs(gradient(x=point))))
        if not residual <= 1e-12 * max(1.0, float(np.max(np.abs(point)))):
            raise CourseError(
                f"{part.id}: {part.all_points} gives {point.tolist()}, "
                f"where the gradient is {residual:g}"
            )
        if any(np.linalg.norm(point - other) < 1e-6 for other in points[:number]):
            raise CourseError(f"{part.id}: {part.all_points} gives {point.tolist()} twice")
    return Landscape(points, gradient, hessian, contours.surface(function))


def remembered(function: Callable[..., np.ndarray]) -> Callable[..., np.ndarray]:
    """Return a function of a point `x` that computes each of its latest values once.

    Most students find the same points, and all of them are asked about the true ones.
    """

    @lru_cache(maxsize=1024)
    def at(raw: bytes) -> np.ndarray:
        value = function(x=np.frombuffer(raw))
        value.flags.writeable = False
        return value

    def evaluate(*, x: np.ndarray) -> np.ndarray:
        return at(np.ascontiguousarray(x, dtype=np.float64).tobytes())

    return evaluate


def read_points(value: Any, dimension: int) -> np.ndarray:
    """Return points as an array (k, d); one bare point counts as a list of one.

    Raises NotNumbersError with a sentence for the student.
    """
    points = arrays.as_array(value)
    if points.size == 0:
        raise arrays.NotNumbersError(messages.points.NO_POINTS)
    if points.shape == (dimension,) or (dimension == 1 and points.ndim == 1):
        points = points.reshape(-1, dimension)
    if points.ndim != 2 or points.shape[1] != dimension:
        raise arrays.NotNumbersError(messages.points.points_shape(points.shape, dimension))
    if points.dtype.kind == "c" or not np.all(np.isfinite(points)):
        raise arrays.NotNumbersError(messages.points.POINTS_NOT_FINITE)
    if len(points) > MAX_POINTS:
        raise arrays.NotNumbersError(messages.points.too_many_points(len(points), MAX_POINTS))
    return points


def place(point: np.ndarray) -> tuple[float, ...]:
    """Return a key that is the same for points that are the same up to rounding."""
    with np.errstate(over="ignore"):
        return tuple(np.round(point / RADIUS["float64"]) + 0.0)  # + 0.0 makes -0.0 a 0.0


def compare_hessian(
    value: Any, true: Landscape, point: np.ndarray, expected: np.ndarray | None = None
) -> Closeness:
    """Return how a matrix compares with the Hessian at a point, or with the one expected there."""
    expected = true.hessian(x=point) if expected is None else expected
    closeness = compare(value, expected)
    if closeness.right or arrays.working_dtype(value) == "float64":
        return closeness
    # What single precision does to the point matters only there, and costs several Hessians.
    moves = conditioning(true.hessian, {"x": point}, expected, np.random.default_rng(0))
    return compare(value, expected, conditioning=moves)


def read_probe(
    part: PointsPart, observation: Observation, dimension: int, points_function: str
) -> PartResult | tuple[np.ndarray, Any, list[Any]]:
    """Return a student's points, what was said of them, and the student's own Hessians there.

    Where that cannot be, return the result of the part instead.
    """
    if observation.outcome is not Outcome.RETURNED:
        frames = observation.failure.frames if observation.failure else ()
        # The probe calls two functions; the outermost frame says which of them stopped.
        in_points = bool(frames) and frames[0].function == points_function
        function = points_function if in_points else part.function
        return outcomes.failed_call(part, observation, function, part.file)
    value = observation.value
    if not isinstance(value, Mapping) or not {"points", "values"} <= set(value):
        absent = str(value.get("missing")) if isinstance(value, Mapping) else ""
        missing = points_function if absent == points_function else part.function
        says = messages.points.no_function(missing, part.file)
        return replace(wrong(part, says), status=Status.MISSING)
    try:
        points = read_points(value["points"], dimension)
    except arrays.NotNumbersError as error:
        return wrong(part, f"{points_function}: {error}")
    own = value.get("own")
    return points, value["values"], own if isinstance(own, list) else []


def wrong(part: Part, says: str) -> PartResult:
    """Return the result of a part whose answer could not even be judged case by case."""
    return PartResult(
        part.id, Status.WRONG, Fraction(0), part.points, says, hint=part.hint, cases_total=1
    )


def shared(part: Part, credit: Fraction, summary: str, total: int, right: int) -> PartResult:
    """Return the result of a part that earns a share of its points."""
    return PartResult(
        part.id,
        joined(credit, Fraction(1), []),
        part.points * credit,
        part.points,
        summary,
        hint="" if credit == 1 else part.hint,
        cases_total=total,
        cases_right=right,
    )


def joined(points: Fraction, of: Fraction, statuses: Sequence[Status]) -> Status:
    """Return the status of a part from its shares; full points only where each share is right."""
    if points == of and all(status is Status.CORRECT for status in statuses):
        return Status.CORRECT
    if points:
        return Status.PARTIAL
    worst = [status for status in statuses if status not in {Status.CORRECT, Status.WRONG}]
    return worst[0] if worst and len(worst) == len(statuses) else Status.WRONG
