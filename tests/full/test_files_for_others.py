"""Files of pictures and cells, opened by the libraries that others read them with."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from conftest import BIN, ROOT

REAL = ROOT.parent / "shared" / "data" / "cells_real"
PACKAGE = os.environ.get("MUSCLEMAP_PYTHON", str(ROOT / "build" / "release" / "python"))

tifffile = pytest.importorskip("tifffile")

WRITE = """
import json, sys
import numpy as np
import musclemap as mm
file, dtype, compression = sys.argv[1:]
pixels = np.arange(2 * 3 * 4 * 50 * 60).reshape(2, 3, 4, 50, 60) % 251
mm.write_ome_tiff(pixels.astype(dtype), file, pixel_size_um=(0.182, 0.25, 2.0), channel_names=["DAPI", 'a "b" <é>', "c"],
                  comments=["a comment\\nof two lines"], compression=compression)
"""


def written(file: Path, dtype: str, compression: str) -> np.ndarray:
    subprocess.run(
        [sys.executable, "-c", WRITE, str(file), dtype, compression],
        env={**os.environ, "PYTHONPATH": PACKAGE},
        check=True,
        timeout=120,
    )
    return (np.arange(2 * 3 * 4 * 50 * 60).reshape(2, 3, 4, 50, 60) % 251).astype(dtype)


@pytest.fixture(scope="module")
def cells(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Real pictures with masks, outlines and tables beside them."""
    if not REAL.is_dir():
        pytest.skip(f"needs {REAL}")
    folder = tmp_path_factory.mktemp("cells")
    for name, flags in (
        ("nuclei_BF.tif", ["--diameter", "17"]),
        ("yeast_BF.ome.tif", ["--diameter", "30", "--projection", "max", "--range", "all"]),
    ):
        shutil.copyfile(REAL / "images" / name, folder / name)
        command = [BIN / "musclemap", "cells", folder / name, "-m", REAL / "model" / "cells_small"]
        command += ["--geojson", "--rois", "--table", "csv", *flags]
        subprocess.run([str(part) for part in command], check=True, timeout=300, capture_output=True)
    return folder


def masks_of(stem: str, folder: Path) -> np.ndarray:
    """(t, y, x)."""
    labels = tifffile.imread(folder / f"{stem}_vSM.ome.tif")
    return labels.reshape(-1, *labels.shape[-2:])


STEMS = ["nuclei_BF", "yeast_BF"]


@pytest.mark.parametrize("compression", ["deflate", "none"])
@pytest.mark.parametrize("dtype", ["uint8", "int16", "uint16", "int32", "uint32", "float32", "float64"])
def test_tifffile_reads_what_was_written(dtype: str, compression: str, tmp_path: Path) -> None:
    expected = written(tmp_path / "a.ome.tif", dtype, compression)
    with tifffile.TiffFile(tmp_path / "a.ome.tif") as file:
        assert file.is_ome
        assert len(file.series) == 1
        assert file.series[0].axes == "TCZYX"
        found = file.series[0].asarray()
    assert found.dtype == dtype
    assert np.array_equal(found, expected)


@pytest.mark.parametrize("dtype", ["uint16", "float32"])
def test_bioio_reads_sizes_and_names(dtype: str, tmp_path: Path) -> None:
    reader = pytest.importorskip("bioio_ome_tiff").Reader
    expected = written(tmp_path / "a.ome.tif", dtype, "deflate")
    picture = reader(str(tmp_path / "a.ome.tif"))
    data = picture.xarray_data.transpose("T", "C", "Z", "Y", "X")
    assert np.array_equal(data.to_numpy(), expected)
    assert list(picture.channel_names) == ["DAPI", 'a "b" <é>', "c"]
    sizes = picture.physical_pixel_sizes
    assert (sizes.X, sizes.Y, sizes.Z) == (0.182, 0.25, 2.0)


def test_bioio_reads_masks(cells: Path) -> None:
    reader = pytest.importorskip("bioio_ome_tiff").Reader
    picture = reader(str(cells / "yeast_BF_vSM.ome.tif"))
    assert list(picture.channel_names) == ["Segmentation mask"]
    assert picture.physical_pixel_sizes.X == pytest.approx(0.182)
    masks = masks_of("yeast_BF", cells)
    assert masks.max() > 0
    assert np.array_equal(np.asarray(picture.data).reshape(masks.shape), masks)


