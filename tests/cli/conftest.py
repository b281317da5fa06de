"""What the tests of the programs share: running them, small models, images, a look at a folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))

from nifti_file import write_nifti  # noqa: E402
from pth_file import description, write_model  # noqa: E402
from random_unet import random_weights  # noqa: E402

BIN = Path(os.environ.get("MUSCLEMAP_BIN", ROOT / "build" / "release" / "bin")).resolve()
PROGRAM = ROOT.parent / "shared" / "data" / "totalsegmentator" / "program"
TIME_LIMIT_SECONDS = 120


@dataclass(frozen=True)
class Result:
    """How a program ended and what it said."""

    status: int
    out: str
    err: str

    @property
    def errors(self) -> list[str]:
        return [line for line in self.err.splitlines() if line.startswith("error: ")]

    @property
    def lines(self) -> list[dict[str, Any]]:
        """What --json says, in order."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def objects(self) -> list[dict[str, Any]]:
        """Of --json, without how far the run is."""
        return [line for line in self.lines if "progress" not in line]

    @property
    def progress(self) -> list[dict[str, Any]]:
        return [line["progress"] for line in self.lines if "progress" in line]

    def only_error(self) -> str:
        """The one line that says what was wrong."""
        assert len(self.errors) == 1, self.err
        return self.errors[0]


Run = Callable[..., Result]


def environment(**changes: str) -> dict[str, str]:
    """The environment without what a user may have set for musclemap, LibTorch's place aside."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("MUSCLEMAP_") or name == "MUSCLEMAP_TORCH_DIR"
    }
    return {**kept, **changes}


def run_program(
    program: str | Path, *arguments: str | Path, cwd: Path | None = None, env: dict[str, str] | None = None
) -> Result:
    command = [str(BIN / program), *(str(argument) for argument in arguments)]
    ended = subprocess.run(
        command,
        cwd=cwd,
        env=environment(**(env or {})),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=TIME_LIMIT_SECONDS,
        check=False,
    )
    return Result(
        ended.returncode, ended.stdout.decode(errors="replace"), ended.stderr.decode(errors="replace")
    )


def listing(folder: Path) -> set[str]:
    """Every file and folder below."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def body(shape: tuple[int, ...] = (48, 40, 3), seed: int = 3) -> NDArray[np.int16]:
    """Bright ellipse with texture on a dark, noisy ground."""
    random = np.random.default_rng(seed)
    x, y = np.meshgrid(*(np.linspace(-1, 1, size) for size in shape[:2]), indexing="ij")
    inside = (x**2 + 1.4 * y**2 < 0.7).reshape(*x.shape, *(1,) * (len(shape) - 2))
    texture = 300 + 120 * np.sin(9 * x) * np.cos(7 * y)
    values = inside * texture.reshape(inside.shape) + random.uniform(1, 40, shape)
    return values.astype("<i2")


@pytest.fixture(scope="session")
def run() -> Run:
    """Any of the programs by name."""
    return run_program


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A network of random weights that takes milliseconds a slice; 6 classes, windows of 64."""
    return write_model(tmp_path_factory.mktemp("model") / "tiny.pth", random_weights(), description())


@pytest.fixture(scope="session")
def segment(model: Path) -> Run:
    """mm_segment with the small model, windows side by side."""

    def start(*arguments: str | Path, **options: Any) -> Result:
        chosen: list[str | Path] = [] if "-m" in arguments else ["-m", model]
        chosen += [] if "-s" in arguments else ["-s", "0"]
        return run_program("mm_segment", *chosen, "--device", "cpu", *arguments, **options)

    return start


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """An image alone in a folder of its own."""
    folder = tmp_path / "scans"
    folder.mkdir()
    return write_nifti(folder / "scan.nii.gz", body())


@pytest.fixture(scope="session")
def shared() -> Path:
    """The reference data, which is not part of the repository."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"reference data is absent: {folder}")
    return folder


@pytest.fixture(scope="session")
def weights(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment whose folder of weights has random networks."""
    if not PROGRAM.is_dir():
        pytest.skip(f"reference data is absent: {PROGRAM}")
    folder = tmp_path_factory.mktemp("weights")
    with tarfile.open(PROGRAM / "weights.tar.xz") as archive:
        if hasattr(tarfile, "data_filter"):
            archive.extraction_filter = tarfile.data_filter
        archive.extractall(folder)
    return {"TOTALSEG_WEIGHTS_PATH": str(folder / "weights")}


@pytest.fixture
def no_weights(tmp_path: Path) -> dict[str, str]:
    """An environment whose folder of weights is empty."""
    folder = tmp_path / "weights"
    folder.mkdir()
    return {"TOTALSEG_WEIGHTS_PATH": str(folder)}
