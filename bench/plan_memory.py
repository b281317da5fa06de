"""What a plan says a run will hold, and what mm_segment held at its peak: 12 runs of random networks.

The plan (`musclemap task show --for`) must not be below the peak, and at most 25 % + 60 MB above. Exit status 1 if one
of the runs is outside. Only a build's own figures mean something: run it on the build that it is asked about.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path += [str(ROOT / "bench" / "peers"), str(ROOT / "tests" / "support")]

from nifti_file import header_of, write_nifti  # noqa: E402
from process import Process, measured  # noqa: E402
from pth_file import description, write_model  # noqa: E402
from random_unet import random_weights  # noqa: E402

MB = 1e6


@dataclass(frozen=True)
class Run:
    classes: int
    shape: tuple[int, int, int]
    overlap: float
    spacing: tuple[float, float, float] = (1.2, 1.2, 4.0)
    window: int = 128
    channels: tuple[int, ...] = (8, 16, 32, 64, 128)
    memory: str = ""
    packed: bool = True
    threads: int = 2


RUNS = [
    Run(9, (160, 120, 1), 0.0),
    Run(9, (200, 160, 6), 0.9),
    Run(9, (128, 128, 400), 0.0, packed=False),
    Run(14, (400, 300, 12), 0.5),
    Run(29, (256, 256, 60), 0.5, spacing=(1.0, 1.0, 3.0)),
    Run(29, (300, 240, 4), 0.9, memory="180MB"),
    Run(60, (512, 384, 8), 0.0, spacing=(0.78, 0.78, 5.0), window=256, channels=(32, 64, 128, 128, 256)),
    Run(90, (240, 200, 50), 0.25, packed=False),
    Run(9, (320, 256, 2), 0.5, channels=(64, 128, 256, 512, 1024)),
    Run(114, (400, 320, 2), 0.9, spacing=(1.0, 1.0, 4.0), memory="600MB"),
    Run(114, (96, 64, 120), 0.0, spacing=(2.0, 2.0, 2.0)),
    Run(114, (320, 256, 2), 0.75, window=256, channels=(64, 128, 256, 512, 1024), threads=1),
]


def model(folder: Path, run: Run) -> Path:
    file = folder / f"plan_{run.classes}_{run.window}_{run.channels[0]}.pth"
    about = description(run.channels, run.classes, run.window)
    return write_model(file, random_weights(run.channels, run.classes), about)


def volume(folder: Path, run: Run) -> Path:
    """A body's outline with texture and noise, so that labels come in many components."""
    random = np.random.default_rng(run.shape[2])
    x, y = np.meshgrid(*(np.linspace(-1, 1, size) for size in run.shape[:2]), indexing="ij")
    inside = (x**2 + 1.2 * y**2 < 0.8)[..., None]
    texture = (400 + 150 * np.sin(11 * x) * np.cos(9 * y))[..., None] + random.normal(0, 40, run.shape)
    voxels = np.where(inside, texture, random.uniform(1, 30, run.shape)).astype("<i2")
    name = "plan_image.nii.gz" if run.packed else "plan_image.nii"
    return write_nifti(folder / name, voxels, header_of(voxels, run.spacing))


def planned(options: argparse.Namespace, run: Run, weights: Path, image: Path) -> int:
    """Of the task with the run's overlap, in a file beside the weights."""
    program = [str(options.bin / "musclemap"), "task", "show", "--json"]
    task = json.loads(subprocess.check_output([*program, str(weights)]))["task"]
    task["stages"][0]["windows"]["placement"]["overlap"] = run.overlap
    file = weights.with_name("plan_task.json")
    file.write_text(json.dumps(task))
    limit = ["--memory", run.memory] if run.memory else []
    plan = json.loads(subprocess.check_output([*program, str(file), "--for", str(image), *limit]))
    return plan["for"]["peak_bytes"]


def compare(options: argparse.Namespace, run: Run) -> bool:
    weights, image = model(options.folder, run), volume(options.folder, run)
    plan = planned(options, run, weights, image)
    command = [str(options.bin / "mm_segment"), "-i", str(image), "-m", str(weights), "-o", str(options.folder)]
    command += ["-s", str(100 * run.overlap), "--device", "cpu", "--threads", str(run.threads), "-q"]
    command += ["--memory", run.memory] if run.memory else []
    _, peak = measured(Process("mm_segment", command))
    image.unlink()
    fits = peak <= plan <= 1.25 * peak + 60 * MB
    size = "x".join(map(str, run.shape))
    print(
        f"{run.classes:>7} {size:>12} {run.overlap:>7g} {run.memory or '-':>6} {peak / MB:>9.0f} {plan / MB:>9.0f}"
        f" {plan / peak:>6.2f} {'' if fits else 'outside'}",
        flush=True,
    )
    return fits


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin", type=Path, default=ROOT / "build" / "release" / "bin")
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "bench", help="for what is made")
    parser.add_argument("--only", type=int, nargs="+", help="numbers of runs, from 0 on")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    print(f"{'classes':>7} {'voxels':>12} {'overlap':>7} {'limit':>6} {'peak MB':>9} {'plan MB':>9} {'ratio':>6}")
    chosen = RUNS if options.only is None else [RUNS[n] for n in options.only]
    return 0 if all([compare(options, run) for run in chosen]) else 1


if __name__ == "__main__":
    sys.exit(main())
