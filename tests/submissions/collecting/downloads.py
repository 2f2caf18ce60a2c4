"""Zips and folders as platforms make them, and what a collection makes of them."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from grader.submissions.collecting.collecting import Request, collect
from grader.submissions.collecting.reporting import Collected

CODE = b"def twice(x):\n    return 2 * x\n"
NOON = (2026, 3, 1, 12, 0, 0)


def zipped(files: Mapping[str, bytes], **changes: Any) -> bytes:
    """Return a zip with files by name; `changes` are attributes of all of its entries."""
    return packed([(name, content, changes) for name, content in files.items()])


def packed(entries: list[tuple[str, bytes, dict[str, Any]]]) -> bytes:
    """Return a zip with entries, each with attributes of its own."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it wonders at a name that is there twice
        for name, content, changes in entries:
            info = zipfile.ZipInfo(name, NOON)
            info.compress_type = zipfile.ZIP_DEFLATED
            for attribute, value in changes.items():
                setattr(info, attribute, value)
            archive.writestr(info, content, compress_type=info.compress_type)
    return buffer.getvalue()


@dataclass(frozen=True)
class Desk:
    """A folder with a source and a target."""

    root: Path

    @property
    def to(self) -> Path:
        return self.root / "submissions" / "hw1"

    def source(self, content: bytes | Mapping[str, bytes], name: str = "download.zip") -> Path:
        """Write a source: a file, or a folder with files."""
        path = self.root / name
        if isinstance(content, bytes):
            path.write_bytes(content)
            return path
        for inside, raw in content.items():
            file = path / inside
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(raw)
        return path

    def roster(self, text: str) -> Path:
        path = self.root / "roster.csv"
        path.write_text(text, encoding="utf-8")
        return path

    def collect(
        self, content: bytes | Mapping[str, bytes] | Path, roster: str = "", **options: Any
    ) -> Collected:
        """Return what collecting a source comes to; dates without a zone are in UTC."""
        source = content if isinstance(content, Path) else self._new(content)
        if roster:
            options["roster"] = self.roster(roster)
        return collect(Request(source, "hw1", self.to, **{"zone": UTC, **options}))

    def _new(self, content: bytes | Mapping[str, bytes]) -> Path:
        return self.source(content, "download.zip" if isinstance(content, bytes) else "download")

    def files(self) -> dict[str, bytes]:
        """Return all that lies in the target, by path."""
        return {
            path.relative_to(self.to).as_posix(): path.read_bytes()
            for path in sorted(self.to.rglob("*"))
            if path.is_file()
        }

    def manifest(self) -> list[str]:
        return (self.to / "manifest.csv").read_text(encoding="utf-8").splitlines()[1:]


def utc(*numbers: int) -> datetime:
    return datetime(*numbers, tzinfo=UTC)  # type: ignore[misc,arg-type]
