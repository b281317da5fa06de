"""One image by every door has one place, in millimetres; what has none says so once."""

from __future__ import annotations

import pickle
import warnings
from collections.abc import Callable
from pathlib import Path

import musclemap as mm
import numpy as np
import pytest
from conftest import body, two_tissues
from nifti_file import header_of, write_nifti

AFFINE = np.array([[0.0, 0.8, 0, -5], [-0.9, 0, 0, 7], [0, 0, 4, 11], [0, 0, 0, 1]])
MILLILITRES = 7 * 14 * 6 * 0.8 * 0.9 * 4 / 1000
UNITS = {"meter": 1e-3, "mm": 1.0, "micron": 1e3, "unknown": 1.0}
CODES = {"unknown": 0, "meter": 1, "mm": 2, "micron": 3}


class Header:
    def __init__(self, unit: str) -> None:
        self.unit = unit

    def get_xyzt_units(self) -> tuple[str, str]:
        return self.unit, "sec"


class Nibabel:
    def __init__(self, array: np.ndarray, unit: str | None) -> None:
        self.dataobj = array
        self.affine = AFFINE.copy()
        if unit is not None:
            self.affine[:3] *= UNITS[unit]
            self.header = Header(unit)


class Tensor:
    """As torch's: DLPack, and a gradient that DLPack refuses."""

    def __init__(self, array: np.ndarray, gradient: bool = True) -> None:
        self.array, self.gradient = array, gradient

    def detach(self) -> Tensor:
        return Tensor(self.array, False)

    def cpu(self) -> Tensor:
        return self

    def __array__(self, dtype: object = None, copy: object = None) -> np.ndarray:
        return self.array

    def __dlpack__(self, **options: object) -> object:
        if self.gradient:
            raise BufferError("tensors that require gradient cannot be exported")
        return self.array.__dlpack__(**options)

    def __dlpack_device__(self) -> tuple[int, int]:
        return (1, 0)


class Meta(Tensor):
    """As MONAI's MetaTensor: channel first."""

    def __init__(self, array: np.ndarray, affine: object, space: str = "RAS") -> None:
        super().__init__(array[None])
        self.affine, self.meta = affine, {"space": space}


class Stated(Tensor):
    """With its affine in .meta alone."""

    def __init__(self, array: np.ndarray) -> None:
        super().__init__(array)
        self.meta = {"affine": AFFINE}


class TorchIO:
    """As TorchIO's images."""

    def __init__(self, array: np.ndarray) -> None:
        self.data, self.affine = Tensor(array[None], False), AFFINE


class ITK:
    def __init__(self, array: np.ndarray) -> None:
        self.array = array

    def GetSpacing(self) -> list[float]:
        return np.linalg.norm(AFFINE[:3, :3], axis=0).tolist()

    def GetOrigin(self) -> list[float]:
        return (AFFINE[:3, 3] * (-1, -1, 1)).tolist()

    def GetDirection(self) -> list[float]:
        return (np.diag((-1.0, -1, 1)) @ AFFINE[:3, :3] / self.GetSpacing()).ravel().tolist()

    def __array__(self, dtype: object = None, copy: object = None) -> np.ndarray:
        return self.array.transpose()


LPS = np.diag((-1.0, -1, 1, 1)) @ AFFINE
DOORS: dict[str, Callable[[np.ndarray], object]] = {
    "array and affine": lambda array: mm.as_volume(array, AFFINE),
    "array and spacing": lambda array: mm.as_volume(array, spacing=(0.9, 0.8, 4)),
    "nibabel without a header": lambda array: Nibabel(array, None),
    "nibabel in metres": lambda array: Nibabel(array, "meter"),
    "nibabel in microns": lambda array: Nibabel(array, "micron"),
    "nibabel in mm": lambda array: Nibabel(array, "mm"),
    "nibabel of no unit": lambda array: Nibabel(array, "unknown"),
    "MetaTensor": lambda array: Meta(array, AFFINE),
    "MetaTensor whose affine is a tensor": lambda array: Meta(array, Tensor(AFFINE)),
    "MetaTensor in LPS": lambda array: Meta(array, LPS, "LPS"),
    "tensor with meta": Stated,
    "TorchIO": TorchIO,
    "ITK": ITK,
}


@pytest.mark.filterwarnings("ignore::musclemap.ImageWarning")
@pytest.mark.parametrize("door", DOORS)
def test_one_volume_by_every_door(door: str) -> None:
    image, labels = two_tissues()
    table = mm.measure(DOORS[door](labels), DOORS[door](image))
    assert table["volume_ml"][0] == pytest.approx(MILLILITRES, rel=1e-6)
    assert not table.warnings
    volume = mm.as_volume(DOORS[door](image))
    assert volume.spacing_known
    assert np.array_equal(volume, image)
    if "spacing" not in door:
        assert volume.affine == pytest.approx(AFFINE)


