"""Two builds of this project beside each other: the rows of `./dev bench --peers` that need no peer, in alternation.

Usage: two_builds.py BEFORE AFTER [--rounds N] [--folder FOLDER]

BEFORE and AFTER are folders of the preset `bench` with the targets musclemap_contestant and musclemap_mm_segment_program.
Prints medians and minima of both, the median of the ratios within a round, and peak memory. Rows: 1 and 2 whole processes
(3: memory alone, with --long), 4 a window, 5 a window of a blended slice, 7 scores to labels.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path += [str(ROOT / "bench"), str(ROOT / "bench" / "peers")]

from contestant import Contestant, Series, own  # noqa: E402
from contestant import alternate as alternate_works  # noqa: E402
from inputs import OUT_CHANNELS, PLANE, volume, whole_body_model  # noqa: E402
from process import Process  # noqa: E402
from process import alternate as alternate_processes  # noqa: E402

SPACING = (0.78, 0.78, 5.0)
RESAMPLED = (400, 300)  # pixels of a slice of PLANE at 1 mm
WINDOW = 256


def program(build: Path, folder: Path, slices: int, overlap: int) -> Process:
    flags = ["-i", volume(folder, slices, SPACING), "-m", whole_body_model(folder), "-s", overlap]
    flags += ["-o", folder / "labels.nii.gz"]
    return Process("musclemap", [str(build / "bin" / "mm_segment"), *map(str, flags), "-q"])


def works(build: Path, folder: Path) -> dict[str, Contestant]:
    model, image, scores = whole_body_model(folder), folder / "window.f32", folder / "scores.f32"
    random = np.random.default_rng(2)
    if not image.exists():
        random.standard_normal((WINDOW, WINDOW), np.float32).tofile(image)
        random.standard_normal((OUT_CHANNELS, *RESAMPLED, 4), np.float32).tofile(scores)
    shape, spacing = ",".join(map(str, (*PLANE, 4))), ",".join(map(str, SPACING))
    restore = ["--shape", shape, "--spacing", spacing, "--classes", OUT_CHANNELS, "--scores", scores]
    return {
        "4": own("window", build, "--model", model, "--image", image, "--threads", 2),
        "5": own("slice", build, "--model", model, "--size", "400,300", "--overlap", "0.9", "--threads", 2),
        "7": own("restore", build, *restore, "--threads", 2),
    }


def show(row: str, before: Series, after: Series) -> None:
    ratio = statistics.median(b / a for a, b in zip(before.seconds, after.seconds, strict=True))
    figures = "  ".join(
        f"{name} {1e3 * each.median:9.1f} ({1e3 * each.least:9.1f}) ms {each.peak_bytes / 1e6:6.1f} MB"
        for name, each in (("before", before), ("after", after))
    )
    print(f"row {row}: {figures}  ratio {ratio:.3f}  memory {after.peak_bytes / before.peak_bytes:.3f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--long", action="store_true", help="also row 3: 400 slices, once")
    options = parser.parse_args()
    builds = (options.before.resolve(), options.after.resolve())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sides = [works(build, folder) for build in builds]
        for row in sides[0]:
            show(row, *alternate_works([side[row] for side in sides], options.rounds, 4 if row != "7" else 2))
        show("1", *alternate_processes([program(build, folder, 4, 90) for build in builds], options.rounds))
        show("2", *alternate_processes([program(build, folder, 40, 50) for build in builds], 1))
        if options.long:
            show("3", *alternate_processes([program(build, folder, 400, 50) for build in builds], 1))


if __name__ == "__main__":
    main()
