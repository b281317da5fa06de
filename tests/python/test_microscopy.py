"""Pictures of a microscope: mm.read_picture, mm.PictureFile, mm.write_ome_tiff."""

from __future__ import annotations

from pathlib import Path

import musclemap as mm
import numpy as np
import pytest
from conftest import ROOT, address

REAL = ROOT.parent / "shared" / "data" / "cells_real"
DTYPES = ["uint8", "int16", "uint16", "int32", "uint32", "float32", "float64"]


def pixels(dtype: str = "uint16", shape: tuple[int, ...] = (2, 3, 4, 5, 6)) -> np.ndarray:
    return np.arange(np.prod(shape)).astype(dtype).reshape(shape)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("compression", ["deflate", "none"])
def test_what_is_written_is_read(dtype: str, compression: str, tmp_path: Path) -> None:
    file = tmp_path / "a.ome.tif"
    mm.write_ome_tiff(
        pixels(dtype),
        file,
        pixel_size_um=(0.182, 0.25, None),
        channel_names=["DAPI", "µ", "x"],
        comments=["one"],
        compression=compression,  # type: ignore[arg-type]
    )
    picture = mm.read_picture(file)
    assert picture.dtype == dtype
    assert np.array_equal(picture, pixels(dtype))
    assert (picture.axes, picture.file_axes, picture.format) == ("TCZYX", "TCZYX", "OME-TIFF")
    assert picture.pixel_size_um == (0.182, 0.25, None)
    assert picture.channel_names == ("DAPI", "µ", "x")
    assert picture.comments == ("one",)
    assert picture.scale == (1, 1, 0.25, 0.182)
    # With what the file said, whatever is not given anew.
    mm.write_ome_tiff(picture, tmp_path / "b.ome.tif", comments=[])
    again = mm.read_picture(tmp_path / "b.ome.tif")
    assert (again.pixel_size_um, again.channel_names, again.comments) == (picture.pixel_size_um, picture.channel_names, ())
    # What is made of a picture says nothing that may be wrong.
    assert picture[0].pixel_size_um is None
    assert (picture + 1).channel_names is None


def test_planes_are_read_one_by_one(tmp_path: Path) -> None:
    mm.write_ome_tiff(pixels(), tmp_path / "a.tif", channel_names=["a", "b", "c"])
    file = mm.PictureFile(tmp_path / "a.tif")
    assert (file.path, file.shape, file.dtype) == (tmp_path / "a.tif", (2, 3, 4, 5, 6), np.uint16)
    assert (file.axes, file.pixel_size_um, file.channel_names) == ("TCZYX", (None, None, None), ("a", "b", "c"))
    assert np.array_equal(file.plane(1, 2, 3), pixels()[1, 2, 3])
    assert np.array_equal(file.plane(c=np.int64(1)), pixels()[0, 1, 0])
    for wrong in ({"t": 2}, {"c": -1}, {"z": "0"}, {"z": True}):
        with pytest.raises(mm.ArgumentError, match="are allowed"):
            file.plane(**wrong)  # type: ignore[arg-type]


def test_axes_of_arrays(tmp_path: Path) -> None:
    file = tmp_path / "a.ome.tif"

    def shape_of(array: np.ndarray, axes: str | None = None) -> tuple[int, ...]:
        mm.write_ome_tiff(array, file, axes=axes)
        return mm.read_picture(file).shape

    assert shape_of(pixels(shape=(5, 6))) == (1, 1, 1, 5, 6)
    assert shape_of(pixels(shape=(4, 5, 6))) == (4, 1, 1, 5, 6)
    assert shape_of(pixels(shape=(4, 5, 6)), "ZYX") == (1, 1, 4, 5, 6)
    assert shape_of(pixels(shape=(4, 5, 6, 2)), "XYTC") == (6, 2, 1, 5, 4)
    assert np.array_equal(mm.read_picture(file)[:, :, 0], pixels(shape=(4, 5, 6, 2)).transpose(2, 3, 1, 0))
    for wrong, axes in [((5,), None), ((2, 2, 2, 2), None), ((5, 6), "YY"), ((5, 6), "ZX"), ((5, 6), "TYX"), ((0, 6), None)]:
        with pytest.raises(mm.ArgumentError):
            mm.write_ome_tiff(np.zeros(wrong, np.uint8), tmp_path / "b.tif", axes=axes)
    assert not (tmp_path / "b.tif").exists()


