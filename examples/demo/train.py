"""Trains the sample model on phantoms and measures it on unseen ones.

Run by `./dev train`. Phantoms come from the program musclemap_phantom, the measured label maps from mm_segment, so the
figures in the log are those of the library. Needs torch and numpy alone.
"""

import argparse
import concurrent.futures
import gzip
import itertools
import json
import pathlib
import platform
import struct
import subprocess
import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
CHANNELS = (8, 16, 32, 64, 128)
UNSEEN = "Unseen phantoms"
WINDOW = 256
SMALL_WINDOW = 160  # holds a leg
SMALL_PART = 0.6  # of the training
MARGIN = 20
STRUCTURES = [
    (6171, "pelvis", "femur"),
    (7101, "thigh", "vastus lateralis"),
    (7111, "thigh", "vastus intermedius"),
    (7121, "thigh", "vastus medialis"),
    (7131, "thigh", "rectus femoris"),
    (7141, "thigh", "sartorius"),
    (7151, "thigh", "gracilis"),
    (7161, "thigh", "semimembranosus"),
    (7171, "thigh", "semitendinosus"),
    (7181, "thigh", "biceps femoris long head"),
    (7191, "thigh", "biceps femoris short head"),
    (7201, "thigh", "adductor magnus"),
    (7211, "thigh", "adductor longus"),
]
LABELS = [
    {"region": region, "anatomy": anatomy, "side": side, "value": value + right}
    for value, region, anatomy in STRUCTURES
    for right, side in enumerate(("left", "right"))
]
VALUES = np.array([0] + [label["value"] for label in LABELS])


# The network: MONAI's UNet with residual units, under the same parameter names.


class Convolution(nn.Module):
    def __init__(self, inputs, outputs, stride=1, transposed=False, plain=False):
        super().__init__()
        if transposed:
            self.conv = nn.ConvTranspose2d(inputs, outputs, 3, stride, padding=1, output_padding=stride - 1)
        else:
            self.conv = nn.Conv2d(inputs, outputs, 3, stride, padding=1)
        self.plain = plain

    def forward(self, x):
        x = self.conv(x)
        return x if self.plain else functional.leaky_relu(functional.instance_norm(x), 0.01)


class ResidualUnit(nn.Module):
    def __init__(self, inputs, outputs, stride=1, plain=False):
        super().__init__()
        self.conv = nn.Sequential()
        self.conv.add_module("unit0", Convolution(inputs, outputs, stride, plain=plain))
        if stride > 1:
            self.residual = nn.Conv2d(inputs, outputs, 3, stride, padding=1)
        elif inputs != outputs:
            self.residual = nn.Conv2d(inputs, outputs, 1)
        else:
            self.residual = nn.Identity()

    def forward(self, x):
        return self.conv(x) + self.residual(x)


class SkipConnection(nn.Module):
    def __init__(self, submodule):
        super().__init__()
        self.submodule = submodule

    def forward(self, x):
        return torch.cat([x, self.submodule(x)], dim=1)


class UNet(nn.Module):
    def __init__(self, outputs):
        super().__init__()

        def level(inputs, outputs, channels, top):
            inner = channels[0]
            if len(channels) > 2:
                below = level(inner, inner, channels[1:], False)
                merged = 2 * inner
            else:
                below = ResidualUnit(inner, channels[1])
                merged = inner + channels[1]
            up = nn.Sequential(
                Convolution(merged, outputs, 2, transposed=True), ResidualUnit(outputs, outputs, plain=top)
            )
            return nn.Sequential(ResidualUnit(inputs, inner, 2), SkipConnection(below), up)

        self.model = level(1, outputs, CHANNELS, True)

    def forward(self, x):
        return self.model(x)


# Data, prepared as the library does it.


