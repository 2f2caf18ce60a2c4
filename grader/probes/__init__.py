"""The halves of kinds that run beside the student's code, in the sandbox.

A probe gets the student's module and inputs; it returns data.  It knows nothing of what is
expected.  It may import the standard library, NumPy and `grader.values`, and only at its top: later
the grader's own folder is out of sight.
"""
