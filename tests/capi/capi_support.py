"""What the tests of the C interface share: where things are, running them, a phantom and its label map."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(os.environ.get("MUSCLEMAP_BIN", ROOT / "build" / "release" / "bin")).resolve()
LIBRARY = BIN.parent / "lib" / "libmusclemap.so"
MODEL = ROOT / "examples" / "demo" / "model" / "thigh_phantom.pth"
TIME_LIMIT_SECONDS = 300


def run(
    program: str, *arguments: str | Path, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """LibTorch's threads do not spin: tests share the machine."""
    return subprocess.run(
        [str(BIN / program), *map(str, arguments)],
        env={**os.environ, "OMP_WAIT_POLICY": "passive", **(env or {})},
        capture_output=True,
        text=True,
        timeout=TIME_LIMIT_SECONDS,
        check=False,
    )


def has_engine() -> bool:
    done = run("musclemap", "doctor", "--json")
    return bool(json.loads(done.stdout.splitlines()[0])["engine"]["available"])


def phantom(folder: Path) -> Path:
    image = folder / "phantom.nii.gz"
    shape = ("--shape", "90,60,5", "--spacing", "4,4,9", "--region", "thigh", "--seed", "5")
    done = run("musclemap_phantom", *shape, "--image", image, "--labels", folder / "truth.nii.gz")
    assert done.returncode == 0, done.stderr
    return image


def labels_of_command_line(image: Path, folder: Path) -> Path:
    done = run("mm_segment", "-i", image, "-m", MODEL, "-s", "0", "--device", "cpu", "-o", folder, "--no-sidecar")
    assert done.returncode == 0, done.stderr
    return folder / "phantom_dseg.nii.gz"
