"""Contrast phase, modality and unions of classes from label maps that are there."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from conftest import Run, listing
from nifti_file import write_nifti

ORGANS = (
    "liver pancreas urinary_bladder gallbladder heart aorta inferior_vena_cava portal_vein_and_splenic_vein "
    "iliac_vena_left iliac_vena_right iliac_artery_left iliac_artery_right pulmonary_vein brain colon small_bowel"
).split()
KEYS = ["pi_time", "phase", "probability", "pi_time_min", "pi_time_max", "stddev"]


@pytest.fixture
def scan(tmp_path: Path) -> tuple[Path, Path]:
    """A CT of 100 HU and a label map of the organs of the phase, a row each."""
    image, labels = tmp_path / "ct.nii.gz", tmp_path / "ct_dseg.nii.gz"
    shape = (8, len(ORGANS), 3)
    write_nifti(image, np.full(shape, 100, np.int16))
    write_nifti(labels, np.broadcast_to(np.arange(1, len(ORGANS) + 1)[None, :, None], shape).astype(np.uint8))
    names = {str(n + 1): name for n, name in enumerate(ORGANS)}
    labels.with_name("ct_dseg.json").write_text(json.dumps({"labels": names}))
    return image, labels


@pytest.mark.parametrize("command", [["musclemap", "phase"], ["totalseg_get_phase"]])
def test_phase(command: list[str], run: Run, scan: tuple[Path, Path], tmp_path: Path) -> None:
    image, labels = scan
    result = run(*command, "-i", image, "--labels", labels, "-o", tmp_path / "phase.json", "-d", "cpu", "--json")
    assert result.status == 0, result.err
    written = json.loads((tmp_path / "phase.json").read_text())
    assert list(written) == KEYS
    assert result.objects[-1] == written
    assert (tmp_path / "phase.json").read_text() == json.dumps(written, indent=4)
    assert run(*command, "-i", image, "--labels", labels, "-q").out == ""


def test_phase_without_a_label_map(run: Run, scan: tuple[Path, Path], tmp_path: Path) -> None:
    result = run("totalseg_get_phase", "-i", scan[0], "-o", tmp_path / "phase.json")
    assert result.status == 2
    assert "--labels" in result.only_error()
    assert not (tmp_path / "phase.json").exists()


def test_map_without_names_has_the_values_of_total(run: Run, scan: tuple[Path, Path], tmp_path: Path) -> None:
    image, labels = scan
    labels.with_name("ct_dseg.json").unlink()
    assert run("musclemap", "phase", "-i", image, "--labels", labels).status == 0
    # The heart is 51.
    write_nifti(labels, np.array([[[0, 50, 51, 52]]], np.uint8))
    mask = tmp_path / "heart.nii.gz"
    assert run("musclemap", "combine", "-i", labels, "-m", "heart", "-o", mask).status == 0
    assert '"sum_finite":1' in run("musclemap", "info", mask, "--verify", "--json").out.replace(" ", "")


def test_classes_that_the_names_lack(run: Run, scan: tuple[Path, Path]) -> None:
    image, labels = scan
    labels.with_name("ct_dseg.json").write_text('{"labels": {"1": "liver"}}')
    error = run("musclemap", "phase", "-i", image, "--labels", labels).only_error()
    assert "names no class 'pancreas'" in error


def test_result_never_replaces_an_input(run: Run, scan: tuple[Path, Path]) -> None:
    image, labels = scan
    before = labels.read_bytes()
    result = run("musclemap", "phase", "-i", image, "--labels", labels, "-o", labels)
    assert result.status == 2, result.err
    assert labels.read_bytes() == before


@pytest.mark.parametrize("command", [["musclemap", "modality"], ["totalseg_get_modality"]])
def test_modality(command: list[str], run: Run, tmp_path: Path) -> None:
    for name, least in {"ct": -1000, "mr": 0}.items():
        image = tmp_path / f"{name}.nii.gz"
        write_nifti(image, np.array([[[least, 500]]], np.int16))
        result = run(*command, "-i", image, "-o", tmp_path / f"{name}.json")
        assert result.status == 0, result.err
        assert result.out == f"{name}\tprobability 1\n"
        assert json.loads((tmp_path / f"{name}.json").read_text()) == {"modality": name, "probability": 1.0}


def test_normalised_modality_needs_a_label_map(run: Run, scan: tuple[Path, Path]) -> None:
    assert "total_mr" in run("totalseg_get_modality", "-i", scan[0], "-n").only_error()
    assert "-n" in run("totalseg_get_modality", "-i", scan[0], "--labels", scan[1]).only_error()


def masks_in(folder: Path, classes: list[str]) -> None:
    folder.mkdir()
    for n, name in enumerate(classes):
        mask = np.zeros((4, 3, 2), np.uint8)
        mask[n, 0, 0] = 1
        write_nifti(folder / f"{name}.nii.gz", mask)


PELVIS = ["femur_left", "femur_right", "hip_left", "hip_right"]


@pytest.mark.parametrize("command", [["musclemap", "combine"], ["totalseg_combine_masks"]])
def test_masks_of_a_folder(command: list[str], run: Run, tmp_path: Path) -> None:
    masks_in(tmp_path / "masks", PELVIS)
    result = run(*command, "-i", tmp_path / "masks", "-m", "pelvis", "-o", tmp_path / "pelvis.nii.gz", "--json")
    assert result.status == 0, result.err
    assert result.objects[-1]["classes"] == PELVIS
    check = json.loads(run("musclemap", "info", tmp_path / "pelvis.nii.gz", "--verify", "--json").out)
    assert "uint8" in json.dumps(check)
    assert '"sum_finite": 4' in json.dumps(check)


def test_masks_that_are_missing_are_named(run: Run, tmp_path: Path) -> None:
    masks_in(tmp_path / "masks", PELVIS[:2])
    result = run("musclemap", "combine", "-i", tmp_path / "masks", "-m", "pelvis", "-o", tmp_path / "p.nii.gz")
    assert result.status == 1
    assert "hip_left, hip_right" in result.only_error()
    assert listing(tmp_path / "masks") == {"femur_left.nii.gz", "femur_right.nii.gz"}
    assert not (tmp_path / "p.nii.gz").exists()


def test_unknown_union(run: Run, tmp_path: Path) -> None:
    result = run("musclemap", "combine", "-i", tmp_path, "-m", "liver", "-o", tmp_path / "p.nii.gz")
    assert result.status == 2
    assert "vertebrae_ribs" in result.only_error()


def test_radiomics_of_a_map_and_of_its_masks(run: Run, tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    image, labels, masks = tmp_path / "ct.nii.gz", tmp_path / "map.nii.gz", tmp_path / "masks"
    write_nifti(image, rng.integers(-500, 500, (12, 11, 10)).astype(np.int16))
    found = np.zeros((12, 11, 10), np.uint8)
    found[2:9, 1:9, 2:9] = 2
    found[10, 10, 9] = 7
    write_nifti(labels, found)
    labels.with_name("map.json").write_text('{"labels": {"2": "liver", "3": "spleen", "7": "heart"}}')
    masks.mkdir()
    for value, name in {2: "liver", 3: "spleen", 7: "heart"}.items():
        write_nifti(masks / f"{name}.nii.gz", (found == value).astype(np.uint8))
    for source in (labels, masks):
        result = run("musclemap", "radiomics", "-i", image, "--labels", source, "-o", tmp_path / f"{source.name}.json")
        assert result.status == 0, result.err
    of_map = json.loads((tmp_path / "map.nii.gz.json").read_text())
    assert of_map == json.loads((tmp_path / "masks.json").read_text())
    assert list(of_map) == ["heart", "liver", "spleen"]
    assert [len(of_map[name]) for name in of_map] == [107, 32, 107]
    assert set(of_map["heart"].values()) == set(of_map["spleen"].values()) == {0.0}
    assert of_map["liver"]["shape_VoxelVolume"] > 0
