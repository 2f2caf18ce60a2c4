"""Q6 and Q7 of sheet 002: what the classes of the framework compute, and where the ascent ends.

Each function takes 0-d float64 tensors, and its automatic derivatives are the partial derivatives
that `backward` of the class has to return.  By hand:

    Inv   1/a          -1/a^2
    Add   a + b        1, 1
    Ln    ln a         1/a                            (a > 0)
    Pow   a^b          b a^(b-1), a^b ln a            (the second for a > 0)
    Sin   sin a        cos a
    Cos   cos a        -sin a
    Tan   tan a        1/cos^2 a = 1 + tan^2 a
    Min   min(a, b)    1, 0 if a < b;  0, 1 if b < a
    Max   max(a, b)    1, 0 if a > b;  0, 1 if b > a

Two places need a word.

- At a negative base a^b is real for whole b only.  The partial by the base exists all the same
  (hold b, vary a); the one by the exponent does not, since next to a whole b there is no real
  value.  NaN stands for that; torch gives it by itself, from ln(a), and the tests hold it to that.
- Where a = b, Min and Max have a kink: every pair (t, 1 - t) with 0 <= t <= 1 is a subgradient.
"""

from __future__ import annotations

import numpy as np
import torch


def inv(a: torch.Tensor) -> torch.Tensor:
    """Return 1/a."""
    return 1 / a


def add(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """Return a + b."""
    return a + b


def ln(a: torch.Tensor) -> torch.Tensor:
    """Return the natural logarithm of a."""
    return torch.log(a)


def pow(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:  # noqa: A001  (named as the class is)
    """Return a to the power b; at a negative base the partial by the exponent is NaN."""
    return torch.pow(a, b)


def sin(a: torch.Tensor) -> torch.Tensor:
    """Return the sine of a."""
    return torch.sin(a)


def cos(a: torch.Tensor) -> torch.Tensor:
    """Return the cosine of a."""
    return torch.cos(a)


def tan(a: torch.Tensor) -> torch.Tensor:
    """Return the tangent of a."""
    return torch.tan(a)


def minimum(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """Return the smaller of a and b."""
    return torch.minimum(a, b)


def maximum(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """Return the larger of a and b."""
    return torch.maximum(a, b)


def gradient_ascent() -> np.ndarray:
    """Return where gradient ascent on the function of Q3 from (1, -1/2) tends to, shape (2,).

    That is the local maximum (3/8, -6/8), not the point after 500 steps of 0.05, which is within
    1e-2 of it: the slower direction shrinks by 1 - 0.05 * 9/32 with each step.
    """
    return np.array([3 / 8, -6 / 8])
