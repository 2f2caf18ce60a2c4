"""Costs, measured: a function is run on numbers that record what is done with them.

Two halves that share nothing but the codes of events:

- beside the student's code (standard library and NumPy only): `codes`, `tape` (the events of a
  run), `scalars` and `single` (the recording numbers), `patches` (what of NumPy and `math` is
  replaced meanwhile), `holders` (where a file keeps that), `ways` (which way a run takes);
- in the judge, which believes nothing of what it gets: `record` (reads it and refuses what cannot
  be), `replay` (does it again on other inputs), `counting` (operations and live numbers),
  `polynomials` (from counts at several sizes to an expression), `listing` (a trace as text).

The list of events is an evaluation trace: each operation has a result z, each result is released
at some moment.  A record that gives the function's values at inputs that its maker never saw is a
way to compute the function, and its counts are what that way costs: nobody's word is taken.
"""
