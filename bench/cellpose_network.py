"""The network of Cellpose 3 (cellpose/resnet_torch.py, CPnet) with random weights, in a file as Cellpose saves it: a
state dict, whose name has no suffix."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import torch
from torch.nn import functional

WIDTHS = (32, 64, 128, 256)  # of Cellpose's own models
CHANNELS = 2
MAPS = 3  # flows along y and x, logit
TILE = 224
DIAMETER = 30.0  # which the files carry
EPSILON = 1e-5


def _convolution(inputs: int, outputs: int, kernel: int) -> list[torch.nn.Module]:
    norm = torch.nn.BatchNorm2d(inputs, eps=EPSILON)
    return [norm, torch.nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2)]


def _activated(inputs: int, outputs: int, kernel: int = 3) -> torch.nn.Sequential:
    norm, convolution = _convolution(inputs, outputs, kernel)
    return torch.nn.Sequential(norm, torch.nn.ReLU(), convolution)


def _four(make: Callable[[int], torch.nn.Module]) -> torch.nn.Sequential:
    modules = torch.nn.Sequential()
    for index in range(4):
        modules.add_module(f"conv_{index}", make(index))
    return modules


class _Down(torch.nn.Module):
    def __init__(self, inputs: int, width: int) -> None:
        super().__init__()
        self.conv = _four(lambda index: _activated(width if index else inputs, width))
        self.proj = torch.nn.Sequential(*_convolution(inputs, width, 1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.proj(x) + self.conv[1](self.conv[0](x))
        return x + self.conv[3](self.conv[2](x))


class _Styled(torch.nn.Module):
    def __init__(self, width: int, style: int) -> None:
        super().__init__()
        self.conv = _activated(width, width)
        self.full = torch.nn.Linear(style, width)

    def forward(self, x: torch.Tensor, style: torch.Tensor) -> torch.Tensor:
        return self.conv(x + self.full(style)[:, :, None, None])


class _Up(torch.nn.Module):
    def __init__(self, inputs: int, width: int, style: int) -> None:
        super().__init__()
        self.conv = _four(lambda index: _Styled(width, style) if index else _activated(inputs, width))
        self.proj = torch.nn.Sequential(*_convolution(inputs, width, 1))

    def forward(self, x: torch.Tensor, skip: torch.Tensor, style: torch.Tensor) -> torch.Tensor:
        x = self.proj(x) + self.conv[1](self.conv[0](x) + skip, style)
        return x + self.conv[3](self.conv[2](x, style), style)


class Cellpose(torch.nn.Module):
    def __init__(self, widths: tuple[int, ...] = WIDTHS) -> None:
        super().__init__()
        self.downsample, self.upsample = torch.nn.Module(), torch.nn.Module()
        self.downsample.down, self.upsample.up = torch.nn.Sequential(), torch.nn.Sequential()
        before = (CHANNELS, *widths)
        above = (*widths, widths[-1])
        for level, width in enumerate(widths):
            self.downsample.down.add_module(f"res_down_{level}", _Down(before[level], width))
            self.upsample.up.add_module(f"res_up_{level}", _Up(above[level + 1], width, widths[-1]))
        self.output = _activated(widths[0], MAPS, 1)
        for name in ("diam_mean", "diam_labels"):
            setattr(self, name, torch.nn.Parameter(torch.full((1,), DIAMETER), requires_grad=False))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The maps; the style, of which they are made, is not handed on."""
        skips = []
        for level, down in enumerate(self.downsample.down):
            x = down(functional.max_pool2d(x, 2) if level else x)
            skips.append(x)
        style = x.mean((2, 3))
        style = style / style.norm(dim=1, keepdim=True)
        for level in reversed(range(len(skips))):
            if level + 1 < len(skips):
                x = functional.interpolate(x, scale_factor=2, mode="nearest")
            x = self.upsample.up[level](x, skips[level], style)
        return self.output(x)


def write_network(file: Path, seed: int = 1) -> Path:
    """Once."""
    if file.exists():
        return file
    torch.manual_seed(seed)
    network = Cellpose()
    with torch.no_grad():
        for name, buffer in network.named_buffers():
            if name.endswith("running_mean"):
                buffer.normal_(0, 0.1)
            elif name.endswith("running_var"):
                buffer.uniform_(0.5, 1.5)
    partial = file.with_name(file.name + ".partial")
    torch.save(network.state_dict(), partial)
    partial.rename(file)
    return file


def read_network(file: Path) -> Cellpose:
    network = Cellpose()
    network.load_state_dict(torch.load(file, map_location="cpu", weights_only=True))
    return network.eval()
