"""The records that the stages of grading hand on to each other.

Everything here is frozen.  A stage takes records and gives records; it never holds on to another
stage's objects.  The order in which they are made is the order of this file:

    Call ─► RunRequest ─► Observation ─► PartResult ─► ProblemResult ─► SubmissionResult
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import TypeAlias

Value: TypeAlias = object
"""Data that can cross the sandbox's wire; `grader.values` says what that is."""


class Status(StrEnum):
    """How a part was graded."""

    CORRECT = "correct"
    PARTIAL = "partial"
    WRONG = "wrong"
    MISSING = "missing"
    CRASHED = "crashed"
    TIMED_OUT = "timed_out"
    OUT_OF_MEMORY = "out_of_memory"
    REFUSED = "refused"
    PENDING = "pending"  # waits for a person
    SKIPPED = "skipped"
    GRADER_FAULT = "grader_fault"  # ours, never the student's: not a zero


class Outcome(StrEnum):
    """How one call in the sandbox ended: a fact, not yet a judgement."""

    RETURNED = "returned"
    RAISED = "raised"  # an exception left the student's function
    MISSING = "missing"  # the file, or the function in it, is not there
    NOT_IMPORTED = "not_imported"  # the file raised while it was imported
    NOT_DATA = "not_data"  # what was returned is not data that can be compared
    DIED = "died"  # the process ended during the call
    TIMED_OUT = "timed_out"
    OUT_OF_MEMORY = "out_of_memory"
    NOT_RUN = "not_run"  # an earlier call of the same part used up its time or its processes


@dataclass(frozen=True, slots=True)
class Limits:
    """What a submission may use."""

    wall_s: float = 10.0  # for all calls of one part together, and for importing one file
    memory_mib: int = 1024
    output_kib: int = 64


@dataclass(frozen=True, slots=True)
class Call:
    """One thing for the sandbox to do: inputs only, never what is expected.

    Without a probe, the function `target` is called with the values of `arguments`, in order.
    With one (``package.module:function``), the probe runs beside the student's code and gets the
    student's module and the arguments by name.
    """

    target: str
    arguments: Mapping[str, Value] = field(default_factory=dict)
    probe: str | None = None
    seed: int = 0


@dataclass(frozen=True, slots=True)
class PartCalls:
    """The calls of one part, made in order on one file of the submission."""

    part: str
    file: str
    calls: tuple[Call, ...]
    wall_s: float
    fresh: bool = False  # in a process of their own, so that nothing they change reaches others
    fair: bool = False  # each call may use its share of wall_s, and what earlier ones left
    before: int = 0  # calls of the part that an earlier piece of it has made, in the same wall_s
    after: int = 0  # calls of the part that a later piece will make


@dataclass(frozen=True, slots=True)
class RunRequest:
    """All that the sandbox is told of a submission: its files, by relative path, and the calls."""

    files: Mapping[str, bytes]
    parts: tuple[PartCalls, ...]
    limits: Limits = Limits()


@dataclass(frozen=True, slots=True)
class Frame:
    """A line of a traceback that lies in the submission.

    In a notebook it is a line of a code cell; cells count from 1, and 0 stands for a Python file.
    """

    file: str
    line: int
    function: str
    text: str
    cell: int = 0


@dataclass(frozen=True, slots=True)
class Failure:
    """An exception of the student's code, or how its process ended."""

    type: str
    message: str
    frames: tuple[Frame, ...] = ()


@dataclass(frozen=True, slots=True)
class Observation:
    """What one call did."""

    outcome: Outcome
    value: Value = None
    failure: Failure | None = None
    wall_s: float = 0.0
    changed_inputs: tuple[str, ...] = ()  # names of arguments that the call changed in place


@dataclass(frozen=True, slots=True)
class RunOutcome:
    """What a submission did: per part, one observation for each of its calls."""

    observations: Mapping[str, tuple[Observation, ...]]
    output: str = ""  # stdout and stderr together
    output_cut: bool = False
    wall_s: float = 0.0
    cpu_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Mechanism:
    """A protection of the sandbox, as found on this machine."""

    name: str
    present: bool
    detail: str  # how it is provided, or why it is missing
    meaning: str  # what it keeps student code from doing


@dataclass(frozen=True, slots=True)
class Notebook:
    """A notebook that was handed in, and where its code cells stand in the module made of them."""

    file: str  # solution.ipynb
    module: str  # solution.py
    starts: tuple[int, ...]  # the line of the module that each code cell begins with, in order

    def place(self, line: int) -> tuple[int, int]:
        """Return the cell that a line of the module lies in, and the line in the cell.

        Both count from 1; the cell is 0 for a line in front of the first.
        """
        cell = bisect_right(self.starts, line)
        return (cell, line - self.starts[cell - 1] + 1) if cell else (0, line)


