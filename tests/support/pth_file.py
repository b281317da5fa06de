"""Writes models of random weights as torch.save() writes them, without torch."""

from __future__ import annotations

import json
import struct
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Tensor = NDArray[np.float32]
Shape = tuple[int, ...]

STRIDES = (2, 2, 2, 2)
TINY_CHANNELS = (4, 8, 16, 32, 64)


def _text(text: str) -> bytes:
    data = text.encode()
    return b"X" + struct.pack("<I", len(data)) + data


def _number(value: int) -> bytes:
    return b"J" + struct.pack("<i", value)


def _tuple(values: Sequence[int]) -> bytes:
    return b"(" + b"".join(_number(value) for value in values) + b"t"


def _tensor(key: str, shape: Shape) -> bytes:
    strides = [int(np.prod(shape[axis + 1 :])) for axis in range(len(shape))]
    storage = b"(" + _text("storage") + b"ctorch\nFloatStorage\n" + _text(key) + _text("cpu")
    storage += _number(int(np.prod(shape))) + b"tQ"
    parts = storage + _number(0) + _tuple(shape) + _tuple(strides) + b"\x89ccollections\nOrderedDict\n)R"
    return b"ctorch._utils\n_rebuild_tensor_v2\n(" + parts + b"tR"


def write_pth(file: Path, weights: dict[str, Tensor]) -> Path:
    """A stored zip that holds a pickle (protocol 2) of an OrderedDict and a file for each tensor."""
    pickle = b"\x80\x02ccollections\nOrderedDict\n)R("
    for key, (name, tensor) in enumerate(weights.items()):
        pickle += _text(name) + _tensor(str(key), tensor.shape)
    pickle += b"u}" + _text("_metadata") + b"ccollections\nOrderedDict\n)Rsb."
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("model/data.pkl", pickle)
        archive.writestr("model/byteorder", "little")
        for key, tensor in enumerate(weights.values()):
            archive.writestr(f"model/data/{key}", np.ascontiguousarray(tensor, "<f4").tobytes())
        archive.writestr("model/version", "3\n")
    return file


def description(
    channels: Sequence[int] = TINY_CHANNELS, out_channels: int = 6, window: int = 64
) -> dict[str, Any]:
    """The JSON that stands beside a published model; label values are not their indices."""
    return {
        "parameters": {
            "roi_size": [window, window],
            "spatial_window_batch_size": 1,
            "pix_dim": [1, 1, -1],
        },
        "model": {
            "version": 1.0,
            "spatial_dims": 2,
            "in_channels": 1,
            "out_channels": out_channels,
            "channels": list(channels),
            "act": "LeakyReLU",
            "strides": list(STRIDES),
            "num_res_units": 1,
            "norm": "instance",
        },
        "labels": [
            {"region": "test", "anatomy": f"part {index}", "side": "left", "value": 1000 + 10 * index}
            for index in range(1, out_channels)
        ],
    }


def write_model(file: Path, weights: dict[str, Tensor], about: dict[str, Any]) -> Path:
    """The weights, and their description beside them."""
    file.with_suffix(".json").write_text(json.dumps(about))
    return write_pth(file, weights)
