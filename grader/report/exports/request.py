"""What is asked of an export, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Export:
    """What the person who exports chose; each format says which of it applies."""

    visibility: str = "visible"  # Gradescope: when students see the parts
    visibility_of: Mapping[str, str] = field(default_factory=dict)  # the same for single parts
    column: str = ""  # Canvas: the assignment there
    update: bytes | None = None  # Canvas: the gradebook that was exported from there
    so_far: bool = False  # Canvas: also the scores that wait for a person
    folder: str = ""  # GitHub: where the submission lies in its repository
    room: int = MIB  # GitHub: bytes that the summary may take


@dataclass(frozen=True, slots=True)
class Document:
    """One file, ready to be written."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Exported:
    """The files of an export, and what whoever exports has to know about them."""

    documents: tuple[Document, ...]
    notes: tuple[str, ...] = ()
