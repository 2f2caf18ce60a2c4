"""Networks of units that are 1 where lo <= w·x + b <= hi: the part, their weights, their outputs.

Whole numbers are exact in double precision; weights such as 0.1 or 1/3 are not, and a sum that is
on paper exactly at a bound may fall beside it.  `evaluate_exactly` reads each weight as the
simplest fraction that rounds to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import lcm
from typing import Any, Literal, TypeAlias

import numpy as np
from pydantic import Field, model_validator

from grader import messages
from grader.compare import arrays
from grader.spec.models import FileName, Mistake, Model, Part, Path, PythonName

MAX_WORK = 100_000_000  # steps for all inputs together: a second, and some hundred megabytes
MAX_EXACT_WORK = 5_000_000  # multiplications of Python's whole numbers
UNIT_STEPS = 5  # what a unit costs beside the multiplications by its weights: memory, above all
MAX_LAYERS = 100
MAX_DOMAIN = 200_000

Bounds: TypeAlias = tuple[float, float]


class Domain(Model):
    """Every list of `size` whole numbers from low to high; some of them distinct."""

    low: int
    high: int
    size: int = Field(ge=1, le=20)
    distinct: tuple[tuple[int, ...], ...] = Field(
        (), description="Groups of entries, counted from 1, in which no number stands twice."
    )

    @model_validator(mode="after")
    def _small(self) -> Domain:
        if self.low > self.high:
            raise ValueError(f"expected low <= high, found {self.low} and {self.high}")
        if (self.high - self.low + 1) ** self.size > MAX_DOMAIN:
            raise ValueError(f"expected at most {MAX_DOMAIN} lists before any is left out")
        for group in self.distinct:
            if any(not 1 <= entry <= self.size for entry in group):
                raise ValueError(f"distinct names entries from 1 to {self.size}; found {group}")
        return self

    def rows(self) -> np.ndarray:
        """Return every input, shape (N, size), int64."""
        numbers = range(self.low, self.high + 1)
        rows = np.array(list(product(numbers, repeat=self.size)), dtype=np.int64)
        for group in self.distinct:
            columns = np.sort(rows[:, [entry - 1 for entry in group]], axis=1)
            rows = rows[np.all(np.diff(columns, axis=1) != 0, axis=1)]
        return rows


class NetworkPart(Part):
    """A function without arguments that returns the weights of a network."""

    kind: Literal["hard_coded_network"]
    function: PythonName = Field(description="The function that the student writes.")
    file: FileName = "solution.py"
    form: Literal["threshold", "layers"] = Field(
        description="threshold: W1, b1, W2, b2; layers: a list of (W, b, (lo, hi))."
    )
    hidden: int = Field(3, ge=1, description="Hidden units of the form threshold.")
    interval: Bounds = Field((-1, 1), description="Where the units of the form threshold are 1.")
    domain: Domain
    target: PythonName = Field(
        description="A reference function of all inputs (N, size) that says where 1 is right."
    )
    where_one: str = Field(min_length=3, description="Where 1 is right: 'that contain x4'.")
    where_zero: str = Field(min_length=3, description="Where 0 is right: 'that do not …'.")
    mistakes: tuple[Mistake, ...] = ()

    reference_fields = ("target",)

    @property
    def source_file(self) -> str:
        """The file with the student's function."""
        return self.file

    def reference_names(self) -> Iterator[tuple[Path, str]]:
        """Yield the target, and the functions that return the weights of known mistakes."""
        yield from super().reference_names()
        for index, mistake in enumerate(self.mistakes):
            yield ("mistakes", index, "function"), mistake.function


@dataclass(frozen=True, slots=True)
class Layer:
    """Units that are 1 where lo <= W x + b <= hi."""

    weights: np.ndarray  # (units, inputs)
    bias: np.ndarray  # (units,)
    low: np.ndarray  # (units,)
    high: np.ndarray  # (units,)
    single: bool = False  # whether the numbers were made in single precision


