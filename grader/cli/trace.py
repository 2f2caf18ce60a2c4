"""``grader trace``: what a function does, operation by operation, and what that costs."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from grader import messages
from grader.cli.console import complain, say
from grader.errors import GraderError, UsageError
from grader.grading import cells
from grader.grading.run import packages
from grader.kinds import outcomes
from grader.kinds.costs.cost_measures import not_traced
from grader.records import Call, Figure, Limits, Node, Outcome
from grader.sandbox.plain import PlainSandbox
from grader.spec.faults import suggestion
from grader.submissions.folder import NOTEBOOK, Submission
from grader.submissions.folder import read as read_folder
from grader.tracing import listing
from grader.tracing.codes import MAX_EVENTS
from grader.tracing.counting import count
from grader.tracing.record import Record, RefusedRecordError, read

DONE, FAILED, BAD_USAGE = 0, 1, 2

_PROBE = "grader.probes.tracing:record"
_LARGEST = 10_000  # a size; more entries than that are no trace that anybody reads
_WIDEST = 44  # an operation in the list
# A page has a style sheet that knows these colours; a file of its own does not.
_INKS = {"ink": "#1f2328", "muted": "#5c6270", "rule": "#e2dfd8", "sheet": "#ffffff"}


def run(
    target: str,
    *,
    sizes: str,
    shapes: Sequence[str],
    rows: int,
    svg: Path | None,
) -> int:
    """Return whether a function could be followed; print its evaluation trace."""
    try:
        path, name = _target(target)
        code = _code(path)
        named = _sizes(sizes)
        arguments = _arguments(_parameters(code, path, name), named, _shapes(shapes, named))
        return _trace(code, name, named, arguments, rows, svg)
    except GraderError as error:
        complain(str(error))
        return BAD_USAGE


# ---- what was asked for --------------------------------------------------------------------------


def _target(target: str) -> tuple[Path, str]:
    file, colon, name = target.rpartition(":")
    if not colon or not name.isidentifier():
        raise UsageError(f"expected a file and a function, as in solution.py:f; found {target}")
    path = Path(file)
    if not path.is_file():
        raise UsageError(f"there is no file {file}")
    return path, name


@dataclass(frozen=True, slots=True)
class _Code:
    """A module and the files beside it."""

    submission: Submission
    module: str

    @property
    def source(self) -> bytes:
        """Its code."""
        return self.submission.files[self.module]

    def place(self, line: int) -> str:
        """Return where a line of it stands, in a notebook by its cell."""
        for notebook in self.submission.notebooks:
            if notebook.module == self.module:
                cell, within = notebook.place(line)
                return f"cell {cell}, line {within}"
        return f"line {line}"


def _code(path: Path) -> _Code:
    folder = path.resolve().parent
    submission = read_folder(folder, folder.name)
    module = path.name
    if path.suffix == NOTEBOOK:
        module = f"{path.stem}.py"
        submission = submission.as_modules([module])
        if module in submission.files and not submission.notebooks:
            raise UsageError(messages.notebooks.not_counted(path.name, module))
    if module not in submission.files:
        raise UsageError(submission.refused.get(module, f"{path} cannot be read"))
    return _Code(submission, module)


def _sizes(text: str) -> dict[str, int]:
    found = {}
    for item in text.replace(",", " ").split():
        name, equals, number = item.partition("=")
        fits = equals and name.isidentifier() and number.isascii() and number.isdigit()
        if not fits or not 0 < int(number) <= _LARGEST:
            raise UsageError(f"--sizes: expected sizes such as n=3,m=2; found {item}")
        found[name] = int(number)
    if not found:
        raise UsageError("--sizes: expected at least one size, such as n=3")
    return found


def _shapes(texts: Sequence[str], sizes: Mapping[str, int]) -> dict[str, tuple[int, ...]]:
    """Return the shapes that were given by name: y=m, A=n,m, and c= for a single number."""
    found = {}
    for text in texts:
        name, equals, extents = text.partition("=")
        if not equals or not name.isidentifier():
            raise UsageError(f"--shape: expected a shape such as y=m or A=n,m; found {text}")
        items = [extent.strip() for extent in extents.split(",") if extent.strip()]
        unknown = [item for item in items if item not in sizes and not item.isdecimal()]
        if unknown:
            known = ", ".join(sizes)
            raise UsageError(f"--shape {text}: there is no size {unknown[0]}; --sizes has {known}")
        found[name] = tuple(sizes[item] if item in sizes else int(item) for item in items)
    return found


def _parameters(code: _Code, path: Path, name: str) -> list[str]:
    """Return the names of a function's parameters, without those that have a default."""
    try:
        tree = ast.parse(code.source, filename=str(path))
    except (SyntaxError, ValueError) as error:
        raise UsageError(f"{path}: not Python: {error}") from None
    functions = {item.name: item for item in tree.body if isinstance(item, ast.FunctionDef)}
    if name not in functions:
        raise UsageError(
            f"{path} has no function {name}{suggestion(name, list(functions))}; "
            f"it has {', '.join(functions) or 'none'}"
        )
    given = functions[name].args
    names = [argument.arg for argument in (*given.posonlyargs, *given.args)]
    return names[: len(names) - len(given.defaults)]


