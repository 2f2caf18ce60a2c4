"""The kinds of problems: one file each, see `grader.kinds.base`."""
