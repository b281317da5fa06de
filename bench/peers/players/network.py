"""The network of a model with its weights: MONAI's of a .pth file, nnU-Net's of a folder that it has trained, Cellpose's
of a file without a suffix."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import torch

sys.path.append(str(Path(__file__).resolve().parents[2]))


def network(model: Path) -> torch.nn.Module:
    if model.is_dir():
        from nnunet_networks import read_network

        return read_network(model)
    if not model.suffix:
        from cellpose_network import read_network as read_cellpose

        return read_cellpose(model)
    from monai.networks.nets import UNet

    about = json.loads(model.with_suffix(".json").read_text())["model"]
    names = (
        "spatial_dims",
        "in_channels",
        "out_channels",
        "channels",
        "act",
        "strides",
        "num_res_units",
        "norm",
    )
    unet = UNet(**{name: about[name] for name in names})
    unet.load_state_dict(torch.load(model, map_location="cpu", weights_only=True))
    return unet.eval()


def windows(image: Path, model: Path, size: list[int] | None = None) -> torch.Tensor:
    """(windows, channels, spatial axes..) of that size, or the model's."""
    if not model.suffix and model.is_file():
        from cellpose_network import CHANNELS, TILE

        return torch.from_numpy(np.fromfile(image, np.float32).reshape(-1, CHANNELS, TILE, TILE))
    if size is None and model.is_dir():
        from nnunet_networks import read_patch

        size = read_patch(model)
    elif size is None:
        size = json.loads(model.with_suffix(".json").read_text())["parameters"]["roi_size"]
    return torch.from_numpy(np.fromfile(image, np.float32).reshape(-1, 1, *size))
