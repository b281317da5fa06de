"""Rows 18 and 19: a tile through Cellpose's network in its real widths, beside the best of the peers."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from contestant import Contestant, alternate, own, peer, those_that_run
from row import Row, Settings

from .window import AVX2

OURS = "musclemap"


class CellField:
    def __init__(self, settings: Settings, environment: dict[str, str] | None = None) -> None:
        from cellpose_network import CHANNELS, MAPS, TILE, write_network  # takes torch: seconds

        self.settings = settings
        self.environment = environment or {}
        self.pixels = (MAPS, TILE * TILE)
        self.work = f"a tile of {TILE}x{TILE} through Cellpose's network (32 to 256 channels), float32"
        self.model = write_network(settings.folder / "cellpose_random")
        self.image = settings.folder / "tile.f32"
        self.exact = settings.folder / "tile_exact.f64"
        self.onnx = settings.folder / "cellpose.onnx"
        np.random.default_rng(6).standard_normal((CHANNELS, TILE, TILE), np.float32).tofile(self.image)

    def prepare(self) -> None:
        """What all are compared with, and the ONNX file: by a process of its own, whose memory is no contestant's."""
        self.torch("double precision", "--exact", self.exact, "--onnx", self.onnx).finish()

    def own(self) -> Contestant:
        flags = ["--model", self.model, *self._flags(OURS)]
        return own("cells", self.settings.build, *flags, environment=self.environment)

    def torch(self, name: str, *more: object) -> Contestant:
        flags = ["--model", self.model, *self._flags(name), *more]
        return peer(name, "window_torch.py", *flags, environment=self.environment)

    def on_onnx(self, name: str, script: str, *more: object) -> Contestant:
        flags = ["--onnx", self.onnx, *self._flags(name), *more]
        return peer(name, script, *flags, environment=self.environment)

    def error(self, name: str) -> str:
        maps = np.fromfile(self._file(name), np.float32).reshape(self.pixels)
        exact = np.fromfile(self.exact, np.float64).reshape(self.pixels)
        error = np.abs(maps - exact)
        return (
            f"{name} against double precision: largest difference {error.max():.1e}, on average {error.mean():.1e}, "
            f"on values up to {np.abs(exact).max():.1f}"
        )

    def _file(self, name: str) -> str:
        return str(self.settings.folder / f"tile_{name.replace(', ', '_').replace(' ', '_')}.f32")

    def _flags(self, name: str) -> list[object]:
        return ["--image", self.image, "--threads", self.settings.threads, "--logits", self._file(name)]


def _row(number: int, field: CellField, work: str, starts: list[Callable[[], Contestant]]) -> Row:
    field.prepare()
    mine = field.own()
    peers, absent = those_that_run(starts)
    first, *others = alternate([mine, *peers], field.settings.rounds, 1 if field.settings.quick else 4)
    reason = first.about["engine_reason"]
    ran = [f"{OURS} ran on {first.about['name']}: {reason}"] if reason else []
    notes = [field.error(each.name) for each in (first, *others)]
    return Row(number, work, first, others, [*ran, *notes, *absent])


def measure(settings: Settings, wanted: set[int]) -> Iterator[Row]:
    field = CellField(settings)
    yield _row(
        18,
        field,
        field.work,
        [
            lambda: field.torch("torch"),
            lambda: field.torch("torch, channels-last", "--channels-last"),
            lambda: field.on_onnx("ONNX Runtime", "window_onnxruntime.py"),
            lambda: field.on_onnx("ONNX Runtime, no spinning", "window_onnxruntime.py", "--no-spinning"),
            lambda: field.on_onnx("OpenVINO", "window_openvino.py"),
            lambda: field.on_onnx("OpenVINO, not pinned", "window_openvino.py", "--no-pinning"),
        ],
    )


# ONNX Runtime cannot be held back.
def measure_avx2(settings: Settings, wanted: set[int]) -> Iterator[Row]:
    field = CellField(settings, AVX2)
    yield _row(
        19,
        field,
        f"{field.work}, all held to AVX2",
        [
            lambda: field.torch("torch"),
            lambda: field.torch("torch, channels-last", "--channels-last"),
            lambda: field.on_onnx("OpenVINO", "window_openvino.py"),
            lambda: field.on_onnx("OpenVINO, not pinned", "window_openvino.py", "--no-pinning"),
        ],
    )
