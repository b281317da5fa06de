"""Label maps of very many labels, and flat files."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import numpy as np
import pytest
from conftest import BIN, Run
from labelled_scan import rows_of, write_scan
from nifti_file import header_of, read_nifti, write_nifti

GIB = 1 << 30
MILLION = np.arange(1, 1_000_001).reshape(100, 100, 100)


def measured(folder: Path, *arguments: str | Path) -> tuple[int, str, int]:
    """Status, standard error and peak bytes of mm_extract_metrics."""
    with (folder / "said.txt").open("w+b") as said:
        command = [BIN / "mm_extract_metrics", *arguments]
        child = subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL, stderr=said)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        return child.returncode, said.read().decode(), usage.ru_maxrss * 1024


@pytest.mark.parametrize("method", [["average"], ["kmeans", "-c", "2"], ["gmm", "-c", "3"], ["hu"]])
def test_a_million_labels_are_refused_in_little_memory(method: list[str], tmp_path: Path) -> None:
    scan = write_scan(tmp_path, MILLION % 997, MILLION, label_dtype="<i4")
    status, error, peak = measured(tmp_path, "-m", *method, *scan.inputs, "--per-slice")
    assert (status, peak < GIB) == (1, True)
    assert "labels" in error and "more than 50" in error


@pytest.mark.parametrize("axis", ["k", "i"])
@pytest.mark.parametrize("method", [["average"], ["kmeans", "-c", "2", "--maps", "none"]])
def test_many_labels_stay_below_a_gigabyte(method: list[str], axis: str, tmp_path: Path) -> None:
    scan = write_scan(tmp_path, MILLION % 997, MILLION // 25 + 1, label_dtype="<i4")
    command = ["-m", *method, *scan.inputs, "--per-slice", "--table", "full", "--section-axis", axis]
    status, error, peak = measured(tmp_path, *command)
    assert (status, peak < GIB) == (0, True), error


AXIAL = (2.0, 0, 0, 0, 0, 3.0, 0, 0, 0, 0, 1.0, 0)
CORONAL = (2.0, 0, 0, 0, 0, 0, 1.0, 0, 0, 3.0, 0, 0)


@pytest.mark.parametrize("place", [AXIAL, CORONAL])
def test_flat_files_are_one_slice(place: tuple[float, ...], run: Run, tmp_path: Path) -> None:
    values = np.arange(80, dtype="<i2").reshape(10, 8)
    labels = (values > 9).astype("<i2")
    for name, voxels in (("scan", values), ("map", labels), ("erase", (values == 79).astype("<u1"))):
        header = header_of(voxels, (2.0, 3.0, 1.0))
        header.qform_code, header.srow = 0, place
        write_nifti(tmp_path / f"{name}.nii.gz", voxels, header)
    (tmp_path / "edits.json").write_text('{"groups": {"label 1": {"erase": "erase.nii.gz"}}}')
    inputs = ["-i", tmp_path / "scan.nii.gz", "-s", tmp_path / "map.nii.gz", "--table", "full", "--per-slice"]
    assert run("mm_extract_metrics", "-m", "average", *inputs, "--qc", tmp_path / "a.png").status == 0
    row = rows_of(tmp_path / "scan_average_results.csv")[0]
    assert (row["Slices with segmentation"], row["Largest area (mm2)"], row["Voxels"]) == ("1", "420.0", "70")
    edits = ["--edits", tmp_path / "edits.json"]
    assert run("mm_extract_metrics", "-m", "kmeans", "-c", "2", *inputs, *edits).status == 0
    row = rows_of(tmp_path / "scan_kmeans_2component_results.csv")[0]
    assert (row["Slices with segmentation"], row["Largest area (mm2)"], row["Voxels"]) == ("1", "414.0", "69")
    assert len(rows_of(tmp_path / "scan_kmeans_2component_slices.csv")) == 1
    _, classes, _ = read_nifti(tmp_path / "scan_kmeans_2component_combined_seg.nii.gz")
    assert np.array_equal(classes.reshape(10, 8) > 0, (labels > 0) & (values != 79))
