"""Trains the sample model of organs on phantoms and measures it on unseen ones.

Run by `./dev train --organs`. A plain U-Net of nnU-Net's form in nnU-Net's folder layout: the program that segments with
it reads it as it reads a model that nnU-Net trained. Phantoms come from the program musclemap_phantom. Needs torch and
numpy alone. Arrays are (z, y, x), as nnU-Net's are.
"""

import argparse
import json
import pathlib
import platform
import subprocess
import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from train import HERE, ROOT, UNSEEN, read_nifti

NAMES = ("background", "spleen", "kidney_right", "kidney_left", "liver", "lung_left", "lung_right", "heart", "aorta",
         "spine", "ribs", "sternum", "autochthon_left", "autochthon_right")
SPACING = 5.0  # mm along every axis
PATCH = (32, 48, 64)
FEATURES = (8, 16, 32, 48, 64)
DATASET = "Dataset001_TorsoPhantom"
CONFIGURATION = "3d_fullres"
# Left and right would be exchanged by mirroring, so the trainer is the one that does without.
TRAINER = "nnUNetTrainerNoMirroring"


# The network: dynamic_network_architectures' PlainConvUNet, under the same parameter names.


class ConvDropoutNormReLU(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv = nn.Conv3d(inputs, outputs, 3, stride, padding=1)
        self.norm = nn.InstanceNorm3d(outputs, eps=1e-5, affine=True)
        self.nonlin = nn.LeakyReLU(0.01, inplace=True)
        self.all_modules = nn.Sequential(self.conv, self.norm, self.nonlin)

    def forward(self, x):
        return self.all_modules(x)


class StackedConvBlocks(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.convs = nn.Sequential(
            ConvDropoutNormReLU(inputs, outputs, stride), ConvDropoutNormReLU(outputs, outputs, 1)
        )

    def forward(self, x):
        return self.convs(x)


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        inputs = (1, *FEATURES)
        self.stages = nn.Sequential(
            *[
                nn.Sequential(StackedConvBlocks(inputs[n], width, 1 if n == 0 else 2))
                for n, width in enumerate(FEATURES)
            ]
        )

    def forward(self, x):
        skips = []
        for stage in self.stages:
            x = stage(x)
            skips.append(x)
        return skips


class Decoder(nn.Module):
    def __init__(self, encoder):
        super().__init__()
        self.encoder = encoder
        wide = FEATURES[::-1]
        self.stages = nn.ModuleList([StackedConvBlocks(2 * n, n, 1) for n in wide[1:]])
        self.transpconvs = nn.ModuleList(
            [nn.ConvTranspose3d(below, n, 2, 2) for below, n in zip(wide, wide[1:], strict=False)]
        )
        self.seg_layers = nn.ModuleList([nn.Conv3d(n, len(NAMES), 1) for n in wide[1:]])

    def forward(self, skips):
        """Scores from the coarsest stage to the finest."""
        x, scores = skips[-1], []
        for n, stage in enumerate(self.stages):
            x = stage(torch.cat([self.transpconvs[n](x), skips[-2 - n]], 1))
            scores.append(self.seg_layers[n](x))
        return scores


class PlainConvUNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = Encoder()
        self.decoder = Decoder(self.encoder)

    def forward(self, x):
        return self.decoder(self.encoder(x))


# Data.


def make_phantom(program, folder, seed, spacing):
    image, labels = folder / f"{seed}.nii.gz", folder / f"{seed}_truth.nii.gz"
    if not (image.exists() and labels.exists()):
        command = [program, "--region", "torso", "--modality", "ct", "--seed", seed, "--threads", 1]
        command += ["--spacing", f"{spacing:.2f},{spacing:.2f},{spacing:.2f}", "--image", image, "--labels", labels]
        subprocess.run([str(part) for part in command], check=True)
    return image, labels


def prepare(image_file, labels_file):
    """Hounsfield units and classes on the network's grid; the files are in RAS order with cubic voxels."""
    image, affine = read_nifti(image_file)
    labels, _ = read_nifti(labels_file)
    grid = [round(n * affine[0, 0] / SPACING) for n in image.shape[::-1]]
    image = torch.from_numpy(image.transpose(2, 1, 0).astype(np.float32))[None, None]
    labels = torch.from_numpy(labels.transpose(2, 1, 0).astype(np.float32))[None, None]
    image = functional.interpolate(image, grid, mode="trilinear", align_corners=False)
    labels = functional.interpolate(labels, grid, mode="nearest-exact")
    return image[0, 0], labels[0, 0].to(torch.uint8)


def intensities_of(data):
    """What nnU-Net keeps of a training set's labelled voxels."""
    values = np.concatenate([image[labels > 0].numpy()[::10] for image, labels in data]).astype(np.float64)
    return {
        "max": values.max(), "mean": values.mean(), "median": np.median(values), "min": values.min(),
        "percentile_00_5": np.percentile(values, 0.5), "percentile_99_5": np.percentile(values, 99.5),
        "std": values.std(),
    }  # fmt: skip


def padded(volume):
    """To the window's size where it is smaller, with 0, half of it before."""
    missing = [max(0, p - n) for n, p in zip(volume.shape, PATCH, strict=True)]
    return functional.pad(volume, [n for d in missing[::-1] for n in (d // 2, d - d // 2)])


def normalised(image, intensities):
    clipped = image.clamp(intensities["percentile_00_5"], intensities["percentile_99_5"])
    return (clipped - intensities["mean"]) / intensities["std"]


def batch_of(data, size, random):
    """Random windows with their classes."""
    images, classes = zip(*[window_of(data, random) for _ in range(size)], strict=True)
    return torch.stack(images)[:, None], torch.stack(classes).long()


def window_of(data, random):
    """A random window with its classes, brightness, contrast and noise changed a little."""
    image, labels = data[random.integers(0, len(data))]
    begin = [int(random.integers(0, n - p + 1)) for n, p in zip(image.shape, PATCH, strict=True)]
    at = tuple(slice(b, b + p) for b, p in zip(begin, PATCH, strict=True))
    gain, shift, noise = 1 + 0.08 * random.normal(), 0.05 * random.normal(), 0.06 * random.random()
    patch = image[at] * gain + shift + noise * torch.randn(PATCH)
    return patch, labels[at]


def weights_of(data):
    """Of the classes in the cross entropy: small structures count for more than their voxels, 1 on the average voxel."""
    counts = sum(torch.bincount(labels.flatten(), minlength=len(NAMES)) for _, labels in data).double()
    weights = counts.rsqrt()
    return (weights * counts.sum() / (weights * counts).sum()).float()


def loss_of(scores, target, weights):
    """Cross entropy and one minus the mean Dice of the classes that the window holds."""
    log_share = functional.log_softmax(scores, 1)
    share = log_share.exp()
    flat = target.flatten()
    hit = share.gather(1, target[:, None]).flatten()
    overlap = torch.zeros(len(NAMES)).index_add(0, flat, hit)
    truth = torch.bincount(flat, minlength=len(NAMES)).float()
    dice = ((2 * overlap + 1) / (share.sum((0, 2, 3, 4)) + truth + 1))[truth > 0][1:].mean()
    return functional.nll_loss(log_share, target, weights) + 1 - dice


def train(data, minutes, rate, seed, log):
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    # Channels last, and more than one window at once, are what torch is fast with on one thread.
    network = PlainConvUNet().to(memory_format=torch.channels_last_3d)
    count = sum(p.numel() for p in network.parameters())
    log(f"network: {count} parameters, features {FEATURES}, {len(NAMES)} classes, windows of {PATCH} voxels")
    weights = weights_of(data)
    optimiser = torch.optim.AdamW(network.parameters(), lr=rate, weight_decay=1e-4)
    start = time.monotonic()
    done, reported, step, since, sum_loss = 0.0, 0.0, 0, 0, 0.0
    while done < 1:
        # Warm up, then a half cosine to zero.
        for group in optimiser.param_groups:
            group["lr"] = rate * min(1.0, done / 0.03 + 0.05) * 0.5 * (1 + np.cos(np.pi * done))
        images, target = batch_of(data, 2, random)
        optimiser.zero_grad()
        scores = network(images.to(memory_format=torch.channels_last_3d))
        # Deep supervision: coarser stages count half as much from one to the next.
        halves = [target[:, :: 2**n, :: 2**n, :: 2**n] for n in range(len(scores))]
        loss = sum(0.5**n * loss_of(scores[-1 - n], halves[n], weights) for n in range(3)) / 1.75
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 5.0)
        optimiser.step()
        step, since, sum_loss = step + 1, since + 1, sum_loss + loss.item()
        done = (time.monotonic() - start) / (60 * minutes)
        if done >= reported + 0.05 or done >= 1:
            log(f"step {step:5d}  {60 * minutes * done:6.0f} s  loss {sum_loss / since:.4f}")
            reported, since, sum_loss = reported + 0.05, 0, 0.0
    log(f"{step} steps in {time.monotonic() - start:.0f} s, {time.process_time():.0f} s of processor time")
    return network.to(memory_format=torch.contiguous_format)


# nnU-Net's folder.


def plans_of(intensities, shapes):
    stages = len(FEATURES)
    architecture = {
        "network_class_name": "dynamic_network_architectures.architectures.unet.PlainConvUNet",
        "arch_kwargs": {
            "n_stages": stages,
            "features_per_stage": list(FEATURES),
            "conv_op": "torch.nn.modules.conv.Conv3d",
            "kernel_sizes": [[3, 3, 3]] * stages,
            "strides": [[1, 1, 1]] + [[2, 2, 2]] * (stages - 1),
            "n_conv_per_stage": [2] * stages,
            "n_conv_per_stage_decoder": [2] * (stages - 1),
            "conv_bias": True,
            "norm_op": "torch.nn.modules.instancenorm.InstanceNorm3d",
            "norm_op_kwargs": {"eps": 1e-5, "affine": True},
            "dropout_op": None,
            "dropout_op_kwargs": None,
            "nonlin": "torch.nn.LeakyReLU",
            "nonlin_kwargs": {"inplace": True},
        },
        "_kw_requires_import": ["conv_op", "norm_op", "dropout_op", "nonlin"],
    }

    def resampling(name, segmentation, order):
        return {
            f"resampling_fn_{name}": "resample_data_or_seg_to_shape",
            f"resampling_fn_{name}_kwargs": {
                "is_seg": segmentation, "order": order, "order_z": 0, "force_separate_z": None,
            },
        }  # fmt: skip

    median = np.median(np.array(shapes), 0).tolist()
    configuration = {
        "data_identifier": f"nnUNetPlans_{CONFIGURATION}",
        "preprocessor_name": "DefaultPreprocessor",
        "batch_size": 2,
        "patch_size": list(PATCH),
        "median_image_size_in_voxels": median,
        "spacing": [SPACING] * 3,
        "normalization_schemes": ["CTNormalization"],
        "use_mask_for_norm": [False],
        **resampling("data", False, 3),
        **resampling("seg", True, 1),
        **resampling("probabilities", False, 1),
        "architecture": architecture,
        "batch_dice": False,
    }
    return {
        "dataset_name": DATASET,
        "plans_name": "nnUNetPlans",
        "original_median_spacing_after_transp": [SPACING] * 3,
        "original_median_shape_after_transp": [int(n) for n in median],
        "image_reader_writer": "SimpleITKIO",
        "transpose_forward": [0, 1, 2],
        "transpose_backward": [0, 1, 2],
        "configurations": {CONFIGURATION: configuration},
        "experiment_planner_used": "ExperimentPlanner",
        "label_manager": "LabelManager",
        "foreground_intensity_properties_per_channel": {"0": intensities},
    }


def save(network, plans, phantoms, folder):
    (folder / "fold_0").mkdir(parents=True, exist_ok=True)
    dataset = {
        "channel_names": {"0": "CT"},
        "labels": {name: value for value, name in enumerate(NAMES)},
        "numTraining": phantoms,
        "file_ending": ".nii.gz",
    }
    (folder / "plans.json").write_text(json.dumps(plans, indent=1) + "\n")
    (folder / "dataset.json").write_text(json.dumps(dataset, indent=1) + "\n")
    checkpoint = {
        "network_weights": network.state_dict(),
        "init_args": {"configuration": CONFIGURATION, "fold": 0},
        "trainer_name": TRAINER,
        "inference_allowed_mirroring_axes": None,
    }
    torch.save(checkpoint, folder / "fold_0/checkpoint_final.pth")


# Unseen phantoms.


def segmented(network, image):
    """Classes by the mean of windows that overlap by half."""
    sums = torch.zeros(len(NAMES), *image.shape)
    starts = []
    for n, p in zip(image.shape, PATCH, strict=True):
        count = int(np.ceil((n - p) / (p / 2))) + 1
        starts.append([round(k * (n - p) / max(1, count - 1)) for k in range(count)])
    for z in starts[0]:
        for y in starts[1]:
            row = image[z : z + PATCH[0], y : y + PATCH[1]]
            windows = torch.stack([row[:, :, x : x + PATCH[2]] for x in starts[2]])[:, None]
            for x, scores in zip(starts[2], network(windows)[-1], strict=True):
                sums[:, z : z + PATCH[0], y : y + PATCH[1], x : x + PATCH[2]] += functional.softmax(scores, 0)
    return sums.argmax(0)


def measure(network, intensities, program, folder, seeds, log):
    """Dice of this script's own windows on the network's grid."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = []
    for seed in seeds:
        image, truth = prepare(*make_phantom(program, folder, seed, 3.0))
        with torch.no_grad():
            found = segmented(network, padded(normalised(image, intensities)))
        truth = padded(truth)
        values = range(1, len(NAMES))
        pairs = [(truth == value, found == value) for value in values]
        rows.append([2 * float((a & b).sum()) / max(1.0, float(a.sum() + b.sum())) for a, b in pairs])
        log(f"seed {seed}: mean Dice {np.mean(rows[-1]):.4f}, lowest {np.min(rows[-1]):.4f}")
    table = np.array(rows)
    log("structure           mean   lowest highest  (Dice over the unseen phantoms)")
    for name, column in zip(NAMES[1:], table.T, strict=True):
        log(f"{name:18s}  {column.mean():.4f} {column.min():.4f} {column.max():.4f}")
    log(f"mean Dice: {table.mean():.4f} over {len(rows)} phantoms")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", type=pathlib.Path, default=ROOT / "build/release/bin/musclemap_phantom")
    parser.add_argument("--work", type=pathlib.Path, default=ROOT / "build/train", help="phantoms")
    parser.add_argument("--out", type=pathlib.Path, default=HERE / "model" / DATASET)
    parser.add_argument("--log", type=pathlib.Path, default=HERE / "organs_training_log.txt")
    parser.add_argument("--phantoms", type=int, default=40, help="seeds 1000, 1001, … are trained on")
    parser.add_argument("--unseen", type=int, default=6, help="seeds 1, 2, … are measured")
    parser.add_argument("--minutes", type=float, default=12)
    parser.add_argument("--rate", type=float, default=4e-3)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)

    lines = []

    def log(line):
        print(line, flush=True)
        lines.append(line)

    shown = ("phantoms", "unseen", "minutes", "rate", "seed", "threads")
    log("train_organs.py " + " ".join(f"--{name} {getattr(arguments, name)}" for name in shown))
    log(f"Python {platform.python_version()}, torch {torch.__version__}, numpy {np.__version__}")
    seen = arguments.work / "torsos"
    seen.mkdir(parents=True, exist_ok=True)
    seeds = range(1000, 1000 + arguments.phantoms)
    spacings = np.random.default_rng(arguments.seed).uniform(3.4, 5.0, len(seeds))
    data = [prepare(*make_phantom(arguments.program, seen, *job)) for job in zip(seeds, spacings, strict=True)]
    intensities = {name: float(value) for name, value in intensities_of(data).items()}
    log(f"{len(data)} phantoms (seeds {seeds[0]} to {seeds[-1]}), {SPACING:.0f} mm")
    plans = plans_of(intensities, [image.shape for image, _ in data])
    data = [(padded(normalised(image, intensities)), padded(labels)) for image, labels in data]
    network = train(data, arguments.minutes, arguments.rate, arguments.seed, log)
    save(network, plans, len(data), arguments.out / f"{TRAINER}__nnUNetPlans__{CONFIGURATION}")
    log(UNSEEN)
    measure(network, intensities, arguments.program, arguments.work / "unseen_torsos",
            range(1, 1 + arguments.unseen), log)
    arguments.log.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
