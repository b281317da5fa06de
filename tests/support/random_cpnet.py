"""Cellpose 3's network with random weights and few channels, as its state dicts name them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

Tensor = NDArray[np.float32]


def shapes(widths: Sequence[int], channels: int = 2) -> Iterator[tuple[str, tuple[int, ...]]]:
    def norm(name: str, width: int) -> Iterator[tuple[str, tuple[int, ...]]]:
        yield from ((f"{name}.{part}", (width,)) for part in ("weight", "bias", "running_mean", "running_var"))

    def block(name: str, ins: int, outs: int, kernel: int, at: tuple[int, int] = (0, 2)) -> Iterator[tuple[str, tuple[int, ...]]]:
        yield from norm(f"{name}.{at[0]}", ins)
        yield f"{name}.{at[1]}.weight", (outs, ins, kernel, kernel)
        yield f"{name}.{at[1]}.bias", (outs,)

    for level, width in enumerate(widths):
        name = f"downsample.down.res_down_{level}"
        before = widths[level - 1] if level else channels
        for number in range(4):
            yield from block(f"{name}.conv.conv_{number}", width if number else before, width, 3)
        yield from block(f"{name}.proj", before, width, 1, (0, 1))
    for level, width in enumerate(widths):
        name = f"upsample.up.res_up_{level}"
        below = widths[min(level + 1, len(widths) - 1)]
        yield from block(f"{name}.conv.conv_0", below, width, 3)
        for number in range(1, 4):
            yield from block(f"{name}.conv.conv_{number}.conv", width, width, 3)
            yield f"{name}.conv.conv_{number}.full.weight", (width, widths[-1])
            yield f"{name}.conv.conv_{number}.full.bias", (width,)
        yield from block(f"{name}.proj", below, width, 1, (0, 1))
    yield from block("output", widths[0], 3, 1)


def random_cpnet(widths: Sequence[int] = (4, 8), diameter: float = 20, seed: int = 5) -> dict[str, Tensor]:
    """By name; diam_mean and diam_labels are the diameter."""
    random = np.random.default_rng(seed)
    weights = {"diam_mean": np.float32([diameter]), "diam_labels": np.float32([diameter])}
    for name, shape in shapes(widths):
        if name.endswith("running_var"):
            values = random.uniform(0.5, 1.5, shape)
        else:
            values = random.normal(0, 1 / np.sqrt(np.prod(shape[1:])) if len(shape) > 1 else 0.1, shape)
        weights[name] = values.astype(np.float32)
    return weights
