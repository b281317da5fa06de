"""How the native engine's time and memory grow: with classes and threads on one window, with overlap, classes and
threads on a slice of 400 x 300 pixels.

A network of whole-body size with random weights. Settings take turns, so that a slow minute of the machine is everyone's.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path += [str(ROOT / "bench" / "peers"), str(ROOT / "tests" / "support")]

from contestant import Contestant, alternate, own  # noqa: E402
from pth_file import description, write_model  # noqa: E402
from random_unet import random_weights  # noqa: E402
from segment_memory import CHANNELS, WINDOW  # noqa: E402

OVERLAPS = (0.0, 0.25, 0.5, 0.75, 0.9)
CLASSES = (27, 57, 114)
MB = 1e6


@dataclass(frozen=True)
class Setting:
    overlap: float
    classes: int
    threads: int


SETTINGS = (
    *(Setting(overlap, 114, 2) for overlap in OVERLAPS),
    *(Setting(0.5, classes, 2) for classes in CLASSES[:-1]),
    *(Setting(0.9, classes, 2) for classes in CLASSES[:-1]),
    Setting(0.5, 114, 1),
    Setting(0.9, 114, 1),
)


def model(folder: Path, classes: int) -> Path:
    file = folder / f"classes_{classes}.pth"
    if not file.exists():
        write_model(file, random_weights(CHANNELS, classes), description(CHANNELS, classes, WINDOW))
    return file


def start(options: argparse.Namespace, setting: Setting) -> Contestant:
    flags = ["--model", model(options.folder, setting.classes), "--overlap", setting.overlap]
    return own("slice", options.build, *flags, "--threads", setting.threads)


def start_window(options: argparse.Namespace, classes: int, threads: int) -> Contestant:
    image = options.folder / "window.f32"
    np.random.default_rng(2).standard_normal((WINDOW, WINDOW), np.float32).tofile(image)
    flags = ["--model", model(options.folder, classes), "--image", image, "--threads", threads]
    return own("window", options.build, *flags)


def measure_windows(options: argparse.Namespace) -> list[dict[str, Any]]:
    places = [(classes, threads) for classes in CLASSES for threads in (1, 2)]
    contestants = [start_window(options, *place) for place in places]
    series = alternate(contestants, options.rounds, 4)
    least = {place: each.least * 1e3 for place, each in zip(places, series, strict=True)}
    print("| classes | ms a window, 1 thread | 2 threads | times faster | peak MB |")
    print("|---|---|---|---|---|")
    for classes in CLASSES:
        one, two = least[classes, 1], least[classes, 2]
        peak = series[places.index((classes, 2))].peak_bytes / MB
        print(f"| {classes} | {one:.0f} | {two:.0f} | {one / two:.2f} | {peak:.0f} |", flush=True)
    return [
        {"classes": c, "threads": t, "seconds": s.seconds} for (c, t), s in zip(places, series, strict=True)
    ]


def measure_slices(options: argparse.Namespace) -> list[dict[str, Any]]:
    contestants = [start(options, setting) for setting in SETTINGS]
    for _ in range(options.rounds):
        for contestant in contestants:
            contestant.turn(1)
    rows = []
    print(
        "| overlap | windows | classes | threads | ms a slice | ms a window | peak MB | of it estimated for the engine |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for setting, contestant in zip(SETTINGS, contestants, strict=True):
        series = contestant.finish()
        windows, estimate = series.about["windows"], series.about["engine_bytes"]
        least = series.least * 1e3
        print(
            f"| {setting.overlap:g} | {windows} | {setting.classes} | {setting.threads} | {least:.0f}"
            f" | {least / windows:.1f} | {series.peak_bytes / MB:.0f} | {estimate / MB:.0f} |"
        )
        figures = {"windows": windows, "seconds": series.seconds, "peak_bytes": series.peak_bytes}
        rows.append({**vars(setting), **figures, "engine_bytes": estimate})
    return rows


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--windows-alone", action="store_true")
    parser.add_argument("--build", type=Path, default=ROOT / "build" / "bench", help="holds bin/")
    parser.add_argument(
        "--folder", type=Path, default=ROOT / "build" / "bench" / "peers", help="for what is made"
    )
    parser.add_argument("--json", type=Path, default=ROOT / "build" / "bench" / "growth.json")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    figures = {
        "windows": measure_windows(options),
        "slices": [] if options.windows_alone else measure_slices(options),
    }
    options.json.write_text(json.dumps(figures, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