def _arguments(
    parameters: Sequence[str],
    sizes: Mapping[str, int],
    shapes: Mapping[str, tuple[int, ...]],
) -> dict[str, Any]:
    """Return random arguments; without a shape, a vector, or the size of the same name."""
    for name in shapes:
        if name not in parameters:
            known = ", ".join(parameters)
            raise UsageError(f"--shape {name}: the function has no such parameter; it has {known}")
    rng = np.random.default_rng(0)
    first = next(iter(sizes.values()))
    arguments: dict[str, Any] = {}
    for name in parameters:
        if name in sizes and name not in shapes:
            arguments[name] = sizes[name]
            continue
        drawn = np.asarray(np.round(rng.normal(size=shapes.get(name, (first,))), 2))
        arguments[name] = drawn if drawn.ndim else drawn.item()
    return arguments


# ---- the run, and what is printed of it ----------------------------------------------------------


def _trace(
    code: _Code,
    name: str,
    sizes: Mapping[str, int],
    arguments: Mapping[str, Any],
    rows: int,
    svg: Path | None,
) -> int:
    submission, file = code.submission, code.module
    recorded = {key: item for key, item in arguments.items() if not isinstance(item, int)}
    traced = Call(name, {"inputs": list(arguments.values()), "lines": True}, _PROBE)
    with (
        PlainSandbox(preload=packages([submission]), probes=(_PROBE,)) as sandbox,
        sandbox.open(submission.runnable, Limits()) as session,
    ):
        plain = session.call(file, Call(name, dict(arguments)), Limits().wall_s)
        if plain.outcome is not Outcome.RETURNED:
            plain = cells.observed(plain, submission.notebooks)
            says = outcomes.sentence(plain, name, file)
            complain(cells.sentence(says, submission.notebooks))
            complain(messages.costs.tried_with(_shown(arguments)))
            return FAILED
        observed = session.call(file, traced, Limits().wall_s)
    if observed.outcome is not Outcome.RETURNED:
        says = not_traced(observed, name, MAX_EVENTS)
        complain(cells.sentence(says, submission.notebooks))
        return FAILED
    value: Any = observed.value
    try:
        record = read(value, sum(np.size(item) for item in recorded.values()))
    except RefusedRecordError as error:  # whoever tampers with the recorder
        complain(messages.costs.refused(name, error.why, error.number, error.more))
        return FAILED
    names = listing.input_names({key: np.shape(item) for key, item in recorded.items()})
    numbers = [float(n) for item in recorded.values() for n in np.asarray(item).reshape(-1)]
    listed = listing.rows(record, names, numbers, np.asarray(value["lines"]))
    heading = f"{name}({', '.join(arguments)}) with {messages.costs.sizes_text(*_split(sizes))}"
    say(f"{heading}\n")
    for line in _list(listed[:rows], code, record.inputs):
        say(line)
    if len(listed) > rows:
        say(f"  … and {len(listed) - rows} more (--rows {len(listed)} shows them all)")
    say(f"\n{_ending(record, names)}")
    if svg is not None:
        _draw(svg, heading, listed, names)
        say(f"The graph is in {svg}.")
    return DONE


def _split(sizes: Mapping[str, int]) -> tuple[list[str], list[int]]:
    return list(sizes), list(sizes.values())


def _shown(arguments: Mapping[str, Any]) -> str:
    """Return what each argument was: v (3,), n = 3."""
    return ", ".join(
        f"{name} = {item}" if isinstance(item, int) else f"{name} {np.shape(item)}"
        for name, item in arguments.items()
    )


def _list(listed: Sequence[listing.Row], code: _Code, inputs: int) -> list[str]:
    """Return the trace as lines of text, under the lines of code that it comes from."""
    source = code.source.decode("utf-8", "replace").splitlines()
    texts = [f"{row.name} = {row.text}" if row.name else row.text for row in listed]
    width = min(max(map(len, texts), default=0), _WIDEST)
    lines = [
        f"  {'':{width}}  {'value':>10}  {'in use':>6}",
        f"  {'inputs':{width}}  {'':>10}  {inputs:6}",
    ]
    at = 0
    for row, text in zip(listed, texts, strict=True):
        if row.line != at and row.line:
            text_of_line = source[row.line - 1].strip() if row.line <= len(source) else ""
            lines.append(f"{code.place(row.line)}: {text_of_line}")
        at = row.line or at
        if not row.name:
            lines.append(f"  {text}")
            continue
        note = "" if row.in_cell else "  added on at once"
        if row.releases:
            note += f"  frees {_some(row.releases)}"
        lines.append(f"  {text:{width}}  {row.value:10.4g}  {row.cells:6}{note}")
    return lines


def _some(names: Sequence[str]) -> str:
    return ", ".join(names) if len(names) <= 3 else f"{len(names)} numbers"


def _ending(record: Record, names: Sequence[str]) -> str:
    returned = listing.output_names(record, names)
    costs = count(record)
    summary = messages.costs.trace_summary(
        costs.multiplications, costs.additions, costs.calls, costs.comparisons, costs.memory
    )
    shown = ", ".join(returned[:12]) + (", …" if len(returned) > 12 else "")
    return f"returns {shown or 'nothing'}\n{summary}"


def _draw(file: Path, title: str, listed: Sequence[listing.Row], names: Sequence[str]) -> None:
    from grader.report import graphs, svg  # noqa: PLC0415  (matplotlib takes a second)

    nodes, edges = listing.graph(listed, names)
    drawn = tuple(Node(name, label) for name, label in nodes.items())
    try:
        picture = graphs.drawn(Figure(title, title, nodes=drawn, edges=tuple(edges)))
        for name, code in svg.COLOURS.items():
            picture = picture.replace(code, _INKS.get(name, _INKS["ink"]))
        file.write_text(picture, encoding="utf-8")
    except graphs.TooLargeError as error:
        says = f"the graph is too large to be drawn, with {error}; take smaller sizes"
        raise UsageError(says) from None
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error.strerror}") from None
