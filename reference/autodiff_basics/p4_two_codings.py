"""Problem 4 of sheet 000: one function, two codings, two derivatives by autograd.

**A jump.**  f(x) = 2x - 1 for x < 0, 0 at x = 0, 2x + 1 for x > 0.

- With the sign as a factor, f = (2x s + 1) s and s = sign(x).  Autograd takes the derivative of
  sign for 0 everywhere, so that it finds 2 s², which is 2 for x ≠ 0 and 0 at x = 0.
- Branch by branch, autograd differentiates what was executed.  At x = 0 that is 2x: it finds 2.
  The number there could be any; 2x and 0·x have the same value at 0.

Neither is wrong by the chain rule, which holds for compositions of differentiable functions; a
sign, and a branch at its edge, are none.

**Differentiable.**  f(x) = 2x = 2x sign(x)².  Its derivative at 0 is 2; autograd finds 2 sign(0)²
= 0 for the product, since it treats sign as a constant that is 0 there.

✗ 000 calls the squared sign the identity.  It is the constant 1, and that everywhere but at 0: the
exception is what makes the example work.  (Formula (4) there has a stray comma after 2x.)
"""

from __future__ import annotations

import torch

p4_x0 = 0.0
p4_smooth_x0 = 0.0


def p4_f(x: torch.Tensor) -> torch.Tensor:
    """Return the function with a jump, with the sign as a factor."""
    return (2 * x * torch.sign(x) + 1) * torch.sign(x)


def p4_g(x: torch.Tensor) -> torch.Tensor:
    """Return the function with a jump, branch by branch."""
    if x > 0:
        return 2 * x + 1
    if x < 0:
        return 2 * x - 1
    return 2 * x


def p4_smooth_f(x: torch.Tensor) -> torch.Tensor:
    """Return 2x with the square of its sign as a factor."""
    return 2 * x * torch.sign(x) * torch.sign(x)


def p4_smooth_g(x: torch.Tensor) -> torch.Tensor:
    """Return 2x."""
    return 2 * x
