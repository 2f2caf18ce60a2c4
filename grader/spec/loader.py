"""An assignment's folder, read and checked as a whole.

`load` gives an assignment that can be graded, or raises with every fault of every file.  It runs
nothing: references and course tests are only read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path as FilePath
from typing import Any

from pydantic import ValidationError

from grader.errors import CourseError
from grader.records import AssignmentOutline, PartOutline, ProblemOutline
from grader.spec import dates, secret
from grader.spec import document as yaml_document
from grader.spec import tests as course_tests
from grader.spec.document import Document, DocumentError
from grader.spec.faults import Fault, SpecFaultsError, explain, path_text, shown, suggestion
from grader.spec.marks import Mark, Marks
from grader.spec.models import IDENTIFIER, AssignmentSpec, Part, PartModels, Path, Problem
from grader.spec.reference import Reference
from grader.spec.tests import CourseTests
from grader.spec.variants import VariedPart, named
from grader.spec.written import written_names

SPEC_NAME = "assignment.yaml"


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
    secret: bytes | None = field(default=None, repr=False)  # of the course; see grader.spec.secret

    @property
    def id(self) -> str:
        """The name of the assignment."""
        return self.spec.assignment

    @property
    def parts(self) -> tuple[Part, ...]:
        """Every part of every problem, in order; the course's tests are not among them."""
        return tuple(part for problem in self.problems for part in problem.spec.parts)

    @property
    def data(self) -> dict[str, FilePath]:
        """Where the data is that the assignment names; whether it is there is for its user."""
        return {name: self.folder / path for name, path in self.spec.data.items()}

    def part_points(self) -> dict[str, Fraction]:
        """Return the points of all parts and tests by id, in order."""
        points = {part.id: part.points for part in self.parts}
        return points | {test.id: test.points for file in self.tests for test in file.tests}

    def outline(self) -> AssignmentOutline:
        """Return what the reports show of the assignment."""
        problems = [
            ProblemOutline(
                problem.spec.problem,
                problem.spec.title,
                problem.spec.statement,
                tuple(
                    PartOutline(
                        p.id,
                        p.title,
                        p.kind,
                        p.points,
                        _for_all(p),
                        p.source_file,
                        p.bonus,
                        written_names(p),
                    )
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
        found = dates.dates(self.spec)
        return AssignmentOutline(
            self.id,
            self.spec.title,
            self.spec.points,
            self.spec.statement,
            tuple(problems),
            found.due.isoformat() if found else "",
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
    rubrics = {
        part.id: {item.id: item.points for item in getattr(part, "rubric", ())}
        for part in assignment.parts
    }
    for student, parts in marks.items():
        for part, mark in parts.items():
            for path, says in _mark_faults(part, mark, rubrics):
                where = (student, part, *path)
                faults.append(Fault(file, document.line(where), path_text(where), says))
    if faults:
        raise SpecFaultsError(faults)
    return marks


def _mark_faults(
    part: str, mark: Mark, rubrics: Mapping[str, Mapping[str, Fraction]]
) -> Iterator[tuple[Path, str]]:
    items = rubrics.get(part, {})
    if not items:
        known = [name for name, rubric in rubrics.items() if rubric]
        yield (), f"no part with a rubric is called {part!r}{suggestion(part, known)}"
        return
    for item, points in mark.rubric.items():
        if item not in items:
            says = f"the rubric has no item {item!r}; expected one of {', '.join(items)}"
            yield ("rubric", item), says + suggestion(item, items)
        elif points > items[item]:
            yield ("rubric", item), f"found {points}; expected at most {items[item]}"


class _Loading:
    """Collects the faults of an assignment while it is read."""

    def __init__(self, folder: FilePath, references: FilePath, models: PartModels) -> None:
        self.folder = folder
        self.references = references
        self.models = models
        self.documents: dict[str, Document] = {}  # of the problems that could be read
        self.faults: list[Fault] = []

    def run(self) -> Assignment:
        file = self.folder / SPEC_NAME
        document = self._document(file)
        if document is None:
            raise SpecFaultsError(self.faults)
        spec = self._model(AssignmentSpec, document, file)
        if spec is not None and spec.assignment != self.folder.name:
            says = f"found {spec.assignment!r}; expected {self.folder.name!r}, as the folder"
            self._fault(file, document, ("assignment",), says)
        for path, says in dates.faults(spec) if spec is not None else ():
            self._fault(file, document, path, says)
        # The problems are read even if there is a fault here, so that theirs are found as well.
        names = _names(document.data.get("problems"))
        package = _text(document.data.get("reference")) or self.folder.name.replace("-", "_")
        problems = [self._problem(name, package) for name in dict.fromkeys(names)]
        for number, name in enumerate(names):
            if name in names[:number]:
                self._fault(file, document, ("problems", number), f"{name!r} stands twice")
        self._stray_files(names, file, document)
        tests = self._tests()
        self._unique_ids(names, tests)
        loaded = tuple(problem for problem in problems if problem is not None)
        if spec is not None and len(loaded) == len(problems):
            self._total(spec, loaded, tests, file, document)
        if spec is None or self.faults:
            raise SpecFaultsError(self.faults)
        # Without a secret there is no fault here: whoever only reads the files needs none.
        found = secret.read(self.references.parent)
        return Assignment(self.folder, spec, loaded, tuple(tests), found)

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

    def _fault(self, file: FilePath, document: Document, path: Path, says: str) -> None:
        self.faults.append(Fault(file, document.line(path), path_text(path), says))

    def _problem(self, name: str, package: str) -> LoadedProblem | None:
        file = self.folder / f"{name}.yaml"
        document = self._document(file)
        if document is None:
            return None
        self.documents[name] = document
        parts = self._parts(document, file)
        good = tuple(part for part in parts if part is not None)
        # The parts are validated one by one, each by the model of its kind; here only their frame.
        frame = document.data | {"parts": good or (_PLACEHOLDER,)}
        try:
            spec = Problem.model_validate(frame)
        except ValidationError as error:
            self.faults += explain(error, Problem, file, document)
            spec = None
        if spec is not None and spec.problem != name:
            self._fault(file, document, ("problem",), f"found {spec.problem!r}; expected {name!r}")
        module = _text(document.data.get("reference")) or name.replace("-", "_")
        reference = Reference(self.references, package, module)
        self._references(parts, reference, file, document)
        for index, part in enumerate(parts):
            if part is not None:
                for path, says in part.own_faults():
                    self._fault(file, document, ("parts", index, *path), says)
                self._shares(part, index, file, document)
                self._needs(part, index, file, document)
        if spec is None or not parts or len(good) < len(parts):
            return None
        return LoadedProblem(spec, file, reference)

    def _parts(self, document: Document, file: FilePath) -> list[Part | None]:
        """Return the parts by the models of their kinds; None for those with a fault."""
        raw = document.data.get("parts")
        if not isinstance(raw, list) or not raw:
            self._fault(file, document, ("parts",), "expected a list with at least one part")
            return []
        return [self._part(item, ("parts", i), document, file) for i, item in enumerate(raw)]

    def _part(self, item: Any, path: Path, document: Document, file: FilePath) -> Part | None:
        if not isinstance(item, dict):
            says = f"found {shown(item)}; expected the keys of a part"
            self._fault(file, document, path, says)
            return None
        kind = item.get("kind")
        model = self.models.get(kind) if isinstance(kind, str) else None
        if model is None:
            known = sorted(self.models)
            found = f"found {shown(kind)}" if "kind" in item else "missing"
            says = f"{found}; expected one of {', '.join(known)}{suggestion(str(kind), known)}"
            self._fault(file, document, (*path, "kind"), says)
            return None
        try:
            return model.model_validate(item)
        except ValidationError as error:
            self.faults += explain(error, model, file, document, path)
            return None

    def _references(
        self,
        parts: Sequence[Part | None],
        reference: Reference,
        file: FilePath,
        document: Document,
    ) -> None:
        named = [
            (("parts", index, *path), name)
            for index, part in enumerate(parts)
            if part is not None
            for path, name in part.reference_names()
        ]
        if not named:
            return
        where = ("reference",) if "reference" in document.data else ("problem",)
        if not reference.path.is_file():
            known = [path.stem for path in sorted(reference.path.parent.glob("*.py"))]
            says = f"there is no reference {reference.path}{suggestion(reference.module, known)}"
            self._fault(file, document, where, says)
            return
        try:
            reference.dependencies()
            names = reference.defined_names()
        except CourseError as error:
            self._fault(file, document, where, str(error))
            return
        for path, name in named:
            if name not in names and "*" not in names:
                says = f"{reference.path.name} has no function {name!r}{suggestion(name, names)}"
                self._fault(file, document, path, says)

    def _shares(self, part: Part, index: int, file: FilePath, document: Document) -> None:
        shares = part.point_shares()
        total = sum(shares, Fraction(0))
        if shares and total != part.points:
            says = f"its shares add up to {total}; expected {part.points}, the points of the part"
            self._fault(file, document, ("parts", index, "points"), says)

    def _needs(self, part: Part, index: int, file: FilePath, document: Document) -> None:
        before = _ids(document)[:index]
        for path, name in part.needed_parts():
            if name not in before:
                says = f"no earlier part of this problem is called {name!r}"
                self._fault(
                    file, document, ("parts", index, *path), says + suggestion(name, before)
                )

    def _stray_files(self, names: Sequence[str], file: FilePath, document: Document) -> None:
        for path in sorted((*self.folder.glob("*.yaml"), *self.folder.glob("*.yml"))):
            if path.suffix == ".yml":
                says = f"{path.name} is not read; expected its name to end in .yaml"
                self._fault(file, document, ("problems",), says)
            elif path.name != SPEC_NAME and path.stem not in names:
                says = f"{path.name} is not listed; every problem of the folder has to be"
                self._fault(file, document, ("problems",), says)

    def _tests(self) -> list[CourseTests]:
        found = []
        for path in sorted(self.folder.glob("test_*.py")):
            tests, faults = course_tests.read(path)
            self.faults += faults
            found += [tests] if tests else []
        return found

    def _unique_ids(self, names: Sequence[str], tests: list[CourseTests]) -> None:
        seen: dict[str, str] = {}
        for name, document in self.documents.items():
            file = self.folder / f"{name}.yaml"
            for index, part in enumerate(_ids(document)):
                if part in seen:
                    says = f"the part {part!r} stands in {seen[part]} already"
                    self._fault(file, document, ("parts", index, "id"), says)
                elif part:
                    seen[part] = file.name
        for file_of_tests in tests:
            path = file_of_tests.file
            if file_of_tests.id in names:
                says = f"its tests form a problem {file_of_tests.id!r}, and there is one already"
                self.faults.append(Fault(path, 1, "", says))
            for test in file_of_tests.tests:
                if test.id in seen:
                    says = f"the part {test.id!r} stands in {seen[test.id]} already"
                    self.faults.append(Fault(path, test.line, test.function, says))
                seen.setdefault(test.id, path.name)

    def _total(
        self,
        spec: AssignmentSpec,
        problems: Sequence[LoadedProblem],
        tests: list[CourseTests],
        file: FilePath,
        document: Document,
    ) -> None:
        parts = (part for p in problems for part in p.spec.parts if not part.bonus)
        total = sum((part.points for part in parts), Fraction(0))
        total += sum((test.points for f in tests for test in f.tests), Fraction(0))
        if total != spec.points:
            says = f"found {spec.points}; expected {total}, what the parts add up to"
            self._fault(file, document, ("points",), says)


def _for_all(part: Part) -> str:
    """Return a part's statement without the numbers, which may be each student's own."""
    return named(part.statement, part.numbers) if isinstance(part, VariedPart) else part.statement


def _names(raw: Any) -> list[str]:
    """Return those of the listed problems that can be the name of a file."""
    listed = raw if isinstance(raw, list) else []
    return [name for name in listed if isinstance(name, str) and IDENTIFIER.fullmatch(name)]


def _text(raw: Any) -> str:
    return raw if isinstance(raw, str) else ""


def _ids(document: Document) -> list[str]:
    """Return the ids of the parts as they are written, also of parts with faults."""
    raw = document.data.get("parts")
    parts = raw if isinstance(raw, list) else []
    return [_text(part.get("id")) if isinstance(part, dict) else "" for part in parts]


_PLACEHOLDER = Part(id="x", kind="x", title="x", points=0)
