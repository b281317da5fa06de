"""Contestants on windows of a volume, with networks of the sizes of TotalSegmentator's."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from contestant import Contestant, own, peer
from inputs import ct_windows
from nnunet_sizes import Network
from row import Settings


class VolumeField:
    """One network, and windows of `size` (z, y, x; the network's patch unless it is given)."""

    def __init__(self, settings: Settings, network: Network, size: tuple[int, int, int] | None = None) -> None:
        from nnunet_networks import write_network  # takes torch: seconds

        self.settings = settings
        self.network = network
        self.size = size or network.patch
        self.model = write_network(settings.folder / f"networks_{network.features}", network)
        self.name = f"{network.number}_{network.features}_{'x'.join(map(str, self.size))}"
        self.onnx = settings.folder / f"network_{self.name}.onnx"
        self.image = settings.folder / f"window_{self.name}.f32"
        ct_windows(self.size)["CT-like"].tofile(self.image)

    def export(self) -> None:
        """The ONNX file: by a process of its own, whose memory is no contestant's."""
        if not self.onnx.exists():
            self.torch("export", "--onnx", self.onnx).finish()

    def own(self, work: str, *more: object) -> Contestant:
        flags = ["--model", self.model, "--threads", self.settings.threads, *more]
        return own(work, self.settings.build, *flags)

    def own_windows(self, work: str, *more: object) -> Contestant:
        return self.own(work, "--image", self.image, "--patch", self.size_text(), *more)

    def torch(self, name: str, *more: object) -> Contestant:
        flags = ["--model", self.model, "--image", self.image, "--size", self.size_text()]
        return peer(name, "window_torch.py", *flags, "--threads", self.settings.threads, *more)

    def on_onnx(self, name: str, script: str, *more: object) -> Contestant:
        flags = ["--onnx", self.onnx, "--image", self.image, "--threads", self.settings.threads]
        return peer(name, script, *flags, *more)

    def size_text(self) -> str:
        return ",".join(map(str, self.size))

    def work_text(self) -> str:
        return f"{'x'.join(map(str, self.size))}, {self.network.classes} classes"


class Errors:
    """Logits of several windows against double precision."""

    def __init__(self, field: VolumeField) -> None:
        self.field = field
        self.windows = ct_windows(field.size)
        np.stack(list(self.windows.values())).tofile(field.image)
        self.exact = self._file("exact", "f64")
        field.torch("double precision", "--exact", self.exact).finish()

    def own(self) -> Contestant:
        return self.field.own_windows("volume-logits", "--logits", self._file("musclemap", "f32"))

    def torch(self) -> Contestant:
        return self.field.torch("torch", "--logits", self._file("torch", "f32"))

    def notes(self) -> list[str]:
        """A line a window: mean and largest error of each, and how many times the mean ours is of torch's."""
        exact = self._read("exact", "f64")
        ours, theirs = self._read("musclemap", "f32"), self._read("torch", "f32")
        notes = []
        for place, name in enumerate(self.windows):
            means = []
            text = []
            for who, logits in (("musclemap", ours), ("torch", theirs)):
                error = np.abs(logits[place] - exact[place])
                changed = int((logits[place].argmax(0) != exact[place].argmax(0)).sum())
                means.append(float(error.mean()))
                text.append(f"{who} mean {error.mean():.2e}, largest {error.max():.1e}, {changed} other classes")
            notes.append(
                f"{name}: {'; '.join(text)}; ratio of means {means[0] / means[1]:.2f}; "
                f"logits up to {np.abs(exact[place]).max():.1f}"
            )
        return notes

    def _read(self, name: str, kind: str) -> np.ndarray:
        """[window][class][voxel]"""
        dtype = np.float64 if kind == "f64" else np.float32
        voxels = int(np.prod(self.field.size))
        return np.fromfile(self._file(name, kind), dtype).reshape(len(self.windows), -1, voxels)

    def _file(self, name: str, kind: str) -> Path:
        return self.field.settings.folder / f"logits_{self.field.name}_{name}.{kind}"
