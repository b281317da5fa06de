"""Files as torch writes them give the label map that torch computes."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from conftest import segment
from nifti_file import read_nifti
from numpy.typing import NDArray
from pth_file import description
from torch import Tensor, nn
from unet import CHANNELS, OUT_CHANNELS, UNet, fixed_unet

NEAR_TIE = 1e-3
WINDOW = 256
State = OrderedDict[str, Tensor]


def _converted(dtype: torch.dtype) -> Callable[[UNet], object]:
    return lambda network: OrderedDict((name, tensor.to(dtype)) for name, tensor in network.state_dict().items())


def _not_contiguous(network: UNet) -> State:
    state: State = OrderedDict()
    for name, tensor in network.state_dict().items():
        order = tuple(reversed(range(tensor.dim())))
        state[name] = tensor.permute(order).contiguous().permute(order)
    assert not all(tensor.is_contiguous() for tensor in state.values())
    return state


def _shared_storage(network: UNet) -> State:
    state = network.state_dict()
    flat = torch.cat([tensor.flatten() for tensor in state.values()])
    parts = flat.split([tensor.numel() for tensor in state.values()])
    return OrderedDict((name, part.view(tensor.shape)) for (name, tensor), part in zip(state.items(), parts))


def _channels_last(network: UNet) -> State:
    return OrderedDict(
        (name, tensor.to(memory_format=torch.channels_last) if tensor.dim() == 4 else tensor)
        for name, tensor in network.state_dict().items()
    )


VARIANTS: dict[str, Callable[[UNet], object]] = {
    "with _metadata": lambda network: network.state_dict(),
    "plain dict": lambda network: dict(network.state_dict()),
    "half": _converted(torch.half),
    "bfloat16": _converted(torch.bfloat16),
    "double": _converted(torch.double),
    "not contiguous": _not_contiguous,
    "channels last": _channels_last,
    "shared storage": _shared_storage,
    "parameters": lambda network: OrderedDict(network.named_parameters()),
}


@pytest.fixture(scope="module")
def network() -> UNet:
    return fixed_unet()


def described(file: Path) -> Path:
    about = description(CHANNELS, OUT_CHANNELS, WINDOW)
    file.with_suffix(".json").write_text(json.dumps(about))
    return file


def label_map(model: Path, image: Path, folder: Path, *arguments: str) -> NDArray[np.int16]:
    ended = segment(model, image, folder, "--all-parts", *arguments)
    assert ended.returncode == 0, ended.stderr
    return read_nifti(folder / "scan_dseg.nii.gz")[1]


@pytest.fixture(scope="module")
def logits(network: UNet, image: Path) -> NDArray[np.float32]:
    """Classes first. Voxels that are not zero are scored by their mean and deviation; all of them are."""
    voxels = read_nifti(image)[1].astype(np.float64)
    assert np.count_nonzero(voxels) == voxels.size
    scored = ((voxels - voxels.mean()) / voxels.std()).astype(np.float32)
    with torch.no_grad():
        slices = [network(torch.from_numpy(scored[None, None, :, :, k])) for k in range(scored.shape[2])]
    return torch.stack([each[0] for each in slices], dim=-1).numpy()


@pytest.fixture(scope="module")
def expected(
    network: UNet, image: Path, tmp_path_factory: pytest.TempPathFactory
) -> NDArray[np.int16]:
    folder = tmp_path_factory.mktemp("float")
    model = described(folder / "model.pth")
    torch.save(network.state_dict(), model)
    return label_map(model, image, folder)


def test_labels_are_the_arg_max_of_torch(expected: NDArray[np.int16], logits: NDArray[np.float32]) -> None:
    values = np.array([0] + [1000 + 10 * index for index in range(1, OUT_CHANNELS)])
    order = np.sort(logits, axis=0)
    clear = order[-1] - order[-2] > NEAR_TIE
    assert clear.mean() > 0.98
    wanted = values[logits.argmax(axis=0)]
    assert len(np.unique(wanted)) > 2
    assert np.count_nonzero((wanted != expected) & clear) == 0


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_kind_of_state_dict(
    variant: str, network: UNet, image: Path, expected: NDArray[np.int16], tmp_path: Path
) -> None:
    model = described(tmp_path / "model.pth")
    torch.save(VARIANTS[variant](network), model)
    assert np.array_equal(label_map(model, image, tmp_path), expected)


def saved(network: nn.Module, kind: str, file: Path) -> Path:
    model = described(file)
    if kind == "traced":
        torch.jit.trace(network, torch.zeros(1, 1, WINDOW, WINDOW)).save(str(model))
    else:
        torch.jit.script(network).save(str(model))
    return model


def engine_of(folder: Path) -> str:
    return str(json.loads((folder / "scan_dseg.json").read_text())["engine"])


@pytest.mark.filterwarnings("ignore")  # torch's own, about how it traces its layers
@pytest.mark.parametrize("kind", ["traced", "scripted"])
def test_torchscript(
    kind: str, network: UNet, image: Path, expected: NDArray[np.int16], tmp_path: Path
) -> None:
    model = saved(network, kind, tmp_path / "model.pt")
    assert np.array_equal(label_map(model, image, tmp_path / "native"), expected)
    assert engine_of(tmp_path / "native").startswith("native")
    refused = segment(model, image, tmp_path / "refused", "--engine", "torch")
    assert refused.returncode == 1
    assert "--trust-model" in refused.stderr
    program = label_map(model, image, tmp_path / "torch", "--engine", "torch", "--trust-model")
    assert engine_of(tmp_path / "torch").startswith("torch")
    assert np.array_equal(program, expected)


class Scaled(nn.Module):
    """No UNet any more, although all of its parameters are."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, x: Tensor) -> Tensor:
        scores: Tensor = self.network(x)
        return -scores


