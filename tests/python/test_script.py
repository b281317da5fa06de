"""The script of examples/python does what its text says."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import musclemap as mm
import numpy as np
from conftest import ROOT, TIME_LIMIT_SECONDS, child_environment

SCRIPT = ROOT / "examples" / "python" / "measure_scan.py"


def measure_scan(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPT), *map(str, arguments)]
    return subprocess.run(
        command, env=child_environment(), capture_output=True, text=True, timeout=TIME_LIMIT_SECONDS, check=False
    )


def test_script_segments_and_measures(segmenter: mm.Segmenter, model: Path, scan: Path, tmp_path: Path) -> None:
    ended = measure_scan(scan, model, tmp_path / "results", "--method", "kmeans", "--overlap", "0")
    assert ended.returncode == 0, ended.stderr
    written = {file.name for file in (tmp_path / "results").iterdir()}
    assert written == {"scan_dseg.nii.gz", "scan_qc.png", "scan_kmeans.csv"}
    labels = mm.read(tmp_path / "results" / "scan_dseg.nii.gz")
    assert np.array_equal(labels, segmenter.run(scan))
    with open(tmp_path / "results" / "scan_kmeans.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    values = np.unique(labels)[1:]
    assert [int(row["Label"]) for row in rows] == list(values)
    assert ended.stdout.count("% fat\n") == len(values)


def test_script_says_what_is_wrong_in_a_line(model: Path, tmp_path: Path) -> None:
    ended = measure_scan(tmp_path / "none.nii", model, tmp_path / "results")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith("measure_scan.py: ")
    assert ended.stderr.count("\n") == 1
