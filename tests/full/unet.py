"""MONAI's 2-D UNet of one residual unit a level, with its parameter names, in plain torch."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

import torch
from torch import Tensor, nn

CHANNELS = (4, 8, 16, 32, 64)
OUT_CHANNELS = 6


def _convolution(inputs: int, outputs: int, stride: int, activated: bool = True) -> nn.Sequential:
    layers: OrderedDict[str, nn.Module] = OrderedDict(conv=nn.Conv2d(inputs, outputs, 3, stride, padding=1))
    if activated:
        layers["norm"] = nn.InstanceNorm2d(outputs)
        layers["act"] = nn.LeakyReLU(0.01)
    return nn.Sequential(layers)


class ResidualUnit(nn.Module):
    def __init__(self, inputs: int, outputs: int, stride: int, activated: bool = True) -> None:
        super().__init__()
        unit = _convolution(inputs, outputs, stride, activated)
        self.conv = nn.Sequential(OrderedDict(unit0=unit))
        self.residual: nn.Module = nn.Identity()
        if stride != 1 or inputs != outputs:
            kernel = 3 if stride != 1 else 1
            self.residual = nn.Conv2d(inputs, outputs, kernel, stride, padding=kernel // 2)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv(x) + self.residual(x)


class Skip(nn.Module):
    def __init__(self, submodule: nn.Module) -> None:
        super().__init__()
        self.submodule = submodule

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([x, self.submodule(x)], dim=1)


def _up(inputs: int, outputs: int, top: bool) -> nn.Sequential:
    transposed = nn.ConvTranspose2d(inputs, outputs, 3, 2, padding=1, output_padding=1)
    norm = nn.InstanceNorm2d(outputs)
    first = nn.Sequential(OrderedDict(conv=transposed, norm=norm, act=nn.LeakyReLU(0.01)))
    return nn.Sequential(first, ResidualUnit(outputs, outputs, 1, activated=not top))


def _block(inputs: int, outputs: int, channels: Sequence[int], top: bool) -> nn.Module:
    here, below = channels[0], channels[1]
    down = ResidualUnit(inputs, here, 2)
    if len(channels) > 2:
        sub, sub_outputs = _block(here, here, channels[1:], top=False), here
    else:
        sub, sub_outputs = ResidualUnit(here, below, 1), below
    return nn.Sequential(down, Skip(sub), _up(here + sub_outputs, outputs, top))


class UNet(nn.Module):
    def __init__(self, channels: Sequence[int] = CHANNELS, out_channels: int = OUT_CHANNELS) -> None:
        super().__init__()
        self.model = _block(1, out_channels, channels, top=True)

    def forward(self, x: Tensor) -> Tensor:
        return self.model(x)


def fixed_unet(seed: int = 7) -> UNet:
    """With weights that bfloat16 holds exactly, so that every stored type means the same network."""
    torch.manual_seed(seed)
    network = UNet().eval()
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.copy_((2 * parameter).bfloat16().float())
    return network
