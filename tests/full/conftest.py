"""For tests that need Python's torch: a small UNet as MONAI names it, and running mm_segment."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from nifti_file import write_nifti  # noqa: E402

BIN = Path(os.environ.get("MUSCLEMAP_BIN", ROOT / "build" / "release" / "bin")).resolve()
SHAPE = (256, 256, 2)


def segment(model: Path, image: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [BIN / "mm_segment", "-i", image, "-m", model, "-o", folder, "-s", "0", "--device", "cpu"]
    return subprocess.run(
        [*map(str, command), *arguments], capture_output=True, text=True, timeout=120, check=False
    )


@pytest.fixture(scope="session")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """1 mm voxels, as large as the window, foreground up to the edges: one window a slice, no crop, no padding."""
    random = np.random.default_rng(5)
    x, y = np.meshgrid(*(np.linspace(-1, 1, size) for size in SHAPE[:2]), indexing="ij")
    texture = 300 + 200 * np.sin(8 * x) * np.cos(6 * y)
    voxels = np.stack([texture + random.normal(0, 15, texture.shape) for _ in range(SHAPE[2])], axis=-1)
    return write_nifti(tmp_path_factory.mktemp("scan") / "scan.nii.gz", voxels.astype("<f4"))
