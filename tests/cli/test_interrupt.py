"""Signals in the middle of a run: 128 and their number as the status soon, and no file left."""

from __future__ import annotations

import signal
import subprocess
import time
from pathlib import Path

import pytest
from conftest import BIN, body, environment, listing
from nifti_file import write_nifti

MOST_SECONDS = 10


def wait_for_partial_output(folder: Path, process: subprocess.Popen[bytes]) -> None:
    """The temporary file is there once the voxels are on their way."""
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        if any(path.name.endswith(".part") for path in folder.iterdir()):
            return
        time.sleep(0.02)
    pytest.fail("the run did not get to its output")


@pytest.mark.parametrize(
    ("number", "times", "status"),
    [(signal.SIGINT, 1, 130), (signal.SIGTERM, 1, 143), (signal.SIGTERM, 3, 143), (signal.SIGHUP, 2, 129)],
)
def test_signal_ends_a_run_and_leaves_nothing(
    number: signal.Signals, times: int, status: int, model: Path, tmp_path: Path
) -> None:
    image = write_nifti(tmp_path / "scan.nii.gz", body((128, 128, 200)))
    other = write_nifti(tmp_path / "other.nii.gz", body())
    before = listing(tmp_path)
    command = [BIN / "mm_segment", "-i", image, "-i", other, "-m", model, "-s", "90", "--device", "cpu"]
    process = subprocess.Popen(
        command, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL
    )
    try:
        wait_for_partial_output(tmp_path, process)
        time.sleep(2)  # past the loading of the network, into its windows
        assert process.poll() is None
        for _ in range(times):
            process.send_signal(number)
            time.sleep(0.01)
        sent = time.monotonic()
        _, messages = process.communicate(timeout=60)
    finally:
        process.kill()
    assert time.monotonic() - sent < MOST_SECONDS
    assert process.returncode == status
    assert listing(tmp_path) == before
    assert b"cancelled: " in messages


def test_nohup(model: Path, tmp_path: Path) -> None:
    image = write_nifti(tmp_path / "scan.nii.gz", body((64, 64, 40)))
    command = ["nohup", BIN / "mm_segment", "-i", image, "-m", model, "-s", "75", "--device", "cpu"]
    process = subprocess.Popen(
        command, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL
    )
    try:
        wait_for_partial_output(tmp_path, process)
        process.send_signal(signal.SIGHUP)
        process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 0
    assert (tmp_path / "scan_dseg.nii.gz").exists()
