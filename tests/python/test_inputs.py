"""Images of other libraries are taken by what they offer, not by their class."""

from __future__ import annotations

from pathlib import Path

import musclemap as mm
import numpy as np
import pytest
from conftest import address, body
from nifti_file import write_nifti

AFFINE = np.array([[0.0, 2, 0, -5], [-1.5, 0, 0, 7], [0, 0, 3, 11], [0, 0, 0, 1]])


class FakeNibabel:
    def __init__(self, dataobj: object, affine: object = AFFINE) -> None:
        self.dataobj = dataobj
        self.affine = affine


class LazyVoxels:
    """As nibabel's array proxy: read when NumPy asks."""

    def __array__(self, dtype: object = None, copy: object = None) -> np.ndarray:
        return body()


class FakeSimpleITK:
    """One voxel lights up at (i, j, k) = (3, 1, 2), which SimpleITK's arrays index as [2, 1, 3]."""

    def __init__(self) -> None:
        self.voxels = np.zeros((4, 3, 5), "int16")
        self.voxels[2, 1, 3] = 9

    def GetSpacing(self) -> tuple[float, ...]:
        return (1.5, 2.0, 3.0)

    def GetOrigin(self) -> tuple[float, ...]:
        return (10.0, 20.0, 30.0)

    def GetDirection(self) -> tuple[float, ...]:
        return (0.0, 1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, -1.0)

    def __array__(self, dtype: object = None, copy: object = None) -> np.ndarray:
        return self.voxels


def test_volume_comes_back_as_it_is() -> None:
    volume = mm.Volume.from_array(body())
    assert mm.as_volume(volume) is volume


def test_array_with_affine_is_not_copied() -> None:
    array = body()
    volume = mm.as_volume(array, AFFINE)
    assert address(np.asarray(volume)) == address(array)
    assert np.array_equal(volume.affine, AFFINE)
    assert mm.as_volume(array, spacing=[1, 2, 3]).spacing == (1, 2, 3)


@pytest.mark.parametrize("form", [str, Path])
def test_path_is_read(form: type, tmp_path: Path) -> None:
    file = write_nifti(tmp_path / "scan.nii.gz", body())
    assert np.array_equal(mm.as_volume(form(file)), body())


def test_nibabel_like_with_an_array_is_not_copied() -> None:
    array = body()
    volume = mm.as_volume(FakeNibabel(array))
    assert address(np.asarray(volume)) == address(array)
    assert np.array_equal(volume.affine, AFFINE)


def test_nibabel_like_with_a_proxy_is_read() -> None:
    assert np.array_equal(mm.as_volume(FakeNibabel(LazyVoxels())), body())


@pytest.mark.parametrize(
    ("stored", "read"), [("int8", "int16"), ("int64", "float64"), ("uint32", "float64"), (">i2", "int16")]
)
def test_nibabel_like_of_another_type_is_converted_as_files_are(stored: str, read: str) -> None:
    volume = mm.as_volume(FakeNibabel(np.full((2, 3, 4), 100, stored)))
    assert volume.dtype == np.dtype(read)
    assert (np.asarray(volume) == 100).all()


def test_nibabel_like_with_a_fourth_axis_of_one() -> None:
    assert mm.as_volume(FakeNibabel(np.zeros((2, 3, 4, 1), "int16"))).shape == (2, 3, 4)
    with pytest.raises(mm.ArgumentError, match="axes"):
        mm.as_volume(FakeNibabel(np.zeros((2, 3, 4, 2), "int16")))


def test_nibabel_itself(tmp_path: Path) -> None:
    nibabel = pytest.importorskip("nibabel")
    image = nibabel.Nifti1Image(body(), AFFINE)
    file = tmp_path / "scan.nii.gz"
    image.to_filename(file)
    from_file = mm.as_volume(nibabel.load(file))
    assert np.array_equal(from_file, body())
    assert from_file.affine == pytest.approx(AFFINE)
    assert address(np.asarray(mm.as_volume(image))) == address(np.asanyarray(image.dataobj))


def test_simpleitk_like_is_turned_to_ras() -> None:
    image = FakeSimpleITK()
    volume = mm.as_volume(image)
    assert volume.shape == (5, 3, 4)
    assert np.asarray(volume)[3, 1, 2] == 9
    assert address(np.asarray(volume)) == address(image.voxels)
    # LPS: origin + direction * (spacing * index); RAS has x and y the other way.
    lps = np.array([10, 20, 30]) + np.array([[0, 1, 0], [1, 0, 0], [0, 0, -1]]) @ np.array([1.5 * 3, 2, 3 * 2])
    assert volume.affine @ [3, 1, 2, 1] == pytest.approx([-lps[0], -lps[1], lps[2], 1])


def test_simpleitk_itself(tmp_path: Path) -> None:
    sitk = pytest.importorskip("SimpleITK")
    file = write_nifti(tmp_path / "scan.nii.gz", body())
    volume = mm.as_volume(sitk.ReadImage(str(file)))
    direct = mm.read(file)
    assert np.array_equal(volume, np.asarray(direct))
    assert volume.affine == pytest.approx(direct.affine, abs=1e-5)


def test_anything_with_dlpack() -> None:
    class Shared:
        def __init__(self, array: np.ndarray) -> None:
            self.array = array

        def __dlpack__(self, **options: object) -> object:
            return self.array.__dlpack__(**options)

        def __dlpack_device__(self) -> tuple[int, int]:
            return self.array.__dlpack_device__()

    array = body()
    assert address(np.asarray(mm.as_volume(Shared(array), AFFINE))) == address(array)


@pytest.mark.parametrize("image", [7, None, [[[1]]], object()], ids=repr)
def test_what_is_no_image(image: object) -> None:
    with pytest.raises(mm.ArgumentError, match="image"):
        mm.as_volume(image)  # type: ignore[arg-type]


def test_affine_belongs_to_arrays(tmp_path: Path) -> None:
    with pytest.raises(mm.ArgumentError, match="affine"):
        mm.as_volume(mm.Volume.from_array(body(), AFFINE), AFFINE)
    with pytest.raises(mm.ArgumentError, match="affine"):
        mm.as_volume(tmp_path / "scan.nii", AFFINE)
    with pytest.raises(mm.ArgumentError, match="spacing"):
        mm.as_volume(body(), spacing=(1, 1))
