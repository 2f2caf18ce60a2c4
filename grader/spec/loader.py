"""An assignment's folder, read and checked as a whole.

`load` gives an assignment that can be graded, or raises with every fault of every file.  It runs
nothing: references and course tests are only read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path as FilePath
from typing import Any

from pydantic import ValidationError

from grader.errors import CourseError
from grader.records import AssignmentOutline, PartOutline, ProblemOutline, Status
from grader.spec import document as yaml_document
from grader.spec import tests as course_tests
from grader.spec.document import Document, DocumentError
from grader.spec.faults import Fault, SpecFaultsError, explain, path_text, suggestion
from grader.spec.marks import Mark, Marks
from grader.spec.models import AssignmentSpec, Part, PartModels, Problem
from grader.spec.reference import Reference
from grader.spec.tests import CourseTests

SPEC_NAME = "assignment.yaml"
EXPECT_NAME = "expect.yaml"


@dataclass(frozen=True, slots=True)
class LoadedProblem:
    """A problem with its file and its reference."""

    spec: Problem
    file: FilePath
    reference: Reference


@dataclass(frozen=True, slots=True)
class Assignment:
    """An assignment without faults."""

    folder: FilePath
    spec: AssignmentSpec
    problems: tuple[LoadedProblem, ...]
    tests: tuple[CourseTests, ...] = ()

    @property
    def id(self) -> str:
        """The name of the assignment."""
        return self.spec.assignment

    @property
    def parts(self) -> tuple[Part, ...]:
        """Every part of every problem, in order; the course's tests are not among them."""
        return tuple(part for problem in self.problems for part in problem.spec.parts)

    def part_ids(self) -> list[str]:
        """Return the ids of all parts and tests, in order."""
        return [part.id for part in self.parts] + [t.id for f in self.tests for t in f.tests]

    def outline(self) -> AssignmentOutline:
        """Return what the reports show of the assignment."""
        problems = [
            ProblemOutline(
                problem.spec.problem,
                problem.spec.title,
                problem.spec.statement,
                tuple(
                    PartOutline(p.id, p.title, p.kind, p.points, p.statement, p.source_file)
                    for p in problem.spec.parts
                ),
            )
            for problem in self.problems
        ]
        problems += [
            ProblemOutline(
                tests.id,
                tests.id.replace("-", " ").capitalize(),
                "",
                tuple(PartOutline(t.id, t.title, "pytest", t.points) for t in tests.tests),
            )
            for tests in self.tests
        ]
        return AssignmentOutline(
            self.id, self.spec.title, self.spec.points, self.spec.statement, tuple(problems)
        )


def load(folder: FilePath, references: FilePath, models: PartModels) -> Assignment:
    """Return the assignment in a folder; `references` is the course's reference/ folder.

    Raises SpecFaultsError with every fault that was found.
    """
    return _Loading(folder, references, models).run()


def read_marks(file: FilePath, assignment: Assignment) -> dict[str, dict[str, Mark]]:
    """Return what people gave, by submission and part; nothing if there is no such file.

    Raises SpecFaultsError for a file that does not fit the assignment.
    """
    if not file.is_file():
        return {}
    try:
        document = yaml_document.read(file)
    except (DocumentError, OSError) as error:
        raise SpecFaultsError([Fault(file, getattr(error, "line", 1), "", str(error))]) from None
    try:
        marks = Marks.model_validate(document.data or {}).root
    except ValidationError as error:
        raise SpecFaultsError(explain(error, Marks, file, document)) from None
    faults = []
    rubrics = {p.id: {item.id for item in getattr(p, "rubric", ())} for p in assignment.parts}
    for student, parts in marks.items():
        for part, mark in parts.items():
            path = (student, part)
            if not rubrics.get(part):
                known = [name for name, items in rubrics.items() if items]
                says = f"no part with a rubric is called {part!r}{suggestion(part, known)}"
                faults.append(Fault(file, document.line(path), path_text(path), says))
                continue
            for item in set(mark.rubric) - rubrics[part]:
                says = f"the rubric has no item {item!r}{suggestion(item, rubrics[part])}"
                where = (*path, "rubric", item)
                faults.append(Fault(file, document.line(where), path_text(where), says))
    if faults:
        raise SpecFaultsError(faults)
    return marks


def check_samples(assignment: Assignment, submissions: FilePath) -> list[Fault]:
    """Return the faults of every `expect.yaml` among the submissions of an assignment."""
    faults: list[Fault] = []
    for file in sorted(submissions.glob(f"*/{EXPECT_NAME}")):
        faults += _check_expectation(file, assignment)
    return faults


