"""Inputs that are not there are told, all of them, before the model is opened; the others are finished."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Run, body, listing
from labelled_scan import TWO_GROUPS, one_label
from nifti_file import write_nifti


def test_missing_images_are_told_first(segment: Run, image: Path, tmp_path: Path) -> None:
    (tmp_path / "link.nii").symlink_to(tmp_path / "gone.nii")
    absent = ["absent.nii.gz", "no/folder.nii", "link.nii", "Öde.nii.gz"]
    images = [part for name in [str(image), *absent] for part in ("-i", name)]
    result = segment(*images, cwd=tmp_path)
    assert result.status == 1
    lines = result.err.splitlines()
    assert lines[: len(absent)] == [f"error: {name}: cannot open: No such file or directory" for name in absent]
    assert lines[len(absent)].startswith("model ")
    assert (image.parent / "scan_dseg.nii.gz").is_file()
    assert [line.split(": ")[0] for line in lines[-5:]] == ["done", *["failed"] * 4]


def test_outcomes_keep_their_order(segment: Run, image: Path, tmp_path: Path) -> None:
    result = segment("-i", "absent.nii", "-i", image, "-i", "gone.nii", "--json", cwd=tmp_path)
    assert result.status == 1
    kinds = [next(iter(line)) for line in result.objects]
    assert kinds[:2] == ["error", "error"]
    outcomes = [line["outcome"] for line in result.objects if "outcome" in line]
    assert outcomes == ["failed", "done", "failed"]


@pytest.mark.parametrize("command", [["mm_segment"], ["musclemap", "segment"], ["musclemap", "run"]])
def test_no_model_is_opened_for_nothing(command: list[str], run: Run, tmp_path: Path) -> None:
    program, *rest = command
    result = run(program, *rest, "-i", "absent.nii,gone.nii", "-m", "absent.pth", cwd=tmp_path)
    assert result.status == 1
    assert len(result.errors) == 2
    assert "absent.pth" not in result.err
    assert listing(tmp_path) == set()


def test_every_missing_file_of_measures(run: Run, tmp_path: Path) -> None:
    table = {"-i": "i.nii", "-s": "s.nii.gz", "--labels": "names.csv", "--edits": "edits.json"}
    options = [part for item in table.items() for part in item]
    result = run("mm_extract_metrics", "-m", "kmeans", "-c", "2", *options, cwd=tmp_path)
    assert result.status == 1
    assert [line.split(": ")[1] for line in result.errors] == list(table.values())
    table = {"-f": "f.nii", "-w": "w.nii", "-s": "s.nii"}
    options = [part for item in table.items() for part in item]
    result = run("mm_extract_metrics", "-m", "dixon", *options, cwd=tmp_path)
    assert result.status == 1
    assert [line.split(": ")[1] for line in result.errors] == list(table.values())


def test_missing_dixon_images_of_run(run: Run, model: Path, image: Path, tmp_path: Path) -> None:
    options = ["--method", "dixon", "-f", "f.nii", "-w", "w.nii", "-m", model]
    result = run("musclemap", "run", "-i", image, *options, cwd=tmp_path)
    assert result.status == 1
    assert [line.split(": ")[1] for line in result.errors] == ["f.nii", "w.nii"]
    assert listing(image.parent) == {"scan.nii.gz"}


def test_wrong_command_line_comes_before_missing_files(run: Run, tmp_path: Path) -> None:
    scan = one_label(tmp_path, TWO_GROUPS)
    result = run("mm_extract_metrics", "-m", "hu", "-i", "absent.nii", "-s", scan.labels, "--muscle-range", "5")
    assert result.status == 2
    assert run("mm_segment", "-i", "absent.nii", "-s", "100").status == 2


def test_skipped_images_are_named(segment: Run, tmp_path: Path) -> None:
    images = [write_nifti(tmp_path / f"{name}.nii.gz", body()) for name in "abc"]
    kept = tmp_path / "b_dseg.nii.gz"
    kept.write_bytes(b"kept")
    result = segment(*(part for image in images for part in ("-i", image)), "--skip-existing")
    assert result.status == 0
    assert f"{images[1]}: skipped, as there is {kept}\n" in result.err
    assert result.err.splitlines()[-3:] == [f"done: {images[0]}", f"skipped: {images[1]}", f"done: {images[2]}"]
    alone = segment("-i", images[1], "--skip-existing")
    assert alone.err.count("skipped, as") == 1
    assert segment("-i", images[1], "--skip-existing", "-q").err == ""
    assert kept.read_bytes() == b"kept"


def test_image_that_is_skipped_may_be_gone(segment: Run, tmp_path: Path) -> None:
    (tmp_path / "scan_dseg.nii.gz").write_bytes(b"kept")
    result = segment("-i", tmp_path / "scan.nii.gz", "--skip-existing")
    assert result.status == 0
    assert result.errors == []
