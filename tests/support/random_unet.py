"""MONAI's 2-D UNet with random weights and any of its parameters, as MuscleMap's models have them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from pth_file import STRIDES, TINY_CHANNELS, Shape, Tensor, description

# A leaky ReLU of slope 0.01 keeps this part of a signal's variance.
_ACTIVATION_GAIN = 0.5


@dataclass(frozen=True)
class UNet:
    """`channels` has one entry more than `strides`; both as in the model's description."""

    channels: tuple[int, ...]
    strides: tuple[int, ...]
    out_channels: int
    units: int = 1
    norm: str = "instance"
    affine: bool = False
    activation: str = "LeakyReLU"

    def shapes(self) -> Iterator[tuple[str, Shape]]:
        """Names and shapes in the order of the state dict."""
        levels = len(self.strides)
        for level in range(levels + 1):
            prefix = "model" + ".1.submodule" * level + (".0" if level < levels else "")
            inputs = 1 if level == 0 else self.channels[level - 1]
            stride = self.strides[level] if level < levels else 1
            yield from self._down(prefix, inputs, self.channels[level], stride)
        for level in reversed(range(levels)):
            prefix = "model" + ".1.submodule" * level + ".2"
            below = self.channels[level + 1] if level + 1 == levels else self.channels[level]
            outputs = self.out_channels if level == 0 else self.channels[level - 1]
            yield from self._up(prefix, self.channels[level] + below, outputs, top=level == 0)

    def _down(self, prefix: str, inputs: int, channels: int, stride: int) -> Iterator[tuple[str, Shape]]:
        if self.units == 0:
            yield from self._convolution(prefix + ".conv", channels, inputs, 3, channels)
            return
        for unit in range(self.units):
            of = inputs if unit == 0 else channels
            yield from self._convolution(f"{prefix}.conv.unit{unit}.conv", channels, of, 3, channels)
        if stride != 1 or inputs != channels:
            kernel = 1 if stride == 1 else 3
            yield from self._convolution(
                prefix + ".residual", channels, inputs, kernel, channels, normalised=False
            )

    def _up(self, prefix: str, inputs: int, outputs: int, top: bool) -> Iterator[tuple[str, Shape]]:
        first = prefix + (".0.conv" if self.units else ".conv")
        yield from self._convolution(
            first, inputs, outputs, 3, outputs, normalised=self.units > 0 or not top
        )
        if self.units:
            unit = prefix + ".1.conv.unit0.conv"
            yield from self._convolution(unit, outputs, outputs, 3, outputs, normalised=not top)

    def _convolution(
        self, name: str, first: int, second: int, kernel: int, bias: int, normalised: bool = True
    ) -> Iterator[tuple[str, Shape]]:
        yield name + ".weight", (first, second, kernel, kernel)
        yield name + ".bias", (bias,)
        if not normalised:
            return
        behind = name.removesuffix(".conv") + ".adn"
        if self.affine:
            yield behind + ".N.weight", (bias,)
            yield behind + ".N.bias", (bias,)
        if self.norm == "batch":
            yield behind + ".N.running_mean", (bias,)
            yield behind + ".N.running_var", (bias,)
            yield behind + ".N.num_batches_tracked", ()
        if self.activation == "PReLU":
            yield behind + ".A.weight", (1,)

    def weights(self, seed: int = 1) -> dict[str, Tensor]:
        """Scaled after He, so that the activations of every level are of the order of 1."""
        random = np.random.default_rng(seed)
        weights: dict[str, Tensor] = {}
        for name, shape in self.shapes():
            if len(shape) > 1:
                scale = np.sqrt(1 / (_ACTIVATION_GAIN * shape[1] * shape[2] * shape[3]))
                values = random.standard_normal(shape, np.float32) * scale
            elif name.endswith((".N.weight", ".running_var")):
                values = random.uniform(0.5, 1.5, shape)
            elif name.endswith(".A.weight"):
                values = random.uniform(0.05, 0.4, shape)
            else:
                values = random.normal(0, 0.1, shape)
            weights[name] = values.astype(np.float32)
        return weights

    def description(self, window: tuple[int, int]) -> dict[str, Any]:
        """The JSON beside the weights."""
        about = description(self.channels, self.out_channels)
        about["parameters"]["roi_size"] = list(window)
        norm: Any = ["instance" if self.norm == "instance" else "batch", {"affine": self.affine}]
        about["model"] |= {
            "strides": list(self.strides),
            "num_res_units": self.units,
            "norm": norm,
            "act": self.activation,
        }
        return about


def random_weights(
    channels: Sequence[int] = TINY_CHANNELS, out_channels: int = 6, seed: int = 1
) -> dict[str, Tensor]:
    """Of a network with one residual unit and stride 2 at each level."""
    return UNet(tuple(channels), STRIDES, out_channels).weights(seed)
