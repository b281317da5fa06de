"""Volumes as images of nibabel and SimpleITK, and back."""

from __future__ import annotations

import warnings
from pathlib import Path

import musclemap as mm
import numpy as np
import pytest
from conftest import address, body

AFFINES = {
    "axial": np.diag((0.9, 0.9, 4.0, 1.0)),
    "left-handed": np.array([[-0.9, 0, 0, 90], [0, 1.1, 0, -20], [0, 0, 3, 7], [0, 0, 0, 1.0]]),
    "sagittal": np.array([[0, 0, 4.0, -50], [0.7, 0, 0, -20], [0, -0.8, 0, 120], [0, 0, 0, 1]]),
    "coronal": np.array([[1.0, 0, 0, 3], [0, 0, 3, 4], [0, 2, 0, 5], [0, 0, 0, 1]]),
    "oblique": np.array([[0.9511, -0.6180, 0, 1], [0.3090, 1.9021, 0, 2], [0, 0, 3, 3], [0, 0, 0, 1]]),
}
DTYPES = ["uint8", "int16", "uint16", "int32", "float32", "float64"]


def volume(affine: np.ndarray, dtype: str = "int16") -> mm.Volume:
    return mm.as_volume(body((7, 6, 5)).astype(dtype)[::-1], affine)


@pytest.mark.parametrize("name", AFFINES)
def test_nibabel_and_back(name: str) -> None:
    pytest.importorskip("nibabel")
    ours = volume(AFFINES[name])
    image = ours.to_nibabel()
    assert image.header.get_xyzt_units()[0] == "mm"
    assert np.array_equal(image.affine, ours.affine)
    again = mm.as_volume(image)
    assert address(np.asarray(again)) == address(np.asarray(ours))
    assert np.array_equal(again.affine, ours.affine)


@pytest.mark.parametrize("name", AFFINES)
def test_simpleitk_and_back(name: str) -> None:
    pytest.importorskip("SimpleITK")
    ours = volume(AFFINES[name])
    image = ours.to_sitk()
    assert image.GetSize() == ours.shape
    assert image[1, 2, 3] == np.asarray(ours)[1, 2, 3]
    lps = np.array(image.TransformIndexToPhysicalPoint((1, 2, 3)))
    assert lps * (-1, -1, 1) == pytest.approx((ours.affine @ (1, 2, 3, 1))[:3])
    again = mm.as_volume(image)
    assert np.array_equal(again, ours)
    assert again.affine == pytest.approx(ours.affine)


@pytest.mark.parametrize("dtype", DTYPES)
def test_every_type(dtype: str) -> None:
    pytest.importorskip("SimpleITK")
    pytest.importorskip("nibabel")
    ours = volume(AFFINES["axial"], dtype)
    for image in (ours.to_sitk(), ours.to_nibabel()):
        assert mm.as_volume(image).dtype == np.dtype(dtype)


def test_files_of_both_are_one_place(tmp_path: Path) -> None:
    sitk = pytest.importorskip("SimpleITK")
    nibabel = pytest.importorskip("nibabel")
    ours = volume(AFFINES["left-handed"])
    sitk.WriteImage(ours.to_sitk(), str(tmp_path / "sitk.nii.gz"))
    nibabel.save(ours.to_nibabel(), tmp_path / "nibabel.nii.gz")
    mm.write(ours, tmp_path / "own.nii.gz")
    for file in tmp_path.iterdir():
        read = mm.read(file)
        assert np.array_equal(read, ours), file
        assert read.affine == pytest.approx(ours.affine, abs=1e-4), file


@pytest.mark.parametrize("library", ["nibabel", "sitk"])
def test_what_has_no_place_says_so(library: str) -> None:
    pytest.importorskip("nibabel")
    pytest.importorskip("SimpleITK")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        getattr(mm.as_volume(body()), f"to_{library}")()
    assert [warning.message.code for warning in caught] == ["no_spacing"]
    assert caught[0].filename == __file__
