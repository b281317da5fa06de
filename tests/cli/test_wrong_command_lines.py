"""A wrong command line: status 2, one line that names the option and the value, nothing done."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Run, body, listing
from nifti_file import write_nifti


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["-r", "elbow"], ["elbow", "wholebody"]),
        (["-s", "100"], ["-s", "100"]),
        (["-s", "-1"], ["-1"]),
        (["-s", "much"], ["much"]),
        (["--sharpen"], ["--sharpen"]),
        (["--device", "tpu"], ["--device", "tpu", "cuda"]),
        (["--device", "cuda:x"], ["--device", "cuda:x"]),
        (["-g", "maybe"], ["maybe"]),
        (["-c", "0"], ["-c", "0"]),
        (["--threads", "0"], ["--threads", "0"]),
        (["--memory", "lots"], ["--memory", "lots"]),
        (["--memory", "-1"], ["--memory", "-1"]),
        (["--precision", "rough"], ["--precision", "rough"]),
        (["--model_version", "newest", "-r", "thigh"], ["newest"]),
    ],
    ids=lambda value: " ".join(value),
)
def test_wrong_command_line(arguments: list[str], words: list[str], run: Run, image: Path) -> None:
    before = listing(image.parent)
    result = run("mm_segment", "-i", image, *arguments)
    assert result.status == 2
    message = result.only_error()
    for word in words:
        assert word in message
    assert result.out == ""
    assert listing(image.parent) == before


def test_no_image(run: Run) -> None:
    for arguments in ([], ["-i", " , "]):
        result = run("mm_segment", *arguments)
        assert result.status == 2
        assert "-i" in result.only_error()


def test_two_images_of_one_output(segment: Run, tmp_path: Path) -> None:
    first = write_nifti(tmp_path / "scan.nii", body())
    second = write_nifti(tmp_path / "scan.nii.gz", body())
    before = listing(tmp_path)
    result = segment("-i", first, "-i", second)
    message = result.only_error()
    assert result.status == 2
    for name in (first, second, tmp_path / "scan_dseg.nii.gz"):
        assert str(name) in message
    assert listing(tmp_path) == before


def test_same_image_twice(segment: Run, image: Path) -> None:
    before = listing(image.parent)
    assert segment("-i", f"{image},{image}").status == 2
    assert listing(image.parent) == before


def test_unknown_subcommand(run: Run) -> None:
    result = run("musclemap", "guess")
    assert result.status == 2
    assert len(result.errors) == 1


def test_json_error_of_a_wrong_command_line(run: Run, image: Path) -> None:
    result = run("mm_segment", "-i", image, "-s", "100", "--json")
    assert result.status == 2
    error = result.objects[0]["error"]
    assert set(error) == {"code", "reason", "file", "message"}
    assert error["code"] == "argument"
