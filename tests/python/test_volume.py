"""Volumes share memory with NumPy, whatever the strides, and keep its owner alive."""

from __future__ import annotations

import base64
import gc
import pickle
import re
import sys
import threading
import weakref

import musclemap as mm
import numpy as np
import pytest
from conftest import address

DTYPES = ["uint8", "int16", "uint16", "int32", "float32", "float64"]
AFFINE = np.array([[0.0, 2, 0, -5], [-1.5, 0, 0, 7], [0, 0, 3, 11], [0, 0, 0, 1]])


def numbers(dtype: str = "int16", order: str = "C") -> np.ndarray:
    return np.arange(2 * 3 * 4, dtype=dtype).reshape(2, 3, 4).copy(order=order)


VIEWS = {
    "C order": lambda: numbers(),
    "Fortran order": lambda: numbers(order="F"),
    "negative strides": lambda: numbers()[::-1, ::-1, ::-1],
    "every second": lambda: np.arange(8 * 6 * 10, dtype="int16").reshape(8, 6, 10)[::2, 1::3, ::-4],
    "transposed": lambda: numbers().transpose(1, 2, 0),
    "one slice": lambda: numbers()[:, :, 1:2],
    "zero stride": lambda: np.broadcast_to(np.arange(4, dtype="int16"), (2, 3, 4)),
}


@pytest.mark.parametrize("kind", VIEWS)
def test_array_goes_in_and_out_without_a_copy(kind: str) -> None:
    array = VIEWS[kind]()
    volume = mm.Volume.from_array(array, AFFINE)
    back = np.asarray(volume)
    assert volume.shape == array.shape
    assert address(back) == address(array)
    assert np.array_equal(back, array)
    assert all(a == b for a, b, n in zip(back.strides, array.strides, array.shape) if n > 1)
    assert back.flags.writeable == array.flags.writeable


@pytest.mark.parametrize("dtype", DTYPES)
def test_every_dtype_keeps_itself(dtype: str) -> None:
    volume = mm.Volume.from_array(numbers(dtype))
    assert volume.dtype == np.dtype(dtype)
    assert np.asarray(volume).dtype == np.dtype(dtype)
    assert volume.nbytes == 24 * np.dtype(dtype).itemsize


@pytest.mark.parametrize("dtype", ["int8", "uint32", "int64", "uint64", "float16", "complex64", "bool", ">i2", "U3"])
def test_other_dtypes_are_refused_and_never_cast(dtype: str) -> None:
    with pytest.raises(mm.ArgumentError, match="dtype") as caught:
        mm.Volume.from_array(np.zeros((2, 3, 4), dtype))
    assert caught.value.code == "argument"


@pytest.mark.parametrize("shape", [(4,), (3, 4), (2, 3, 4, 1), (2, 0, 4)])
def test_other_shapes_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(mm.ArgumentError):
        mm.Volume.from_array(np.zeros(shape, "int16"))


def test_misaligned_memory_is_refused() -> None:
    array = np.zeros(49, "uint8")[1:].view("int16").reshape(2, 3, 4)
    with pytest.raises(mm.ArgumentError, match="aligned"):
        mm.Volume.from_array(array)


def test_lists_are_no_arrays() -> None:
    with pytest.raises(mm.ArgumentError, match=r"from_array\(\) is given list"):
        mm.Volume.from_array([[[1, 2]]])  # type: ignore[arg-type]


def test_writes_are_seen_on_both_sides() -> None:
    array = numbers()
    view = np.asarray(mm.Volume.from_array(array))
    view[1, 2, 3] = -7
    array[0, 0, 0] = 99
    assert array[1, 2, 3] == -7
    assert view[0, 0, 0] == 99


def test_read_only_stays_read_only() -> None:
    array = numbers()
    array.setflags(write=False)
    volume = mm.Volume.from_array(array)
    assert volume.read_only
    assert memoryview(volume).readonly
    assert not np.asarray(volume).flags.writeable
    assert not volume.__array__().flags.writeable
    with pytest.raises(ValueError, match="read-only"):
        np.asarray(volume)[0, 0, 0] = 1
    assert not volume.copy().read_only


def test_flat_buffers_are_refused_where_they_would_be_wrong() -> None:
    assert bytes(mm.Volume.from_array(numbers())) == numbers().tobytes()
    with pytest.raises((BufferError, ValueError)):
        (__import__("hashlib")).sha256(mm.Volume.from_array(numbers()[::-1]))


class Owned(np.ndarray):
    """An array that can be watched."""


def test_owner_lives_as_long_as_a_view() -> None:
    array = numbers().view(Owned)
    gone = weakref.ref(array)
    volume = mm.Volume.from_array(array)
    view = np.asarray(volume)
    del array, volume
    gc.collect()
    assert gone() is not None
    assert view.sum() == 276
    del view
    gc.collect()
    assert gone() is None


def test_reference_counts_come_back() -> None:
    array = numbers()
    before = sys.getrefcount(array)
    volumes = [mm.Volume.from_array(array) for _ in range(10)]
    assert sys.getrefcount(array) == before + 10
    del volumes
    assert sys.getrefcount(array) == before


