"""Signals in the middle of a run: status 130 soon, and no file left."""

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


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda value: value.name)
def test_signal_ends_a_run_and_leaves_nothing(number: signal.Signals, model: Path, tmp_path: Path) -> None:
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
        process.send_signal(number)
        sent = time.monotonic()
        _, messages = process.communicate(timeout=60)
    finally:
        process.kill()
    assert time.monotonic() - sent < MOST_SECONDS
    assert process.returncode == 130
    assert listing(tmp_path) == before
    assert b"cancelled: " in messages
