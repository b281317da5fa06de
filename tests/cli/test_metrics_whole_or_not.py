"""A full disk, a signal: nothing half-written stays."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest
from conftest import BIN, Run, environment, listing
from labelled_scan import TWO_GROUPS, one_label, write_scan
from test_full_disk import run_on_disk

MOST_SECONDS = 10
MAPS = ["muscle", "undefined", "fat", "combined", *("probability",) * 3]


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small disk needs root")
@pytest.mark.parametrize("method", ["average", "kmeans", "gmm"])
@pytest.mark.parametrize(("mode", "filler_bytes"), [("rw", 61440), ("ro", 0)], ids=["full", "read-only"])
def test_disk_that_cannot_be_written(mode: str, filler_bytes: int, method: str, tmp_path: Path) -> None:
    values = np.random.default_rng(1).integers(0, 500, (60, 60, 12))
    # A label a row makes a table of more than the 4 KiB that are left.
    labels = np.broadcast_to(np.arange(1, 3601).reshape(60, 60, 1), values.shape)
    scan = write_scan(tmp_path / "scan", values, labels)
    folder = tmp_path / "disk"
    command = [BIN / "mm_extract_metrics", "-m", method, "-c", "2", *scan.inputs, "-o", folder]
    result = run_on_disk(folder, filler_bytes, mode, command)
    assert result.status == 1
    assert str(folder) in result.only_error()
    assert result.out == ""


def test_older_results_outlive_a_run_that_fails(run: Run, tmp_path: Path) -> None:
    scan = one_label(tmp_path, TWO_GROUPS)
    command = ["-m", "kmeans", "-c", "2", "-s", scan.labels, "-i"]
    assert run("mm_extract_metrics", *command, scan.image).status == 0
    before = {name: (tmp_path / name).read_bytes() for name in listing(tmp_path)}
    (tmp_path / "broken").mkdir()
    broken = one_label(tmp_path / "broken", [float(value) for value in range(5000)], "<f8").image
    broken.write_bytes(broken.read_bytes()[:-1000])
    assert run("mm_extract_metrics", *command, broken, "-o", tmp_path).status == 1
    assert {name: (tmp_path / name).read_bytes() for name in before} == before
    assert listing(tmp_path) == {*before, "broken", "broken/scan.nii.gz", "broken/map.nii.gz"}


def test_folder_in_the_place_of_a_map(run: Run, tmp_path: Path) -> None:
    scan = one_label(tmp_path, TWO_GROUPS)
    (tmp_path / "scan_kmeans_2component_combined_seg.nii.gz").mkdir()
    result = run("mm_extract_metrics", "-m", "kmeans", "-c", "2", *scan.inputs)
    assert result.status == 1
    assert "scan_kmeans_2component_combined_seg.nii.gz" in result.only_error()
    assert not list(tmp_path.glob("*.part"))
    assert not (tmp_path / "scan_kmeans_2component_results.csv").exists()


def wait_for_maps(folder: Path, process: subprocess.Popen[bytes]) -> None:
    """Seven temporary files grow side by side once the labels are divided."""
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        if sum(path.name.endswith(".part") for path in folder.iterdir()) == len(MAPS):
            return
        time.sleep(0.005)
    pytest.fail("the run did not get to its output")


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_signal_ends_a_run_and_leaves_nothing(number: signal.Signals, status: int, tmp_path: Path) -> None:
    random = np.random.default_rng(3)
    # Grey values of few kinds are divided soon, and their probabilities are still slow to compress.
    values = random.normal(2000, 400, (256, 256, 48)).astype("<i2")
    labels = np.ones(values.shape, dtype="u1")
    scan = write_scan(tmp_path / "scan", values, labels, label_dtype="u1", name="scan.nii")
    before = listing(tmp_path)
    command = [BIN / "mm_extract_metrics", "-m", "gmm", "-c", "3", *scan.inputs, "--threads", "1"]
    process = subprocess.Popen(
        command,
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
    )
    try:
        wait_for_maps(scan.folder, process)
        process.send_signal(number)
        sent = time.monotonic()
        _, messages = process.communicate(timeout=60)
    finally:
        process.kill()
    assert time.monotonic() - sent < MOST_SECONDS
    assert process.returncode == status
    assert listing(tmp_path) == before
    assert b"cancelled" in messages
