"""What reads files and bytes that somebody else made, each as a function of bytes.

A target returns, or raises one of the errors that its documentation names, which is swallowed here.
Whatever else comes out of it is a fault.  The properties of pytest, the measurements and the
coverage-guided runs by hand all use these.
"""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from grader import values
from grader.errors import CourseError, ReleaseError, UsageError
from grader.expressions import algebra, conditions, grammar, orders
from grader.expressions.tree import ExpressionError, Relation
from grader.expressions.writing import text as written_text
from grader.kinds.registry import part_models
from grader.records import Failure, Frame, Outcome
from grader.release import selfcheck
from grader.sandbox import protocol
from grader.sandbox.protocol import ProtocolError
from grader.spec import document, loader, samples
from grader.spec.document import DocumentError
from grader.spec.loader import Assignment
from grader.submissions import answers, manifest, notebooks
from grader.submissions.collecting import collecting, rosters
from grader.submissions.folder import MANIFEST as MANIFEST_NAME
from grader.submissions.folder import unreadable
from grader.submissions.notebooks import RefusedNotebookError
from tests import tiny
from tests.tiny import Tiny

COURSE = Path(__file__).parents[2]
SEED_BYTES = 40_000  # larger files of the course are no better to begin with, and slower

Run = Callable[[bytes], None]


@dataclass(frozen=True, slots=True)
class Target:
    """A reader, and files to begin with."""

    run: Run
    seeds: Callable[[], Iterable[bytes]]


class _Scratch:
    """A course of one small assignment, in which one file after the other is replaced."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="fuzzing-")
        self.root = Path(self._folder.name)
        self.course: Tiny = tiny.make_auditable(self.root / "course")
        self.assignment: Assignment = self._load()

    def _load(self) -> Assignment:
        references = self.course.root / "reference"
        return loader.load(self.course.assignment, references, part_models())

    def load_with(self, name: str, content: bytes) -> None:
        """Load the assignment with another file in place of one of its own."""
        file = self.course.assignment / name
        before = file.read_bytes() if file.exists() else None
        file.write_bytes(content)
        try:
            self._load()
        finally:
            file.unlink()
            if before is not None:
                file.write_bytes(before)

    def file(self, name: str, content: bytes) -> Path:
        """Return a file with this content."""
        path = self.root / name
        path.write_bytes(content)
        return path


@cache
def scratch() -> _Scratch:
    """Return the course that the targets share; it is gone when Python ends."""
    return _Scratch()


def _reader(data: bytes) -> Callable[[memoryview], None]:
    stream = io.BytesIO(data)

    def read_into(view: memoryview) -> None:
        if stream.readinto(view) < len(view):
            raise EOFError

    return read_into


# ---- the wire ------------------------------------------------------------------------------------


def wire(data: bytes) -> None:
    """Read a frame."""
    with suppress(values.WireError, EOFError):
        found = values.load(_reader(data))
        values.size_bytes(found)
        with suppress(values.NotDataError):  # a string may hold halves of characters
            values.dump(found)


def answer(data: bytes) -> None:
    """Read a child's answer."""
    with suppress(ProtocolError, EOFError):
        protocol.read_answer(_reader(data), 1)


def _frames() -> list[bytes]:
    import numpy as np  # noqa: PLC0415

    arrays = [np.arange(6.0).reshape(2, 3), np.zeros((0, 4), np.float32), np.array(1 + 2j)]
    plain: list[Any] = [None, True, -1, 2**63 - 1, 1.5, 1j, "Größe", b"\0", [], {"a": [1, {}]}]
    failure = Failure("ValueError", "no", (Frame("solution.py", 3, "f", "raise"),) * 3)
    sent = [
        *(values.dump(value) for value in (*plain, *arrays, {"x": arrays, "y": plain})),
        protocol.write_answer(1, Outcome.RETURNED, arrays[0], changed=("x",)),
        protocol.write_answer(1, Outcome.RAISED, failure=failure),
        protocol.write_answer(1, Outcome.MISSING, failure=failure),
    ]
    return [b"".join(bytes(part) for part in frame) for frame in sent]


# ---- YAML ----------------------------------------------------------------------------------------