def read_nifti(file):
    """Voxels (i, j, k) and affine of a little-endian int16 NIfTI-1 file, as the programs here write it."""
    with gzip.open(file, "rb") as stream:
        data = stream.read()
    shape = struct.unpack_from("<3h", data, 42)
    kind, offset = struct.unpack_from("<h", data, 70)[0], int(struct.unpack_from("<f", data, 108)[0])
    assert kind == 4, f"{file}: int16 wanted"
    affine = np.eye(4)
    affine[:3] = np.array(struct.unpack_from("<12f", data, 280)).reshape(3, 4)
    count = int(np.prod(shape))
    return np.frombuffer(data, "<i2", count, offset).reshape(shape, order="F"), affine


def to_millimetre(volume, spacing, nearest):
    """Resamples the first two axes to 1 mm, voxel centres of the first corner aligned."""
    for axis in (0, 1):
        n = volume.shape[axis]
        m = int(np.rint((n - 1) * spacing[axis])) + 1
        at = np.minimum(np.arange(m) / spacing[axis], n - 1)
        low = np.floor(at).astype(int)
        high = np.minimum(low + 1, n - 1)
        if nearest:
            volume = np.take(volume, np.rint(at).astype(int), axis)
        else:
            weight = (at - low).reshape([-1 if a == axis else 1 for a in range(3)]).astype(np.float32)
            volume = np.take(volume, low, axis) * (1 - weight) + np.take(volume, high, axis) * weight
    return volume


def prepare(image_file, labels_file):
    """Slices (k, x, y) as the network sees them, float32, and their classes, uint8. The files are in RAS order."""
    image, affine = read_nifti(image_file)
    labels, _ = read_nifti(labels_file)
    spacing = np.sqrt((affine[:3, :3] ** 2).sum(0))
    image = to_millimetre(image.astype(np.float32), spacing, False)
    labels = to_millimetre(labels, spacing, True)
    mask = image != 0
    image[mask] = (image[mask] - image[mask].mean()) / image[mask].std()
    box = []
    for axis in (0, 1):
        lit = np.flatnonzero((image > 0).any(tuple(a for a in range(3) if a != axis)))
        box.append(slice(max(lit[0] - MARGIN, 0), min(lit[-1] + MARGIN + 1, image.shape[axis])))
    image, labels = image[box[0], box[1]], labels[box[0], box[1]]
    pad = [(0, max(0, WINDOW - image.shape[0])), (0, max(0, WINDOW - image.shape[1])), (0, 0)]
    image = np.pad(image, pad)
    classes = np.searchsorted(VALUES, np.pad(labels, pad)).astype(np.uint8)
    return torch.from_numpy(image.transpose(2, 0, 1).copy()), torch.from_numpy(classes.transpose(2, 0, 1).copy())


def make_phantom(job):
    program, folder, seed, options = job
    image, labels = folder / f"{seed}.nii.gz", folder / f"{seed}_truth.nii.gz"
    if not (image.exists() and labels.exists()):
        command = [program, "--region", "thigh", "--seed", seed, "--threads", 1, *options]
        command += ["--image", image, "--labels", labels]
        subprocess.run([str(part) for part in command], check=True)
    return image, labels


def phantom_options(seed, slices):
    random = np.random.default_rng(seed)
    inplane = random.uniform(0.8, 1.7)
    options = ["--spacing", f"{inplane:.3f},{inplane * random.uniform(0.95, 1.05):.3f},{random.uniform(3, 7):.3f}"]
    width, depth = random.uniform(300, 460), random.uniform(190, 260)
    options += ["--shape", f"{int(width / inplane)},{int(depth / inplane)},{slices}"]
    options += ["--height", f"{random.uniform(-80, 80):.1f}"]
    return options + ["--modality", "ct" if seed % 4 == 0 else "mri"]


def load_training(program, folder, seeds, slices):
    folder.mkdir(parents=True, exist_ok=True)
    jobs = [(program, folder, seed, phantom_options(seed, slices)) for seed in seeds]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        files = list(pool.map(make_phantom, jobs))
    data = []
    for image, labels in files:
        images, classes = prepare(image, labels)
        data += [(images[k], classes[k]) for k in range(len(images))]
    return data


