"""A bad image gives one line that names it, status 1, and nothing on the disk; the others are segmented."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from conftest import Run, body, listing
from nifti_file import file_bytes, header_of, write_nifti


def _missing(folder: Path) -> Path:
    return folder / "bad.nii.gz"


def _folder(folder: Path) -> Path:
    (folder / "bad.nii.gz").mkdir()
    return folder / "bad.nii.gz"


def _text(folder: Path) -> Path:
    file = folder / "bad.nii.gz"
    file.write_text("these are not voxels\n" * 100)
    return file


def _empty(folder: Path) -> Path:
    file = folder / "bad.nii"
    file.write_bytes(b"")
    return file


def _truncated(folder: Path) -> Path:
    file = folder / "bad.nii"
    file.write_bytes(file_bytes(body())[:-1000])
    return file


def _truncated_gz(folder: Path) -> Path:
    file = write_nifti(folder / "bad.nii.gz", body())
    file.write_bytes(file.read_bytes()[:-500])
    return file


def _several_volumes(folder: Path) -> Path:
    return write_nifti(folder / "bad.nii.gz", np.zeros((8, 8, 4, 3), "<i2"))


def _flat_affine(folder: Path) -> Path:
    voxels = body()
    header = header_of(voxels)
    header.qform_code = 0
    header.pixdim = (1.0, 1.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0)
    header.srow = (1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0)
    return write_nifti(folder / "bad.nii.gz", voxels, header)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (_missing, ["no such file"]),
        (_folder, ["folder"]),
        (_text, ["nifti"]),
        (_empty, ["0 bytes"]),
        (_truncated, ["the file holds"]),
        (_truncated_gz, ["ends"]),
        (_several_volumes, ["several volumes"]),
    ],
    ids=lambda value: value.__name__.strip("_") if callable(value) else "",
)
def test_bad_image(make: Callable[[Path], Path], words: list[str], segment: Run, tmp_path: Path) -> None:
    bad = make(tmp_path)
    good = write_nifti(tmp_path / "good.nii.gz", body())
    before = listing(tmp_path)
    result = segment("-i", bad, "-i", good)
    message = result.only_error()
    assert result.status == 1
    assert str(bad) in message
    assert message.count(str(bad)) == 1
    for word in words:
        assert word in message.lower()
    assert listing(tmp_path) - before == {"good_dseg.nii.gz", "good_dseg.json"}
    assert f"failed: {bad}" in result.err
    assert f"done: {good}" in result.err


def test_affine_that_cannot_be_inverted(segment: Run, tmp_path: Path) -> None:
    bad = _flat_affine(tmp_path)
    before = listing(tmp_path)
    result = segment("-i", bad)
    assert result.status in (0, 1)  # the reference's repair may find an affine that can
    assert len(result.errors) == result.status
    if result.status == 1:
        assert listing(tmp_path) == before


def test_nothing_is_left_of_an_image_that_breaks_in_the_middle(segment: Run, tmp_path: Path) -> None:
    """Damage deep in the compressed voxels shows only once the output is open."""
    bad = write_nifti(tmp_path / "bad.nii.gz", body((64, 64, 8)))
    data = bytearray(bad.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 64] = bytes(64)
    bad.write_bytes(data)
    before = listing(tmp_path)
    result = segment("-i", bad)
    assert result.status == 1
    assert str(bad) in result.only_error()
    assert listing(tmp_path) == before


def test_nan_gives_a_warning_and_a_label_map(segment: Run, tmp_path: Path) -> None:
    voxels = body().astype("<f4")
    voxels[5:7, 5, 1] = np.nan
    voxels[9, 9, 0] = np.inf
    image = write_nifti(tmp_path / "nan.nii.gz", voxels)
    result = segment("-i", image)
    assert result.status == 0
    warnings = [line for line in result.err.splitlines() if line.startswith("warning: ")]
    assert len(warnings) == 1
    assert str(image) in warnings[0]
    assert "3 voxels" in warnings[0]
    assert (tmp_path / "nan_dseg.nii.gz").exists()