def read_expectation(file: FilePath) -> dict[str, dict[str, Any]]:
    """Return what a sample's `expect.yaml` declares, by part.  Raises DocumentError."""
    data = yaml_document.read(file).data
    parts = data.get("parts") if isinstance(data, dict) else None
    if not isinstance(parts, dict) or not all(isinstance(v, dict) for v in parts.values()):
        raise DocumentError("expected a mapping 'parts' from part to status and points")
    return parts


def _check_expectation(file: FilePath, assignment: Assignment) -> Iterator[Fault]:
    try:
        document = yaml_document.read(file)
        parts = read_expectation(file)
    except (DocumentError, OSError) as error:
        yield Fault(file, getattr(error, "line", 1), "", str(error))
        return
    known = assignment.part_ids()
    statuses = [status.value for status in Status]
    for part, expected in parts.items():
        path = ("parts", part)
        line = document.line(path)
        if part not in known:
            says = f"unknown part {part!r}{suggestion(part, known)}"
            yield Fault(file, line, path_text(path), says)
        found = str(expected.get("status"))
        if found not in statuses:
            says = f"found {found!r}; expected one of {', '.join(statuses)}"
            yield Fault(
                file, line, path_text((*path, "status")), says + suggestion(found, statuses)
            )
    for part in known:
        if part not in parts:
            yield Fault(file, document.line(("parts",)), "parts", f"{part!r} is missing")


