"""Trains the sample model of cells on made-up nuclei.

Run by `./dev train --cells`. Cellpose 3's network with few channels, in Cellpose's own file format: whatever reads a
model that Cellpose has trained reads it. Needs torch and numpy alone. Arrays are (y, x).
"""

import argparse
import pathlib
import platform
import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from cell_pictures import DIAMETER, flows_of, series

HERE = pathlib.Path(__file__).resolve().parent
WIDTHS = (8, 16, 32, 32)
CROP = 96  # pixels of a window
FLOW_SCALE = 5  # flows as the network gives them are unit vectors times this


# The network: Cellpose 3's CPnet, under the same parameter names.


def block(inputs, outputs, kernel=3):
    layers = (nn.BatchNorm2d(inputs), nn.ReLU(), nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2))
    return nn.Sequential(*layers)


def projection(inputs, outputs):
    return nn.Sequential(nn.BatchNorm2d(inputs), nn.Conv2d(inputs, outputs, 1))


class StyledBlock(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.conv = block(width, width)
        self.full = nn.Linear(WIDTHS[-1], width)

    def forward(self, style, x, skip=0):
        return self.conv(x + skip + self.full(style)[:, :, None, None])


class Down(nn.Module):
    def __init__(self, inputs, width):
        super().__init__()
        self.conv = nn.Sequential()
        for n in range(4):
            self.conv.add_module(f"conv_{n}", block(width if n else inputs, width))
        self.proj = projection(inputs, width)

    def forward(self, x):
        x = self.proj(x) + self.conv[1](self.conv[0](x))
        return x + self.conv[3](self.conv[2](x))


class Up(nn.Module):
    def __init__(self, inputs, width):
        super().__init__()
        self.conv = nn.Sequential()
        self.conv.add_module("conv_0", block(inputs, width))
        for n in range(1, 4):
            self.conv.add_module(f"conv_{n}", StyledBlock(width))
        self.proj = projection(inputs, width)

    def forward(self, x, skip, style):
        x = self.proj(x) + self.conv[1](style, self.conv[0](x), skip)
        return x + self.conv[3](style, self.conv[2](style, x))


class Downsample(nn.Module):
    def __init__(self):
        super().__init__()
        self.down = nn.Sequential()
        for n, width in enumerate(WIDTHS):
            self.down.add_module(f"res_down_{n}", Down(WIDTHS[n - 1] if n else 2, width))

    def forward(self, x):
        levels = []
        for n, down in enumerate(self.down):
            levels.append(down(functional.max_pool2d(levels[-1], 2) if n else x))
        return levels


class Upsample(nn.Module):
    def __init__(self):
        super().__init__()
        self.up = nn.Sequential()
        for n, width in enumerate(WIDTHS):
            self.up.add_module(f"res_up_{n}", Up(WIDTHS[min(n + 1, len(WIDTHS) - 1)], width))

    def forward(self, levels, style):
        x = levels[-1]
        for n in reversed(range(len(WIDTHS))):
            if n + 1 < len(WIDTHS):
                x = functional.interpolate(x, scale_factor=2, mode="nearest")
            x = self.up[n](x, levels[n], style)
        return x


class CPnet(nn.Module):
    def __init__(self):
        super().__init__()
        self.downsample = Downsample()
        self.upsample = Upsample()
        self.output = block(WIDTHS[0], 3, 1)
        # Both are read by whatever runs the model; pictures have the networks' scale already.
        self.diam_mean = nn.Parameter(torch.tensor([DIAMETER]), requires_grad=False)
        self.diam_labels = nn.Parameter(torch.tensor([DIAMETER]), requires_grad=False)

    def forward(self, x):
        """Windows (n, 2, y, x) to y flow, x flow and logit."""
        levels = self.downsample(x)
        style = levels[-1].mean((2, 3))
        style = style / style.norm(dim=1, keepdim=True)
        return self.output(self.upsample(levels, style))


# Data.


def normalised(picture):
    low, high = np.percentile(picture, (1, 99))
    return ((picture - low) / (high - low)).astype(np.float32)


def examples(seeds, log):
    """Picture, flows times 5 and whether there is a cell: (4, y, x) each."""
    made = []
    for seed in seeds:
        pictures, labels = series(seed)
        parts = (normalised(pictures[0])[None], FLOW_SCALE * flows_of(labels[0]), labels > 0)
        made.append(torch.from_numpy(np.concatenate(parts).astype(np.float32)))
    log(f"{len(made)} pictures of {made[0].shape[1]} x {made[0].shape[2]} pixels")
    return made


def window_of(data, random):
    """A random part, flipped and transposed at random, brightness and contrast changed a little."""
    whole = data[random.integers(len(data))]
    y, x = (int(random.integers(n - CROP + 1)) for n in whole.shape[1:])
    part = whole[:, y : y + CROP, x : x + CROP].clone()
    for axis in (1, 2):
        if random.random() < 0.5:
            part = part.flip(axis)
            part[axis] *= -1
    if random.random() < 0.5:
        part = part.transpose(1, 2)[[0, 2, 1, 3]]
    part[0] = part[0] * (1 + 0.2 * random.normal()) + 0.05 * random.normal()
    return part


def loss_of(output, target):
    """As Cellpose trains: squared errors of flows by half, and the cross entropy of the logit."""
    flows = functional.mse_loss(output[:, :2], target[:, 1:3]) / 2
    return flows + functional.binary_cross_entropy_with_logits(output[:, 2], target[:, 3])


def train(data, minutes, rate, batch, seed, log):
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    network = CPnet().to(memory_format=torch.channels_last)
    log(f"network: {sum(p.numel() for p in network.parameters())} parameters, widths {WIDTHS}, windows of {CROP} pixels")
    optimiser = torch.optim.AdamW([p for p in network.parameters() if p.requires_grad], lr=rate, weight_decay=1e-4)
    start = time.monotonic()
    done, reported, step, since, sum_loss = 0.0, 0.0, 0, 0, 0.0
    while done < 1:
        # Warm up, then a half cosine to zero.
        for group in optimiser.param_groups:
            group["lr"] = rate * min(1.0, done / 0.03 + 0.05) * 0.5 * (1 + np.cos(np.pi * done))
        target = torch.stack([window_of(data, random) for _ in range(batch)])
        pictures = torch.cat([target[:, :1], torch.zeros_like(target[:, :1])], 1)  # no second channel
        optimiser.zero_grad()
        loss = loss_of(network(pictures.contiguous(memory_format=torch.channels_last)), target)
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 5.0)
        optimiser.step()
        step, since, sum_loss = step + 1, since + 1, sum_loss + loss.item()
        done = (time.monotonic() - start) / (60 * minutes)
        if done >= reported + 0.05 or done >= 1:
            log(f"step {step:5d}  {60 * minutes * done:6.0f} s  loss {sum_loss / since:.4f}")
            reported, since, sum_loss = reported + 0.05, 0, 0.0
    log(f"{step} steps in {time.monotonic() - start:.0f} s, {time.process_time():.0f} s of processor time")
    return network.to(memory_format=torch.contiguous_format).eval()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=pathlib.Path, default=HERE / "model" / "nuclei_phantom")
    parser.add_argument("--log", type=pathlib.Path, default=HERE / "cells_training_log.txt")
    parser.add_argument("--pictures", type=int, default=120, help="seeds 1000, 1001, … are trained on")
    parser.add_argument("--unseen", type=int, default=12, help="seeds 1, 2, … are measured")
    parser.add_argument("--minutes", type=float, default=8)
    parser.add_argument("--rate", type=float, default=4e-3)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)

    lines = []

    def log(line):
        print(line, flush=True)
        lines.append(line)

    shown = ("pictures", "unseen", "minutes", "rate", "batch", "seed", "threads")
    log("train_cells.py " + " ".join(f"--{name} {getattr(arguments, name)}" for name in shown))
    log(f"Python {platform.python_version()}, torch {torch.__version__}, numpy {np.__version__}")
    data = examples(range(1000, 1000 + arguments.pictures), log)
    network = train(data, arguments.minutes, arguments.rate, arguments.batch, arguments.seed, log)
    torch.save(network.state_dict(), arguments.out)
    unseen = examples(range(1, 1 + arguments.unseen), log)
    with torch.no_grad():
        stacked = torch.stack(unseen)
        output = network(torch.cat([stacked[:, :1], torch.zeros_like(stacked[:, :1])], 1))
        log(f"loss on pictures that it has not seen (seeds 1 to {arguments.unseen}): {loss_of(output, stacked):.4f}")
    arguments.log.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
