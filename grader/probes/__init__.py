"""The halves of kinds that run beside the student's code, in the sandbox.

A probe gets the student's module and inputs; it returns data.  It knows nothing of what is
expected, and nothing here may import more than the standard library and `grader.values`.
"""