@pytest.mark.filterwarnings("ignore::musclemap.ImageWarning")
@pytest.mark.parametrize("unit", CODES)
def test_files_of_every_unit(unit: str, tmp_path: Path) -> None:
    image, labels = two_tissues()
    sizes = tuple(size * UNITS[unit] for size in (0.9, 0.8, 4.0))
    files = []
    for name, array in (("labels", labels), ("image", image)):
        header = header_of(array, sizes)
        header.xyzt_units = CODES[unit]
        files.append(write_nifti(tmp_path / f"{name}.nii", array, header))
    assert mm.measure(*files)["volume_ml"][0] == pytest.approx(MILLILITRES, rel=1e-6)


@pytest.mark.parametrize("unit", ["meter", "micron"])
def test_a_converted_unit_is_told(unit: str) -> None:
    with pytest.warns(mm.ImageWarning, match="millimetres") as caught:
        mm.as_volume(Nibabel(two_tissues()[0], unit))
    assert [warning.message.code for warning in caught] == ["unit"]


def codes(call: Callable[[], object]) -> list[str]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        call()
    assert all(warning.filename == __file__ for warning in caught), [str(warning) for warning in caught]
    return [warning.message.code for warning in caught if isinstance(warning.message, mm.ImageWarning)]


IMAGE, LABELS = two_tissues()
WATER = 500 - IMAGE
UNPLACED: dict[str, Callable[[], object]] = {
    "two arrays": lambda: mm.measure(LABELS, IMAGE),
    "two tensors": lambda: mm.measure(Tensor(LABELS), Tensor(IMAGE)),
    "a volume of an array": lambda: mm.measure(mm.Volume.from_array(LABELS), IMAGE),
    "from DLPack": lambda: mm.measure(mm.Volume.from_dlpack(LABELS), mm.Volume.from_dlpack(IMAGE)),
    "a copy": lambda: mm.measure(mm.as_volume(LABELS).copy(), IMAGE),
    "pickled": lambda: mm.measure(pickle.loads(pickle.dumps(mm.as_volume(LABELS))), IMAGE),
    "divided": lambda: mm.measure(LABELS, mm.TissueClassifier("kmeans").classify(IMAGE, LABELS)),
    "the tissue itself": lambda: mm.measure(mm.TissueClassifier("kmeans").classify(IMAGE, LABELS).tissue, IMAGE),
    "a mask": lambda: mm.measure(mm.TissueClassifier("kmeans").classify(IMAGE, LABELS).mask("fat"), IMAGE),
    "a fat fraction": lambda: mm.measure(LABELS, mm.fat_fraction(IMAGE, WATER), kind="fat_fraction"),
    "a picture": lambda: mm.montage(IMAGE, LABELS),
}


@pytest.mark.parametrize("what", UNPLACED)
def test_what_has_no_place_says_so_once(what: str) -> None:
    assert codes(UNPLACED[what]) == ["no_spacing"]


def test_writing_what_has_no_place_says_so_once(tmp_path: Path) -> None:
    file = tmp_path / "out.nii"
    assert codes(lambda: mm.write(IMAGE, file)) == ["no_spacing"]
    assert codes(lambda: mm.write(IMAGE, file, spacing=(1, 1, 4))) == []
    assert mm.read(file).spacing == (1, 1, 4)


def test_a_volume_of_no_place_gets_one() -> None:
    volume = mm.as_volume(IMAGE)
    volume.names = [mm.Label(1, anatomy="psoas")]
    there = mm.as_volume(volume, AFFINE)
    assert there.spacing_known
    assert np.array_equal(there.affine, AFFINE)
    assert there.names == volume.names
    assert mm.as_volume(volume) is volume
    assert repr(volume).endswith("no voxel size)")


def test_what_the_caller_says_is_the_place() -> None:
    for table in (
        mm.measure(LABELS, IMAGE, spacing=(0.9, 0.8, 4)),
        mm.measure(LABELS, IMAGE, affine=AFFINE),
        mm.measure(mm.as_volume(LABELS, AFFINE), IMAGE),
        mm.measure(LABELS, mm.as_volume(IMAGE, AFFINE)),
        mm.measure(LABELS, Meta(IMAGE, AFFINE)),
        mm.measure(LABELS, mm.TissueClassifier("kmeans").classify(IMAGE, LABELS, spacing=(0.9, 0.8, 4))),
        mm.measure(LABELS, mm.fat_fraction(IMAGE, WATER, affine=AFFINE), kind="fat_fraction"),
    ):
        name = "volume_ml" if "volume_ml" in table else "total_volume_ml"
        assert table[name][0] == pytest.approx(MILLILITRES, rel=1e-6)
        assert not table.warnings


@pytest.mark.parametrize("image", [mm.as_volume(IMAGE, AFFINE), Meta(IMAGE, AFFINE), Nibabel(IMAGE, "mm"), ITK(IMAGE)])
def test_a_second_place_is_refused(image: object) -> None:
    with pytest.raises(mm.ArgumentError, match="has one"):
        mm.as_volume(image, spacing=(1, 1, 1))  # type: ignore[arg-type]
    with pytest.raises(mm.ArgumentError, match="has one"):
        mm.measure(image, image, spacing=(1, 1, 1))  # type: ignore[arg-type]


