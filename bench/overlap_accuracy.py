"""Accuracy, changed voxels and time of the sample model against the overlap of its windows: a table, JSON and a plot;
with AMX also how many voxels `--precision fast` changes.

The phantoms are ones that the model was not trained on, with known truth. They are not people: a network of real images
may gain more, or less, from overlap. Run by the interpreter of build/envs/peers, which has Matplotlib.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "support"))

from nifti_file import read_nifti  # noqa: E402

matplotlib.use("svg")
from matplotlib import pyplot as plt  # noqa: E402

MODEL = ROOT / "examples" / "demo" / "model" / "thigh_phantom.pth"
OVERLAPS = (0, 25, 50, 75, 90)


@dataclass
class Figures:
    overlap_percent: int
    windows_per_slice: float
    dice: float  # mean over phantoms and structures
    changed_percent: float  # of the voxels that either label map names, against the largest overlap
    seconds: float  # least over the runs, windows and blending of all phantoms


def _dice(labels: np.ndarray, truth: np.ndarray) -> float:
    scores = []
    for value in np.unique(truth)[1:]:
        a, b = labels == value, truth == value
        scores.append(2 * (a & b).sum() / (a.sum() + b.sum()))
    return float(np.mean(scores))


def _changed_percent(pairs: list[tuple[np.ndarray, np.ndarray]]) -> float:
    """Of the voxels that either label map names."""
    changed = sum(int((a != b).sum()) for a, b in pairs)
    return 100 * changed / sum(int(((a != 0) | (b != 0)).sum()) for a, b in pairs)


def _segment(
    options: argparse.Namespace, image: Path, overlap: int, precision: str = "exact"
) -> tuple[np.ndarray, dict[str, Any]]:
    program = options.build / "bin" / "mm_segment"
    flags = ["-i", image, "-m", MODEL, "-o", options.folder, "-s", overlap, "--device", "cpu"]
    flags += ["--precision", precision]
    subprocess.run([str(part) for part in (program, *flags)], check=True, capture_output=True)
    name = image.name.removesuffix(".nii.gz")
    sidecar = json.loads((options.folder / f"{name}_dseg.json").read_text())
    return read_nifti(options.folder / f"{name}_dseg.nii.gz")[1], sidecar


def _phantoms(options: argparse.Namespace) -> list[tuple[Path, np.ndarray]]:
    made = []
    for seed in range(1, options.phantoms + 1):
        image, truth = (options.folder / f"overlap_{seed}{what}.nii.gz" for what in ("", "_truth"))
        command = [
            options.build / "bin" / "musclemap_phantom",
            "--seed",
            seed,
            "--image",
            image,
            "--labels",
            truth,
        ]
        subprocess.run([str(part) for part in command], check=True)
        made.append((image, read_nifti(truth)[1]))
    return made


def measure_fast(options: argparse.Namespace, phantoms: list[tuple[Path, np.ndarray]]) -> float | None:
    """Changed voxels against exact, percent; nothing where `fast` is `exact`."""
    pairs = []
    for image, _ in phantoms:
        fast, sidecar = _segment(options, image, OVERLAPS[-1], "fast")
        if sidecar["settings"]["precision"] != "fast":
            return None
        pairs.append((fast, _segment(options, image, OVERLAPS[-1])[0]))
    return _changed_percent(pairs)


def measure(options: argparse.Namespace, phantoms: list[tuple[Path, np.ndarray]]) -> list[Figures]:
    slices = sum(truth.shape[2] for _, truth in phantoms)
    maps: dict[int, list[np.ndarray]] = {}
    windows: dict[int, int] = {}
    seconds: dict[int, list[float]] = {overlap: [] for overlap in OVERLAPS}
    for _ in range(options.runs):
        for overlap in OVERLAPS:
            ended = [_segment(options, image, overlap) for image, _ in phantoms]
            maps[overlap] = [labels for labels, _ in ended]
            windows[overlap] = sum(sidecar["windows"] for _, sidecar in ended)
            seconds[overlap].append(sum(sidecar["stage_seconds"]["infer"] for _, sidecar in ended))
    figures = []
    for overlap in OVERLAPS:
        changed = _changed_percent(list(zip(maps[overlap], maps[OVERLAPS[-1]], strict=True)))
        dice = np.mean([_dice(a, truth) for a, (_, truth) in zip(maps[overlap], phantoms, strict=True)])
        figures.append(
            Figures(overlap, windows[overlap] / slices, float(dice), changed, min(seconds[overlap]))
        )
    return figures


def plot(figures: list[Figures], file: Path) -> None:
    plt.rcParams["svg.hashsalt"] = "musclemap"
    panels, all_axes = plt.subplots(1, 3, figsize=(10, 3))
    overlaps = [each.overlap_percent for each in figures]
    series = (
        ("mean Dice", [each.dice for each in figures]),
        ("labelled voxels changed against 90 %, %", [each.changed_percent for each in figures]),
        ("seconds, all phantoms", [each.seconds for each in figures]),
    )
    for axes, (title, values) in zip(all_axes, series, strict=True):
        axes.plot(overlaps, values, marker="o")
        axes.set_title(title, fontsize=9)
        axes.set_xlabel("overlap, %")
        axes.grid(alpha=0.3)
    all_axes[2].set_ylim(bottom=0)
    panels.tight_layout()
    panels.savefig(file, metadata={"Date": None})


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--phantoms", type=int, default=6, help="seeds 1, 2, …")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--build", type=Path, default=ROOT / "build" / "release")
    parser.add_argument(
        "--folder", type=Path, default=ROOT / "build" / "bench" / "overlap", help="for what is made"
    )
    parser.add_argument("--json", type=Path, default=ROOT / "build" / "bench" / "overlap.json")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    phantoms = _phantoms(options)
    figures = measure(options, phantoms)
    print(f"{'overlap %':>9} {'windows a slice':>16} {'Dice':>8} {'changed %':>10} {'seconds':>8}")
    for each in figures:
        print(
            f"{each.overlap_percent:>9} {each.windows_per_slice:>16.1f} {each.dice:>8.4f}"
            f" {each.changed_percent:>10.2f} {each.seconds:>8.2f}"
        )
    changed = measure_fast(options, phantoms)
    print(
        "no AMX here: `fast` is `exact`"
        if changed is None
        else f"`fast` changes {changed:.4f} % of the labelled voxels"
    )
    options.json.write_text(json.dumps([asdict(each) for each in figures], indent=1) + "\n")
    plot(figures, options.json.with_suffix(".svg"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
