"""Models of nnU-Net, made of the original's modules and written as its trainers write them, give torch's scores."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from conftest import BIN
from dynamic_network_architectures.architectures.unet import PlainConvUNet, ResidualEncoderUNet

MODULES = {"PlainConvUNet": PlainConvUNet, "ResidualEncoderUNet": ResidualEncoderUNet}
SCALES = [[1, 1, 1], [1, 2, 2], [2, 2, 2]]


def arguments(kind: str, axes: int, **changes: Any) -> dict[str, Any]:
    depths = "n_conv_per_stage" if kind == "PlainConvUNet" else "n_blocks_per_stage"
    return {
        "n_stages": 3,
        "features_per_stage": [4, 6, 6],
        "conv_op": f"torch.nn.modules.conv.Conv{axes}d",
        "kernel_sizes": [[1, 3, 3][-axes:], [3] * axes, [3] * axes],
        "strides": [scale[-axes:] for scale in SCALES],
        depths: [1, 2, 2],
        "n_conv_per_stage_decoder": [2, 1],
        "conv_bias": True,
        "norm_op": f"torch.nn.modules.instancenorm.InstanceNorm{axes}d",
        "norm_op_kwargs": {"eps": 1e-05, "affine": True},
        "dropout_op": None,
        "dropout_op_kwargs": None,
        "nonlin": "torch.nn.LeakyReLU",
        "nonlin_kwargs": {"inplace": True},
        **changes,
    }


def located(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    found: Any = torch
    for name in value.split(".")[1:]:
        found = getattr(found, name)
    return found


def built(kind: str, chosen: dict[str, Any], channels: int, scores: int) -> torch.nn.Module:
    given = {key: located(value) for key, value in chosen.items()}
    network = MODULES[kind](input_channels=channels, num_classes=scores, deep_supervision=False, **given)
    torch.manual_seed(4)
    with torch.no_grad():
        for name, tensor in network.state_dict().items():
            if name.endswith("running_var"):
                tensor.copy_(0.5 + torch.rand_like(tensor))
            elif tensor.is_floating_point():
                tensor.copy_(0.3 * torch.randn_like(tensor))
    return network.eval()


def plans(kind: str, chosen: dict[str, Any], patch: list[int], channels: int) -> dict[str, Any]:
    resampling = {"is_seg": False, "order_z": 0, "force_separate_z": None}
    configuration = {
        "patch_size": patch,
        "spacing": [1.0] * len(patch),
        "normalization_schemes": ["ZScoreNormalization"] * channels,
        "use_mask_for_norm": [False] * channels,
        "resampling_fn_data": "resample_data_or_seg_to_shape",
        "resampling_fn_data_kwargs": {**resampling, "order": 3},
        "resampling_fn_probabilities": "resample_data_or_seg_to_shape",
        "resampling_fn_probabilities_kwargs": {**resampling, "order": 1},
        "architecture": {
            "network_class_name": f"dynamic_network_architectures.architectures.unet.{kind}",
            "arch_kwargs": chosen,
            "_kw_requires_import": ["conv_op", "norm_op", "dropout_op", "nonlin"],
        },
    }
    return {
        "transpose_forward": [0, 1, 2],
        "transpose_backward": [0, 1, 2],
        "configurations": {"any": configuration},
        "foreground_intensity_properties_per_channel": {},
    }


def checkpoint(network: torch.nn.Module, planned: dict[str, Any], image: torch.Tensor) -> dict[str, Any]:
    """After one step of training, as nnUNetTrainer.save_checkpoint has it."""
    optimizer = torch.optim.SGD(network.parameters(), lr=0.01, momentum=0.99, nesterov=True)
    network(image.float()).sum().backward()
    optimizer.step()
    numbers = [np.float64(0.5), np.float32(0.25)]
    return {
        "network_weights": network.state_dict(),
        "optimizer_state": optimizer.state_dict(),
        "grad_scaler_state": {"scale": 65536.0, "growth_factor": 2.0, "_growth_tracker": 7},
        "logging": {"mean_fg_dice": numbers, "dice_per_class_or_region": [numbers, numbers], "lrs": [0.01]},
        "_best_ema": np.float64(0.5),
        "current_epoch": 1000,
        "init_args": {"plans": planned, "configuration": "any", "fold": 0, "device": torch.device("cuda", 0)},
        "trainer_name": "nnUNetTrainer",
        "inference_allowed_mirroring_axes": tuple(range(image.dim() - 2)),
    }


BATCH_NORM = {"norm_op": "torch.nn.BatchNorm3d", "norm_op_kwargs": {"eps": 1e-3}, "nonlin": "torch.nn.ReLU"}
DROPOUT = {"dropout_op": "torch.nn.Dropout3d", "dropout_op_kwargs": {"p": 0.2}}


@pytest.mark.parametrize(
    ("kind", "axes", "channels", "changes"),
    [
        ("PlainConvUNet", 2, 1, {}),
        ("PlainConvUNet", 3, 2, {"conv_bias": False}),
        ("PlainConvUNet", 3, 1, BATCH_NORM),
        ("PlainConvUNet", 3, 1, DROPOUT),
        ("ResidualEncoderUNet", 2, 2, {"nonlin_kwargs": {"inplace": True, "negative_slope": 0.2}}),
        ("ResidualEncoderUNet", 3, 1, {}),
        ("ResidualEncoderUNet", 3, 1, {"strides": [[1, 1, 1], [1, 1, 1], [2, 1, 2]]}),
        ("ResidualEncoderUNet", 3, 1, BATCH_NORM),
    ],
)
def test_scores_are_those_of_torch(
    kind: str, axes: int, channels: int, changes: dict[str, Any], tmp_path: Path
) -> None:
    patch = [8, 12, 16][-axes:]
    chosen = arguments(kind, axes, **changes)
    network = built(kind, chosen, channels, 3)
    planned = plans(kind, chosen, patch, channels)
    image = torch.from_numpy(np.random.default_rng(2).normal(size=(1, channels, *patch)))
    fold = tmp_path / "Dataset001_toy" / "nnUNetTrainer__nnUNetPlans__any" / "fold_0"
    fold.mkdir(parents=True)
    torch.save(checkpoint(network, planned, image), fold / "checkpoint_final.pth")
    (fold.parent / "plans.json").write_text(json.dumps(planned))
    labels = {"background": 0, "a": 1, "b": 2}
    names = {str(channel): "MRI" for channel in range(channels)}
    (fold.parent / "dataset.json").write_text(json.dumps({"channel_names": names, "labels": labels}))
    with torch.no_grad():
        scores = network.double()(image)[0].numpy()
    image.numpy().tofile(tmp_path / "image.f64")
    scores.tofile(tmp_path / "scores.f64")
    ended = subprocess.run(
        [BIN / "musclemap_tests", "[nnunet_torch]"],
        env={**os.environ, "MUSCLEMAP_NNUNET_CASE": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 0 and "1 test case" in ended.stdout, ended.stdout
