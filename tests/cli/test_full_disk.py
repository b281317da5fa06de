"""A disk that is full, and one that is read-only: one line, status 1, nothing left."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from conftest import BIN, TIME_LIMIT_SECONDS, Result, body, environment
from nifti_file import write_nifti

# The mount is seen by this shell and its children alone, and goes with them.
SCRIPT = """
set -e
mount -t tmpfs -o size=64k none "$1"
head -c "$2" /dev/zero > "$1/filler"
[ "$3" = rw ] || mount -o remount,ro "$1"
ls -A "$1" > "$4.before"
shift_to=$1; listing=$4
shift 4
status=0
"$@" || status=$?
ls -A "$shift_to" > "$listing.after"
exit $status
"""


def run_on_disk(folder: Path, filler_bytes: int, mode: str, command: list[str | Path]) -> Result:
    folder.mkdir()
    listing = folder.parent / "listing"
    arguments = ["unshare", "--mount", "--propagation", "private", "bash", "-c", SCRIPT, "disk"]
    arguments += [str(folder), str(filler_bytes), mode, str(listing), *map(str, command)]
    ended = subprocess.run(
        arguments, env=environment(), capture_output=True, timeout=TIME_LIMIT_SECONDS, check=False
    )
    err = ended.stderr.decode()
    if not listing.with_suffix(".after").exists():
        pytest.skip(f"no mount namespace here: {err.strip()}")
    assert listing.with_suffix(".before").read_text() == listing.with_suffix(".after").read_text()
    return Result(ended.returncode, ended.stdout.decode(), err)


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small disk needs root")
@pytest.mark.parametrize(("mode", "filler_bytes"), [("rw", 61440), ("ro", 0)], ids=["full", "read-only"])
def test_disk_that_cannot_be_written(mode: str, filler_bytes: int, model: Path, tmp_path: Path) -> None:
    image = write_nifti(tmp_path / "scan.nii.gz", body((160, 160, 4)))
    folder = tmp_path / "disk"
    command = [BIN / "mm_segment", "-i", image, "-m", model, "-s", "0", "-o", folder, "--all-parts"]
    result = run_on_disk(folder, filler_bytes, mode, command)
    assert result.status == 1
    assert str(folder) in result.only_error()
