from __future__ import annotations

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from grader.compare.closeness import compare
from grader.compare.grids import MOST_COLUMNS, MOST_ENTRIES, MOST_ROWS, grid
from grader.records import Grid


def _grid(observed: object, expected: object) -> Grid | None:
    wanted = np.asarray(expected, dtype=float)
    return grid(compare(np.asarray(observed, dtype=float), wanted), wanted)


def test_a_short_vector_is_shown_whole_with_its_wrong_entries() -> None:
    assert _grid([1, 2.5, 3], [1, 2, 3]) == Grid(
        (3,), (0, 1, 2), (), (("1",), ("2.5",), ("3",)), (("1",), ("2",), ("3",)), ((1, 0),)
    )


def test_a_small_matrix_is_shown_whole() -> None:
    assert _grid([[1, 2], [0, 4]], [[1, 2], [3, 4]]) == Grid(
        (2, 2),
        (0, 1),
        (0, 1),
        (("1", "2"), ("0", "4")),
        (("1", "2"), ("3", "4")),
        ((1, 0),),
    )


def test_a_long_vector_is_shown_around_its_wrong_entries() -> None:
    expected = np.arange(1000.0)
    observed = expected.copy()
    observed[[400, 700]] += [1, 2]
    found = _grid(observed, expected)
    assert found is not None
    assert found.rows == (0, 400, 698, 699, 700, 701, 702, 999)
    assert found.wrong == ((1, 0), (4, 0))


def test_of_more_axes_the_matrix_with_the_worst_entry_is_shown() -> None:
    expected = np.zeros((2, 3, 4, 5))
    observed = expected.copy()
    observed[1, 2, 3, 4] = 9
    found = _grid(observed, expected)
    assert found is not None
    assert (found.at, found.wrong, found.shape) == ("[1, 2, :, :]", ((3, 4),), (2, 3, 4, 5))


def test_numbers_that_look_alike_get_the_digits_that_tell_them_apart() -> None:
    found = _grid([1.00000001, 2.0], [1.0, 2.0])
    assert found is not None
    assert (found.observed[0], found.expected[0]) == (("1.00000001",), ("1",))


@pytest.mark.parametrize(
    ("observed", "expected"),
    [([1.0], [1.0]), (1.0, 2.0), ([1.0, 2.0], [1.0]), ([], [1.0])],
    ids=["right", "a number", "another shape", "nothing"],
)
def test_what_has_no_wrong_entries_has_no_table(observed: object, expected: object) -> None:
    assert _grid(observed, expected) is None


@given(
    arrays.arrays(float, arrays.array_shapes(max_dims=4, max_side=30), elements=st.floats()),
    st.integers(0),
)
@settings(deadline=None)
def test_a_table_of_any_array_is_small_and_shows_the_worst_entry(
    observed: np.ndarray, place: int
) -> None:
    expected = np.zeros_like(observed)
    observed.flat[place % observed.size] = np.nan
    result = compare(observed, expected)
    found = grid(result, expected)
    assert found is not None
    assert result.worst is not None
    width = len(found.columns) or 1
    assert len(found.rows) <= (MOST_ROWS if found.columns else MOST_ENTRIES)
    assert width <= MOST_COLUMNS
    assert {len(row) for row in (*found.observed, *found.expected)} == {width}
    row = found.rows.index(result.worst[-2] if found.columns else result.worst[-1])
    column = found.columns.index(result.worst[-1]) if found.columns else 0
    assert (row, column) in found.wrong
    assert msgspec.json.decode(msgspec.json.encode(found), type=Grid) == found
