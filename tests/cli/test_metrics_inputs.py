"""Inputs that do not fit together or cannot be read: one error that names the file, nothing written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import Result, Run, listing
from labelled_scan import ONE_ML, TWO_GROUPS, Scan, rows_of, volume, write_on_grid, write_scan
from nifti_file import header_of, write_nifti


@pytest.fixture
def scan(tmp_path: Path) -> Scan:
    return write_scan(tmp_path, TWO_GROUPS, [1] * 10)


def refusal(run: Run, folder: Path, *arguments: str | Path) -> dict[str, Any]:
    """The one object of a run that leaves the folder as it was."""
    before = listing(folder)
    result: Result = run("mm_extract_metrics", *arguments, "--json")
    assert result.status == 1, result.out
    assert listing(folder) == before
    error: dict[str, Any] = result.objects[-1]["error"]
    return error


@pytest.mark.parametrize("method", ["average", "kmeans", "hu"])
@pytest.mark.parametrize("absent", ["-i", "-s"])
def test_missing_file(method: str, absent: str, run: Run, scan: Scan, tmp_path: Path) -> None:
    files = {"-i": scan.image, "-s": scan.labels}
    files[absent] = tmp_path / "absent.nii.gz"
    arguments = [part for flag, file in files.items() for part in (flag, file)]
    error = refusal(run, tmp_path, "-m", method, "-c", "2", *arguments)
    assert (error["code"], error["file"]) == ("io", str(tmp_path / "absent.nii.gz"))


def test_file_that_is_no_image(run: Run, scan: Scan, tmp_path: Path) -> None:
    text = tmp_path / "text.nii.gz"
    text.write_text("not an image")
    error = refusal(run, tmp_path, "-m", "average", "-i", text, "-s", scan.labels)
    assert (error["code"], error["file"]) == ("format", str(text))


def test_cut_off_image(run: Run, tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 1000, (40, 40, 4))
    scan = write_scan(tmp_path, noise, np.ones_like(noise))
    scan.image.write_bytes(scan.image.read_bytes()[:-2000])
    for method in ("average", "kmeans", "gmm"):
        error = refusal(run, tmp_path, "-m", method, "-c", "2", *scan.inputs)
        assert (error["reason"], error["file"]) == ("truncated", str(scan.image))


def moved(x: float = -10.0, **changes: Any) -> dict[str, Any]:
    changed = {"qoffset": (x, -20.0, 5.0), "srow": (10.0, 0, 0, x, 0, 10.0, 0, -20.0, 0, 0, 10.0, 5.0)}
    return {**changed, **changes}


FLIPPED = (-10.0, 0, 0, 80.0, 0, 10.0, 0, -20.0, 0, 0, 10.0, 5.0)


@pytest.mark.parametrize(
    ("changes", "agree"),
    [
        (moved(-10.009), True),
        (moved(-10.49), True),
        (moved(-10.51), False),
        (moved(-15.0), False),
        ({"srow": FLIPPED}, True),
        ({"srow": (11.0, 0, 0, -10.0, 0, 10.0, 0, -20.0, 0, 0, 10.0, 5.0)}, False),
        ({"sform_code": 0}, True),
        ({"sform_code": 0, "qform_code": 0}, True),
        ({"sform_code": 0, "qform_code": 0, "pixdim": (1.0, 12.0, 10.0, 10.0, 1, 1, 1, 1)}, False),
    ],
)
def test_geometry(changes: dict[str, Any], agree: bool, run: Run, scan: Scan, tmp_path: Path) -> None:
    image = write_on_grid(tmp_path / "moved.nii.gz", TWO_GROUPS, "<i2", **changes)
    for method in ("average", "kmeans"):
        command = ["-m", method, "-c", "2", "-i", image, "-s", scan.labels]
        if not agree:
            error = refusal(run, tmp_path, *command)
            assert (error["code"], error["reason"], error["file"]) == ("geometry", "geometry", str(image))
            continue
        result = run("mm_extract_metrics", *command, "--maps", "none", "-o", tmp_path / "out")
        assert result.status == 0, result.err
        assert ("taken to lie on one grid" in result.err) == (changes.get("qform_code") == 0)


@pytest.mark.parametrize("shape", [(10, 1, 2), (5, 2, 1), (9, 1, 1)])
def test_other_shape(shape: tuple[int, ...], run: Run, scan: Scan, tmp_path: Path) -> None:
    image = write_on_grid(tmp_path / "other.nii.gz", np.zeros(shape), "<i2")
    error = refusal(run, tmp_path, "-m", "average", "-i", image, "-s", scan.labels)
    assert error["code"] == "geometry"
    assert "10x1x1" in error["message"]
    assert "x".join(map(str, shape)) in error["message"]


def test_dixon_images_of_two_grids(run: Run, scan: Scan, tmp_path: Path) -> None:
    fat = write_on_grid(tmp_path / "fat.nii.gz", TWO_GROUPS, "<i2")
    water = write_on_grid(tmp_path / "water.nii.gz", TWO_GROUPS, "<i2", **moved(-12.0))
    error = refusal(run, tmp_path, "-m", "dixon", "-f", fat, "-w", water, "-s", scan.labels)
    assert (error["code"], error["file"]) == ("geometry", str(water))
    assert "water image" in error["message"]


@pytest.mark.parametrize(("shape", "fine"), [((10, 1, 1, 1), True), ((10, 1, 1, 2), False), ((10, 1), True)])
@pytest.mark.parametrize("which", ["image", "labels"])
def test_axes(which: str, shape: tuple[int, ...], fine: bool, run: Run, scan: Scan, tmp_path: Path) -> None:
    voxels = np.resize(volume(TWO_GROUPS if which == "image" else [1], "<i2"), shape)
    if which == "image" and shape[-1] != 2:
        voxels = np.reshape(TWO_GROUPS, shape).astype("<i2")
    odd = write_nifti(tmp_path / "odd.nii.gz", voxels, header_of(voxels, ONE_ML))
    image, labels = (odd, scan.labels) if which == "image" else (scan.image, odd)
    command = ["-m", "kmeans", "-c", "2", "-i", image, "-s", labels]
    if fine:
        assert run("mm_extract_metrics", *command).status == 0
        stem = "odd" if which == "image" else "scan"
        assert rows_of(tmp_path / f"{stem}_kmeans_2component_results.csv")[0]["Muscle (%)"] == "50.0"
        return
    error = refusal(run, tmp_path, *command)
    assert (error["reason"], error["file"]) == ("unsupported", str(odd))


def test_scaled_image(run: Run, tmp_path: Path) -> None:
    labels = write_on_grid(tmp_path / "map.nii.gz", [1] * 10, "<i2")
    for number, (slope, inter) in enumerate([(0.5, -1024.0), (-2.0, 3.0)]):
        image = write_on_grid(tmp_path / f"{number}.nii.gz", TWO_GROUPS, "<i2", slope=slope, inter=inter)
        assert run("mm_extract_metrics", "-m", "average", "-i", image, "-s", labels).status == 0
        row = rows_of(tmp_path / f"{number}_average_results.csv")[0]
        assert float(row["Average Intensity"]) == round(5.1 * slope + inter, 2)


def test_scaled_labels(run: Run, tmp_path: Path) -> None:
    image = write_on_grid(tmp_path / "scan.nii.gz", [1, 2, 3], "<i2")
    labels = write_on_grid(tmp_path / "map.nii.gz", [0, 1, 2], "<i2", slope=3.0)
    assert run("mm_extract_metrics", "-m", "average", "-i", image, "-s", labels).status == 0
    assert [row["Label"] for row in rows_of(tmp_path / "scan_average_results.csv")] == ["3", "6"]
    labels = write_on_grid(tmp_path / "map.nii.gz", [0, 1, 2], "<i2", slope=0.5)
    error = refusal(run, tmp_path, "-m", "average", "-i", image, "-s", labels)
    assert (error["reason"], error["file"]) == ("labels", str(labels))


def test_voxel_size_that_disagrees_with_the_affine(run: Run, tmp_path: Path) -> None:
    pixdim = (1.0, 10.0, 10.0, 20.0, 1.0, 1.0, 1.0, 1.0)
    image = write_on_grid(tmp_path / "scan.nii.gz", [1, 2], "<i2")
    labels = write_on_grid(tmp_path / "map.nii.gz", [1, 1], "<i2", pixdim=pixdim)
    command = ["-m", "average", "-i", image, "-s", labels, "--table", "full"]
    result = run("mm_extract_metrics", *command)
    assert result.status == 0
    assert "volumes rest on the first" in result.err
    row = rows_of(tmp_path / "scan_average_results.csv")[0]
    assert (row["Volume (ml)"], row["Volume from affine (ml)"]) == ("4.0", "2.0")


def test_output_never_replaces_an_input(run: Run, tmp_path: Path) -> None:
    scan = write_scan(tmp_path, TWO_GROUPS, [1] * 10)
    named = tmp_path / "scan_kmeans_2component_combined_seg.nii.gz"
    scan.labels.rename(named)
    data = named.read_bytes()
    before = listing(tmp_path)
    result = run("mm_extract_metrics", "-m", "kmeans", "-c", "2", "-i", scan.image, "-s", named)
    assert result.status != 0
    assert str(named) in result.only_error()
    assert named.read_bytes() == data
    assert listing(tmp_path) == before
    picture = ["--qc", scan.image]
    result = run("mm_extract_metrics", "-m", "average", "-i", scan.image, "-s", named, *picture)
    assert result.status != 0
    assert listing(tmp_path) == before


def test_two_outputs_never_share_a_name(run: Run, scan: Scan, tmp_path: Path) -> None:
    before = listing(tmp_path)
    table = tmp_path / "scan_average_results.csv"
    result = run("mm_extract_metrics", "-m", "average", *scan.inputs, "--qc", table)
    assert result.status == 2
    assert str(table) in result.only_error()
    assert listing(tmp_path) == before


def test_output_never_replaces_an_erase_mask(run: Run, tmp_path: Path) -> None:
    scan = write_scan(tmp_path, TWO_GROUPS, [1] * 10)
    mask = tmp_path / "scan_kmeans_2component_fat_seg.nii.gz"
    mask.write_bytes(scan.labels.read_bytes())
    edits = tmp_path / "edits.json"
    edits.write_text(json.dumps({"groups": {"label 1": {"erase": mask.name}}}))
    before = mask.read_bytes()
    result = run("mm_extract_metrics", "-m", "kmeans", "-c", "2", *scan.inputs, "--edits", edits)
    assert result.status == 2
    assert mask.read_bytes() == before


def test_output_behind_a_link_never_replaces_an_input(run: Run, tmp_path: Path) -> None:
    scan = write_scan(tmp_path / "in", TWO_GROUPS, [1] * 10)
    out = tmp_path / "out"
    out.mkdir()
    (out / "scan_kmeans_2component_muscle_seg.nii.gz").symlink_to(scan.labels)
    data = scan.labels.read_bytes()
    result = run("mm_extract_metrics", "-m", "kmeans", "-c", "2", *scan.inputs, "-o", out)
    assert result.status != 0
    assert scan.labels.read_bytes() == data
    assert listing(out) == {"scan_kmeans_2component_muscle_seg.nii.gz"}


def test_output_folder_that_cannot_be_made(run: Run, scan: Scan, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    error = refusal(run, tmp_path, "-m", "average", *scan.inputs, "-o", tmp_path / "file" / "out")
    assert error["code"] == "io"
    assert str(tmp_path / "file") in error["file"]
