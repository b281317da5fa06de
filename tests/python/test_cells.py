"""musclemap.cells."""

from __future__ import annotations

import json
from pathlib import Path

import musclemap as mm
import numpy as np
import pytest
from conftest import ROOT
from pth_file import write_pth
from random_cpnet import random_cpnet

REAL = ROOT.parent / "shared" / "data" / "cells_real"


def disc_flows() -> tuple[np.ndarray, np.ndarray]:
    y, x = np.mgrid[:40, :40].astype(float)
    distance = np.hypot(y - 20, x - 18)
    inside = distance <= 9
    flows = np.zeros((2, 40, 40))
    flows[:, inside] = 5 * np.array([20 - y, 18 - x])[:, inside] / np.maximum(distance[inside], 1)
    return flows, np.where(inside, 4.0, -4.0)


def test_a_disc_is_a_cell() -> None:
    flows, logits = disc_flows()
    masks = mm.cells.masks(flows, logits)
    assert masks.dtype == np.uint16
    assert masks.shape == (40, 40)
    assert np.array_equal(masks > 0, logits > 0)
    assert np.array_equal(masks, mm.cells.masks(flows.astype(np.float32).tolist(), logits[::-1][::-1], threads=1))
    assert mm.cells.masks(flows, logits, min_size=1000).max() == 0


def test_wrong_arguments() -> None:
    flows, logits = disc_flows()
    with pytest.raises(mm.ArgumentError, match=r"\(2, 40, 40\) and cellprob \(39, 40\)"):
        mm.cells.masks(flows, logits[1:])
    with pytest.raises(mm.ArgumentError, match="dynamics"):
        mm.cells.masks(flows, logits, dynamics="gpu")  # type: ignore[arg-type]
    with pytest.raises(mm.ArgumentError, match="max_size_fraction"):
        mm.cells.masks(flows, logits, max_size_fraction=-1)
    logits[3, 4] = np.nan
    with pytest.raises(mm.Error, match="y 3, x 4"):
        mm.cells.masks(flows, logits)


def test_volumes() -> None:
    flows, logits = disc_flows()
    volume = np.zeros((3, 5, 40, 40), np.float32)
    volume[1:, :] = flows[:, None]
    logit = np.full((5, 40, 40), -4.0)
    logit[1:4] = logits
    masks = mm.cells.masks(volume, logit)
    assert masks.shape == (5, 40, 40)
    assert masks.max() <= 3
    assert not masks[[0, 4]].any()


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_pth(tmp_path_factory.mktemp("cells") / "tiny", random_cpnet())


@pytest.fixture(scope="module")
def tiny(weights: Path) -> mm.cells.CellModel:
    return mm.cells.CellModel(weights)


def picture(seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 4000, (50, 60)).astype(np.uint16)


# Random weights find next to nothing: flows say whether two runs are the same.
def same(first: mm.cells.CellLabels, second: mm.cells.CellLabels) -> bool:
    return np.array_equal(first, second) and np.array_equal(first.flows, second.flows)


def test_an_open_model_and_its_file_give_the_same(weights: Path, tiny: mm.cells.CellModel) -> None:
    labels = mm.cells.segment(picture(), tiny, return_flows=True, cellprob_threshold=-9, flow_threshold=0, min_size=0)
    assert labels.shape == (50, 60)
    assert labels.dtype == np.uint16
    assert labels.diameters == (20,)
    assert labels.flows.shape == (2, 50, 60)
    assert labels.cellprob.shape == (50, 60)
    assert labels.styles.shape == (8,)
    assert np.linalg.norm(labels.styles) == pytest.approx(1, abs=1e-5)
    assert (labels + 1).diameters is None
    of_file = mm.cells.segment(
        picture(), str(weights), return_flows=True, cellprob_threshold=-9, flow_threshold=0, min_size=0, threads=1
    )
    assert same(labels, of_file)
    assert np.array_equal(
        labels,
        mm.cells.masks(labels.flows, labels.cellprob, cellprob_threshold=-9, flow_threshold=0, min_size=0),
    )


def test_what_a_model_says(weights: Path, tiny: mm.cells.CellModel) -> None:
    assert tiny.file == weights
    assert (tiny.diam_mean, tiny.diam_labels, tiny.builtin, tiny.estimates_diameter) == (20, 20, False, False)
    assert len(tiny.sha256) == 64
    assert tiny.engine
    assert "cyto3" in mm.cells.CellModel.names()


