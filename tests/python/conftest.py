"""What the tests of the Python package share: the package of the build, small models, images, child processes."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))
# The package of the build, unless another one is installed and asked for (a wheel's smoke test).
PACKAGE = os.environ.get("MUSCLEMAP_PYTHON", str(ROOT / "build" / "release" / "python"))
if PACKAGE:
    sys.path.insert(0, PACKAGE)

import musclemap as mm  # noqa: E402
from nifti_file import header_of, write_nifti  # noqa: E402
from pth_file import description, write_model  # noqa: E402
from random_unet import random_weights  # noqa: E402

BIN = Path(os.environ.get("MUSCLEMAP_BIN", ROOT / "build" / "release" / "bin")).resolve()
PROGRAM = ROOT.parent / "shared" / "data" / "totalsegmentator" / "program"
TIME_LIMIT_SECONDS = 120
# On a busy machine threads that spin at LibTorch's barriers keep each other from working.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")


def body(shape: tuple[int, int, int] = (48, 40, 3), seed: int = 3) -> NDArray[np.int16]:
    """Bright ellipse with texture on a dark, noisy ground."""
    random = np.random.default_rng(seed)
    x, y = np.meshgrid(*(np.linspace(-1, 1, size) for size in shape[:2]), indexing="ij")
    inside = (x**2 + 1.4 * y**2 < 0.7)[:, :, None]
    texture = 300 + 120 * np.sin(9 * x) * np.cos(7 * y)
    return (inside * texture[:, :, None] + random.uniform(1, 40, shape)).astype(np.int16)


def child_environment(**changes: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return {**kept, **({"PYTHONPATH": PACKAGE} if PACKAGE else {}), **changes}


def python(code: str, *arguments: str | Path, **env: str) -> subprocess.CompletedProcess[str]:
    """A fresh interpreter with the package on its path."""
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        env=child_environment(**env),
        capture_output=True,
        text=True,
        timeout=TIME_LIMIT_SECONDS,
        check=False,
    )


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A network of random weights that takes milliseconds a slice; 6 classes, windows of 64."""
    return write_model(tmp_path_factory.mktemp("model") / "tiny.pth", random_weights(), description())


@pytest.fixture(scope="session")
def segmenter(model: Path) -> mm.Segmenter:
    """The small model, windows side by side. Skips where no engine is to be had."""
    try:
        return mm.Segmenter(model, device="cpu", overlap=0)
    except mm.DeviceError as error:
        if os.environ.get("CI") == "true" and not os.environ.get("MUSCLEMAP_NO_ENGINE"):
            raise
        pytest.skip(f"no engine: {error}")


@pytest.fixture(scope="session")
def scan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An image that is not of the network's spacing, so that it is resampled there and back."""
    voxels = body((60, 44, 5))
    return write_nifti(tmp_path_factory.mktemp("scan") / "scan.nii.gz", voxels, header_of(voxels, (0.9, 1.3, 3.0)))


def two_tissues(shape: tuple[int, int, int] = (20, 18, 6)) -> tuple[NDArray[np.float32], NDArray[np.int16]]:
    """An image of dark muscle and bright fat under two labels, 1 with a quarter and 2 with half of fat."""
    random = np.random.default_rng(11)
    labels = np.zeros(shape, np.int16)
    labels[2:9, 2:-2] = 1
    labels[11:18, 2:-2] = 2
    fat = random.random(shape) < np.where(labels == 1, 0.25, 0.5)
    values = np.where(fat, 400.0, 100.0) + random.normal(0, 12, shape)
    return values.astype(np.float32), labels


@pytest.fixture
def has() -> Callable[[str], bool]:
    """Whether a module can be imported here."""
    return lambda name: importlib.util.find_spec(name) is not None


def address(array: NDArray[Any]) -> int:
    return int(array.__array_interface__["data"][0])


@pytest.fixture(scope="session")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Random networks in nnU-Net's folders."""
    if not PROGRAM.is_dir():
        pytest.skip(f"reference data is absent: {PROGRAM}")
    folder = tmp_path_factory.mktemp("weights")
    with tarfile.open(PROGRAM / "weights.tar.xz") as archive:
        if hasattr(tarfile, "data_filter"):
            archive.extraction_filter = tarfile.data_filter
        archive.extractall(folder)
    return folder / "weights"
