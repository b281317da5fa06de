"""Contrast phase, modality, unions of classes and radiomics."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import musclemap as mm
import numpy as np
import pytest
from conftest import PROGRAM

ORGANS = (
    "liver pancreas urinary_bladder gallbladder heart aorta inferior_vena_cava portal_vein_and_splenic_vein "
    "iliac_vena_left iliac_vena_right iliac_artery_left iliac_artery_right pulmonary_vein brain colon small_bowel"
).split()
NAMES = {n + 1: name for n, name in enumerate(ORGANS)}
NECK = {
    1: "internal_carotid_artery_right",
    2: "internal_carotid_artery_left",
    3: "internal_jugular_vein_right",
    4: "internal_jugular_vein_left",
}
CT = PROGRAM / "inputs" / "ct_5mm_tilted.nii.gz"


@pytest.fixture
def scan() -> tuple[mm.Volume, mm.Volume]:
    """A row of voxels of 3 mm for each organ of the phase, of another value each."""
    rows = np.arange(len(ORGANS))
    image = np.broadcast_to((100 + 3 * rows)[None, :, None], (8, len(ORGANS), 2)).astype(np.int16)
    labels = np.broadcast_to((1 + rows)[None, :, None], image.shape).astype(np.uint8)
    return mm.as_volume(image, spacing=(3, 3, 3)), mm.as_volume(labels, spacing=(3, 3, 3))


def test_phase_of_labels(scan: tuple[mm.Volume, mm.Volume], tmp_path: Path) -> None:
    image, labels = scan
    phase = mm.contrast_phase(image, labels, names=NAMES)
    assert phase.phase in ("native", "arterial_early", "arterial_late", "portal_venous")
    assert phase.pi_time_min <= phase.pi_time <= phase.pi_time_max
    assert phase.head_neck_missing
    assert not mm.contrast_phase(image, labels, labels, names=NAMES, head_neck_names=NECK).head_neck_missing
    # Names come from the volume, from the JSON beside a file, or are the classes of the task.
    named = labels.copy()
    named.names = NAMES
    assert mm.contrast_phase(image, named) == phase
    mm.write(labels, tmp_path / "map.nii.gz")
    (tmp_path / "map.json").write_text(json.dumps({"labels": {str(value): name for value, name in NAMES.items()}}))
    assert mm.contrast_phase(image, tmp_path / "map.nii.gz") == phase
    values = {label.anatomy: label.value for label in mm.read_labels(tmp_path / "map.json")}
    assert set(values) == set(ORGANS)
    with pytest.raises(mm.ArgumentError, match="names no class 'pancreas'"):
        mm.contrast_phase(image, labels, names={1: "liver"})
    with pytest.raises(mm.GeometryError):
        mm.contrast_phase(image, mm.as_volume(np.ones((3, 3, 3), np.uint8), spacing=(3, 3, 3)), names=NAMES)


def test_classes_of_a_task_have_their_codes() -> None:
    labels = mm.as_volume(np.array([[[0, 51, 52]]], np.uint8))
    heart = mm.combine_masks(labels, "heart")
    assert np.asarray(heart).tolist() == [[[0, 1, 0]]]
    with pytest.raises(mm.ArgumentError, match="vertebrae_ribs"):
        mm.combine_masks(labels, "liver")
    with pytest.raises(mm.ArgumentError, match="femur_left"):
        mm.combine_masks(labels, "pelvis", names=NAMES)


def test_modality() -> None:
    image = np.array([[[-1000, 400]]], np.int16)
    assert mm.modality(image) == mm.Modality("ct", 1.0)
    assert mm.modality(np.abs(image)).modality == "mr"
    labels = mm.as_volume(np.array([[[1, 2]]], np.uint8))
    assert mm.modality(mm.as_volume(image), labels).modality in ("ct", "mr")
    with pytest.raises(mm.ArgumentError, match="total_mr"):
        mm.modality(mm.as_volume(image), labels, names={1: "liver"})


def test_radiomics() -> None:
    rng = np.random.default_rng(3)
    image = rng.integers(-500, 500, (12, 11, 10)).astype(np.int16)
    labels = np.zeros(image.shape, np.uint8)
    labels[2:9, 1:9, 2:9] = 2
    features = mm.radiomics(
        mm.as_volume(image, spacing=(3, 3, 3)), mm.as_volume(labels, spacing=(3, 3, 3)), names={2: "liver", 3: "spleen"}
    )
    assert {name: len(of_class) for name, of_class in features.items()} == {"liver": 32, "spleen": 107}
    assert features["liver"]["shape_VoxelVolume"] == 7 * 8 * 7 * 27
    assert set(features["spleen"].values()) == {0.0}


def test_phase_of_networks(weights: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TOTALSEG_WEIGHTS_PATH", str(weights))
    phase = mm.contrast_phase(CT, device="cpu")
    assert phase.head_neck_missing  # the weights of the neck are not there
    total = mm.Segmenter(mm.Task("total", fast=True), device="cpu")
    assert mm.contrast_phase(CT, total) == phase
    with pytest.raises(mm.ArgumentError, match="two tasks are needed"):
        mm.contrast_phase(CT, total, total)
    with pytest.raises(mm.ArgumentError, match="both are label maps or Segmenters"):
        mm.contrast_phase(CT, total, CT)
    with pytest.raises(mm.ArgumentError, match="both are label maps or Segmenters"):
        mm.contrast_phase(CT, CT, total)
    monkeypatch.setenv("TOTALSEG_WEIGHTS_PATH", str(tmp_path))
    with pytest.raises(mm.ModelError, match="Dataset297"):
        mm.contrast_phase(CT)


def test_modality_of_networks(weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOTALSEG_WEIGHTS_PATH", str(weights))
    found = mm.modality(CT, normalised=True, device="cpu")
    assert mm.modality(CT, mm.Segmenter(mm.Task("total_mr", fast=True), device="cpu")) == found
    with pytest.raises(mm.ArgumentError, match="task total_mr"):
        mm.modality(CT, mm.Segmenter(mm.Task("body", fast=True), device="cpu"))


def test_a_token_ends_what_networks_run(weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOTALSEG_WEIGHTS_PATH", str(weights))
    total = mm.Segmenter(mm.Task("total", fast=True), device="cpu")
    token = mm.CancelToken()
    with pytest.raises(mm.Cancelled):
        mm.contrast_phase(CT, total, progress=lambda progress: token.cancel(), cancel=token)
    assert mm.contrast_phase(CT, total).pi_time >= 0


def test_a_list_of_images_is_segmented_by_networks_that_stay_loaded(
    weights: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Files of weights that are gone cannot be read a second time."""
    own = tmp_path / "weights"
    for name in ("Dataset298_TotalSegmentator_total_6mm_1559subj", "Dataset297_TotalSegmentator_total_3mm_1559subj"):
        shutil.copytree(weights / name, own / name)
    monkeypatch.setenv("TOTALSEG_WEIGHTS_PATH", str(own))
    other = PROGRAM / "inputs" / "ct_small.nii.gz"
    saving = mm.Task("total", fast=True, save_probabilities=tmp_path / "p.npz")
    with pytest.raises(mm.ArgumentError, match="save_probabilities"):
        mm.Segmenter(saving, device="cpu").run([CT, other])
    segmenter = mm.Segmenter(mm.Task("total", fast=True, roi_subset=["liver", "spleen"]), device="cpu")
    first = segmenter.run(CT)
    shutil.rmtree(own)
    both = segmenter.run([CT, mm.read(other)])
    assert isinstance(both, list)
    assert np.array_equal(np.asarray(both[0]), np.asarray(first))
    assert np.array_equal(np.asarray(both[1]), np.asarray(segmenter.run(other)))
    with pytest.raises(mm.ModelError):
        mm.Task("total", fast=True)
    with_statistics = mm.segment((CT, other), segmenter, statistics=True)
    assert isinstance(with_statistics, list)
    assert [set(statistics) for _, statistics in with_statistics] == [{"liver", "spleen"}] * 2
    with pytest.raises(mm.ArgumentError, match="empty list"):
        segmenter.run([])
    with pytest.raises(mm.ArgumentError, match="a case is 2 images; the task takes 1"):
        segmenter.run([[CT, CT]])
