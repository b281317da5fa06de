"""Arrays of every kind are taken with their values, or refused with the cure."""

from __future__ import annotations

import musclemap as mm
import numpy as np
import pytest

PLAIN = np.arange(24).reshape(2, 3, 4)


def read_only(array: np.ndarray) -> np.ndarray:
    array.setflags(write=False)
    return array


def masked(*indices: tuple[int, int, int], dtype: str = "int16") -> np.ndarray:
    mask = np.zeros(PLAIN.shape, bool)
    for index in indices:
        mask[index] = True
    return np.ma.MaskedArray(PLAIN.astype(dtype), mask)


TAKEN = {
    "bool": (PLAIN > 5, "uint8"),
    "int8": (PLAIN.astype("int8"), "int16"),
    "float16": (PLAIN.astype("float16") / 4, "float32"),
    "uint32": (PLAIN.astype("uint32") + 2**31, "float64"),
    "int64": (PLAIN - 5, "float64"),
    "int64 at the edge of double precision": (PLAIN + (2**53 - 30), "float64"),
    "uint64": (PLAIN.astype("uint64"), "float64"),
    "long double": (PLAIN.astype("longdouble") / 3.0**0, "float64"),
    "long double with NaN": (np.where(PLAIN == 3, np.longdouble("nan"), PLAIN), "float64"),
    "big-endian int16": (PLAIN.astype(">i2"), "int16"),
    "big-endian float32": (PLAIN.astype(">f4"), "float32"),
    "big-endian bool and int64": (PLAIN.astype(">i8"), "float64"),
    "read-only": (read_only(PLAIN.astype("int16")), "int16"),
    "Fortran order": (np.asfortranarray(PLAIN.astype("float32")), "float32"),
    "negative strides": (PLAIN.astype("int32")[::-1, :, ::-1], "int32"),
    "two axes": (PLAIN.astype("int16")[:, :, 1], "int16"),
    "two axes of int64": (PLAIN[:, :, 1], "float64"),
    "a fourth axis of one": (PLAIN.astype("int16")[..., None], "int16"),
    "masked, without a masked voxel": (masked(), "int16"),
    "a matrix": (np.matrix([[1, 2], [3, 4]]).astype("int16"), "int16"),
    "memory-mapped": (PLAIN.astype("uint16").view(np.memmap), "uint16"),
}


@pytest.mark.parametrize("kind", TAKEN)
def test_taken_with_their_values(kind: str) -> None:
    array, dtype = TAKEN[kind]
    volume = mm.as_volume(array)
    assert volume.dtype == np.dtype(dtype)
    voxels = np.asarray(volume)
    assert np.array_equal(voxels.reshape(array.shape), np.asarray(array), equal_nan=True)


