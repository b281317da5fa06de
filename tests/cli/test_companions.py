"""Contrast phase, modality and unions of classes, from label maps that are there or are found on the way."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest
from conftest import PROGRAM, Run, listing
from nifti_file import header_of, write_nifti

ORGANS = (
    "liver pancreas urinary_bladder gallbladder heart aorta inferior_vena_cava portal_vein_and_splenic_vein "
    "iliac_vena_left iliac_vena_right iliac_artery_left iliac_artery_right pulmonary_vein brain colon small_bowel"
).split()
NECK = (
    "internal_carotid_artery_right internal_carotid_artery_left internal_jugular_vein_right internal_jugular_vein_left"
).split()
NECK_MODEL = "nnUNetTrainer_DASegOrd0_NoMirroring__nnUNetPlans__3d_fullres_high"
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


def test_phase_without_label_map_and_weights(
    run: Run, scan: tuple[Path, Path], tmp_path: Path, no_weights: dict[str, str]
) -> None:
    result = run("totalseg_get_phase", "-i", scan[0], "-o", tmp_path / "phase.json", env=no_weights)
    assert result.status == 1
    error = result.only_error()
    assert "Dataset297" in error
    assert no_weights["TOTALSEG_WEIGHTS_PATH"] in error
    assert "--labels" in error
    assert not (tmp_path / "phase.json").exists()


def scan_of_medians(folder: Path, medians: dict[str, float], brain_mm3: float) -> tuple[Path, Path]:
    """An image and a label map whose classes have these medians, and so much brain, of voxels of 3 mm."""
    least = 1 + int(brain_mm3 / 27)
    shape = (2 * least, len(medians), 1)
    values, labels = np.zeros(shape, np.int16), np.zeros(shape, np.uint8)
    for row, (name, median) in enumerate(medians.items()):
        half = 1 if name != "brain" else least
        values[:half, row], values[half : 2 * half, row] = np.floor(median), np.ceil(median)
        labels[: 2 * half, row] = row + 1
    image, label_map = folder / "medians.nii.gz", folder / "medians_dseg.nii.gz"
    write_nifti(image, values, header_of(values, (3.0, 3.0, 3.0)))
    write_nifti(label_map, labels, header_of(labels, (3.0, 3.0, 3.0)))
    names = {str(n + 1): name for n, name in enumerate(medians)}
    label_map.with_name("medians_dseg.json").write_text(json.dumps({"labels": names}))
    return image, label_map


def statistics_of(
    run: Run, image: Path, folder: Path, env: dict[str, str], *flags: str
) -> dict[str, dict[str, float]]:
    found = folder / "statistics.json"
    result = run(
        "totalsegmentator",
        *("-i", image, "-o", folder / "map.nii.gz", "--ml", "-d", "cpu", *flags),
        *("-s", found, "-sa", "median", "-sii"),
        env=env,
    )
    assert result.status == 0, result.err
    return dict(json.loads(found.read_text()))


@pytest.mark.parametrize("name", ["ct_5mm_tilted", "ct_4d"])
def test_phase_of_networks_is_that_of_the_statistics(
    name: str, run: Run, tmp_path: Path, weights: dict[str, str]
) -> None:
    image = PROGRAM / "inputs" / f"{name}.nii.gz"
    found = run("totalseg_get_phase", "-i", image, "-d", "cpu", "--json", env=weights)
    assert found.status == 0, found.err
    statistics = statistics_of(run, image, tmp_path, weights, "--fast")
    assert statistics["brain"]["volume"] > 100  # random networks find something of everything
    medians = {organ: statistics[organ]["intensity"] for organ in ORGANS}
    source, labels = scan_of_medians(tmp_path, medians, statistics["brain"]["volume"])
    expected = run("totalseg_get_phase", "-i", source, "--labels", labels, "--json")
    assert found.objects[-1] == expected.objects[-1]
    assert found.objects[-1]["head_neck_missing"] is True
    said = run("totalseg_get_phase", "-i", image, "-d", "cpu", "-o", tmp_path / "phase.json", env=weights).err
    assert "Dataset776" in said
    assert "0 HU" in said
    assert list(json.loads((tmp_path / "phase.json").read_text())) == KEYS


def call_configuration(model: Path, old: str, new: str) -> None:
    """Gives a model's configuration another name, in its plans and in its checkpoints."""

    def text(name: str) -> bytes:  # as a pickle has it
        return b"X" + len(name).to_bytes(4, "little") + name.encode()

    plans = json.loads((model / "plans.json").read_text())
    plans["configurations"][new] = plans["configurations"].pop(old)
    (model / "plans.json").write_text(json.dumps(plans))
    for checkpoint in model.glob("fold_*/*.pth"):
        with zipfile.ZipFile(checkpoint) as archive:
            entries = [(name, archive.read(name)) for name in archive.namelist()]
        with zipfile.ZipFile(checkpoint, "w") as archive:
            for name, content in entries:
                archive.writestr(name, content.replace(text(old), text(new)) if name.endswith(".pkl") else content)


