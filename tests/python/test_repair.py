"""An image of nibabel whose matrices disagree with its voxel size is segmented as its file is."""

from __future__ import annotations

from pathlib import Path

import musclemap as mm
import numpy as np
import pytest
from conftest import body
from musclemap import _volumes
from musclemap._repair import repaired_affine
from nifti_file import header_of, write_nifti

SIZES = (0.9, 1.3, 3.0)


def odd_file(folder: Path) -> Path:
    """The sform says voxels twice as large as pixdim and the qform do."""
    voxels = body((60, 44, 5))
    header = header_of(voxels, SIZES)
    header.srow = tuple(2 * number for number in header.srow)
    header.sform_code = 1
    return write_nifti(folder / "odd.nii.gz", voxels, header)


class Header:
    """As nibabel's, of the file above."""

    def __init__(self) -> None:
        qform = np.diag([*SIZES, 1.0])
        qform[:3, 3] = -10, -20, 5
        self.qform = qform.astype("float32").astype(float)
        self.sform = np.vstack([2 * qform[:3], [0, 0, 0, 1]]).astype("float32").astype(float)

    def __getitem__(self, field: str) -> int:
        return {"sform_code": 1, "qform_code": 1}[field]

    def get_zooms(self) -> tuple[float, ...]:
        return SIZES

    def get_sform(self) -> np.ndarray:
        return self.sform

    def get_qform(self) -> np.ndarray:
        return self.qform

    def set_sform(self, affine: np.ndarray) -> None:
        self.sform = affine

    def set_qform(self, affine: np.ndarray) -> None:
        raise AssertionError("the sform has a code")

    def get_best_affine(self) -> np.ndarray:
        return self.sform

    def copy(self) -> Header:
        return Header()


class Image:
    def __init__(self) -> None:
        self.dataobj = body((60, 44, 5))
        self.header = Header()
        self.affine = self.header.sform


def test_segmented_as_its_file_is(segmenter: mm.Segmenter, tmp_path: Path) -> None:
    file = odd_file(tmp_path)
    expected = segmenter.run(file)
    unrepaired = segmenter.run(mm.read(file))
    labels = segmenter.run(Image())
    assert np.array_equal(labels, expected)
    assert not np.array_equal(labels, unrepaired)
    assert np.array_equal(labels.affine, mm.read(file).affine)
    assert np.array_equal(mm.as_volume(Image()).affine, Image().affine)


def test_an_affine_of_the_callers_own_stays() -> None:
    image = Image()
    own = np.diag([5.0, 5, 5, 1])
    assert np.array_equal(repaired_affine(image, own), own)
    del image.header
    assert repaired_affine(image, image.affine) is image.affine


def test_nibabel_itself(tmp_path: Path) -> None:
    """Any two matrices and codes, voxel sizes of the one, the other or neither: as the library reads the file."""
    nibabel = pytest.importorskip("nibabel")
    random = np.random.default_rng(3)

    def matrix() -> np.ndarray:
        turned, _ = np.linalg.qr(random.normal(size=(3, 3)))
        affine = np.eye(4)
        affine[:3, :3] = turned * random.choice([1.0, 2.0, 3.0], 3)
        affine[:3, 3] = random.normal(0, 30, 3)
        return affine

    changed = 0
    for number in range(150):
        shape = (3, 4, 5, 1) if number % 7 == 0 else (3, 4, 5)
        kind = nibabel.Nifti1Image if number % 2 else nibabel.Nifti2Image
        header = kind.header_class()
        header.set_data_shape(shape)
        header.set_data_dtype("int16")
        sform, qform = matrix(), matrix()
        header.set_sform(sform, code=int(random.integers(0, 3)))
        header.set_qform(qform, code=int(random.integers(0, 3)))
        sizes = [np.sqrt((each[:3, :3] ** 2).sum(axis=0)) for each in (sform, qform)]
        header["pixdim"][1:4] = [*sizes, np.full(3, 0.7)][number % 3]
        file = tmp_path / f"{number}.nii"
        kind(np.zeros(shape, "int16"), None, header).to_filename(file)
        image = nibabel.load(file)
        expected = _volumes.read_image(file, repaired=True).affine
        assert np.array_equal(repaired_affine(image, mm.as_volume(image).affine), expected)
        changed += not np.allclose(expected, image.affine)
    assert changed > 20
