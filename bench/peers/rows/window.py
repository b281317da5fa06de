"""Rows 4 to 6: one window, and a window of a slice with blending, beside the best of the peers' own windows."""

from __future__ import annotations

from collections.abc import Iterator

from contestant import alternate, those_that_run
from inputs import OUT_CHANNELS
from row import Row, Settings

from .window_field import WINDOW, Field

AVX2 = {"MUSCLEMAP_MAX_ISA": "avx2", "ATEN_CPU_CAPABILITY": "avx2", "ONEDNN_MAX_CPU_ISA": "AVX2"}


def measure(settings: Settings, wanted: set[int]) -> Iterator[Row]:
    field = Field(settings)
    field.prepare()
    mine = [field.own(), field.own_slice()]
    windows = mine[1].series.about["windows"]
    # Threads that wait without sleeping, or stay on their core, are faster on a quiet machine and slower on another.
    peers, absent = those_that_run(
        [
            lambda: field.torch("torch"),
            lambda: field.torch("torch, channels-last", "--channels-last"),
            lambda: field.torch("torch.compile", "--compile"),
            lambda: field.on_onnx("ONNX Runtime", "window_onnxruntime.py"),
            lambda: field.on_onnx("ONNX Runtime, no spinning", "window_onnxruntime.py", "--no-spinning"),
            lambda: field.on_onnx("OpenVINO", "window_openvino.py"),
            lambda: field.on_onnx("OpenVINO, not pinned", "window_openvino.py", "--no-pinning"),
        ]
    )
    runs = 1 if settings.quick else 4
    series = alternate([*mine, *peers], settings.rounds, runs, {1: 1 / windows})
    if 4 in wanted:
        work = f"one {WINDOW}x{WINDOW} window to {OUT_CHANNELS} logits a pixel, float32"
        notes = [field.error(each.name) for each in (series[0], *series[2:])]
        yield Row(4, work, series[0], series[2:], notes + absent)
    if 5 in wanted:
        work = f"a window of {windows} on a 400x300 slice, blending included; the peers' window alone, without blending"
        yield Row(5, work, series[1], series[2:], absent)


def measure_avx2(settings: Settings, wanted: set[int]) -> Iterator[Row]:
    field = Field(settings, AVX2)
    field.prepare()
    torch, absent = those_that_run(
        [
            lambda: field.torch("torch"),
            lambda: field.torch("torch, channels-last", "--channels-last"),
            lambda: field.torch("torch.compile", "--compile"),
        ]
    )
    series = alternate([field.own(), *torch], settings.rounds, 1 if settings.quick else 3)
    notes = [field.error("musclemap"), f"torch says {series[1].about['isa']}", *absent]
    yield Row(6, f"one {WINDOW}x{WINDOW} window, all held to AVX2", series[0], series[1:], notes)