def test_a_run_without_a_place_stays_without(segmenter: mm.Segmenter) -> None:
    image = body((64, 64, 2))
    assert codes(lambda: segmenter.run(image)) == ["no_spacing"]
    assert codes(lambda: segmenter.run(image, spacing=(1, 1, 4))) == []
    with pytest.warns(mm.ImageWarning, match="1 mm"):
        assert not segmenter.run(image).spacing_known
    assert segmenter.run(image, spacing=(1, 1, 4)).spacing_known


def test_segmented_in_any_unit(segmenter: mm.Segmenter) -> None:
    image = np.random.default_rng(2).integers(0, 400, (60, 50, 3), "int16")
    expected = segmenter.run(mm.as_volume(image, AFFINE))
    for unit in ("meter", "micron", "mm", "unknown"):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", mm.ImageWarning)
            labels = segmenter.run(Nibabel(image, unit))  # type: ignore[arg-type]
        assert np.array_equal(labels, expected)
        assert labels.affine == pytest.approx(AFFINE)


def test_nibabel_without_an_affine_has_no_place() -> None:
    image = Nibabel(IMAGE, None)
    image.affine = None
    assert not mm.as_volume(image).spacing_known  # type: ignore[arg-type]


def test_voxels_that_nibabel_cannot_read() -> None:
    class Broken(Nibabel):
        @property
        def dataobj(self) -> object:
            class Proxy:
                def __array__(self, dtype: object = None, copy: object = None) -> np.ndarray:
                    raise OSError("Expected 100 bytes, got 7\nfrom a file")

            return Proxy()

        def __init__(self) -> None:
            self.affine = AFFINE

    with pytest.raises(mm.FormatError, match="Expected 100 bytes"):
        mm.as_volume(Broken())  # type: ignore[arg-type]


def test_a_slice_of_two_axes(tmp_path: Path) -> None:
    class Flat(ITK):
        def GetSpacing(self) -> list[float]:
            return [0.5, 0.5]

        def GetOrigin(self) -> list[float]:
            return [1.0, 2.0]

        def GetDirection(self) -> list[float]:
            return [1.0, 0.0, 0.0, 1.0]

    assert codes(lambda: mm.as_volume(Flat(IMAGE[:, :, 0]))) == ["no_spacing"]
    with pytest.warns(mm.ImageWarning):
        flat = mm.as_volume(Flat(IMAGE[:, :, 0]))
    assert flat.shape == (20, 18, 1)
    assert flat.spacing == (0.5, 0.5, 1)


def test_nibabel_itself_in_every_unit(tmp_path: Path) -> None:
    nibabel = pytest.importorskip("nibabel")
    for unit in ("meter", "mm", "micron"):
        affine = AFFINE.copy()
        affine[:3] *= UNITS[unit]
        files = []
        for name, array in (("labels", LABELS), ("image", IMAGE)):
            image = nibabel.Nifti1Image(array, affine)
            image.header.set_xyzt_units(unit)
            files.append(tmp_path / f"{name}_{unit}.nii.gz")
            image.to_filename(files[-1])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            by_path = mm.measure(*files)["volume_ml"][0]
            by_image = mm.measure(*map(nibabel.load, files))["volume_ml"][0]
        assert by_path == pytest.approx(MILLILITRES, rel=1e-5)
        assert by_image == pytest.approx(MILLILITRES, rel=1e-5)


def test_simpleitk_of_four_and_of_more_components() -> None:
    sitk = pytest.importorskip("SimpleITK")
    colour = sitk.GetImageFromArray(np.zeros((3, 4, 5, 3), "uint8"), isVector=True)
    with pytest.raises(mm.ArgumentError, match="VectorIndexSelectionCast"):
        mm.as_volume(colour)
    with pytest.raises(mm.ArgumentError, match="axes"):
        mm.as_volume(sitk.GetImageFromArray(np.zeros((2, 3, 4, 5), "uint8"), isVector=False))


def test_a_label_map_of_simpleitk_has_no_voxels() -> None:
    sitk = pytest.importorskip("SimpleITK")
    with pytest.raises(mm.ArgumentError, match="Cast"):
        mm.as_volume(sitk.Cast(sitk.Image([3, 4, 5], sitk.sitkUInt8), sitk.sitkLabelUInt8))


def test_itk_itself() -> None:
    itk = pytest.importorskip("itk")
    if not hasattr(itk, "image_from_array"):
        pytest.skip("itk is not installed")
    image = itk.image_from_array(np.ascontiguousarray(IMAGE.transpose()))
    other = ITK(IMAGE)
    image.SetSpacing(other.GetSpacing())
    image.SetOrigin(other.GetOrigin())
    image.SetDirection(itk.matrix_from_array(np.reshape(other.GetDirection(), (3, 3))))
    volume = mm.as_volume(image)
    assert np.array_equal(volume, IMAGE)
    assert volume.affine == pytest.approx(AFFINE)
