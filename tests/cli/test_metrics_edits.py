"""Threshold shifts and erase masks by anatomy group: what a quality-control window hands over."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import Run, listing
from labelled_scan import THREE_GROUPS, TWO_GROUPS, Scan, rows_of, write_on_grid, write_scan
from nifti_file import read_nifti

TABLE = "scan_kmeans_2component_results.csv"
COLUMNS = ["Label", "Muscle (%)", "Fat (%)", "Total volume (ml)", "Fat volume (ml)", "Muscle volume (ml)"]
UNEDITED = ["50.0", "50.0", "10.0", "5.0", "5.0"]


@pytest.fixture
def scan(tmp_path: Path) -> Scan:
    """The same ten values in labels 1 to 3."""
    return write_scan(tmp_path / "scan", TWO_GROUPS * 3, [1] * 10 + [2] * 10 + [3] * 10)


@pytest.fixture
def names(tmp_path: Path) -> Path:
    entries = [
        {"region": "a", "anatomy": "Psoas Major", "side": side, "value": value}
        for value, side in ((1, "left"), (2, "right"))
    ]
    file = tmp_path / "names.json"
    file.write_text(json.dumps({"labels": entries}))
    return file


def write_edits(file: Path, groups: Any) -> Path:
    file.write_text(json.dumps({"groups": groups}))
    return file


def figures(row: dict[str, str]) -> list[str]:
    return [row[column] for column in COLUMNS[1:]]


def test_shift_of_both_sides(run: Run, scan: Scan, names: Path, tmp_path: Path) -> None:
    edits = write_edits(tmp_path / "edits.json", {"PSOAS major": {"muscle_max_shift": 8}})
    command = ["-m", "kmeans", "-c", "2", *scan.inputs, "--labels", names, "--edits", edits]
    assert run("mm_extract_metrics", *command).status == 0
    rows = rows_of(scan.folder / TABLE)
    for row in rows[:2]:
        assert figures(row) == ["60.0", "40.0", "10.0", "4.0", "6.0"]
    assert figures(rows[2]) == UNEDITED
    combined = read_nifti(scan.folder / "scan_kmeans_2component_combined_seg.nii.gz")[1].reshape(3, 10)
    assert combined.tolist() == [[1] * 5 + [4] * 5] * 2 + [[1] * 3 + [4] * 7]
    record = json.loads(scan.text("scan_kmeans_2component_results.json"))["musclemap"]
    assert record["settings"]["edits"]["PSOAS major"]["muscle_max_shift"] == 8
    assert [fit["muscle_max"] for fit in record["fits"]] == [9, 9, 1]


def test_group_of_a_label_without_a_name(run: Run, scan: Scan, tmp_path: Path) -> None:
    edits = write_edits(tmp_path / "edits.json", {"label 2": {"muscle_max_shift": 8}})
    command = ["-m", "kmeans", "-c", "2", *scan.inputs, "--edits", edits]
    assert run("mm_extract_metrics", *command).status == 0
    assert [figures(row)[0] for row in rows_of(scan.folder / TABLE)] == ["50.0", "60.0", "50.0"]


def test_shift_of_the_fat_threshold(run: Run, tmp_path: Path) -> None:
    scan = write_scan(tmp_path, THREE_GROUPS, [1] * 24)
    edits = write_edits(tmp_path / "edits.json", {"label 1": {"muscle_max_shift": 1, "fat_min_shift": -25}})
    command = ["-m", "kmeans", "-c", "3", *scan.inputs, "--edits", edits]
    assert run("mm_extract_metrics", *command).status == 0
    row = rows_of(tmp_path / "scan_kmeans_3component_results.csv")[0]
    assert [row["Muscle (%)"], row["Undefined (%)"], row["Fat (%)"]] == ["50.0", "16.67", "33.33"]


@pytest.mark.parametrize("dtype", ["u1", "<i2", "<f4"])
def test_erased_voxels_leave_counts_and_maps(dtype: str, run: Run, scan: Scan, tmp_path: Path) -> None:
    # The mask reaches into label 1, which the edit does not name.
    mask = [0] * 9 + [1] + [1] * 3 + [0] * 6 + [2] + [1] * 10
    write_on_grid(tmp_path / "erase.nii.gz", mask, dtype)
    group = {"erase": "erase.nii.gz"}
    edits = write_edits(tmp_path / "edits.json", {"label 2": group, "label 3": group})
    for method in ("kmeans", "gmm"):
        command = ["-m", method, "-c", "2", *scan.inputs, "--edits", edits, "--per-slice", "--table", "full"]
        assert run("mm_extract_metrics", *command).status == 0
        stem = f"scan_{method}_2component"
        first, second, third = rows_of(scan.folder / f"{stem}_results.csv")
        assert figures(first) == UNEDITED
        assert figures(second) == ["33.33", "66.67", "6.0", "4.0", "2.0"]
        assert figures(third) == ["", "", "0.0", "0.0", "0.0"]
        # As in the reference, slices are those of the label map.
        assert (third["Slices with segmentation"], third["Voxels"]) == ("1", "0")
        assert [row["Label"] for row in rows_of(scan.folder / f"{stem}_slices.csv")] == ["1", "2"]
        for file in scan.folder.glob(f"scan_{method}*seg.nii.gz"):
            values = read_nifti(file)[1].reshape(3, 10)
            assert values[1][[0, 1, 2, 9]].tolist() == [0] * 4, file
            assert values[2].tolist() == [0] * 10, file
            if "combined" in file.name:
                assert values[0][9] == 4


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"groups": {', []),
        ('{"grups": {}}', ["groups"]),
        ('{"groups": [1]}', ["groups", "object"]),
        ('{"groups": {"label 1": 5}}', ["label 1", "object"]),
        ('{"groups": {"label 1": {"muscle_max_shift": "5"}}}', ["muscle_max_shift"]),
        ('{"groups": {"label 1": {"muscle_shift": 5}}}', ["muscle_shift", "muscle_max_shift"]),
        ('{"groups": {"label 1": {"erase": 5}}}', ["erase"]),
    ],
)
def test_edits_that_cannot_be_read(text: str, words: list[str], run: Run, scan: Scan, tmp_path: Path) -> None:
    edits = tmp_path / "edits.json"
    edits.write_text(text)
    before = listing(scan.folder)
    result = run("mm_extract_metrics", "-m", "kmeans", "-c", "2", *scan.inputs, "--edits", edits)
    assert result.status == 1
    for word in [str(edits), *words]:
        assert word in result.only_error()
    assert listing(scan.folder) == before


def test_unknown_group(run: Run, scan: Scan, names: Path, tmp_path: Path) -> None:
    edits = write_edits(tmp_path / "edits.json", {"iliacus": {"muscle_max_shift": 8}})
    before = listing(scan.folder)
    command = ["-m", "kmeans", "-c", "2", *scan.inputs, "--labels", names, "--edits", edits]
    result = run("mm_extract_metrics", *command)
    assert result.status == 2
    for word in ("iliacus", "psoas major", "label 3"):
        assert word in result.only_error()
    assert listing(scan.folder) == before


def test_windows_cannot_be_shifted(run: Run, scan: Scan, tmp_path: Path) -> None:
    edits = write_edits(tmp_path / "edits.json", {"label 1": {"muscle_max_shift": 8}})
    result = run("mm_extract_metrics", "-m", "hu", *scan.inputs, "--edits", edits)
    assert result.status == 2
    assert "hu" in result.only_error()


def test_windows_take_an_eraser(run: Run, scan: Scan, tmp_path: Path) -> None:
    write_on_grid(tmp_path / "erase.nii.gz", [1] * 5 + [0] * 25, "u1")
    edits = write_edits(tmp_path / "edits.json", {"label 1": {"erase": "erase.nii.gz"}})
    assert run("mm_extract_metrics", "-m", "hu", *scan.inputs, "--edits", edits).status == 0
    rows = rows_of(scan.folder / "scan_hu_results.csv")
    assert [row["Total volume (ml)"] for row in rows] == ["5.0", "10.0", "10.0"]


@pytest.mark.parametrize(("shape", "code"), [(None, "io"), (29, "geometry")])
def test_eraser_that_does_not_fit(
    shape: int | None, code: str, run: Run, scan: Scan, tmp_path: Path
) -> None:
    if shape:
        write_on_grid(tmp_path / "erase.nii.gz", [1] * shape, "u1")
    edits = write_edits(tmp_path / "edits.json", {"label 1": {"erase": "erase.nii.gz"}})
    before = listing(scan.folder)
    command = ["-m", "kmeans", "-c", "2", *scan.inputs, "--edits", edits, "--json"]
    result = run("mm_extract_metrics", *command)
    assert result.status == 1
    error = result.objects[-1]["error"]
    assert (error["code"], error["file"]) == (code, str(tmp_path / "erase.nii.gz"))
    assert listing(scan.folder) == before
