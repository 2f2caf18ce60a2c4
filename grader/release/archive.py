"""Archives with the same bytes for the same files, whoever makes them and when."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection, Mapping

_WHEN = (1980, 1, 1, 0, 0, 0)  # the first day that a zip file knows
_UNIX = 3
_FILE, _PROGRAM = 0o100644, 0o100755


def pack(files: Mapping[str, bytes], executable: Collection[str] = ()) -> bytes:
    """Return a zip archive of files by their relative paths; some of them are programs.

    Raises ValueError for a path that leaves the folder in which the archive is unpacked.
    """
    for name in files:
        if {"", ".", ".."} & set(name.split("/")) or {"\\", ":"} & set(name):
            raise ValueError(f"found the path {name!r}; expected one below the archive's folder")
    unknown = sorted(set(executable) - set(files))
    if unknown:
        raise ValueError(f"{unknown[0]!r} is none of the files")
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _WHEN)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = _UNIX
            entry.external_attr = (_PROGRAM if name in executable else _FILE) << 16
            archive.writestr(entry, files[name])
    return made.getvalue()
