"""`totalsegmentator`: the original's command lines, and what each refuses before a network runs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import PROGRAM, Run, body, listing
from nifti_file import write_nifti


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
        ("-i a.nii.gz -o out -sp p.npz", "--save_probabilities p.npz is not written"),
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
    assert "blank_image" in [warning["code"] for warning in sidecar["warnings"]]
