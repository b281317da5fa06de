"""Contestants on one window, whose logits are compared with double precision."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from contestant import Contestant, own, peer
from inputs import whole_body_model
from row import Settings

WINDOW = 256


class Field:
    def __init__(
        self, settings: Settings, environment: dict[str, str] | None = None, model: Path | None = None
    ) -> None:
        self.settings = settings
        # What is compiled for a contestant lies with all else that is made, by what the CPU may be used for.
        compiled = settings.folder / ("inductor_held_back" if environment else "inductor")
        self.environment = {"TORCHINDUCTOR_CACHE_DIR": str(compiled), **(environment or {})}
        self.model = model or whole_body_model(settings.folder)
        self.image = settings.folder / "window.f32"
        self.exact = settings.folder / "logits_exact.f64"
        self.onnx = settings.folder / "network.onnx"
        np.random.default_rng(2).standard_normal((WINDOW, WINDOW), np.float32).tofile(self.image)

    def prepare(self) -> None:
        """What all are compared with, and the ONNX file: by a process of its own, whose memory is no contestant's."""
        self.torch("double precision", "--exact", self.exact, "--onnx", self.onnx).finish()

    def own(self, name: str = "musclemap", *more: object) -> Contestant:
        flags = ["--model", self.model, *self._flags(name), *more]
        contestant = own("window", self.settings.build, *flags, environment=self.environment)
        contestant.series.name = name
        return contestant

    def own_slice(self) -> Contestant:
        flags = ["--model", self.model, "--size", "400,300", "--overlap", "0.9"]
        flags += ["--threads", self.settings.threads]
        return own("slice", self.settings.build, *flags, environment=self.environment)

    def torch(self, name: str, *more: object) -> Contestant:
        flags = ["--model", self.model, *self._flags(name), *more]
        return peer(name, "window_torch.py", *flags, environment=self.environment)

    def on_onnx(self, name: str, script: str, *more: object) -> Contestant:
        flags = ["--onnx", self.onnx, *self._flags(name), *more]
        return peer(name, script, *flags, environment=self.environment)

    def logits(self, name: str) -> np.ndarray:
        """[class][pixel]"""
        return np.fromfile(self._logits_file(name), np.float32).reshape(-1, WINDOW * WINDOW)

    def error(self, name: str, of: str | None = None) -> str:
        """Against double precision, or another contestant's logits."""
        logits = self.logits(name)
        expected = self.logits(of) if of else np.fromfile(self.exact, np.float64).reshape(logits.shape)
        worst, largest = np.abs(logits - expected).max(), np.abs(expected).max()
        changed = int((logits.argmax(0) != expected.argmax(0)).sum())
        return (
            f"{name} against {of or 'double precision'}: largest difference {worst:.1e} on logits up to {largest:.1f}, "
            f"another best class at {changed} of {WINDOW * WINDOW} pixels ({changed / WINDOW**2:.2%})"
        )

    def _logits_file(self, name: str) -> Path:
        return self.settings.folder / f"logits_{name.replace(', ', '_').replace(' ', '_')}.f32"

    def _flags(self, name: str) -> list[object]:
        return ["--image", self.image, "--threads", self.settings.threads, "--logits", self._logits_file(name)]