def batch_of(data, size, window, random):
    """Random square windows with their classes."""
    images, classes = [], []
    for index in random.integers(0, len(data), size):
        image, target = data[index]
        x = int(random.integers(0, image.shape[0] - window + 1))
        y = int(random.integers(0, image.shape[1] - window + 1))
        # Half of the full windows stand where inference puts its first and last.
        if window == WINDOW and random.random() < 0.5:
            x = int(random.choice([0, image.shape[0] - WINDOW]))
        patch = image[x : x + window, y : y + window]
        gain, shift = 1 + 0.1 * random.normal(), 0.1 * random.normal()
        images.append(patch * gain + shift + 0.05 * random.random() * torch.randn(patch.shape))
        classes.append(target[x : x + window, y : y + window].long())
    return torch.stack(images)[:, None], torch.stack(classes)


def loss_of(logits, target):
    """Cross entropy and one minus the mean Dice of the structures that the batch holds."""
    log_share = functional.log_softmax(logits, 1)
    share = log_share.exp()
    flat = target.flatten()
    hit = share.gather(1, target[:, None]).flatten()
    overlap = torch.zeros(len(VALUES)).index_add(0, flat, hit)
    truth = torch.bincount(flat, minlength=len(VALUES)).float()
    dice = ((2 * overlap + 1) / (share.sum((0, 2, 3)) + truth + 1))[truth > 0][1:].mean()
    return functional.nll_loss(log_share, target) + 1 - dice


def train(data, minutes, rate, seed, log):
    """Trains for so many minutes: small windows first, which are cheap, then windows as in use."""
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    network = UNet(len(VALUES))
    count = sum(p.numel() for p in network.parameters())
    log(f"network: {count} parameters, channels {CHANNELS}, {len(VALUES)} output channels")
    optimiser = torch.optim.AdamW(network.parameters(), lr=rate, weight_decay=1e-4)
    start = time.monotonic()
    done, reported, step, since, sum_loss = 0.0, 0.0, 0, 0, 0.0
    while done < 1:
        # Warm up, then a half cosine to zero.
        for group in optimiser.param_groups:
            group["lr"] = rate * min(1.0, done / 0.03 + 0.05) * 0.5 * (1 + np.cos(np.pi * done))
        size, window = (4, SMALL_WINDOW) if done < SMALL_PART else (2, WINDOW)
        images, target = batch_of(data, size, window, random)
        optimiser.zero_grad()
        loss = loss_of(network(images), target)
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 5.0)
        optimiser.step()
        step, since, sum_loss = step + 1, since + 1, sum_loss + loss.item()
        done = (time.monotonic() - start) / (60 * minutes)
        if done >= reported + 0.05 or done >= 1:
            log(f"step {step:5d}  {60 * minutes * done:6.0f} s  window {window}  loss {sum_loss / since:.4f}")
            reported, since, sum_loss = reported + 0.05, 0, 0.0
    log(f"{step} steps in {time.monotonic() - start:.0f} s, {time.process_time():.0f} s of processor time")
    return network


def save(network, folder):
    folder.mkdir(parents=True, exist_ok=True)
    state = {name: value.contiguous() for name, value in network.state_dict().items()}
    torch.save(type(network.state_dict())(state), folder / "thigh_phantom.pth")
    description = {
        "parameters": {"num_workers": 0, "roi_size": [WINDOW, WINDOW], "spatial_window_batch_size": 1,
                       "pix_dim": [1, 1, -1]},
        "model": {"version": 1.0, "spatial_dims": 2, "in_channels": 1, "out_channels": len(VALUES),
                  "channels": list(CHANNELS), "act": "LeakyReLU", "strides": [2] * (len(CHANNELS) - 1),
                  "num_res_units": 1, "norm": "instance"},
        "labels": LABELS,
    }
    (folder / "thigh_phantom.json").write_text(json.dumps(description, indent=1) + "\n")