def test_phase_of_a_head_runs_the_task_of_the_neck(run: Run, tmp_path: Path, weights: dict[str, str]) -> None:
    """Another random network stands in place of that task's."""
    both = tmp_path / "weights"
    for name in ("Dataset297_TotalSegmentator_total_3mm_1559subj", "Dataset298_TotalSegmentator_total_6mm_1559subj"):
        shutil.copytree(Path(weights["TOTALSEG_WEIGHTS_PATH"]) / name, both / name)
    network = next(Path(weights["TOTALSEG_WEIGHTS_PATH"]).glob("Dataset291_*/*"))
    neck_network = both / "Dataset776_headneck_bones_vessels_492subj" / NECK_MODEL
    shutil.copytree(network, neck_network)
    call_configuration(neck_network, "3d_fullres", "3d_fullres_high")
    env = {"TOTALSEG_WEIGHTS_PATH": str(both)}
    image = PROGRAM / "inputs" / "ct_4d.nii.gz"
    found = run("totalseg_get_phase", "-i", image, "-d", "cpu", "--json", env=env)
    assert found.status == 0, found.err
    assert set(found.objects[-1]) == set(KEYS)
    statistics = statistics_of(run, image, tmp_path, env, "--fast")
    neck = statistics_of(run, image, tmp_path, env, "-ta", "headneck_bones_vessels")
    medians = {organ: statistics[organ]["intensity"] for organ in ORGANS}
    medians.update({vessel: neck[vessel]["intensity"] for vessel in NECK})
    source, labels = scan_of_medians(tmp_path, medians, statistics["brain"]["volume"])
    expected = run("totalseg_get_phase", "-i", source, "--labels", labels, "--json")
    assert found.objects[-1] == expected.objects[-1]
    assert any(medians[vessel] != 0 for vessel in NECK)
    without = run("totalseg_get_phase", "-i", image, "-d", "cpu", "--json", env=weights)
    assert without.objects[-1]["pi_time"] != found.objects[-1]["pi_time"]


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


def test_label_maps_of_the_modality(run: Run, scan: tuple[Path, Path], no_weights: dict[str, str]) -> None:
    error = run("totalseg_get_modality", "-i", scan[0], "-n", env=no_weights).only_error()
    assert "Dataset852" in error
    assert "--labels" in error
    assert "-n" in run("totalseg_get_modality", "-i", scan[0], "--labels", scan[1]).only_error()
    two = run("totalseg_get_modality", "-i", scan[0], "-n", "--labels", scan[1], scan[1])
    assert two.status == 2
    assert "--labels is a list of 2" in two.only_error()


def test_normalised_modality_of_networks_is_that_of_their_label_map(
    run: Run, tmp_path: Path, weights: dict[str, str]
) -> None:
    """On an image of the task's own grid, where the label map is on it too."""
    rng = np.random.default_rng(5)
    image = tmp_path / "mr.nii.gz"
    values = rng.integers(0, 900, (40, 36, 44)).astype(np.int16)
    write_nifti(image, values, header_of(values, (3.0, 3.0, 3.0)))
    labels = tmp_path / "mr_total.nii.gz"
    flags = ("--ml", "-ta", "total_mr", "--fast", "-d", "cpu")
    made = run("totalsegmentator", "-i", image, "-o", labels, *flags, env=weights)
    assert made.status == 0, made.err
    found = run("totalseg_get_modality", "-i", image, "-n", "-d", "cpu", "--json", env=weights)
    assert found.status == 0, found.err
    expected = run("totalseg_get_modality", "-i", image, "-n", "--labels", labels, "--json")
    assert found.objects[-1] == expected.objects[-1]


def test_what_would_replace_the_image_is_refused_before_networks_run(
    run: Run, scan: tuple[Path, Path], no_weights: dict[str, str]
) -> None:
    for command in (["totalseg_get_phase"], ["totalseg_get_modality", "-n"]):
        result = run(*command, "-i", scan[0], "-o", scan[0], env=no_weights)
        assert result.status == 2, result.err
        assert "Dataset" not in result.only_error()


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