def yaml(data: bytes) -> None:
    """Read a document."""
    with suppress(DocumentError):
        document.decode(data)


def specification(data: bytes) -> None:
    """Load an assignment of which this is a problem or, without parts, the description."""
    name = "twice.yaml" if b"parts:" in data else loader.SPEC_NAME
    with suppress(CourseError):
        scratch().load_with(name, data)


def marks(data: bytes) -> None:
    """Read what people gave."""
    with suppress(CourseError):
        loader.read_marks(scratch().file("marks.yaml", data), scratch().assignment)


def expectation(data: bytes) -> None:
    """Read what a sample has to get."""
    with suppress(CourseError):
        samples.read(scratch().file("expect.yaml", data), scratch().assignment)


def written_answers(data: bytes) -> None:
    """Read what a student wrote; this raises nothing at all."""
    known = ["essay-text", "twice-value", "p3-time", "debrief"]
    for names in (known, []):
        found = answers.read({answers.FILE: data}, names)
        for given in found.given.values():
            str(given)


MARKS = b"""\
ada:
  essay-text:
    rubric: {clear: 2, short: 1/2}
    comment: The second half is missing.
ben:
  essay-text: {rubric: {clear: 0.5}}
"""


def _of_course(pattern: str) -> list[bytes]:
    found = [path.read_bytes() for path in sorted(COURSE.glob(pattern))]
    return [content for content in found if len(content) <= SEED_BYTES]


def _specifications() -> list[bytes]:
    own = [text.encode() for text in (tiny.ASSIGNMENT.format(points=6), tiny.TWICE, tiny.ESSAY)]
    return own + _of_course("assignments/*/*.yaml")


# ---- the grammar ---------------------------------------------------------------------------------

NAMES = ("n", "m", "d", "x1")


def formula(data: bytes) -> None:
    """Read a formula, and whatever is done with one: written out, compared, ordered."""
    written, _, other = data.decode("utf-8", "replace").partition("\n")
    trees = []
    for each in (written, other):
        with suppress(ExpressionError):
            trees.append(grammar.parse(each, NAMES))
    for tree in trees:
        written_text(tree)
        if isinstance(tree, Relation):
            with suppress(ExpressionError):
                conditions.condition(tree, NAMES)
            continue
        for use in (_polynomial, _order, _value, _plain):
            with suppress(ExpressionError):
                use(tree)
    if len(trees) == 2:
        _compared(*trees)


def _polynomial(tree: Any) -> None:
    algebra.polynomial(tree, NAMES)


def _order(tree: Any) -> None:
    orders.terms(tree, NAMES)


def _value(tree: Any) -> None:
    algebra.value_at(tree, {"n": 2, "m": 3, "d": 5, "x1": 7})


def _plain(tree: Any) -> None:
    orders.without_orders(tree)


def _compared(left: Any, right: Any) -> None:
    relations = [isinstance(tree, Relation) for tree in (left, right)]
    if all(relations):
        with suppress(ExpressionError):
            conditions.same(left, right, NAMES)
    elif not any(relations):
        for compare in (algebra.equal, orders.same):
            with suppress(ExpressionError):
                compare(left, right, NAMES)


def _formulas() -> list[bytes]:
    texts = [
        r"2n^2 + 3mn",
        r"\frac{n(n+1)}{2} + \log_2 n",
        "O(n m + d^2 log n)\nΘ(max(nm, d²log n))",
        "m > n\n2m - 2n > 0",
        "n^{m+1}/(1/2)\nn**m * 2 n",
        "min(n, m) ≤ ½ d",
        r"\mathcal{O}(n \cdot m) + sqrt(x1)",
        "exp(n) ln(m)^2 - 3\nexp (n) log_e m",
        "((n)^-1)^2\n1/n²",
    ]
    return [text.encode() for text in texts]


# ---- what is handed in ---------------------------------------------------------------------------


def notebook(data: bytes) -> None:
    """Read a notebook, and make a module of it."""
    with suppress(RefusedNotebookError):
        code = notebooks.code_only("solution.ipynb", data)
        made = notebooks.converted("solution.ipynb", code)
        made.module.decode()


def python(data: bytes) -> None:
    """Find out whether a Python file can be read as text."""
    unreadable(data)


