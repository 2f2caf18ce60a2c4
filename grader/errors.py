"""What goes wrong on our side of the desk.

These exceptions are for whoever runs the grader: a fault in a course's files, in how the tool was
called, or in the tool itself.  What goes wrong in a student's code is never an exception here; it
is data (`grader.records.Observation`).
"""


class GraderError(Exception):
    """Something the person who runs the grader can read and act on."""


class UsageError(GraderError):
    """The command was called in a way that cannot be carried out."""


class CourseError(GraderError):
    """A file of the course (spec, reference, test) is wrong; grading cannot start."""


class SandboxError(GraderError):
    """The sandbox itself failed; no submission is to blame."""


class GradebookError(GraderError):
    """The gradebook cannot be read or written."""


class ReportError(GraderError):
    """The reports cannot be written."""


class ReleaseError(GraderError):
    """What was made for students to download cannot be made, or cannot be read."""
