"""nnU-Net's plain U-Nets with random weights, in nnU-Net's own folders.

Weights are scaled after He and norms are affine, so that maps are of the order of 1 at every level; each class's weights
in the head sum to nothing, so that no class wins by the features' means. Needs torch and dynamic_network_architectures.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import torch
from dynamic_network_architectures.architectures.unet import PlainConvUNet
from nnunet_sizes import WIDEST, Network, model_folder, plans_of

SLOPE = 0.01  # of LeakyReLU


def empty_network(features: list[int], classes: int) -> PlainConvUNet:
    stages = len(features)
    return PlainConvUNet(
        input_channels=1,
        n_stages=stages,
        features_per_stage=features,
        conv_op=torch.nn.Conv3d,
        kernel_sizes=3,
        strides=[1] + [2] * (stages - 1),
        n_conv_per_stage=2,
        num_classes=classes,
        n_conv_per_stage_decoder=2,
        conv_bias=True,
        norm_op=torch.nn.InstanceNorm3d,
        norm_op_kwargs={"eps": 1e-5, "affine": True},
        nonlin=torch.nn.LeakyReLU,
        nonlin_kwargs={"inplace": True, "negative_slope": SLOPE},
        deep_supervision=False,
    )


def random_network(features: list[int], classes: int, seed: int) -> PlainConvUNet:
    network = empty_network(features, classes)
    random = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, tensor in network.named_parameters():  # each once
            if name.endswith("norm.weight"):
                tensor.uniform_(0.5, 1.5, generator=random)
            elif tensor.dim() == 1:
                tensor.normal_(0, 0.2, generator=random)
            else:
                transposed = "transpconvs" in name
                seen = tensor.shape[0] if transposed else tensor[0].numel()  # by an output
                tensor.normal_(0, math.sqrt(2 / ((1 + SLOPE**2) * seen)), generator=random)
                if "seg_layers" in name:
                    tensor -= tensor.mean(dim=1, keepdim=True)
    return network.eval()


def write_network(weights: Path, network: Network) -> Path:
    """Into a folder of weights, once; the seed is the data set's number. The configuration's folder."""
    folder = model_folder(weights, network)
    checkpoint = folder / "fold_0" / "checkpoint_final.pth"
    if checkpoint.exists():
        return folder
    checkpoint.parent.mkdir(parents=True, exist_ok=True)
    labels = {"background": 0, **{f"class_{n}": n for n in range(1, network.classes)}}
    dataset = {
        "channel_names": {"0": "CT"},
        "labels": labels,
        "numTraining": 1,
        "file_ending": ".nii.gz",
    }
    (folder / "dataset.json").write_text(json.dumps(dataset))
    (folder / "plans.json").write_text(json.dumps(plans_of(network)))
    random = random_network(network.all_features(), network.classes, network.number)
    contents = {
        "network_weights": random.state_dict(),
        "trainer_name": network.trainer,
        "init_args": {"configuration": "3d_fullres", "fold": 0},
        "inference_allowed_mirroring_axes": None,
    }
    partial = checkpoint.with_suffix(".partial")
    torch.save(contents, partial)
    partial.rename(checkpoint)
    return folder


def read_patch(folder: Path) -> list[int]:
    """Of a configuration's folder; z, y, x."""
    patch: list[int] = _configuration(folder)["patch_size"]
    return patch


def read_network(folder: Path) -> torch.nn.Module:
    """What write_network() wrote."""
    about = _configuration(folder)
    stages = len(about["conv_kernel_sizes"])
    features = [min(WIDEST, about["UNet_base_num_features"] * 2**stage) for stage in range(stages)]
    labels = json.loads((folder / "dataset.json").read_text())["labels"]
    network = empty_network(features, len(labels))
    checkpoint = torch.load(folder / "fold_0" / "checkpoint_final.pth", map_location="cpu", weights_only=True)
    network.load_state_dict(checkpoint["network_weights"])
    return network.eval()


def _configuration(folder: Path) -> dict[str, Any]:
    configurations = json.loads((folder / "plans.json").read_text())["configurations"]
    about: dict[str, Any] = configurations["3d_fullres"]
    return about
