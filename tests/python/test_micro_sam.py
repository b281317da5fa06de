"""musclemap.micro_sam: networks of micro-sam in Python."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

import musclemap as mm

torch = pytest.importorskip("torch", reason="TorchScript programs are made with torch")


class Encoder(torch.nn.Module):  # type: ignore[misc]
    """Brightness of 16 x 16 pixels, in all channels of an embedding."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = torch.nn.functional.avg_pool2d(x, 16, 16).sum(1, keepdim=True)
        return y * torch.ones(1, 256, 1, 1)


class AisDecoder(torch.nn.Module):  # type: ignore[misc]
    """Bright is foreground with low distances."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        z = torch.nn.functional.interpolate(x.sum(1, keepdim=True) * 0.01, scale_factor=16.0, mode="nearest")
        return torch.sigmoid(torch.cat([z, -z, -z], 1))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("bright")
    torch.jit.script(Encoder()).save(str(path / "encoder.pt"))
    torch.jit.script(AisDecoder()).save(str(path / "ais_decoder.pt"))
    return path


@pytest.fixture(scope="module")
def model(folder: Path) -> mm.micro_sam.SamModel:
    return mm.micro_sam.SamModel(folder, trust=True)


@pytest.fixture
def picture() -> NDArray[np.uint8]:
    pixels = np.full((96, 128), 10, np.uint8)
    pixels[16:40, 16:40] = pixels[56:80, 72:112] = 200
    return pixels


def test_a_picture(model: mm.micro_sam.SamModel, picture: NDArray[np.uint8]) -> None:
    labels = model.segment(picture, threads=1)
    assert labels.shape == picture.shape
    assert labels.dtype == np.uint16
    assert labels.max() == 2
    assert labels[28, 28] != labels[68, 92]
    assert labels[0, 0] == 0
    np.testing.assert_array_equal(model.segment(picture, threads=2), labels)
    np.testing.assert_array_equal(model.segment(np.asfortranarray(picture)), labels)
    assert model.segment(picture, min_size=10**6).max() == 0


def test_a_series_and_a_file(model: mm.micro_sam.SamModel, picture: NDArray[np.uint8], tmp_path: Path) -> None:
    series = np.stack([picture, picture[::-1]])
    labels = model.segment(series, time_axis=0)
    assert labels.shape == series.shape
    mm.write_ome_tiff(series[:, None, None], tmp_path / "series.ome.tif")
    np.testing.assert_array_equal(model.segment(tmp_path / "series.ome.tif"), labels)
    colours = np.stack([picture] * 3, axis=-1)
    np.testing.assert_array_equal(model.segment(colours, channel_axis=2, channel=1), labels[0])


def test_what_it_says(model: mm.micro_sam.SamModel, folder: Path) -> None:
    assert model.name == folder.name
    assert model.file == folder
    assert len(model.sha256) == 64
    assert model.engine.startswith("torch ")
    assert model.has("ais")
    assert not model.has("amg")
    assert "vit_b_lm" in mm.micro_sam.SamModel.names()


def test_refusals(model: mm.micro_sam.SamModel, folder: Path, picture: NDArray[np.uint8], tmp_path: Path) -> None:
    with pytest.raises(mm.ModelError, match="TorchScript"):
        mm.micro_sam.SamModel(folder)
    with pytest.raises(mm.ArgumentError, match="no mask decoder for AMG"):
        mm.micro_sam.SamModel(folder, "amg", trust=True)
    with pytest.raises(mm.ArgumentError, match="method is 'both'"):
        mm.micro_sam.SamModel(folder, "both", trust=True)  # type: ignore[arg-type]
    with pytest.raises(mm.FileError, match="vit_b_lm"):
        mm.micro_sam.SamModel(tmp_path / "none.pt")
    with pytest.raises(mm.ArgumentError, match="min_size is -1"):
        model.segment(picture, min_size=-1)
    with pytest.raises(mm.ArgumentError, match="has the shape"):
        model.segment(picture[None])
    stack = np.zeros((1, 1, 2, 8, 8), np.uint8)
    mm.write_ome_tiff(stack, tmp_path / "stack.ome.tif")
    with pytest.raises(mm.ArgumentError, match="2 planes of depth"):
        model.segment(tmp_path / "stack.ome.tif")
