"""TorchScript files of any known layers run natively, untrusted and without LibTorch, and give torch's labels."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from conftest import BIN, segment
from networks import OUT_CHANNELS, PooledUNet, ResidualNet, StyleNet, TwoImages, fixed
from nifti_file import read_nifti
from pth_file import description
from torch import Tensor, nn

NEAR_TIE = 1e-3
WINDOW = 256


def save(network: nn.Module, kind: str, file: Path, *inputs: Tensor) -> Path:
    if kind == "traced":
        torch.jit.trace(network, inputs).save(str(file))
    else:
        torch.jit.script(network).save(str(file))
    return file


def describe(model: Path) -> Path:
    about = description((2, 3), OUT_CHANNELS, WINDOW)
    for key in ("channels", "strides", "num_res_units", "act", "norm"):
        del about["model"][key]
    model.with_suffix(".json").write_text(json.dumps(about))
    return model


def scored(image: Path) -> Tensor:
    """Slices of the image, z-scored; all of its voxels are foreground."""
    voxels = read_nifti(image)[1].astype(np.float64)
    scores = ((voxels - voxels.mean()) / voxels.std()).astype(np.float32)
    return torch.from_numpy(np.ascontiguousarray(np.moveaxis(scores, 2, 0)[:, None]))


@pytest.mark.filterwarnings("ignore")  # torch's own, about how it traces its layers
@pytest.mark.parametrize("kind", ["traced", "scripted"])
@pytest.mark.parametrize("make", [PooledUNet, ResidualNet, StyleNet])
def test_labels_are_the_arg_max_of_torch(make: type[nn.Module], kind: str, image: Path, tmp_path: Path) -> None:
    network = fixed(make())
    slices = scored(image)
    model = describe(save(network, kind, tmp_path / "model.pt", slices[:1]))
    ended = segment(model, image, tmp_path, "--all-parts")
    assert ended.returncode == 0, ended.stderr
    assert json.loads((tmp_path / "scan_dseg.json").read_text())["engine"].startswith("native ")
    labels = read_nifti(tmp_path / "scan_dseg.nii.gz")[1]
    with torch.no_grad():
        outputs = [network(slices[k : k + 1]) for k in range(len(slices))]
    scores = torch.stack([each[0][0] if isinstance(each, tuple) else each[0] for each in outputs], dim=-1).numpy()
    order = np.sort(scores, axis=0)
    clear = order[-1] - order[-2] > NEAR_TIE * np.abs(scores).max()
    assert clear.mean() > 0.9
    values = np.array([0] + [1000 + 10 * index for index in range(1, OUT_CHANNELS)])
    wanted = values[scores.argmax(axis=0)]
    assert len(np.unique(wanted)) > 1
    assert np.count_nonzero((wanted != labels) & clear) == 0


def inspected(model: Path) -> dict[str, Any]:
    command = [BIN / "musclemap", "model", "inspect", model, "--json"]
    said = subprocess.run([*map(str, command)], capture_output=True, text=True, timeout=60, check=True)
    answer: dict[str, Any] = json.loads(said.stdout)
    return answer


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", ["traced", "scripted"])
def test_networks_of_several_images_or_channels_are_recognised(kind: str, tmp_path: Path) -> None:
    window = torch.zeros(1, 1, 32, 32)
    for name, network, inputs in (
        ("two", TwoImages(), (window, window)),
        ("style", StyleNet(inputs=2), (torch.cat([window, window], dim=1),)),
    ):
        said = inspected(save(fixed(network), kind, tmp_path / f"{name}.pt", *inputs))
        assert said["native"] is True, said
        assert said["trusted"] is False


def test_a_description_of_one_image_does_not_fit_two(image: Path, tmp_path: Path) -> None:
    model = describe(save(fixed(TwoImages()), "scripted", tmp_path / "two.pt"))
    refused = segment(model, image, tmp_path / "out", "--trust-model", "--engine", "native")
    assert refused.returncode == 1
    assert "it takes 2 images; 1 is given" in refused.stderr