@dataclass(frozen=True, slots=True)
class Outputs:
    """What a network does on every input."""

    hidden: tuple[np.ndarray, ...]  # (N, units) for each layer but the last
    total: np.ndarray  # (N,), what the output unit gets
    output: np.ndarray  # (N,), bool


class NotANetworkError(ValueError):
    """What was returned is no network of the form asked for; the message is for the student."""


# ---- reading ------------------------------------------------------------------------------------


def network(part: NetworkPart, value: Any) -> list[Layer]:
    """Return what came back as layers.  Raises NotANetworkError with the reason."""
    if part.form == "threshold":
        return _threshold(part, value)
    return _layers(part, value)


def _threshold(part: NetworkPart, value: Any) -> list[Layer]:
    size, hidden = part.domain.size, part.hidden
    names = ("W1", "b1", "W2", "b2")
    if isinstance(value, dict) and set(value) == set(names):
        value = [value[name] for name in names]
    if not (isinstance(value, list) and len(value) == 4):
        raise NotANetworkError(messages.networks.threshold_expected(hidden, size, _found(value)))
    first, bias, second, offset = (
        _numbers(name, item) for name, item in zip(names, value, strict=True)
    )
    if first.shape != (hidden, size):
        raise NotANetworkError(messages.networks.wrong_shape("W1", first.shape, (hidden, size)))
    bias = _vector("b1", bias, hidden)
    second = _vector("W2", second, hidden)
    offset = _vector("b2", offset, 1)
    single = arrays.working_dtype(value) == "float32"
    low, high = part.interval
    return [
        Layer(first, bias, np.full(hidden, low), np.full(hidden, high), single),
        Layer(second[None, :], offset, np.full(1, low), np.full(1, high), single),
    ]


def _layers(part: NetworkPart, value: Any) -> list[Layer]:
    if not isinstance(value, list):
        raise NotANetworkError(messages.networks.layers_expected(_found(value)))
    if not value:
        raise NotANetworkError(messages.networks.NO_LAYERS)
    if len(value) > MAX_LAYERS:
        raise NotANetworkError(messages.networks.too_deep(len(value), MAX_LAYERS))
    layers: list[Layer] = []
    inputs, where = part.domain.size, messages.networks.the_inputs(part.domain.size)
    for number, item in enumerate(value, start=1):
        layers.append(_layer(number, item, inputs, where))
        inputs = len(layers[-1].bias)
        where = messages.networks.the_units(inputs, number)
    if inputs != 1:
        raise NotANetworkError(messages.networks.ONE_OUTPUT)
    return layers


def _layer(number: int, item: Any, inputs: int, where: str) -> Layer:
    if not (isinstance(item, list) and len(item) == 3):
        raise NotANetworkError(messages.networks.layer_expected(number, _found(item)))
    name = f"W of layer {number}"
    weights = _numbers(name, item[0])
    if weights.ndim == 1:
        weights = weights[None, :]  # a single unit
    if weights.ndim != 2 or weights.shape[1] != inputs or not len(weights):
        raise NotANetworkError(
            messages.networks.weights_shape(name, np.shape(weights), inputs, where)
        )
    units = len(weights)
    bias = _vector(f"b of layer {number}", _numbers(f"b of layer {number}", item[1]), units)
    name = f"(lo, hi) of layer {number}"
    bounds = item[2]
    # One bound may be a number and the other an array: together they make no array.
    pair = isinstance(bounds, list) or (isinstance(bounds, np.ndarray) and bounds.ndim > 0)
    if not (pair and len(bounds) == 2):
        raise NotANetworkError(messages.networks.layer_expected(number, _found(item[2])))
    low, high = (_bound(name, bound, units) for bound in bounds)
    return Layer(weights, bias, low, high, arrays.working_dtype(item) == "float32")


def _bound(name: str, value: Any, units: int) -> np.ndarray:
    """Return a bound for each unit; it may be infinite."""
    found = _numbers(name, value, finite=False)
    if np.isnan(found).any():
        raise NotANetworkError(messages.networks.not_usable(name, messages.networks.BOUND_NAN))
    if found.ndim == 0:
        return np.full(units, float(found))
    return _vector(name, found, units)


