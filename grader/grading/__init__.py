"""The order of the stages: plan, run, judge, score, gradebook.  Nothing below knows it."""
