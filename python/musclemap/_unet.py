"""MONAI's 2-D UNet under the same parameter names, in plain torch; imported by convert.py alone."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

import torch
from torch import Tensor, nn

SLOPE = 0.01


def _convolution(inputs: int, outputs: int, stride: int, plain: bool = False) -> nn.Sequential:
    layers: OrderedDict[str, nn.Module] = OrderedDict()
    layers["conv"] = nn.Conv2d(inputs, outputs, 3, stride, padding=1)
    return nn.Sequential(layers if plain else _activated(layers, outputs))


def _transposed(inputs: int, outputs: int, stride: int, plain: bool) -> nn.Sequential:
    layers: OrderedDict[str, nn.Module] = OrderedDict()
    layers["conv"] = nn.ConvTranspose2d(inputs, outputs, 3, stride, padding=1, output_padding=stride - 1)
    return nn.Sequential(layers if plain else _activated(layers, outputs))


def _activated(layers: OrderedDict[str, nn.Module], outputs: int) -> OrderedDict[str, nn.Module]:
    layers["norm"] = nn.InstanceNorm2d(outputs)
    layers["act"] = nn.LeakyReLU(SLOPE)
    return layers


class _ResidualUnit(nn.Module):
    def __init__(self, inputs: int, outputs: int, stride: int, units: int, plain: bool = False) -> None:
        super().__init__()
        layers: OrderedDict[str, nn.Module] = OrderedDict()
        for unit in range(units):
            first, step = (inputs, stride) if unit == 0 else (outputs, 1)
            layers[f"unit{unit}"] = _convolution(first, outputs, step, plain and unit == units - 1)
        self.conv = nn.Sequential(layers)
        self.residual: nn.Module = nn.Identity()
        if stride != 1:
            self.residual = nn.Conv2d(inputs, outputs, 3, stride, padding=1)
        elif inputs != outputs:
            self.residual = nn.Conv2d(inputs, outputs, 1)

    def forward(self, x: Tensor) -> Tensor:
        result: Tensor = self.conv(x) + self.residual(x)
        return result


class _Skip(nn.Module):
    def __init__(self, submodule: nn.Module) -> None:
        super().__init__()
        self.submodule = submodule

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([x, self.submodule(x)], dim=1)


def _down(inputs: int, outputs: int, stride: int, units: int) -> nn.Module:
    return _ResidualUnit(inputs, outputs, stride, units) if units > 0 else _convolution(inputs, outputs, stride)


def _up(inputs: int, outputs: int, stride: int, units: int, top: bool) -> nn.Module:
    first = _transposed(inputs, outputs, stride, plain=top and units == 0)
    if units == 0:
        return first
    return nn.Sequential(first, _ResidualUnit(outputs, outputs, 1, 1, plain=top))


def _block(
    inputs: int, outputs: int, channels: Sequence[int], strides: Sequence[int], units: int, top: bool
) -> nn.Module:
    here = channels[0]
    below: nn.Module
    if len(channels) > 2:
        below, joined = _block(here, here, channels[1:], strides[1:], units, top=False), 2 * here
    else:
        below, joined = _down(here, channels[1], 1, units), here + channels[1]
    down = _down(inputs, here, strides[0], units)
    return nn.Sequential(down, _Skip(below), _up(joined, outputs, strides[0], units, top))


class _UNet(nn.Module):
    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(self, x: Tensor) -> Tensor:
        result: Tensor = self.model(x)
        return result


def build_unet(out_channels: int, channels: Sequence[int], strides: Sequence[int], res_units: int) -> nn.Module:
    """One channel in, `out_channels` out; weights are random until a state_dict is loaded."""
    return _UNet(_block(1, out_channels, channels, strides, res_units, top=True))
