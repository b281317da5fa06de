"""MONAI's network with the weights of a model file."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch
from monai.networks.nets import UNet


def network(model: Path) -> torch.nn.Module:
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


def window(image: Path, model: Path) -> torch.Tensor:
    size = json.loads(model.with_suffix(".json").read_text())["parameters"]["roi_size"]
    return torch.from_numpy(np.fromfile(image, np.float32).reshape(1, 1, *size))
