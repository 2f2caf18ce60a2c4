"""Zip archives that somebody else made, read with care.

Python reads the whole list of an archive before it can be asked how long that is, and believes
what the list says; so the list is bounded before it is read, and what comes out of an entry is
counted, not believed.
"""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from datetime import UTC, datetime, tzinfo
from functools import partial
from types import TracebackType
from typing import IO, BinaryIO, Self, cast

from grader.messages.intake import mib
from grader.submissions.collecting.paths import Refused, parts_of, passed_over
from grader.submissions.collecting.sources import Entry, Tree, ignored

MAX_LIST_BYTES = 6 << 20  # of the source: some 40,000 entries
MAX_RATIO = 100
RATIO_FROM_BYTES = 4 << 20
_ENCRYPTED = 0x1
_UTF8 = 0x800
_UNIX_TIMES = 0x5455
_NO_YEAR = 1980  # the first that a zip can name, and what stands there if nobody knew
_METHODS = {9: "deflate64", 12: "bzip2", 14: "lzma", 93: "zstd", 95: "xz"}
_OTHER_FORMATS = {
    b"Rar!": "a RAR archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"\x1f\x8b": "a gzip file",
    b"<!DO": "a web page",
    b"<htm": "a web page",
}
# What zipfile raises on archives that are broken, by accident or on purpose.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    LookupError,
    RuntimeError,
    TypeError,
    OverflowError,
)


class _Bounded(io.RawIOBase):
    """A file of which nobody reads more at once than a list of entries may have."""

    def __init__(self, file: BinaryIO, most_bytes: int) -> None:
        super().__init__()
        self._file = file
        self._most_bytes = most_bytes

    def read(self, size: int = -1) -> bytes:
        wanted = self._most_bytes + 1 if size < 0 else size
        content = self._file.read(wanted) if wanted <= self._most_bytes + 1 else b""
        if max(len(content), size) > self._most_bytes:
            raise Refused(f"its list of files has more than {mib(self._most_bytes)} MiB")
        return content

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True


class Archive:
    """An open zip.  Raises Refused if it cannot be read."""

    def __init__(
        self, file: BinaryIO, zone: tzinfo | None = None, *, most_list_bytes: int = MAX_LIST_BYTES
    ) -> None:
        self._zone = zone
        beginning = file.read(4)
        file.seek(0)
        for start, kind in _OTHER_FORMATS.items():
            if beginning.startswith(start):
                raise Refused(f"it is {kind}, not a zip")
        try:
            self._zip = zipfile.ZipFile(cast(BinaryIO, _Bounded(file, most_list_bytes)))
        except _BROKEN as error:
            raise Refused(f"it is not a zip that can be read ({_reason(error)})") from None
        self.tree = self._list()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._zip.close()

    def _list(self) -> Tree:
        files: dict[tuple[str, ...], Entry] = {}
        notes: list[str] = []
        skipped = 0
        infos = self._zip.infolist()
        for info in infos:
            name = _name(info)
            info.filename = info.orig_filename  # one text in place of two
            try:
                parts = parts_of(name)
                if any(passed_over(part) for part in parts):
                    skipped += 1
                    continue
                if info.is_dir() or name.endswith("\\"):
                    continue
                _check(info)
            except Refused as why:
                notes.append(ignored(name, str(why)))
                continue
            if parts in files:
                notes.append(f"{'/'.join(parts)} is in it more than once; the last one counts")
            modified = _modified(info, self._zone)
            files[parts] = Entry(parts, info.file_size, partial(self._open, info), modified)
        return Tree(list(files.values()), notes, skipped)

    def _open(self, info: zipfile.ZipInfo) -> BinaryIO:
        try:
            return cast(BinaryIO, _Counted(self._zip.open(info), info.file_size))
        except _BROKEN as error:
            raise Refused(f"it cannot be unpacked ({_reason(error)})") from None


class _Counted(io.RawIOBase):
    """What comes out of an entry; Refused as soon as it is not what the list said."""

    def __init__(self, stream: IO[bytes], size_bytes: int) -> None:
        super().__init__()
        self._stream = stream
        self._missing = size_bytes

    def read(self, size: int = -1) -> bytes:
        try:
            content = self._stream.read(size)
        except _BROKEN as error:
            raise Refused(f"it cannot be unpacked ({_reason(error)})") from None
        self._missing -= len(content)
        if size and (self._missing < 0 or (not content and self._missing)):
            raise Refused("it has another size than the archive says")
        return content

    def close(self) -> None:
        self._stream.close()
        super().close()


def _check(info: zipfile.ZipInfo) -> None:
    if info.flag_bits & _ENCRYPTED:
        raise Refused("it is encrypted; ask for one without a password")
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind == stat.S_IFLNK:
        raise Refused("it is a link")
    if kind not in (0, stat.S_IFREG):
        raise Refused("it is not a regular file")
    # Others can unfold a few kilobytes into gigabytes in one step.
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        method = _METHODS.get(info.compress_type, str(info.compress_type))
        raise Refused(f"it is compressed with {method}; only deflate is read")
    if info.file_size > max(RATIO_FROM_BYTES, MAX_RATIO * info.compress_size):
        raise Refused(
            f"it would unfold from {mib(info.compress_size)} to {mib(info.file_size)} MiB, "
            "as a zip bomb does"
        )


def _name(info: zipfile.ZipInfo) -> str:
    """Return the name as it was meant: macOS writes UTF-8 without saying so."""
    if not info.flag_bits & _UTF8:
        try:
            return info.orig_filename.encode("cp437").decode("utf-8")
        except UnicodeError:
            pass
    return info.orig_filename


def _modified(info: zipfile.ZipInfo, zone: tzinfo | None) -> datetime | None:
    """Return the date of an entry: in UTC if it says so, else as a clock on the wall had it."""
    extra = info.extra
    while len(extra) >= 4:
        kind, length = struct.unpack_from("<HH", extra)
        if kind == _UNIX_TIMES and 5 <= length <= len(extra) - 4 and extra[4] & 1:
            (seconds,) = struct.unpack_from("<i", extra, 5)
            return datetime.fromtimestamp(seconds, UTC) if seconds > 0 else None
        extra = extra[4 + length :]
    if info.date_time[0] <= _NO_YEAR:
        return None
    try:
        wall = datetime(*info.date_time)  # noqa: DTZ001  (the zone follows)
        return wall.replace(tzinfo=zone) if zone else wall.astimezone()
    except (ValueError, OverflowError, OSError):
        return None


def _reason(error: BaseException) -> str:
    """Return what went wrong, in a line without its final full stop."""
    text = " ".join(str(error).split()).rstrip(".") or type(error).__name__
    return text[:1].lower() + text[1:120]
