"""`totalsegmentator`: the original's command lines, and what each refuses before a network runs."""

from __future__ import annotations

import ast
import json
import pickle
import zipfile
from array import array
from pathlib import Path

import pytest
from conftest import PROGRAM, Run, body, listing
from nifti_file import read_nifti, write_nifti


def test_tasks_and_classes_are_listed(run: Run) -> None:
    for flag in ("-lt", "--list-tasks"):
        tasks = run("totalsegmentator", flag)
        assert tasks.status == 0
        assert sum(line.split()[1:2] in (["CT"], ["MR"]) for line in tasks.out.splitlines()) == 51
    assert run("totalsegmentator", "-lc").out.splitlines()[0] == "1  spleen"
    assert run("totalsegmentator", "--list-classes", "body").out == "1  body_trunc\n2  body_extremities\n"
    unknown = run("totalsegmentator", "-lc", "totl")
    assert unknown.status == 2
    assert "there is no task 'totl'" in unknown.only_error()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", "a segmentation needs -i (image) and -o (output)"),
        ("-i a.nii.gz", "a segmentation needs -o (output)"),
        ("-i a.nii.gz -o out --no_such_flag", "unknown option --no_such_flag"),
        ("-i a.nii.gz -o out -ta totl", "totl"),
        ("-i a.nii.gz -o out -ot dicom_seg", "dicom_seg"),
        ("-i a.nii.gz -o out -sp p.pkl", "beside probabilities"),
        ("-i a.nii.gz -o out -sp a.nii.gz", "would replace"),
        ("-i a.nii.gz -o out -rmb -5", "-rmb"),
        ("-i a.nii.gz -o out -ro 6", "resampling_order"),
        ("-i a.nii.gz -o out -sa mode", "'mode' is not one of mean, median"),
        ("-i a.nii.gz -o out.nii.gz", "a folder is needed"),
        ("-i a.nii.gz -o out --ml", "one file"),
        ("-i a.nii.gz -o out.nii.gz --ml -r", "radiomics"),
        ("-i a.nii.gz a.nii.gz -o out", "another output"),
        ("-i a.nii.gz b.nii.gz -o out -s stats.json", "several images"),
        ("-i empty -o out", "holds no NIfTI image"),
        ("-i a.nii.gz -o out -d tpu", "tpu"),
    ],
)
def test_wrong_command_lines_do_nothing(
    run: Run, tmp_path: Path, no_weights: dict[str, str], line: str, said: str
) -> None:
    write_nifti(tmp_path / "a.nii.gz", body())
    write_nifti(tmp_path / "b.nii.gz", body())
    (tmp_path / "empty").mkdir()
    before = listing(tmp_path)
    result = run("totalsegmentator", *line.split(), cwd=tmp_path, env=no_weights)
    assert result.status == 2, result.err
    assert said in result.only_error()
    assert listing(tmp_path) == before


def test_missing_weights_are_told_with_their_folder(run: Run, tmp_path: Path, no_weights: dict[str, str]) -> None:
    write_nifti(tmp_path / "a.nii.gz", body())
    before = listing(tmp_path)
    result = run("totalsegmentator", "-i", "a.nii.gz", "-o", "out", "-f", cwd=tmp_path, env=no_weights)
    assert result.status == 1
    assert "Dataset297" in result.only_error()
    assert no_weights["TOTALSEG_WEIGHTS_PATH"] in result.err
    assert listing(tmp_path) == before


def test_known_options_without_effect_are_accepted_with_a_word(
    run: Run, tmp_path: Path, no_weights: dict[str, str]
) -> None:
    write_nifti(tmp_path / "a.nii.gz", body())
    options = ["-nr", "4", "-ns", "1", "-t", "x", "-l", "aca_123", "-v", "--debug", "--test", "0", "-cp", "p"]
    result = run("totalsegmentator", "-i", "a.nii.gz", "-o", "out", *options, cwd=tmp_path, env=no_weights)
    assert result.status == 1  # no weights
    for name in ("-nr", "-ns", "-t", "-l", "-v", "--debug", "--test", "-cp"):
        assert f"{name} has no effect here" in result.err


def test_a_missing_image_is_told_before_weights_are_looked_for(
    run: Run, tmp_path: Path, no_weights: dict[str, str]
) -> None:
    result = run("totalsegmentator", "-i", "absent.nii.gz", "-o", "out", cwd=tmp_path, env=no_weights)
    assert result.status == 1
    assert result.only_error().startswith("error: absent.nii.gz")