class Wrapped(Scaled):
    def forward(self, x: Tensor) -> Tensor:
        scores: Tensor = self.network(x)
        return scores


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", ["traced", "scripted"])
def test_what_a_program_computes_counts_not_what_it_is_called(
    kind: str, network: UNet, image: Path, expected: NDArray[np.int16], tmp_path: Path
) -> None:
    wrapped = saved(Wrapped(network), kind, tmp_path / "wrapped.pt")
    assert np.array_equal(label_map(wrapped, image, tmp_path / "wrapped"), expected)
    scaled = saved(Scaled(network), kind, tmp_path / "scaled.pt")
    refused = segment(scaled, image, tmp_path / "refused")
    assert refused.returncode == 1
    assert "--trust-model" in refused.stderr
    other = label_map(scaled, image, tmp_path / "scaled", "--trust-model")
    assert engine_of(tmp_path / "scaled").startswith("torch")
    assert not np.array_equal(other, expected)


def refusal(model: Path, image: Path, folder: Path) -> str:
    ended = segment(model, image, folder / "out")
    errors = [line for line in ended.stderr.splitlines() if line.startswith("error: ")]
    assert ended.returncode == 1
    assert len(errors) == 1, ended.stderr
    assert str(model) in errors[0]
    return errors[0]


def test_legacy_format_is_refused_with_advice(network: UNet, image: Path, tmp_path: Path) -> None:
    model = described(tmp_path / "model.pth")
    torch.save(network.state_dict(), model, _use_new_zipfile_serialization=False)
    assert "torch.save" in refusal(model, image, tmp_path)


def test_checkpoint_is_refused_with_advice(network: UNet, image: Path, tmp_path: Path) -> None:
    model = described(tmp_path / "model.pth")
    torch.save({"epoch": 3, "model_state_dict": network.state_dict()}, model)
    assert "model_state_dict" in refusal(model, image, tmp_path)


def test_whole_module_is_refused(network: UNet, image: Path, tmp_path: Path) -> None:
    model = described(tmp_path / "model.pth")
    torch.save(network, model)
    assert "state_dict" in refusal(model, image, tmp_path)
