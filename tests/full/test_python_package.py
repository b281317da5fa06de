"""The Python package beside Python's own torch."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from conftest import ROOT
from nifti_file import read_nifti
from pth_file import description, write_model
from random_unet import random_weights

PACKAGE = os.environ.get("MUSCLEMAP_PYTHON", str(ROOT / "build" / "release" / "python"))
BIN = Path(os.environ.get("MUSCLEMAP_BIN", ROOT / "build" / "release" / "bin"))


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_model(tmp_path_factory.mktemp("model") / "tiny.pth", random_weights(), description())


def python(code: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": PACKAGE},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def label_map(model: Path, image: Path, folder: Path, *arguments: str) -> np.ndarray:
    command = [BIN / "mm_segment", "-i", image, "-m", model, "-o", folder, "-s", "0", "--device", "cpu", *arguments]
    torch_folder = os.environ.get("MUSCLEMAP_TORCH_DIR", os.path.dirname(torch.__file__))
    ended = subprocess.run(
        [*map(str, command)],
        env={**os.environ, "MUSCLEMAP_TORCH_DIR": torch_folder},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return read_nifti(folder / "scan_dseg.nii.gz")[1]


SEGMENT = """
labels = mm.Segmenter(sys.argv[1], device="cpu", overlap=0.0, engine="torch").run(sys.argv[2])
mm.write(labels, sys.argv[3])
maps = {line.split()[-1] for line in open("/proc/self/maps") if "libtorch_cpu.so" in line}
assert len(maps) == 1, maps
"""
ORDERS = {
    "torch first": "import sys, torch, musclemap as mm\n" + SEGMENT,
    "musclemap first": "import sys, musclemap as mm, torch\n" + SEGMENT,
    "torch after the engine": "import sys, musclemap as mm\n" + SEGMENT + "import torch\n",
    "torch never": "import sys, musclemap as mm\n" + SEGMENT + "assert 'torch' not in sys.modules\n",
}
TORCH_STILL_WORKS = "import torch; assert torch.ones(3).sum() == 3; assert torch.nn.Conv2d(1, 2, 3)(torch.ones(1, 1, 8, 8)).shape == (1, 2, 6, 6)"


@pytest.mark.parametrize("order", ORDERS)
def test_any_order_of_imports(order: str, model: Path, image: Path, tmp_path: Path) -> None:
    ended = python(ORDERS[order] + TORCH_STILL_WORKS, model, image, tmp_path / "labels.nii")
    assert ended.returncode == 0, ended.stderr
    assert np.array_equal(read_nifti(tmp_path / "labels.nii")[1], label_map(model, image, tmp_path))


def test_nibabel_and_tensors_as_images(model: Path, image: Path, tmp_path: Path) -> None:
    pytest.importorskip("nibabel")
    code = (
        "import sys, nibabel, torch, numpy as np, musclemap as mm\n"
        "segmenter = mm.Segmenter(sys.argv[1], device=torch.device('cpu'), overlap=0.0)\n"
        "scan = nibabel.load(sys.argv[2])\n"
        "tensor = torch.from_numpy(np.asanyarray(scan.dataobj).copy())\n"
        "assert mm.as_volume(tensor, scan.affine)._address() == tensor.data_ptr()\n"
        "maps = [segmenter.run(each) for each in (scan, sys.argv[2], mm.as_volume(tensor, scan.affine))]\n"
        "assert all(np.array_equal(each, maps[0]) for each in maps)\n"
        "assert torch.from_dlpack(maps[0]).data_ptr() == maps[0]._address()\n"
        "mm.write(maps[0], sys.argv[3])\n"
    )
    ended = python(code, model, image, tmp_path / "labels.nii")
    assert ended.returncode == 0, ended.stderr
    assert np.array_equal(read_nifti(tmp_path / "labels.nii")[1], label_map(model, image, tmp_path))


CONVERT = "import sys; from musclemap.programs import musclemap; sys.exit(musclemap())"


@pytest.mark.filterwarnings("ignore")  # torch's own, about TorchScript
def test_converted_model_gives_the_same_label_map(model: Path, image: Path, tmp_path: Path) -> None:
    target = tmp_path / "tiny.ts"
    ended = python(CONVERT, "model", "convert", model, target)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.strip() == str(target)
    extra = {"musclemap.json": ""}
    torch.jit.load(str(target), _extra_files=extra)
    assert json.loads(extra["musclemap.json"]) == description()
    assert list(tmp_path.iterdir()) == [target]
    expected = label_map(model, image, tmp_path / "pth")
    assert len(np.unique(expected)) > 2
    assert np.array_equal(label_map(target, image, tmp_path / "ts", "--trust-model"), expected)


@pytest.mark.filterwarnings("ignore")
def test_the_sample_model_converts(tmp_path: Path) -> None:
    source = ROOT / "examples" / "demo" / "model" / "thigh_phantom.pth"
    ended = python(CONVERT, "model", "convert", source, tmp_path / "thigh.ts", "--json")
    assert ended.returncode == 0, ended.stderr
    assert len(json.loads(ended.stdout)["sha256"]) == 64


def test_weights_that_do_not_fit_are_refused(image: Path, tmp_path: Path) -> None:
    about = description()
    about["model"]["channels"] = [4, 8, 16, 32, 128]
    source = write_model(tmp_path / "odd.pth", random_weights(), about)
    ended = python(CONVERT, "model", "convert", source, tmp_path / "odd.ts")
    assert ended.returncode == 1
    assert ended.stderr.startswith("error: ")
    assert not (tmp_path / "odd.ts").exists()


@pytest.mark.parametrize(
    ("key", "value"), [("act", "ReLU"), ("act", ["LeakyReLU", {"negative_slope": 0.2}]), ("norm", "batch")]
)
def test_layers_that_convert_does_not_build_are_refused(key: str, value: object, tmp_path: Path) -> None:
    about = description()
    about["model"][key] = value
    source = write_model(tmp_path / "odd.pth", random_weights(), about)
    ended = python(CONVERT, "model", "convert", source, tmp_path / "odd.ts")
    assert ended.returncode == 1
    assert ended.stderr.startswith("error: ")
    assert not (tmp_path / "odd.ts").exists()


def test_a_file_that_is_torchscript_already(model: Path, tmp_path: Path) -> None:
    target = tmp_path / "tiny.ts"
    assert python(CONVERT, "model", "convert", model, target).returncode == 0
    again = python(CONVERT, "model", "convert", target, tmp_path / "again.ts")
    assert again.returncode == 2
    assert "TorchScript" in again.stderr
