"""Time of reading and writing .nii.gz through the Python package, beside nibabel in the same process.

Runs alternate; minima and medians are compared. The CT is made of smooth tissue, air and noise, the label map of boxes;
`--ct` and `--labels` name other files. Run it with a Python that has nibabel and NumPy; `--threads` is the machine's affinity:
`taskset -c 0` in front measures one thread.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import nibabel
import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "build" / "release" / "python"))

import musclemap  # noqa: E402

MB = 1e6


def made(folder: Path) -> tuple[Path, Path]:
    """Written once by nibabel; the seed is fixed."""
    folder.mkdir(parents=True, exist_ok=True)
    ct, labels = folder / "ct.nii.gz", folder / "labels.nii.gz"
    if labels.exists():
        return ct, labels
    random = np.random.default_rng(1)
    shape = (512, 512, 200)
    x, y, z = np.meshgrid(*(np.linspace(-1, 1, n, dtype="f4") for n in shape), indexing="ij", sparse=True)
    tissue = 60 * np.sin(9 * x) * np.cos(7 * y) * np.sin(5 * z + x)
    voxels = np.where(x**2 + 1.5 * y**2 < 0.7, tissue, -1000) + random.normal(0, 12, shape).astype("f4")
    grid = np.diag([0.8, 0.8, 2, 1.0])
    nibabel.save(nibabel.Nifti1Image(np.clip(np.rint(voxels), -1024, 3071).astype("i2"), grid), ct)
    regions = np.floor(6 * x + np.sin(4 * z)) + 12 * np.floor(5 * y + np.cos(3 * x)) + 100
    nibabel.save(nibabel.Nifti1Image(np.where(x**2 + 1.5 * y**2 < 0.7, regions, 0).astype("i2"), grid), labels)
    return ct, labels


def alternate(runs: int, ours: Callable[[], object], peer: Callable[[], object]) -> tuple[list[float], list[float]]:
    seconds: tuple[list[float], list[float]] = ([], [])
    for _ in range(runs):
        for work, times in zip((ours, peer), seconds, strict=True):
            start = time.perf_counter()
            work()
            times.append(time.perf_counter() - start)
    return seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ct", type=Path)
    parser.add_argument("--labels", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", type=Path, help="file for the figures")
    wanted = parser.parse_args()
    folder = ROOT / "build" / "bench" / "files"
    files = made(folder) if not (wanted.ct and wanted.labels) else (wanted.ct, wanted.labels)
    figures = []
    for what, file in zip(("CT", "labels"), files, strict=True):
        ours, peer = folder / "ours.nii.gz", folder / "peer.nii.gz"
        folder.mkdir(parents=True, exist_ok=True)
        volume = musclemap.read(file)
        image = nibabel.Nifti1Image(np.asarray(nibabel.load(file).dataobj), volume.affine)
        size = np.asarray(image.dataobj).nbytes / MB
        rows = {
            "load": (lambda file=file: musclemap.read(file), lambda file=file: np.asarray(nibabel.load(file).dataobj)),
            "save": (
                lambda volume=volume, ours=ours: musclemap.write(volume, ours),
                lambda image=image, peer=peer: nibabel.save(image, peer),
            ),
        }
        for verb, (work, other) in rows.items():
            a, b = alternate(wanted.runs, work, other)
            row = {
                "work": f"{verb} {what}",
                "megabytes": round(size, 1),
                "ours_s": [round(min(a), 4), round(statistics.median(a), 4)],
                "nibabel_s": [round(min(b), 4), round(statistics.median(b), 4)],
                "ratio": [round(min(b) / min(a), 1), round(statistics.median(b) / statistics.median(a), 1)],
            }
            if verb == "save":
                row["size_ratio"] = round(os.path.getsize(ours) / os.path.getsize(peer), 3)
                same = np.array_equal(np.asarray(nibabel.load(ours).dataobj), np.asarray(image.dataobj))
                if not same:
                    raise SystemExit(f"{ours}: other voxels than were written")
            figures.append(row)
            print(row, flush=True)
    if wanted.json:
        wanted.json.write_text(json.dumps({"nibabel": nibabel.__version__, "rows": figures}, indent=1) + "\n")


if __name__ == "__main__":
    main()