@pytest.mark.parametrize("dtype", ["uint8", "int16", "int32", "uint32", "float32", "float64", "int64", ">u2", "float16"])
def test_dtypes_and_strides(tiny: mm.cells.CellModel, dtype: str) -> None:
    pixels = picture() % 128
    expected = mm.cells.segment(pixels, tiny, return_flows=True)
    assert same(mm.cells.segment(pixels.astype(dtype), tiny, return_flows=True), expected)
    flipped = np.asfortranarray(pixels.astype(dtype)[::-1, ::-1])[::-1, ::-1]
    assert same(mm.cells.segment(flipped, tiny, return_flows=True), expected)


def test_axes(tiny: mm.cells.CellModel) -> None:
    first, second = picture(), picture(2)
    one, two = (mm.cells.segment(each, tiny, return_flows=True) for each in (first, second))
    series = mm.cells.segment(np.stack([first, second], -1), tiny, time_axis=-1, return_flows=True)
    assert series.shape == (2, 50, 60)
    assert series.diameters == (20, 20)
    assert np.array_equal(series.flows, [one.flows, two.flows])
    channels = np.stack([second, first], 1)
    assert same(mm.cells.segment(channels, tiny, channels=[2, 0], channel_axis=1, return_flows=True), one)
    assert same(mm.cells.segment(channels, tiny, channel_axis=1, channel=1, return_flows=True), one)
    both = mm.cells.segment(channels, tiny, channels=[2, 1], channel_axis=1, return_flows=True)
    assert not np.array_equal(both.flows, one.flows)


def test_normalisation(tiny: mm.cells.CellModel) -> None:
    def flows(**options: object) -> np.ndarray:
        return mm.cells.segment(picture(), tiny, return_flows=True, **options).flows  # type: ignore[arg-type]

    plain = flows()
    assert np.array_equal(plain, flows(normalize={"percentile": None, "norm3D": True}))
    assert np.array_equal(flows(invert=True), flows(normalize={"invert": True}))
    assert np.array_equal(flows(invert=True), flows(normalize={}, invert=True))
    assert np.array_equal(plain, flows(normalize={}, invert=True, compat="3.1.1.2"))
    assert np.array_equal(flows(invert=True), flows(normalize={"invert": True}, compat="3.1.1.2"))
    for changed in ({"percentile": [5, 95]}, {"lowhigh": (0, 9000)}, {"invert": True}, {"tile_norm_blocksize": 30}):
        assert not np.array_equal(plain, flows(normalize=changed))
    with pytest.raises(mm.ArgumentError, match="normalize has the key 'percentiles'; normalize, invert"):
        flows(normalize={"percentiles": (1, 99)})
    with pytest.raises(mm.ArgumentError, match="percentile is of the type str; a pair of numbers"):
        flows(normalize={"percentile": "1"})
    with pytest.raises(mm.ArgumentError, match="normalize is 'yes'"):
        flows(normalize="yes")


def test_what_segment_refuses(tiny: mm.cells.CellModel, tmp_path: Path) -> None:
    def refused(text: str, image: object = None, **options: object) -> None:
        with pytest.raises(mm.ArgumentError, match=text):
            mm.cells.segment(picture() if image is None else image, tiny, **options)  # type: ignore[arg-type]

    refused(r"shape \(2, 50, 60\)", np.stack([picture()] * 2))
    refused("channel is 2; 0 to 1", np.stack([picture()] * 2), channel_axis=0, channel=2)
    refused("time_axis is 5", np.stack([picture()] * 2), time_axis=5)
    refused("dtype is complex", picture() * 1j)
    refused("masked", np.ma.masked_less(picture(), 10))
    refused("size model", diameter=0)
    refused("diameter is of the type str", diameter="large")
    refused("bsize", bsize=100)
    refused("channels is of the type", channels=[1])
    refused("engine is said of a model that is open", engine="torch")
    refused("y 3, x 4", np.where(np.arange(3000).reshape(50, 60) == 184, np.nan, 1.0))
    refused("axes it has", tmp_path / "a.tif", channel_axis=0)
    with pytest.raises(mm.FileError, match="no.tif"):
        mm.cells.segment(tmp_path / "no.tif", tiny)
    with pytest.raises(mm.ArgumentError, match="model is of the type int"):
        mm.cells.segment(picture(), 3)  # type: ignore[arg-type]
    with pytest.raises(mm.ArgumentError, match="device is 'auto'"):
        mm.cells.CellModel(tiny.file, device="auto")


def test_a_run_is_told_of_and_cancelled(tiny: mm.cells.CellModel) -> None:
    told: list[mm.Progress] = []
    mm.cells.segment(picture(), tiny, progress=told.append)
    assert told
    token = mm.CancelToken()
    token.cancel()
    with pytest.raises(mm.Cancelled):
        mm.cells.segment(picture(), tiny, cancel=token)
    with pytest.raises(mm.MemoryLimitError):
        mm.cells.segment(picture(), tiny, memory_budget=1000)