def test_memory_of_any_kind_is_written_in_place(tmp_path: Path) -> None:
    base = pixels("int32", (8, 9))
    unaligned = np.frombuffer(b"x" + base.tobytes(), np.uint8)[1:].view(np.int32).reshape(8, 9)
    read_only = base.copy()
    read_only.flags.writeable = False
    for array in (base[::-1, ::2], base.T, np.asfortranarray(base), base.astype(">i4"), unaligned, read_only, base > 9):
        mm.write_ome_tiff(array, tmp_path / "a.tif")
        assert np.array_equal(mm.read_picture(tmp_path / "a.tif")[0, 0, 0], array)
    mm.write_ome_tiff(base > 9, tmp_path / "a.tif")
    assert mm.read_picture(tmp_path / "a.tif").dtype == np.uint8


def test_what_is_refused(tmp_path: Path) -> None:
    def refused(text: str, array: object = None, name: str = "a.tif", **options: object) -> None:
        with pytest.raises(mm.ArgumentError, match=text):
            mm.write_ome_tiff(pixels(shape=(5, 6)) if array is None else array, tmp_path / name, **options)  # type: ignore[arg-type]

    refused(r"dtype is int64.*astype", np.zeros((2, 2), np.int64))
    refused("masked", np.ma.masked_less(pixels(shape=(5, 6)), 3))
    refused("tif or .tiff", name="a.png")
    refused("pixel_size_um is 3", pixel_size_um=3)
    refused("pixel size", pixel_size_um=(-1, 1))
    refused("channel", channel_names=["a", "b"])
    refused("channel_names is 'a'", channel_names="a")
    refused("compression", compression="lzw")
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(mm.FileError, match="no.tif"):
        mm.read_picture(tmp_path / "no.tif")
    (tmp_path / "text.tif").write_text("text")
    with pytest.raises(mm.FormatError):
        mm.read_picture(tmp_path / "text.tif")


def test_reading_and_writing_are_told_of_and_cancelled(tmp_path: Path) -> None:
    told: list[mm.Progress] = []
    mm.write_ome_tiff(pixels(), tmp_path / "a.tif", progress=told.append)
    assert [each.done for each in told] == list(range(1, 25))
    told.clear()
    mm.read_picture(tmp_path / "a.tif", progress=told.append)
    assert told[-1].fraction == 1
    token = mm.CancelToken()
    token.cancel()
    with pytest.raises(mm.Cancelled):
        mm.read_picture(tmp_path / "a.tif", cancel=token)
    with pytest.raises(mm.Cancelled):
        mm.write_ome_tiff(pixels(), tmp_path / "b.tif", cancel=token)
    assert not (tmp_path / "b.tif").exists()


def test_files_as_numpy_holds_them(tmp_path: Path) -> None:
    mm.write_ome_tiff(pixels(), tmp_path / "a.tif")
    picture = mm.read_picture(tmp_path / "a.tif")
    assert picture.flags.c_contiguous
    assert picture.flags.writeable
    assert address(np.asarray(picture)) == address(picture)


@pytest.mark.skipif(not REAL.is_dir(), reason="needs ../shared/data/cells_real")
def test_a_real_stack() -> None:
    picture = mm.read_picture(REAL / "images" / "yeast_BF.ome.tif")
    file = mm.PictureFile(REAL / "images" / "yeast_BF.ome.tif")
    assert picture.shape == file.shape
    assert picture.pixel_size_um == file.pixel_size_um
    assert np.array_equal(picture[0, 0, -1], file.plane(z=file.shape[2] - 1))