def packed(data: bytes) -> None:
    """Collect from a zip; again from a zip of which this is what one student handed in."""
    _collect(data)
    outer = io.BytesIO()
    with zipfile.ZipFile(outer, "w") as archive:
        archive.writestr("ada/solution.zip", data)
        archive.writestr("ben/solution.py", "pass\n")
    _collect(outer.getvalue())


def _collect(content: bytes) -> None:
    with tempfile.TemporaryDirectory(dir=scratch().root) as folder:
        source = Path(folder) / "download.zip"
        source.write_bytes(content)
        with suppress(UsageError):
            collecting.collect(
                collecting.Request(source, "doubling", Path(folder) / "submissions" / "doubling")
            )
        # Nothing is written but there.
        assert {path.name for path in Path(folder).iterdir()} <= {"download.zip", "submissions"}


def _zips() -> list[bytes]:
    return [
        zipped({"ada/solution.py": b"x = 1\n" * 40, "ben/answers.yaml": b"a: 1\n"}),
        zipped({"doejane_12_34_solution.py": b"pass", "roeben_13_35_solution-1.py": b"pass"}),
        zipped({"Jane Doe_12_assignsubmission_file_/solution.py": b"pass"}),
        zipped({"ada/hand-in.zip": zipped({"solution.py": b"pass", "a/b.txt": b"text"})}),
        zipped(
            {
                "assignment_1_export/submission_metadata.yml": b"submission_12:\n"
                b"  :submitters:\n  - :name: Jane Doe\n    :sid: jd\n    :email: j@d.org\n"
                b"  :created_at: 2026-10-01 10:00:00.000000000 Z\n",
                "assignment_1_export/submission_12/solution.py": b"pass",
            }
        ),
    ]


def zipped(files: dict[str, bytes]) -> bytes:
    """Return a zip of files."""
    packed_files = io.BytesIO()
    with zipfile.ZipFile(packed_files, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return packed_files.getvalue()


def times(data: bytes) -> None:
    """Read when submissions were handed in."""
    scratch().file(MANIFEST_NAME, data)
    with suppress(UsageError):
        manifest.read(scratch().root)


def roster(data: bytes) -> None:
    """Read the students of a course."""
    with suppress(UsageError):
        rosters.read(scratch().file("roster.csv", data))


MANIFEST = b"""\
submission,submitted_at,source
ada,2026-10-01T22:10:05+02:00,canvas
ben/attempt-2,2026-10-02T07:30:00Z,gradescope
"zoe, the second",2026-10-02T07:30:00.123456-11:30,
"""
ROSTER = b"""\
ID;Full name;E-mail;Repository;Submitted at
ada;Ada Lovelace;ada@example.org;https://example.org/ada;2026-10-01T22:10
7;"Ben; the second";ben@example.org;;Thursday, 1 October 2026, 10:10 PM
"""


# ---- releases ------------------------------------------------------------------------------------


def self_check(data: bytes) -> None:
    """Read the data of a student's own check."""
    with suppress(ReleaseError):
        selfcheck.read(scratch().file(selfcheck.FILE, data))


def _self_checks() -> list[bytes]:
    made = selfcheck.written(scratch().assignment)
    return [made, bytes(made).replace(b"\n", b""), made[: len(made) // 2]]


TARGETS = {
    "wire": Target(wire, _frames),
    "answer": Target(answer, _frames),
    "yaml": Target(yaml, _specifications),
    "specification": Target(specification, _specifications),
    "marks": Target(marks, lambda: [MARKS]),
    "expectation": Target(expectation, lambda: [tiny.EXPECTED.encode()]),
    "answers": Target(written_answers, lambda: _of_course("submissions/*/*/answers.yaml")),
    "formula": Target(formula, _formulas),
    "notebook": Target(notebook, lambda: _of_course("submissions/*/*/*.ipynb")),
    "python": Target(python, lambda: _of_course("submissions/background-math/*/solution.py")),
    "zip": Target(packed, _zips),
    "manifest": Target(times, lambda: [MANIFEST]),
    "roster": Target(roster, lambda: [ROSTER]),
    "self-check": Target(self_check, _self_checks),
}
