"""What a float of NumPy has beside its arithmetic, for the numbers that stand for one."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

_empty = np.empty  # bound before `patches` replaces anything
_INDEXED: tuple[Any, ...] = ()


class Single:
    """An array of no dimensions, and one number: what `v @ y` returns has the attributes of both.

    All of this is free: it moves a number or looks at its shape.  There is no dtype, by which NumPy
    would take it for an array that it may convert.
    """

    __slots__ = ()

    shape: ClassVar[tuple[int, ...]] = ()
    strides: ClassVar[tuple[int, ...]] = ()
    ndim: ClassVar[int] = 0
    size: ClassVar[int] = 1
    imag: ClassVar[float] = 0.0

    @property
    def T(self) -> Any:  # noqa: N802  (as in NumPy)
        """The number itself."""
        return self

    @property
    def real(self) -> Any:
        """The number itself."""
        return self

    def item(self, *_: Any) -> Any:
        """Return the number itself."""
        return self

    copy = tolist = squeeze = transpose = conj = conjugate = item

    def mean(self, *_: Any, **__: Any) -> Any:
        """Return the number itself."""
        return self

    sum = prod = mean

    def reshape(self, *shape: Any, **options: Any) -> Any:
        """Return an array of that shape with the number in it."""
        made = _empty(_INDEXED, dtype=object)
        made[()] = self
        return made.reshape(*shape, **options)

    def ravel(self, *_: Any) -> Any:
        """Return a vector of one entry."""
        return self.reshape(1)

    flatten = ravel

    def __copy__(self) -> Any:
        return self

    def __deepcopy__(self, memo: Any) -> Any:
        return self