def test_options_of_a_task_without_effect_are_told(run: Run, tmp_path: Path, weights: dict[str, str]) -> None:
    write_nifti(tmp_path / "a.nii.gz", body() // 100)
    result = run(
        "totalsegmentator", "-i", "a.nii.gz", "-o", "o.nii.gz", "--ml", "-f", "-v1o", "-rc", "-ta", "total_mr",
        cwd=tmp_path, env=weights,
    )  # fmt: skip
    assert result.status == 0, result.err
    assert "v1_order has no effect: it is for task total" in result.err
    assert "robust_crop has no effect: the image is not cropped" in result.err
    sidecar = json.loads((tmp_path / "o.json").read_text())
    assert [len(network["sha256"]) for network in sidecar["networks"]] == [64]
    assert "small_range" in [warning["code"] for warning in sidecar["warnings"]]


def probabilities_of(file: Path) -> tuple[tuple[int, ...], list[float], dict[str, object]]:
    """Shape and values of the one array of an .npz, and what stands in the .pkl beside it."""
    with zipfile.ZipFile(file) as archive:
        assert archive.namelist() == ["probabilities.npy"]
        assert archive.testzip() is None
        content = archive.read("probabilities.npy")
    length = int.from_bytes(content[8:10], "little")
    header = ast.literal_eval(content[10 : 10 + length].decode())
    assert header["descr"] == "<f4"
    assert not header["fortran_order"]
    values = array("f", content[10 + length :]).tolist()
    return header["shape"], values, pickle.loads(file.with_suffix(".pkl").read_bytes())


def test_probabilities_of_one_network(run: Run, tmp_path: Path, weights: dict[str, str]) -> None:
    image = PROGRAM / "inputs" / "ct_small.nii.gz"
    flags = ["-f", "--ml", "-sp", "kept/p.npz", "--no-sidecar"]
    result = run("totalsegmentator", "-i", str(image), "-o", "o.nii.gz", *flags, cwd=tmp_path, env=weights)
    assert result.status == 0, result.err
    assert listing(tmp_path) == {"kept", "kept/p.npz", "kept/p.pkl", "o.nii.gz"}
    shape, values, facts = probabilities_of(tmp_path / "kept" / "p.npz")
    voxels = shape[1] * shape[2] * shape[3]
    assert shape[0] == 118
    assert len(values) == 118 * voxels
    for voxel in range(0, voxels, 997):
        assert sum(values[voxel::voxels]) == pytest.approx(1, abs=1e-3)
    assert facts["shape_before_cropping"] == list(shape[1:])
    assert facts["spacing"] == pytest.approx([3, 3, 3])


def test_probabilities_of_several_images(run: Run, tmp_path: Path, weights: dict[str, str]) -> None:
    image = PROGRAM / "inputs" / "ct_small.nii.gz"
    for name in ("a", "b"):
        (tmp_path / f"{name}.nii.gz").write_bytes(image.read_bytes())
    flags = ["-ff", "--ml", "-sp", "p", "--no-sidecar"]
    result = run("totalsegmentator", "-i", "a.nii.gz", "b.nii.gz", "-o", "o", *flags, cwd=tmp_path, env=weights)
    assert result.status == 0, result.err
    assert {file.name for file in (tmp_path / "p").iterdir()} == {"a.npz", "a.pkl", "b.npz", "b.pkl"}


def test_probabilities_of_several_networks(run: Run, tmp_path: Path, weights: dict[str, str]) -> None:
    image = PROGRAM / "inputs" / "mr_oblique.nii.gz"
    flags = ["-ta", "total_mr", "--ml", "-sp", "p.npz", "--no-sidecar"]
    result = run("totalsegmentator", "-i", str(image), "-o", "o.nii.gz", *flags, cwd=tmp_path, env=weights)
    assert result.status == 0, result.err
    parts = {f"p_{part}.{ending}" for part in ("organs", "muscles") for ending in ("npz", "pkl")}
    assert listing(tmp_path) == parts | {"o.nii.gz"}
    shapes = [probabilities_of(tmp_path / f"p_{part}.npz")[0] for part in ("organs", "muscles")]
    assert shapes[0][1:] == shapes[1][1:]


def test_probabilities_are_not_left_behind_by_a_failed_image(
    run: Run, tmp_path: Path, weights: dict[str, str]
) -> None:
    write_nifti(tmp_path / "a.nii.gz", body())
    before = listing(tmp_path)
    flags = ["-f", "-fs", "--ml", "-sp", "p.npz"]
    result = run("totalsegmentator", "-i", "a.nii.gz", "-o", "o.nii.gz", *flags, cwd=tmp_path, env=weights)
    assert result.status == 1
    assert listing(tmp_path) == before


def test_ways_back_of_higher_order(run: Run, tmp_path: Path, weights: dict[str, str]) -> None:
    """Voxel by voxel they are tested by themselves (tests/golden/totalsegmentator); here that the flags reach them."""
    image = PROGRAM / "inputs" / "ct_las.nii.gz"
    maps = {}
    for name, flags in {
        "nearest": [],
        "scores": ["-ho", "-sl"],
        "labels": ["--higher_order_resampling_LEGACY"],
    }.items():
        line = ["-i", str(image), "-o", f"{name}.nii.gz", "-ff", "--ml", *flags]
        result = run("totalsegmentator", *line, cwd=tmp_path, env=weights)
        assert result.status == 0, result.err
        assert ("save_lowres has no effect" in result.err) == (name == "scores")
        maps[name] = read_nifti(tmp_path / f"{name}.nii.gz")[1]
        assert maps[name].shape == maps["nearest"].shape
    equal = {name: float((labels == maps["nearest"]).mean()) for name, labels in maps.items()}
    assert 0.3 < equal["labels"] < 1
    assert 0.05 < equal["scores"] < 1


def test_labels_on_the_grid_of_the_network(run: Run, tmp_path: Path, weights: dict[str, str]) -> None:
    """Labels of 6 mm, along the axes of the image: those that the image's own voxels are given from."""
    image = PROGRAM / "inputs" / "ct_las.nii.gz"
    maps = {}
    for name, flags in {"own": [], "low": ["-sl"]}.items():
        line = ["-i", str(image), "-o", f"{name}.nii.gz", "-ff", "--ml", *flags]
        assert run("totalsegmentator", *line, cwd=tmp_path, env=weights).status == 0
        maps[name] = read_nifti(tmp_path / f"{name}.nii.gz")[1]
    low, own = maps["low"], maps["own"]
    assert low.shape == tuple(round(n * mm / 6) for n, mm in zip(own.shape, (2.5, 2.5, 3), strict=True))
    # Corners lie on corners; ties go either way.
    sampled = low
    for axis, length in enumerate(own.shape):
        at = [round(n * (low.shape[axis] - 1) / (length - 1)) for n in range(length)]
        sampled = sampled.take(at, axis=axis)
    assert float((sampled == own).mean()) > 0.98
