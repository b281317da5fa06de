"""Rows 4 to 6: one window, and a window of a slice with blending, beside the best of the peers' own windows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from contestant import Contestant, alternate, own, peer
from inputs import OUT_CHANNELS, whole_body_model
from row import Row, Settings

WINDOW = 256
AVX2 = {"MUSCLEMAP_MAX_ISA": "avx2", "ATEN_CPU_CAPABILITY": "avx2", "ONEDNN_MAX_CPU_ISA": "AVX2"}


class _Field:
    """Contestants on one window, whose logits are compared with double precision."""

    def __init__(self, settings: Settings, environment: dict[str, str]) -> None:
        self.settings = settings
        self.environment = environment
        self.model = whole_body_model(settings.folder)
        self.image = settings.folder / "window.f32"
        self.exact = settings.folder / "logits_exact.f64"
        self.onnx = settings.folder / "network.onnx"
        np.random.default_rng(2).standard_normal((WINDOW, WINDOW), np.float32).tofile(self.image)

    def prepare(self) -> None:
        """What all are compared with, and the ONNX file: by a process of its own, whose memory is no contestant's."""
        self.torch(False, "--exact", self.exact, "--onnx", self.onnx).finish()

    def logits(self, name: str) -> Path:
        return self.settings.folder / f"logits_{name}.f32"

    def error(self, name: str) -> str:
        exact = np.fromfile(self.exact, np.float64)
        worst = np.abs(np.fromfile(self.logits(name), np.float32) - exact).max()
        return f"{name}: largest difference from double precision {worst:.1e} on logits up to {np.abs(exact).max():.1f}"

    def own(self) -> Contestant:
        flags = ["--model", self.model, "--image", self.image, "--threads", self.settings.threads]
        return own(
            "window",
            self.settings.build,
            *flags,
            "--logits",
            self.logits("musclemap"),
            environment=self.environment,
        )

    def own_slice(self) -> Contestant:
        flags = [
            "--model",
            self.model,
            "--size",
            "400,300",
            "--overlap",
            "0.9",
            "--threads",
            self.settings.threads,
        ]
        return own("slice", self.settings.build, *flags, environment=self.environment)

    def torch(self, channels_last: bool, *more: object) -> Contestant:
        name = "torch, channels-last" if channels_last else "torch"
        flags = ["--model", self.model, "--image", self.image, "--threads", self.settings.threads, *more]
        if channels_last:
            flags.append("--channels-last")
        return peer(name, "window_torch.py", *flags, environment=self.environment)

    def on_onnx(self, name: str, script: str, logits: str) -> Contestant:
        flags = ["--onnx", self.onnx, "--image", self.image, "--threads", self.settings.threads]
        return peer(name, script, *flags, "--logits", self.logits(logits), environment=self.environment)


def measure(settings: Settings, wanted: set[int]) -> Iterator[Row]:
    field = _Field(settings, {})
    field.prepare()
    mine = [field.own(), field.own_slice()]
    windows = mine[1].series.about["windows"]
    peers = [
        field.torch(False, "--logits", field.logits("torch")),
        field.torch(True),
        field.on_onnx("ONNX Runtime", "window_onnxruntime.py", "onnxruntime"),
        field.on_onnx("OpenVINO", "window_openvino.py", "openvino"),
    ]
    runs = 1 if settings.quick else 4
    series = alternate([*mine, *peers], settings.rounds, runs, {1: 1 / windows})
    notes = [field.error(name) for name in ("musclemap", "torch", "onnxruntime", "openvino")]
    if 4 in wanted:
        work = f"one {WINDOW}x{WINDOW} window to {OUT_CHANNELS} logits a pixel, float32"
        yield Row(4, work, series[0], series[2:], notes)
    if 5 in wanted:
        work = f"a window of {windows} on a 400x300 slice, blending included; the peers' window alone, without blending"
        yield Row(5, work, series[1], series[2:])


def measure_avx2(settings: Settings, wanted: set[int]) -> Iterator[Row]:
    field = _Field(settings, AVX2)
    field.prepare()
    torch = [field.torch(False), field.torch(True)]
    series = alternate([field.own(), *torch], settings.rounds, 1 if settings.quick else 3)
    notes = [
        field.error("musclemap"),
        f"torch says {series[1].about['isa']}",
        "bfloat16 on AMX: there is no such mode yet",
    ]
    yield Row(6, f"one {WINDOW}x{WINDOW} window, all held to AVX2", series[0], series[1:], notes)