@dataclass(frozen=True, slots=True)
class Grid:
    """A wrong array beside the expected one: all of it, or the rows and columns around its faults.

    A vector has no columns, and one entry in each row.
    """

    shape: tuple[int, ...]  # of the whole array
    rows: tuple[int, ...]  # the indices of the rows that are here
    columns: tuple[int, ...]
    observed: tuple[tuple[str, ...], ...]
    expected: tuple[tuple[str, ...], ...]
    wrong: tuple[tuple[int, int], ...]  # places in `observed`
    at: str = ""  # which matrix of an array with more axes it is, e.g. "[2, :, :]"


@dataclass(frozen=True, slots=True)
class CaseReport:
    """A visible case, ready to be shown: what came back beside what was expected."""

    number: int  # from 1
    right: bool
    call: str  # a line of Python that reproduces it
    observed: str
    expected: str
    message: str = ""
    worst_index: str = ""  # of the entry farthest from what was expected, e.g. "[0, 1]"
    observed_there: str = ""
    expected_there: str = ""
    grid: Grid | None = None  # of a wrong vector or matrix


@dataclass(frozen=True, slots=True)
class Check:
    """A share of a part that has its own points: a class, a rubric item, a group of cases."""

    name: str
    status: Status
    points: Fraction
    max_points: Fraction
    says: str = ""


@dataclass(frozen=True, slots=True)
class Curve:
    """A line of a figure; None among its ordinates breaks it, as at a jump."""

    label: str
    x: tuple[float, ...]
    y: tuple[float | None, ...]
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Spot:
    """A marked point of a figure."""

    label: str
    x: float
    y: float
    state: str = "plain"  # plain, right, wrong, missed


@dataclass(frozen=True, slots=True)
class Contours:
    """A function of two variables on a grid: z[i][j] at (x[j], y[i])."""

    x: tuple[float, ...]
    y: tuple[float, ...]
    z: tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True)
class Node:
    """A node of a drawn graph."""

    name: str
    label: str
    state: str = "plain"  # plain, right, wrong, follows


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture as data; the reports draw it.  Every number is finite."""

    title: str
    text: str  # says the same in words, for those who do not see the picture
    x_label: str = ""
    y_label: str = ""
    curves: tuple[Curve, ...] = ()
    spots: tuple[Spot, ...] = ()
    contours: Contours | None = None
    nodes: tuple[Node, ...] = ()  # a graph: its nodes in order, and edges by their names
    edges: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PartResult:
    """The verdict on one part of one submission, with all that a student is told about it."""

    id: str
    status: Status
    points: Fraction
    max_points: Fraction
    summary: str
    mistake: str | None = None
    hint: str = ""
    cases_total: int = 0
    cases_right: int = 0
    visible: tuple[CaseReport, ...] = ()
    checks: tuple[Check, ...] = ()
    failure: Failure | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    figures: tuple[Figure, ...] = ()
    wall_s: float = 0.0
    statement: str = ""  # with this student's numbers; empty: the outline has it


@dataclass(frozen=True, slots=True)
class ProblemResult:
    """The results of one problem, with the key of everything that they depend on."""

    problem: str
    key: str
    parts: tuple[PartResult, ...]


@dataclass(frozen=True, slots=True)
class Lateness:
    """When a submission came, how late that is, and what it costs.

    Times are ISO 8601 with their offset from UTC, as a clock of the course shows them.
    """

    due: str  # for this student
    extended: bool = False  # whether that is an extension of their own
    submitted_at: str = ""  # empty: nobody knows
    grace_minutes: int = 0  # how much later is still in time
    source: str = ""  # who says so: manifest, told, git, files
    recorded_by: str = ""  # where the manifest has it from
    days: int = 0  # that have begun since it was due, after the grace
    free_days: int = 0  # of these, so many cost nothing
    percent_per_day: Fraction = Fraction(0)
    at_most_percent: Fraction = Fraction(100)
    of_points: Fraction | None = None  # what the percentage is of; None: the points earned
    accepted_days: int | None = None  # what comes later than so many days counts for nothing
    notes: tuple[str, ...] = ()  # on times that were found and not believed

    @property
    def accepted(self) -> bool:
        """Whether it came early enough to count at all."""
        return self.accepted_days is None or self.days <= self.accepted_days

    @property
    def percent(self) -> Fraction:
        """The percentage that is taken off, if it is accepted."""
        charged = max(0, self.days - self.free_days)
        return min(self.at_most_percent, charged * self.percent_per_day)

    def deducted(self, earned: Fraction) -> Fraction:
        """Return the points that are taken off those earned: never more than there are."""
        if not self.accepted:
            return earned
        whole = earned if self.of_points is None else self.of_points
        return min(earned, whole * self.percent / 100)


@dataclass(frozen=True, slots=True)
class Arrival:
    """How a submission came: when, and as which of its student's attempts."""

    lateness: Lateness | None = None  # None: the assignment has no due time
    student: str = ""  # whose attempt it is, where several are graded
    attempt: int = 0  # its number, from 1; 0: there are no attempts
    last: int = 0  # the number of the student's last attempt


