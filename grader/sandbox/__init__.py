"""Running student code apart from the grader.  The theory of operation is at the top of `host`.

This file stays empty of imports: the processes beside the student's code import it too.
"""
