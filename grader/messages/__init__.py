"""Every sentence that a student can read, in one catalogue with a module for each topic.

A message says what was found, what was expected, and what to do next; plain words, no blame.  The
kinds fill in the names and numbers; the reports print the result as it stands.
"""

from grader.messages import calls, diagnosis, frameworks, intake, points, results, text, written

__all__ = ["calls", "diagnosis", "frameworks", "intake", "points", "results", "text", "written"]
