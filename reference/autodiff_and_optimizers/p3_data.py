"""P3 of sheet 001: the pictures to train on.

MNIST where the course provides it, as the IDX files of its authors (big-endian: 0, 0, the type of
the numbers, the number of axes, the length of each axis, then the numbers).  Else the 1797 digits
of 8 x 8 pixels that ship with scikit-learn, so that everything runs offline.
"""

from __future__ import annotations

import gzip
import importlib.util
import math
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

TEST_SHARE, SPLIT_SEED = 0.25, 1906
_UNSIGNED_BYTES = 8  # the type of all MNIST files


def dataset(paths: Mapping[str, Path]) -> dict[str, Any]:
    """Return training and test set: whole numbers X (n, pixels) to be divided by scale, labels y.

    `paths` may have a folder "mnist"; if it is not there, the digits are taken.  Raises ValueError
    or OSError if it is there and holds something else.
    """
    folder = paths.get("mnist")
    return mnist(folder) if folder is not None and folder.is_dir() else digits()


def digits() -> dict[str, Any]:
    """Return the digits of scikit-learn, split at random but always in the same way."""
    data, target = _digits()
    order = np.random.default_rng(SPLIT_SEED).permutation(len(target))
    pictures, labels = data[order].astype(np.uint8), target[order].astype(np.int64)
    unseen = int(TEST_SHARE * len(labels)) + 1
    return {
        "name": "digits",
        "scale": 16,
        "X": pictures[unseen:],
        "y": labels[unseen:],
        "X_test": pictures[:unseen],
        "y_test": labels[:unseen],
    }


def _digits() -> tuple[np.ndarray, np.ndarray]:
    """Return all pictures and labels, from scikit-learn's file: importing it takes two seconds."""
    package = importlib.util.find_spec("sklearn")
    folders = package.submodule_search_locations if package is not None else None
    file = Path((folders or [""])[0], "datasets", "data", "digits.csv.gz")
    if not file.is_file():
        from sklearn.datasets import load_digits  # noqa: PLC0415  (see above)

        found = load_digits()
        return found.data, found.target
    with gzip.open(file, "rt", encoding="ascii") as lines:
        table = np.loadtxt(lines, delimiter=",")
    return table[:, :-1], table[:, -1]


def mnist(folder: Path) -> dict[str, Any]:
    """Return MNIST as its authors split it."""
    return {
        "name": "mnist",
        "scale": 255,
        "X": _pictures(folder, "train-images"),
        "y": _file(folder, "train-labels").astype(np.int64),
        "X_test": _pictures(folder, "t10k-images"),
        "y_test": _file(folder, "t10k-labels").astype(np.int64),
    }


def read_idx(content: bytes) -> np.ndarray:
    """Return the array of an IDX file of unsigned bytes.  Raises ValueError for anything else."""
    if len(content) < 4 or content[:3] != bytes([0, 0, _UNSIGNED_BYTES]):
        raise ValueError("expected an IDX file of unsigned bytes")
    axes = content[3]
    if len(content) < 4 + 4 * axes:
        raise ValueError(f"expected the lengths of {axes} axes; the file ends before")
    shape = struct.unpack(f">{axes}I", content[4 : 4 + 4 * axes])
    found = np.frombuffer(content, np.uint8, offset=4 + 4 * axes)
    if found.size != math.prod(shape):
        raise ValueError(
            f"expected {math.prod(shape)} numbers for shape {shape}, found {found.size}"
        )
    return found.reshape(shape)


def _pictures(folder: Path, name: str) -> np.ndarray:
    found = _file(folder, name)
    return found.reshape(len(found), -1)


def _file(folder: Path, name: str) -> np.ndarray:
    for path in sorted(folder.glob(f"{name}[-.]idx*-ubyte*")):
        if path.suffix == ".gz":
            return read_idx(gzip.decompress(path.read_bytes()))
        return read_idx(path.read_bytes())
    raise ValueError(f"{folder} has no {name}-idx…-ubyte, nor the same with .gz")
