"""The kinds of problems: a package for each family, see `grader.kinds.base`."""
