"""How Canvas, Gradescope, Moodle and people lay out what was handed in.

The dates in a zip from Canvas or Moodle are those of the download, written by the platform for
every file alike; they say nothing of when something was handed in, and are not used.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from grader.errors import UsageError
from grader.messages.text import counted
from grader.submissions.collecting import gradescope, repositories
from grader.submissions.collecting.paths import Refused, shown, slug
from grader.submissions.collecting.sources import Contents, Delivery, Entry, Tree, Who, ignored

LAYOUTS = ("auto", "canvas", "gradescope", "moodle", "folders")
# doejane_LATE_12345_67890_solution-1.py; anon_xY3f9_67890_… where names are hidden;
# doejane_12345_text.html where the answer was typed into a field.
_CANVAS = re.compile(
    r"(?:(?P<name>[^_]\w*?)_)?(?P<late>LATE_)?(?:(?P<user>\d+)|anon_(?P<anonymous>[A-Za-z0-9]+))_"
    r"(?:(?P<file>\d+)_(?P<original>.+)|(?P<typed>(?:text|link)\.html))"
)
# Jane Doe_12345_assignsubmission_file_/…, with or without the last underscore, or all in one name.
_MOODLE = re.compile(
    r"(?P<name>.*?)(?:_(?P<participant>\d+))?_assignsubmission_(?P<kind>[a-z]+)(?:_(?P<rest>.*))?"
)
_AGAIN = re.compile(r"(?P<stem>.+?) ?\((?P<number>\d{1,2})\)")


@dataclass(frozen=True, slots=True)
class Found:
    """What a source holds: its layout, its deliveries, and what belongs to none of them."""

    layout: str
    deliveries: Sequence[Delivery]
    notes: Sequence[str]
    advice: str = ""


def recognised(tree: Tree, layout: str, assignment: str) -> Found:
    """Return what students handed in, by the layout that is named, or found if it is `auto`.

    Raises UsageError if there is nothing of that layout.
    """
    for name, reader in _READERS.items():
        if layout in ("auto", name):
            found = reader(tree, assignment)
            if found is not None:
                return replace(found, notes=(*tree.notes, *found.notes))
    if layout == "auto":
        raise UsageError(
            "the source holds no submissions; expected a folder or a zip for each student, or a "
            "download from Canvas, Gradescope or Moodle" + _oddities(tree)
        )
    expected = {
        "canvas": "files such as doejane_12345_67890_solution.py",
        "gradescope": f"{gradescope.NAME} beside folders such as submission_12345",
        "moodle": "folders such as 'Jane Doe_12345_assignsubmission_file'",
        "folders": "a folder or a zip for each student",
    }[layout]
    raise UsageError(f"the source is not laid out as --layout {layout}: expected {expected}")


def _oddities(tree: Tree) -> str:
    return f" ({tree.notes[0]})" if tree.notes else ""


def _bases(tree: Tree) -> Iterator[Sequence[Entry]]:
    """Yield the entries as they are and, where one folder holds them all, from inside it."""
    yield tree.entries
    if len({entry.parts[0] for entry in tree.entries}) == 1:
        inside = [replace(each, parts=each.parts[1:]) for each in tree.entries if each.parts[1:]]
        if len(inside) == len(tree.entries):
            yield inside


def _mostly(entries: Sequence[Entry], pattern: re.Pattern[str]) -> bool:
    tops = {entry.parts[0] for entry in entries}
    return bool(tops) and 2 * sum(bool(pattern.fullmatch(top)) for top in tops) >= len(tops)


def _canvas(tree: Tree, _assignment: str) -> Found | None:
    for entries in _bases(tree):
        if not _mostly(entries, _CANVAS):
            continue
        notes = []
        groups: dict[str, _Group] = {}
        for entry in entries:
            found = _CANVAS.fullmatch(entry.parts[0]) if len(entry.parts) == 1 else None
            if not found:
                notes.append(ignored(entry.path, "Canvas does not name files like this"))
                continue
            number = found["user"] or found["anonymous"]
            name = found["name"] or ""
            group = groups.setdefault(number, _Group(name, number, late=bool(found["late"])))
            group.add(entry, (found["original"] or found["typed"],), int(found["file"] or 0))
            if found["typed"] == "link.html":
                group.notes.append("a link was handed in; what it leads to was not fetched")
        deliveries = [group.delivery("canvas") for group in groups.values()]
        return Found("canvas", deliveries, notes, _advice("Canvas"))
    return None


def _moodle(tree: Tree, _assignment: str) -> Found | None:
    for entries in _bases(tree):
        if not _mostly(entries, _MOODLE):
            continue
        notes = []
        groups: dict[str, _Group] = {}
        for entry in entries:
            found = _MOODLE.fullmatch(entry.parts[0])
            inside = entry.parts[1:] or ((found["rest"],) if found and found["rest"] else ())
            if not found or not inside:
                notes.append(ignored(entry.path, "Moodle does not name files like this"))
                continue
            number = found["participant"] or ""
            group = groups.setdefault(f"{number} {found['name']}", _Group(found["name"], number))
            group.add(entry, inside)
        deliveries = [group.delivery("moodle") for group in groups.values()]
        return Found("moodle", deliveries, notes, _advice("Moodle"))
    return None


def _advice(platform: str) -> str:
    return (
        f"{platform} does not say when something was handed in; where that matters, add a column "
        "submitted_at to the roster"
    )


class _Group:
    """The files of one student in a download from Canvas or Moodle."""

    def __init__(self, name: str, number: str, *, late: bool = False) -> None:
        self.name = name
        self.number = number
        self.notes = ["Canvas marks it as late"] if late else []
        self._files: list[tuple[int, Entry]] = []

    def add(self, entry: Entry, parts: tuple[str, ...], order: int = 0) -> None:
        self._files.append((-order, replace(entry, parts=parts)))

    def delivery(self, platform: str) -> Delivery:
        """Return them, the newest first, which is the one that keeps a name asked for twice."""
        entries = [entry for _, entry in sorted(self._files, key=lambda file: file[0])]
        contents = Contents(entries, None, platform)
        label = "_".join(filter(None, [self.name, self.number]))
        return Delivery(
            label=label,
            identity=(platform, self.number, "" if self.number else self.name),
            who=Who(self.name, numbers=(self.number,) if self.number else ()),
            fallback=slug("-".join(filter(None, [self.name, self.number]))),
            contents=_ready(contents),
            notes=tuple(dict.fromkeys(self.notes)),
        )


def _gradescope(tree: Tree, _assignment: str) -> Found | None:
    listing = [each for each in tree.entries if each.parts[-1] == gradescope.NAME]
    listing = [each for each in listing if len(each.parts) <= 2]
    if not listing:
        return None
    try:
        if listing[0].size_bytes > gradescope.MAX_BYTES:
            raise UsageError(f"{listing[0].path} is too large")
        with listing[0].open() as stream:
            listed = gradescope.read(stream)
    except Refused as why:
        raise UsageError(f"{listing[0].path} cannot be used: {why}") from None
    base = len(listing[0].parts) - 1
    folders: dict[str, list[Entry]] = {}
    notes = []
    for entry in tree.entries:
        inside = entry.parts[base:]
        if entry is listing[0]:
            continue
        if len(inside) < 2:
            folders.setdefault(inside[0], []).append(replace(entry, parts=inside))
        else:
            folders.setdefault(inside[0], []).append(replace(entry, parts=inside[1:]))
    deliveries: list[Delivery] = []
    for each in listed:
        files = folders.pop(each.folder, None)
        if files is None:
            notes.append(f"{shown(each.folder)} is in {gradescope.NAME}, but has no files")
            continue
        deliveries += _submitted(each, Contents(files, each.created_at, "gradescope"))
    notes += [ignored(name, f"it is not in {gradescope.NAME}") for name in sorted(folders)]
    return Found("gradescope", deliveries, notes)


def _submitted(listed: gradescope.Listed, contents: Contents) -> Iterator[Delivery]:
    """Yield a submission once for each of the students who handed it in together."""
    number = listed.folder.removeprefix("submission_")
    people = listed.submitters or (gradescope.Submitter("", "", ""),)
    for person in people:
        notes = []
        others = [other.name or other.sid or other.email for other in people if other != person]
        if others:
            notes.append(f"handed in together with {', '.join(map(shown, others))}")
        if listed.attempts > 1:
            notes.append(
                f"handed in {counted(listed.attempts, 'time')}; the export holds the one that is "
                "active there"
            )
        identity = person.sid or person.email or f"{person.name} {number}"
        yield Delivery(
            label=person.name or listed.folder,
            identity=("gradescope", identity.casefold()),
            who=Who(person.name, keys=tuple(filter(None, (person.sid, person.email)))),
            fallback=slug(person.sid) or slug(person.email) or slug(f"{person.name}-{number}"),
            contents=_ready(contents),
            notes=tuple(notes),
        )


def _folders(tree: Tree, assignment: str) -> Found | None:
    bases = list(_bases(tree))
    entries, root = bases[0], tree.root
    if len(bases) > 1 and _holds_students(bases[1]):
        entries = bases[1]
        root = root and root / bases[0][0].parts[0]
    groups: dict[str, list[Entry]] = {}
    notes = []
    for entry in entries:
        top, inside = entry.parts[0], entry.parts[1:]
        if inside or top.casefold().endswith(".zip"):
            groups.setdefault(top, []).append(replace(entry, parts=inside or entry.parts))
        else:
            notes.append(ignored(top, "it is not in a student's folder"))
    if not groups:
        return None
    prefixes = [f"{assignment}-"]
    if root and root.name.endswith("-submissions"):
        prefixes.append(root.name.removesuffix("submissions"))  # as GitHub Classroom clones them
    deliveries = []
    for name, files in groups.items():
        zipped = len(files) == 1 and files[0].parts == (name,)
        called, order = _called(name, groups, prefixes, zipped=zipped)
        for attempt, part in _attempts(files).items():
            source = "zip" if zipped or root is None else "file"
            delivery = Delivery(
                label=f"{name}/{attempt}" if attempt else name,
                identity=("folder", called),
                who=Who(called, keys=(called,)),
                fallback=slug(called),
                contents=_dated(part, root and root / name, source),
                order=order,
            )
            deliveries.append(delivery)
    return Found("folders", deliveries, notes)


def _called(
    name: str, others: Collection[str], prefixes: Sequence[str], *, zipped: bool
) -> tuple[str, int]:
    """Return whom a folder or a zip is named after, and the how manieth of that name it is."""
    called, order = name[: -len(".zip")] if zipped else name, 0
    again = _AGAIN.fullmatch(called)
    if again and {again["stem"], f"{again['stem']}.zip"} & set(others):
        # As a browser calls the second file of one name.
        called, order = again["stem"], int(again["number"])
    for prefix in prefixes:
        if called.casefold().startswith(prefix.casefold()) and len(called) > len(prefix):
            return called[len(prefix) :], order
    return called, order


def _holds_students(entries: Sequence[Entry]) -> bool:
    """Whether entries lie in folders or zips of students: several, and nothing beside them."""
    tops = {entry.parts[0] for entry in entries}
    loose = [each for each in entries if len(each.parts) == 1]
    return len(tops) > 1 and all(each.path.casefold().endswith(".zip") for each in loose)


def _attempts(files: Sequence[Entry]) -> dict[str, list[Entry]]:
    """Return the files by the attempt that they lie in, where all of them lie in one."""
    if not all(re.fullmatch(r"attempt-\d+", each.parts[0]) and each.parts[1:] for each in files):
        return {"": list(files)}
    attempts: dict[str, list[Entry]] = {}
    for each in files:
        attempts.setdefault(each.parts[0], []).append(replace(each, parts=each.parts[1:]))
    return attempts


def _ready(contents: Contents) -> Callable[[], AbstractContextManager[Contents]]:
    """Return what opens contents that are known."""

    @contextmanager
    def opened() -> Iterator[Contents]:
        yield contents

    return opened


def _dated(
    files: Sequence[Entry], folder: Path | None, source: str
) -> Callable[[], AbstractContextManager[Contents]]:
    """Return what opens a folder: its time is its last commit's, or its newest file's."""

    @contextmanager
    def opened() -> Iterator[Contents]:
        dates = [each.modified for each in files if each.modified]
        when: datetime | None = max(dates, default=None)
        made = source
        if folder is not None and (folder / ".git").is_dir() and not (folder / ".git").is_symlink():
            when, made = repositories.head(folder) or (when, made)
        yield Contents(files, when, made)

    return opened


_READERS: dict[str, Callable[[Tree, str], Found | None]] = {
    "gradescope": _gradescope,
    "moodle": _moodle,
    "canvas": _canvas,
    "folders": _folders,
}