class _Loading:
    """Collects the faults of an assignment while it is read."""

    def __init__(self, folder: FilePath, references: FilePath, models: PartModels) -> None:
        self.folder = folder
        self.references = references
        self.models = models
        self.faults: list[Fault] = []

    def run(self) -> Assignment:
        file = self.folder / SPEC_NAME
        document = self._document(file)
        spec = self._model(AssignmentSpec, document, file) if document else None
        if document is None or spec is None:
            raise SpecFaultsError(self.faults)
        if spec.assignment != self.folder.name:
            says = f"found {spec.assignment!r}; expected {self.folder.name!r}, as the folder"
            self._fault(file, document, ("assignment",), says)
        package = spec.reference or spec.assignment.replace("-", "_")
        problems = [self._problem(name, package) for name in spec.problems]
        for number, name in enumerate(spec.problems):
            if name in spec.problems[:number]:
                self._fault(file, document, ("problems", number), f"{name!r} stands twice")
        self._stray_files(spec, file, document)
        tests = self._tests()
        loaded = [problem for problem in problems if problem is not None]
        self._unique_ids(loaded, tests)
        if len(loaded) == len(problems):
            self._total(spec, loaded, tests, file, document)
        if self.faults:
            raise SpecFaultsError(self.faults)
        return Assignment(self.folder, spec, tuple(loaded), tuple(tests))

    def _document(self, file: FilePath) -> Document | None:
        try:
            document = yaml_document.read(file)
        except DocumentError as error:
            self.faults.append(Fault(file, error.line, "", str(error)))
            return None
        except OSError as error:
            says = f"cannot be read: {error.strerror}; expected a file {file.name}"
            self.faults.append(Fault(file, 1, "", says))
            return None
        if not isinstance(document.data, dict):
            self.faults.append(Fault(file, 1, "", "expected keys and values"))
            return None
        return document

    def _model(self, model: type[Any], document: Document, file: FilePath) -> Any:
        try:
            return model.model_validate(document.data)
        except ValidationError as error:
            self.faults += explain(error, model, file, document)
            return None

    def _fault(
        self, file: FilePath, document: Document, path: tuple[str | int, ...], says: str
    ) -> None:
        self.faults.append(Fault(file, document.line(path), path_text(path), says))

    def _problem(self, name: str, package: str) -> LoadedProblem | None:
        file = self.folder / f"{name}.yaml"
        document = self._document(file)
        if document is None:
            return None
        parts = self._parts(document, file)
        # The parts are validated one by one, each by the model of its kind; here only their frame.
        frame = dict(document.data) | {"parts": parts or (_PLACEHOLDER,)}
        try:
            spec = Problem.model_validate(frame)
        except ValidationError as error:
            self.faults += explain(error, Problem, file, document)
            return None
        if parts is None:
            return None
        if spec.problem != name:
            self._fault(file, document, ("problem",), f"found {spec.problem!r}; expected {name!r}")
        reference = Reference(self.references, package, spec.reference or name.replace("-", "_"))
        self._references(spec, reference, file, document)
        for index, part in enumerate(spec.parts):
            self._shares(part, index, file, document)
            self._needs(part, index, spec, file, document)
        return LoadedProblem(spec, file, reference)

    def _parts(self, document: Document, file: FilePath) -> tuple[Part, ...] | None:
        """Return the parts by the models of their kinds; None if any has a fault."""
        raw = document.data.get("parts")
        if not isinstance(raw, list) or not raw:
            self._fault(file, document, ("parts",), "expected a list with at least one part")
            return None
        parts = [self._part(item, ("parts", i), document, file) for i, item in enumerate(raw)]
        good = [part for part in parts if part is not None]
        return tuple(good) if len(good) == len(raw) else None

    def _part(
        self, item: Any, path: tuple[str | int, ...], document: Document, file: FilePath
    ) -> Part | None:
        if not isinstance(item, dict):
            self._fault(file, document, path, f"found {item!r}; expected the keys of a part")
            return None
        kind = str(item.get("kind"))
        model = self.models.get(kind)
        if model is None:
            known = sorted(self.models)
            says = f"found {kind!r}; expected one of {', '.join(known)}{suggestion(kind, known)}"
            self._fault(file, document, (*path, "kind"), says)
            return None
        try:
            return model.model_validate(item)
        except ValidationError as error:
            self.faults += explain(error, model, file, document, path)
            return None

    def _references(
        self, spec: Problem, reference: Reference, file: FilePath, document: Document
    ) -> None:
        named = [
            (("parts", index, *path), name)
            for index, part in enumerate(spec.parts)
            for path, name in part.reference_names()
        ]
        if not named:
            return
        if not reference.path.is_file():
            says = f"there is no reference {reference.path}"
            self._fault(file, document, ("reference",) if spec.reference else ("problem",), says)
            return
        try:
            known = reference.defined_names()
        except CourseError as error:
            self._fault(file, document, ("reference",), str(error))
            return
        for path, name in named:
            if name not in known:
                says = f"{reference.path.name} has no function {name!r}{suggestion(name, known)}"
                self._fault(file, document, path, says)

    def _shares(self, part: Part, index: int, file: FilePath, document: Document) -> None:
        shares = part.point_shares()
        total = sum(shares, Fraction(0))
        if shares and total != part.points:
            says = f"its shares add up to {total}; expected {part.points}, the points of the part"
            self._fault(file, document, ("parts", index, "points"), says)

    def _needs(
        self, part: Part, index: int, spec: Problem, file: FilePath, document: Document
    ) -> None:
        before = [other.id for other in spec.parts[:index]]
        for path, name in part.needed_parts():
            if name not in before:
                says = f"no earlier part of this problem is called {name!r}"
                self._fault(
                    file, document, ("parts", index, *path), says + suggestion(name, before)
                )

    def _stray_files(self, spec: AssignmentSpec, file: FilePath, document: Document) -> None:
        for path in sorted(self.folder.glob("*.yaml")):
            if path.name != SPEC_NAME and path.stem not in spec.problems:
                says = f"{path.name} is not listed; every problem of the folder has to be"
                self._fault(file, document, ("problems",), says)

    def _tests(self) -> list[CourseTests]:
        found = []
        for path in sorted(self.folder.glob("test_*.py")):
            tests, faults = course_tests.read(path)
            self.faults += faults
            found += [tests] if tests else []
        return found

    def _unique_ids(self, problems: list[LoadedProblem], tests: list[CourseTests]) -> None:
        seen: dict[str, FilePath] = {}
        for problem in problems:
            document = yaml_document.read(problem.file)
            for index, part in enumerate(problem.spec.parts):
                path = ("parts", index, "id")
                if part.id in seen:
                    says = f"the part {part.id!r} stands in {seen[part.id].name} already"
                    self._fault(problem.file, document, path, says)
                seen.setdefault(part.id, problem.file)
        for file in tests:
            for test in file.tests:
                if test.id in seen:
                    says = f"the part {test.id!r} stands in {seen[test.id].name} already"
                    self.faults.append(Fault(file.file, test.line, test.function, says))
                seen.setdefault(test.id, file.file)

    def _total(
        self,
        spec: AssignmentSpec,
        problems: list[LoadedProblem],
        tests: list[CourseTests],
        file: FilePath,
        document: Document,
    ) -> None:
        total = sum((part.points for p in problems for part in p.spec.parts), Fraction(0))
        total += sum((test.points for f in tests for test in f.tests), Fraction(0))
        if total != spec.points:
            says = f"found {spec.points}; expected {total}, what the parts add up to"
            self._fault(file, document, ("points",), says)


_PLACEHOLDER = Part(id="x", kind="x", title="x", points=0)