@pytest.mark.skipif(not REAL.is_dir(), reason="needs ../shared/data/cells_real")
@pytest.mark.parametrize(("case", "file"), [("nuclei_d17", "nuclei_BF.tif"), ("ecoli_phase", "ecoli_phase_BF.tif")])
def test_real_pictures_as_cellpose(case: str, file: str) -> None:
    settings = json.loads((REAL / "e2e" / "manifest.json").read_text())[case]["settings"]
    labels = mm.cells.segment(
        REAL / "images" / file, REAL / "model" / "cells_small", settings.get("diameter"), compat="3.1.1.2"
    )
    expected = np.load(REAL / "e2e" / f"{case}.npz")["e_masks"].reshape(labels.shape)
    assert len(np.unique(labels)) == len(np.unique(expected))
    assert np.mean(labels == expected) >= 0.995


@pytest.mark.skipif(not REAL.is_dir(), reason="needs ../shared/data/cells_real")
def test_planes_of_depth_are_refused_by_name(tiny: mm.cells.CellModel) -> None:
    with pytest.raises(mm.ArgumentError, match=r"yeast_BF.ome.tif has \d+ planes of depth \(Z\)"):
        mm.cells.segment(REAL / "images" / "yeast_BF.ome.tif", tiny)


def stack() -> np.ndarray:
    planes = [np.roll(picture(), 2 * z, 0) * (1 + z % 2) for z in range(5)]
    return np.stack(planes).astype(np.float32)


@pytest.mark.parametrize(
    ("options", "axes"),
    [({"do_3D": True, "anisotropy": 2, "flow3D_smooth": 1}, 3), ({"stitch_threshold": 0.3}, 2), ({}, 2)],
)
def test_stacks(options: dict, axes: int, tiny: mm.cells.CellModel) -> None:
    labels = mm.cells.segment(stack(), tiny, z_axis=0, return_flows=True, **options)
    assert labels.shape == labels.cellprob.shape == (5, 50, 60)
    assert labels.flows.shape == (axes, 5, 50, 60)
    assert labels.styles.ndim == 2
    assert labels.diameters == (20,)
    moved = mm.cells.segment(np.moveaxis(stack(), 0, -1), tiny, z_axis=-1, return_flows=True, threads=1, **options)
    assert np.array_equal(labels, moved)
    assert np.array_equal(labels.flows, moved.flows)
    channels = np.stack([stack(), stack()], 1)
    chosen = mm.cells.segment(channels, tiny, channels=[2, 0], channel_axis=1, z_axis=0, return_flows=True, **options)
    assert np.array_equal(labels.flows, chosen.flows)
    series = mm.cells.segment(channels, tiny, time_axis=1, z_axis=0, **options)
    assert np.array_equal(series, [labels, labels])
    assert series.styles.shape == (2, *labels.styles.shape)


def test_planes_that_are_not_joined_are_pictures(tiny: mm.cells.CellModel) -> None:
    together = mm.cells.segment(stack(), tiny, z_axis=0)
    alone = [mm.cells.segment(plane, tiny) for plane in stack()]
    assert np.array_equal(together, alone)
    one = mm.cells.segment(stack()[:1], tiny, z_axis=0, stitch_threshold=0.5)
    assert np.array_equal(one[0], alone[0])


def test_what_is_refused_of_stacks(tiny: mm.cells.CellModel) -> None:
    def refused(text: str, image: np.ndarray, **options: object) -> None:
        with pytest.raises(mm.ArgumentError, match=text):
            mm.cells.segment(image, tiny, **options)  # type: ignore[arg-type]

    refused("z_axis says which axis", picture(), do_3D=True)
    refused("do_3d is on", stack()[:1], z_axis=0, do_3D=True)
    refused("anisotropy is 0", stack(), z_axis=0, do_3D=True, anisotropy=0)
    refused("stitch_threshold is 2", stack(), z_axis=0, stitch_threshold=2)
    refused("flow3d_smooth is of the type str", stack(), z_axis=0, do_3D=True, flow3D_smooth="a")
    refused("z_axis 7", stack(), z_axis=7)
    holed = stack()
    holed[2, 3, 4] = np.nan
    refused("section z 2.*y 3, x 4", holed, z_axis=0)


@pytest.mark.skipif(not REAL.is_dir(), reason="needs ../shared/data/cells_real")
def test_stacks_in_files() -> None:
    file = REAL / "images" / "yeast_BF.ome.tif"
    model = mm.cells.CellModel(REAL / "model" / "cells_small")
    labels = mm.cells.segment(file, model, 30, stitch_threshold=0.3)
    assert labels.shape == (3, 5, 117, 117)
