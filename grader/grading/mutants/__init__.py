"""Mutants: a solution with one small slip each, to find out whether the cases of a course see it.

`operators` and the modules beside it say which slips there are; `sources` makes the mutants of a
file, and finds which functions a part runs.  `hunt` grades them, `further` decides whether one that
is not seen differs at all, `excuses` reads what people have decided.  All but `excuses` and `table`
need libcst, which comes with the extra grader[mutants].
"""