def _numbers(name: str, value: Any, *, finite: bool = True) -> np.ndarray:
    try:
        found = arrays.as_array(value)
    except arrays.NotNumbersError as error:
        raise NotANetworkError(messages.networks.about(name, str(error))) from None
    if np.iscomplexobj(found) or (finite and not np.isfinite(found).all()):
        raise NotANetworkError(messages.networks.not_usable(name, messages.networks.NOT_FINITE))
    return found


def _vector(name: str, found: np.ndarray, size: int) -> np.ndarray:
    """Return an array as a vector: a row, a column, and for one unit a number, are one too."""
    if found.shape in {(size,), (1, size), (size, 1)} or (size == 1 and found.shape == ()):
        return found.reshape(size)
    raise NotANetworkError(messages.networks.wrong_shape(name, found.shape, (size,)))


def _found(value: Any) -> str:
    if isinstance(value, list):
        return messages.networks.list_of(len(value))
    return "None" if value is None else messages.networks.value_of(type(value).__name__)


def affordable(layers: Sequence[Layer], rows: int) -> None:
    """Raise NotANetworkError for a network that is too large to be tried on so many inputs."""
    work = rows * sum(layer.weights.size + UNIT_STEPS * len(layer.bias) for layer in layers)
    if work > MAX_WORK:
        raise NotANetworkError(messages.networks.too_large(work, MAX_WORK))


# ---- evaluating ----------------------------------------------------------------------------------


def evaluate(layers: Sequence[Layer], rows: np.ndarray) -> Outputs:
    """Return what a network does on every row, in double precision."""
    values = rows.astype(np.float64)
    hidden: list[np.ndarray] = []
    total = values
    with np.errstate(all="ignore"):
        for layer in layers:
            total = values @ layer.weights.T + layer.bias
            values = ((total >= layer.low) & (total <= layer.high)).astype(np.float64)
            hidden.append(values)
    return Outputs(tuple(hidden[:-1]), total[:, 0], hidden[-1][:, 0] > 0)


def evaluate_exactly(layers: Sequence[Layer], rows: np.ndarray) -> Outputs | None:
    """Return what a network does in exact arithmetic, or None if that takes too long.

    The weights of a unit are brought to a common denominator, so that all of it is whole numbers.
    """
    if len(rows) * sum(layer.weights.size for layer in layers) > MAX_EXACT_WORK:
        return None
    values = rows.astype(object)
    hidden: list[np.ndarray] = []
    total = np.zeros(len(rows))
    for layer in layers:
        columns = []
        for unit in range(len(layer.bias)):
            numbers = [*layer.weights[unit], layer.bias[unit]]
            exact = [_fraction(number, single=layer.single) for number in numbers]
            common = lcm(*(number.denominator for number in exact))
            whole = np.array([int(number * common) for number in exact], dtype=object)
            sums = values @ whole[:-1] + whole[-1]
            low, high = float(layer.low[unit]), float(layer.high[unit])
            inside = np.ones(len(sums), dtype=bool)
            # Infinity is no fraction, and too large a whole number does not compare with it.
            if np.isfinite(low):
                inside &= sums >= _fraction(low, single=layer.single) * common
            if np.isfinite(high):
                inside &= sums <= _fraction(high, single=layer.single) * common
            columns.append(inside & (low < np.inf) & (high > -np.inf))
            total = np.array([_float(Fraction(int(item), common)) for item in sums])
        values = np.array(columns, dtype=object).T.astype(int).astype(object)
        hidden.append(values.astype(np.float64))
    return Outputs(tuple(hidden[:-1]), total, hidden[-1][:, 0] > 0)


def _float(number: Fraction) -> float:
    try:
        return float(number)
    except OverflowError:
        return np.inf if number > 0 else -np.inf


def _fraction(number: float, *, single: bool) -> Fraction:
    """Return the simplest fraction that rounds to a number, such as 1/10 for 0.1."""
    exact = Fraction(float(number))
    simple = exact.limit_denominator(1000)
    rounded = np.float32(float(simple)) if single else float(simple)
    return simple if float(rounded) == float(number) else exact