def measure(programs, model, folder, seeds, overlap, log):
    """Dice of mm_segment's label maps against the truth on the phantom's own grid."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = {}
    for seed in seeds:
        options = phantom_options(seed, 12)
        image, truth_file = make_phantom((programs / "musclemap_phantom", folder, seed, options))
        subprocess.run([str(programs / "mm_segment"), "-q", "-i", str(image), "-m", str(model), "-o", str(folder),
                        "-s", str(overlap)], check=True, stdout=subprocess.DEVNULL)
        truth, _ = read_nifti(truth_file)
        found, _ = read_nifti(folder / f"{seed}_dseg.nii.gz")
        scores = []
        for label in LABELS:
            a, b = truth == label["value"], found == label["value"]
            scores.append(2 * float((a & b).sum()) / max(1, a.sum() + b.sum()))
        rows[seed] = scores
        log(f"seed {seed} ({options[-1]}, spacing {options[1]}): "
            f"mean Dice {np.mean(scores):.4f}, lowest {np.min(scores):.4f}")
    if not rows:
        return
    table = np.array(list(rows.values()))
    log(f"on the phantoms' own grids; overlap of windows {overlap} %")
    log("structure                          side   mean   lowest highest  (Dice over the unseen phantoms)")
    for column, label in enumerate(LABELS):
        values = table[:, column]
        log(f"{label['anatomy']:34s} {label['side']:5s}  {values.mean():.4f} {values.min():.4f} {values.max():.4f}")
    for kind, keep in (("all", lambda s: True), ("mri", lambda s: s % 4), ("ct", lambda s: s % 4 == 0)):
        chosen = np.array([row for seed, row in rows.items() if keep(seed)])
        if len(chosen):
            log(f"mean Dice, {kind}: {chosen.mean():.4f} over {len(chosen)} phantoms, "
                f"per phantom {chosen.mean(1).min():.4f} to {chosen.mean(1).max():.4f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--programs", type=pathlib.Path, default=ROOT / "build/release/bin")
    parser.add_argument("--work", type=pathlib.Path, default=ROOT / "build/train", help="phantoms and label maps")
    parser.add_argument("--out", type=pathlib.Path, default=HERE / "model")
    parser.add_argument("--log", type=pathlib.Path, default=HERE / "training_log.txt")
    parser.add_argument("--phantoms", type=int, default=240, help="seeds 1000, 1001, … are trained on")
    parser.add_argument("--slices", type=int, default=4, help="of each training phantom")
    parser.add_argument("--unseen", type=int, default=12, help="seeds 1, 2, … are measured")
    parser.add_argument("--minutes", type=float, default=12)
    parser.add_argument("--rate", type=float, default=4e-3)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--skip-training", action="store_true", help="measure the model that is there")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)

    lines = []

    def log(line):
        print(line, flush=True)
        lines.append(line)

    if arguments.skip_training:
        lines += itertools.takewhile(lambda line: line != UNSEEN, arguments.log.read_text().splitlines())
    else:
        shown = ("phantoms", "slices", "unseen", "minutes", "rate", "seed", "threads")
        log("train.py " + " ".join(f"--{name} {getattr(arguments, name)}" for name in shown))
        log(f"Python {platform.python_version()}, torch {torch.__version__}, numpy {np.__version__}")
        start = time.monotonic()
        seeds = range(1000, 1000 + arguments.phantoms)
        data = load_training(arguments.programs / "musclemap_phantom", arguments.work / "seen", seeds, arguments.slices)
        log(f"{len(data)} slices of {len(seeds)} phantoms (seeds {seeds[0]} to {seeds[-1]}, every fourth CT) "
            f"in {time.monotonic() - start:.0f} s")
        network = train(data, arguments.minutes, arguments.rate, arguments.seed, log)
        save(network, arguments.out)
        arguments.log.write_text("\n".join(lines) + "\n")
    log(UNSEEN)
    if arguments.skip_training:
        log(f"train.py --skip-training --unseen {arguments.unseen}")
    measure(arguments.programs, arguments.out / "thigh_phantom.pth", arguments.work / "unseen",
            range(1, 1 + arguments.unseen), 50, log)
    arguments.log.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