def test_named_owner_is_kept() -> None:
    class Owner:
        pass

    owner = Owner()
    gone = weakref.ref(owner)
    volume = mm.Volume.from_array(numbers(), owner=owner)
    del owner
    assert gone() is not None
    del volume
    gc.collect()
    assert gone() is None


def test_owner_may_go_on_another_thread() -> None:
    array = numbers().view(Owned)
    gone = weakref.ref(array)
    box = [mm.Volume.from_array(array)]
    del array
    thread = threading.Thread(target=box.clear)
    thread.start()
    thread.join()
    gc.collect()
    assert gone() is None


def test_affine_and_spacing() -> None:
    volume = mm.Volume.from_array(numbers(), AFFINE)
    assert np.array_equal(volume.affine, AFFINE)
    assert volume.affine.dtype == np.float64
    assert volume.spacing == pytest.approx((1.5, 2, 3))
    assert volume.voxel_ml == pytest.approx(9e-3)
    assert np.array_equal(mm.Volume.from_array(numbers(), spacing=(2, 3, 4)).affine, np.diag([2.0, 3, 4, 1]))
    assert np.array_equal(mm.Volume.from_array(numbers()).affine, np.eye(4))
    mm.Volume.from_array(numbers(), AFFINE.astype("float32").tolist(), (1.5, 2, 3))


@pytest.mark.parametrize(
    "given",
    [
        {"affine": np.eye(3)},
        {"affine": np.full((4, 4), np.nan)},
        {"affine": np.ones((4, 4))},
        {"spacing": (1, 0, 1)},
        {"spacing": (1, float("nan"), 1)},
        {"affine": np.eye(4), "spacing": (2, 1, 1)},
    ],
    ids=str,
)
def test_places_that_cannot_be(given: dict[str, object]) -> None:
    with pytest.raises(mm.ArgumentError):
        mm.Volume.from_array(numbers(), **given)  # type: ignore[arg-type]


def test_the_affine_is_a_copy() -> None:
    volume = mm.Volume.from_array(numbers(), AFFINE)
    volume.affine[:] = 0
    assert np.array_equal(volume.affine, AFFINE)


def test_with_affine_shares_the_voxels() -> None:
    array = numbers()
    moved = mm.Volume.from_array(array).with_affine(AFFINE)
    assert address(np.asarray(moved)) == address(array)
    assert np.array_equal(moved.affine, AFFINE)


def test_copy_is_new_and_equal() -> None:
    array = numbers()[::-1]
    copy = mm.Volume.from_array(array, AFFINE).copy()
    assert address(np.asarray(copy)) != address(array)
    assert np.array_equal(copy, array)
    assert np.asarray(copy).flags.f_contiguous
    assert np.array_equal(copy.affine, AFFINE)


def test_array_protocol() -> None:
    volume = mm.Volume.from_array(numbers())
    assert address(volume.__array__()) == address(np.asarray(volume))
    assert volume.__array__(np.float32).dtype == np.float32
    assert address(volume.__array__(copy=True)) != address(np.asarray(volume))
    with pytest.raises(ValueError, match="copy"):
        volume.__array__(np.float32, copy=False)
    assert np.array(volume, dtype="float64")[1, 2, 3] == 23


@pytest.mark.parametrize("kind", ["C order", "Fortran order", "negative strides", "every second"])
def test_dlpack_both_ways(kind: str) -> None:
    array = VIEWS[kind]()
    volume = mm.Volume.from_dlpack(array, AFFINE)
    assert volume.__dlpack_device__() == (1, 0)
    back = np.from_dlpack(volume)
    assert address(back) == address(array)
    assert np.array_equal(back, array)
    del volume, array
    gc.collect()
    assert back.size == 24


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_pickling(protocol: int) -> None:
    array = numbers()[::-1]
    array.setflags(write=False)
    volume = mm.Volume.from_array(array, AFFINE)
    volume.names = [mm.Label(3, anatomy="psoas")]
    again = pickle.loads(pickle.dumps(volume, protocol))
    assert np.array_equal(again, array)
    assert np.array_equal(again.affine, AFFINE)
    assert again.dtype == volume.dtype
    assert again.read_only
    assert again.names == volume.names


def test_names_are_labels() -> None:
    volume = mm.Volume.from_array(numbers())
    assert volume.names == ()
    with pytest.raises(mm.ArgumentError):
        volume.names = ["psoas"]  # type: ignore[list-item]


def test_what_a_notebook_shows() -> None:
    volume = mm.Volume.from_array(numbers("float32"), spacing=(1.5, 2, 3))
    assert repr(volume) == "Volume(2 x 3 x 4 float32, 1.5 x 2 x 3 mm)"
    shown = volume._repr_html_()
    picture = re.search(r"base64,([^\"]+)", shown)
    assert picture is not None
    assert base64.b64decode(picture[1]).startswith(b"\x89PNG\r\n\x1a\n")
    assert "2 x 3 x 4" in shown


@pytest.mark.parametrize("dtype", DTYPES)
def test_pictures_of_every_dtype_and_of_odd_shapes(dtype: str) -> None:
    for shape in [(1, 1, 1), (200, 1, 3), (1, 90, 2)]:
        assert "base64" in mm.Volume.from_array(np.ones(shape, dtype))._repr_html_()