REFUSED = {
    "a masked voxel": (masked((1, 2, 3)), "filled"),
    "masked voxels of int64": (masked((0, 0, 0), (1, 1, 1), dtype="int64"), "2 masked"),
    "int64 beyond double precision": (PLAIN + 2**53, "astype"),
    "uint64 beyond double precision": (np.full((2, 2, 2), 2**64 - 1, "uint64"), "astype"),
    "the largest int64": (np.full((2, 2, 2), 2**63 - 1), "astype"),
    "long double": (np.full((2, 2, 2), np.longdouble(1) / 3), "astype"),
    "complex": (PLAIN.astype("complex64"), "abs"),
    "objects": (PLAIN.astype(object), "astype"),
    "text": (PLAIN.astype(str), "astype"),
    "dates": (PLAIN.astype("datetime64[D]"), "real numbers"),
    "colour": (np.zeros((2, 3, 4), [("R", "u1"), ("G", "u1"), ("B", "u1")]), r"array\['R'\]"),
    "no axis": (np.array(5, "int16"), "axes"),
    "one axis": (np.arange(5, dtype="int16"), "axes"),
    "four axes": (np.zeros((2, 3, 4, 2), "int16"), r"array\[..., 0\]"),
    "nothing": (np.zeros((2, 0, 4), "int16"), "shape|axis|voxel"),
    "misaligned": (np.zeros(49, "uint8")[1:].view("int16").reshape(2, 3, 4), "aligned"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_refused_with_the_cure(kind: str) -> None:
    array, cure = REFUSED[kind]
    with pytest.raises(mm.ArgumentError, match=cure):
        mm.as_volume(array)


def test_masked_voxels_do_not_come_back_by_any_door() -> None:
    for door in (mm.as_volume, mm.Volume.from_array, lambda array: mm.measure(array, array)):
        with pytest.raises(mm.ArgumentError, match="masked"):
            door(masked((1, 2, 3)))


class Tensor:
    def __init__(self, problem: str) -> None:
        self.problem = problem

    def __dlpack__(self, **options: object) -> object:
        raise BufferError(self.problem)

    def __dlpack_device__(self) -> tuple[int, int]:
        return (2, 0)


@pytest.mark.parametrize("problem", ["unsupported device", "bfloat16 is not supported", "sparse"])
def test_tensors_that_cannot_be_shared(problem: str) -> None:
    for door in (mm.as_volume, mm.Volume.from_dlpack):
        with pytest.raises(mm.ArgumentError, match=r"tensor.cpu\(\)"):
            door(Tensor(problem))


class Frame:
    def __array__(self, dtype: object = None, copy: object = None) -> np.ndarray:
        return PLAIN


def test_other_holders_of_arrays_are_told_the_cure() -> None:
    with pytest.raises(mm.ArgumentError, match="numpy.asarray"):
        mm.as_volume(Frame())  # type: ignore[arg-type]


def test_channels_of_a_tensor() -> None:
    class Meta:
        affine = np.eye(4)

        def __init__(self, shape: tuple[int, ...]) -> None:
            self.array = np.zeros(shape, "float32")

        def __dlpack__(self, **options: object) -> object:
            return self.array.__dlpack__(**options)

        def __dlpack_device__(self) -> tuple[int, int]:
            return (1, 0)

    assert mm.as_volume(Meta((1, 4, 5, 6))).shape == (4, 5, 6)
    assert mm.as_volume(Meta((4, 5, 6))).shape == (4, 5, 6)
    assert mm.as_volume(Meta((1, 4, 5, 1))).shape == (4, 5, 1)
    with pytest.raises(mm.ArgumentError, match="channels"):
        mm.as_volume(Meta((2, 4, 5, 6)))


MASKS = {
    "uint8": lambda mask: mask.astype("uint8"),
    "bool": lambda mask: mask,
    "int64": lambda mask: mask.astype("int64") * 7,
    "float32": lambda mask: mask.astype("float32"),
    "a volume": lambda mask: mm.as_volume(mask),
    "a volume in place": lambda mask: mm.as_volume(mask.astype("uint8"), spacing=(1, 1, 4)),
    "big-endian": lambda mask: mask.astype(">i2"),
}


@pytest.mark.parametrize("kind", MASKS)
def test_exclusion_masks_of_every_kind(kind: str) -> None:
    labels = np.zeros((24, 20, 8), np.int16)
    labels[3:9, 4:14, 1:7] = 5101
    image = np.where(np.indices(labels.shape).sum(0) % 3 == 0, 600, 200).astype(np.int16)
    tissue = mm.TissueClassifier("kmeans").classify(image, labels, spacing=(1, 1, 4))
    tissue.set_exclusion_mask(MASKS[kind](image > 500))
    tissue.recompute()
    assert mm.measure(labels, tissue)["voxels"][0] == 240


def test_exclusion_masks_on_another_grid_are_refused() -> None:
    tissue = mm.TissueClassifier("kmeans").classify(PLAIN, PLAIN > 3, spacing=(1, 1, 4))
    with pytest.raises(mm.GeometryError):
        tissue.set_exclusion_mask(mm.as_volume(PLAIN, spacing=(1, 1, 3)))
    with pytest.raises(mm.GeometryError):
        tissue.set_exclusion_mask(PLAIN[:, :, :2])


def test_tensors_of_torch_itself() -> None:
    torch = pytest.importorskip("torch", exc_type=ImportError)
    plain = torch.arange(24, dtype=torch.float32).reshape(2, 3, 4)
    for tensor in (
        plain.clone().requires_grad_(),
        plain.clone().requires_grad_() + 0,
        plain.to(torch.int64),
        plain.to(torch.float16),
        plain.to(torch.int16),
        plain.permute(0, 1, 2).flip(0).flip(0),
        torch.nn.Parameter(plain.clone()),
    ):
        assert np.array_equal(mm.as_volume(tensor), PLAIN)
    assert np.array_equal(mm.as_volume(plain > 5), PLAIN > 5)
    shared = plain.clone()
    np.asarray(mm.as_volume(shared))[0, 0, 0] = 99
    assert shared[0, 0, 0] == 99
    for tensor in (plain.to(torch.bfloat16), plain.to_sparse(), torch.empty((2, 3, 4), device="meta"), plain.to(torch.complex64)):
        with pytest.raises(mm.ArgumentError):
            mm.as_volume(tensor)


PLACE = np.diag((0.8, 0.9, 4.0, 1.0))


def check_placed(image: object) -> None:
    volume = mm.as_volume(image)  # type: ignore[arg-type]
    assert np.array_equal(volume, PLAIN)
    assert np.array_equal(volume.affine, PLACE)


def test_images_of_monai_itself() -> None:
    torch = pytest.importorskip("torch", exc_type=ImportError)
    monai = pytest.importorskip("monai.data", exc_type=ImportError)
    tensor = torch.tensor(PLAIN.astype("float32"))
    check_placed(monai.MetaTensor(tensor, affine=torch.tensor(PLACE)))
    check_placed(monai.MetaTensor(tensor[None], affine=PLACE).requires_grad_())


def test_images_of_torchio_itself() -> None:
    torch = pytest.importorskip("torch", exc_type=ImportError)
    torchio = pytest.importorskip("torchio", exc_type=ImportError)
    check_placed(torchio.ScalarImage(tensor=torch.tensor(PLAIN[None].astype("float32")), affine=PLACE))