def test_xml_is_valid_against_the_schema_of_ome(tmp_path: Path, cells: Path) -> None:
    ome_types = pytest.importorskip("ome_types")
    written(tmp_path / "a.ome.tif", "uint16", "deflate")
    for file in (tmp_path / "a.ome.tif", cells / "nuclei_BF_vSM.ome.tif", cells / "yeast_BF_vSM.ome.tif"):
        with tifffile.TiffFile(file) as tiff:
            text = tiff.ome_metadata
            count = len(tiff.pages)
        ome = ome_types.from_xml(text, validate=True)
        pixels = ome.images[0].pixels
        assert pixels.size_t * pixels.size_c * pixels.size_z == count
        assert pixels.tiff_data_blocks[0].plane_count == count
    ome = ome_types.from_tiff(tmp_path / "a.ome.tif")
    assert [channel.name for channel in ome.images[0].pixels.channels] == ["DAPI", 'a "b" <é>', "c"]
    assert ome.images[0].pixels.physical_size_y_quantity.to("nm").magnitude == pytest.approx(250)
    assert ome.structured_annotations[0].value == "a comment\nof two lines"


def filled(polygons: list, shape: tuple[int, int]) -> np.ndarray:
    """Pixels whose middle lies inside."""
    import shapely

    y, x = np.mgrid[: shape[0], : shape[1]] + 0.5
    return shapely.contains_xy(shapely.unary_union(polygons), x, y)


@pytest.mark.parametrize("stem", STEMS)
def test_geojson_has_the_form_of_qupath(stem: str, cells: Path) -> None:
    shapely = pytest.importorskip("shapely")
    collection = json.loads((cells / f"{stem}_vSM.geojson").read_text())
    masks = masks_of(stem, cells)
    assert collection["type"] == "FeatureCollection"
    seen = np.zeros_like(masks)
    for feature in collection["features"]:
        assert feature["type"] == "Feature"
        properties = feature["properties"]
        assert properties["objectType"] == "detection"
        assert len(properties["color"]) == 3
        assert all(0 <= part <= 255 for part in properties["color"])
        geometry = feature["geometry"]
        plane = geometry.pop("plane", None)
        assert (plane is None) == (len(masks) == 1)
        frame = 0 if plane is None else plane["t"]
        shape = shapely.from_geojson(json.dumps(geometry))
        assert shape.geom_type in ("Polygon", "MultiPolygon")
        assert shape.is_valid
        inside = filled([shape], masks.shape[1:])
        assert shape.area == inside.sum()
        assert not seen[frame][inside].any()
        seen[frame][inside] = int(properties["name"])
    assert np.array_equal(seen, masks)


@pytest.mark.parametrize("stem", STEMS)
def test_rois_of_imagej_are_the_masks(stem: str, cells: Path) -> None:
    roifile = pytest.importorskip("roifile")
    shapely = pytest.importorskip("shapely")
    masks = masks_of(stem, cells)
    seen = np.zeros_like(masks)
    for roi in roifile.roiread(cells / f"{stem}_vSM_rois.zip"):
        frame, _, number = roi.name.rpartition("-")
        assert roi.t_position == (int(frame) if len(masks) > 1 else 0)
        inside = np.zeros(masks.shape[1:], bool)
        for path in roi.coordinates(multi=True) if roi.multi_coordinates is not None else [roi.coordinates()]:
            inside ^= filled([shapely.Polygon(path)], masks.shape[1:])  # paths of holes take away
        seen[int(frame or 1) - 1][inside] = int(number)
    assert np.array_equal(seen, masks)


@pytest.mark.parametrize("stem", STEMS)
def test_table_is_of_the_masks(stem: str, cells: Path) -> None:
    pandas = pytest.importorskip("pandas")
    table = pandas.read_csv(cells / f"{stem}_vSM.csv")
    masks = masks_of(stem, cells)
    counted = [(t, label, (frame == label).sum()) for t, frame in enumerate(masks) for label in np.unique(frame)[1:]]
    columns = {name.lower(): name for name in table.columns}
    assert len(table) == len(counted)
    label = next(columns[name] for name in columns if name.startswith("label"))
    assert list(table[label]) == [label for _, label, _ in counted]