@dataclass(frozen=True, slots=True)
class Attempt:
    """One of several attempts of a student, of which the best counts."""

    number: int  # from 1
    earned: Fraction  # before lateness
    pending: Fraction = Fraction(0)
    lateness: Lateness | None = None
    fault: bool = False  # the grader failed on a part, so what it earned is not known

    @property
    def score(self) -> Fraction:
        """The points given so far, after lateness."""
        return self.earned - (self.lateness.deducted(self.earned) if self.lateness else 0)


@dataclass(frozen=True, slots=True)
class SubmissionResult:
    """One submission as it stands in the gradebook."""

    assignment: str
    submission: str
    problems: tuple[ProblemResult, ...]
    notes: tuple[str, ...] = ()  # about the submission as a whole: odd files, no sandbox, …
    sources: Mapping[str, str] = field(default_factory=dict)  # the student's text files
    output_kib: float = 0.0  # how much the code printed
    wall_s: float = 0.0
    notebooks: tuple[Notebook, ...] = ()  # those whose modules stand among the sources
    arrival: Arrival = Arrival()
    attempts: tuple[Attempt, ...] = ()  # in a report: all of which the best counts, in order

    def file_of(self, module: str) -> str:
        """Return what was handed in as a Python file: itself, or a notebook."""
        return next((each.file for each in self.notebooks if each.module == module), module)

    @property
    def parts(self) -> tuple[PartResult, ...]:
        """All parts, in the order of the assignment."""
        return tuple(part for problem in self.problems for part in problem.parts)

    @property
    def earned(self) -> Fraction:
        """The points given so far, exactly, before lateness takes anything off."""
        return sum((part.points for part in self.parts), Fraction(0))

    @property
    def deducted(self) -> Fraction:
        """The points that lateness takes off."""
        return self.lateness.deducted(self.earned) if self.lateness else Fraction(0)

    @property
    def lateness(self) -> Lateness | None:
        """How late it is; None if the assignment has no due time."""
        return self.arrival.lateness

    @property
    def score(self) -> Fraction:
        """The points that count, exactly: those earned so far, less what lateness takes off."""
        return self.earned - self.deducted

    @property
    def pending(self) -> Fraction:
        """The points that still wait for a person."""
        waiting = (part for part in self.parts if part.status is Status.PENDING)
        return sum((part.max_points - part.points for part in waiting), Fraction(0))


@dataclass(frozen=True, slots=True)
class PartOutline:
    """A part as the reports show it."""

    id: str
    title: str
    kind: str
    max_points: Fraction
    statement: str = ""  # Markdown with $formulas$
    file: str = ""
    bonus: bool = False  # its points come on top: the assignment's total is without them
    functions: tuple[str, ...] = ()  # what the student writes for it in the file, classes too


@dataclass(frozen=True, slots=True)
class ProblemOutline:
    """A problem as the reports show it."""

    id: str
    title: str
    statement: str
    parts: tuple[PartOutline, ...]


@dataclass(frozen=True, slots=True)
class AssignmentOutline:
    """An assignment as the reports show it."""

    id: str
    title: str
    max_points: Fraction
    statement: str
    problems: tuple[ProblemOutline, ...]
    due: str = ""  # ISO 8601 with its offset from UTC; empty: it has none


@dataclass(frozen=True, slots=True)
class PartScore:
    """What a part had earned at some time."""

    status: Status
    points: Fraction
    max_points: Fraction


@dataclass(frozen=True, slots=True)
class Change:
    """What a later grading changed in one part of a submission."""

    submission: str
    problem: str
    part: str
    run: str  # when that grading began: UTC, ISO 8601
    at: str  # when the new result was committed
    before: PartScore | None  # None: the part is new in its problem
    after: PartScore | None  # None: the problem has the part no more
    files_changed: bool  # whether the submission's text files differ from those graded before
    attempt: int = 0  # in a report: which of the submission's attempts it is about


@dataclass(frozen=True, slots=True)
class LatenessChange:
    """What a later grading changed in how late a submission is, or in what that costs."""

    submission: str
    run: str  # when that grading began, as in a Change
    at: str
    before: Lateness | None
    after: Lateness | None
    attempt: int = 0


@dataclass(frozen=True, slots=True)
class AssignmentReport:
    """All that the reports of one assignment are made from."""

    outline: AssignmentOutline
    submissions: tuple[SubmissionResult, ...]
    notes: tuple[str, ...] = ()  # about the folder of submissions: stray files, refused ids, …
    unconfined: bool = False  # graded with --unsafe-no-sandbox: said on every page
    changes: tuple[Change, ...] = ()  # what later gradings changed, in the order of their commits
    lateness_changes: tuple[LatenessChange, ...] = ()  # the same for what lateness costs
