"""Small images with label maps, and the tables that come of them."""

from __future__ import annotations

import csv
import gzip
import io
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from nifti_file import header_of, write_nifti
from numpy.typing import ArrayLike, NDArray

ONE_ML = (10.0, 10.0, 10.0)
# Ten voxels that k-means divides after the fifth.
TWO_GROUPS = [0, 0, 0, 1, 1, 9, 10, 10, 10, 10]
# 24 voxels in three groups, with several at each threshold.
THREE_GROUPS = [10] * 4 + [12] * 3 + [14] * 5 + [30] * 2 + [33] * 2 + [36] + [60] * 3 + [64] * 4
SKEWED_COUNTS = {80: 4, 90: 20, 100: 40, 110: 30, 120: 16, 130: 10, 140: 8, 150: 7, 160: 8, 170: 7}
SKEWED_COUNTS |= {180: 5, 190: 3, 200: 2}
SKEWED = [value for value, count in SKEWED_COUNTS.items() for _ in range(count)]


@dataclass(frozen=True)
class Scan:
    """An image and its label map in one folder."""

    image: Path
    labels: Path

    @property
    def folder(self) -> Path:
        return self.image.parent

    @property
    def inputs(self) -> list[str | Path]:
        return ["-i", self.image, "-s", self.labels]

    def text(self, name: str) -> str:
        return (self.folder / name).read_text(encoding="utf-8")


def volume(values: ArrayLike, dtype: str) -> NDArray[Any]:
    """Three axes, from a line of values or from an array."""
    array = np.asarray(values).astype(dtype)
    return array.reshape(array.shape + (1,) * (3 - array.ndim))


def write_scan(
    folder: Path,
    values: ArrayLike,
    labels: ArrayLike,
    *,
    dtype: str = "<i2",
    label_dtype: str = "<i2",
    spacing: tuple[float, ...] = ONE_ML,
    name: str = "scan.nii.gz",
) -> Scan:
    folder.mkdir(parents=True, exist_ok=True)
    image = volume(values, dtype)
    label_map = volume(labels, label_dtype)
    return Scan(
        write_nifti(folder / name, image, header_of(image, spacing)),
        write_nifti(folder / "map.nii.gz", label_map, header_of(label_map, spacing)),
    )


def one_label(folder: Path, values: Sequence[float], dtype: str = "<i2", value: int = 1) -> Scan:
    return write_scan(folder, values, [value] * len(values), dtype=dtype)


def write_on_grid(file: Path, values: ArrayLike, dtype: str, **changes: Any) -> Path:
    """Voxels of one millilitre; `changes` are those of the header."""
    array = volume(values, dtype)
    header = header_of(array, ONE_ML)
    for field, value in changes.items():
        setattr(header, field, value)
    return write_nifti(file, array, header)


def rows_of(file: Path, delimiter: str = ",") -> list[dict[str, str]]:
    text = file.read_bytes().decode("utf-8")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))


def header_bytes(file: Path) -> bytes:
    data = file.read_bytes()
    return (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data)[:348]


def png_size(file: Path) -> tuple[int, int]:
    data = file.read_bytes()
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", data[16:24])
    return width, height
