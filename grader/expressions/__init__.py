"""Written maths: `2n^2 + 3mn`, `O(T d)`, `m > n`.

Text becomes a tree by a grammar (`grammar`, `tokens`); nothing is ever evaluated as Python.  Trees
are compared as what they mean: expressions exactly (`algebra`), orders of growth up to constants
under assumptions such as d ≤ T (`orders`), conditions up to equivalence (`conditions`).
"""
