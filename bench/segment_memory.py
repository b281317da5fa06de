"""Memory and speed of mm_segment with a network of whole-body size and volumes of growing length.

The peak must not grow with the number of slices by more than the label map itself. Weights are random.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path += [str(ROOT / "bench" / "peers"), str(ROOT / "tests" / "support")]

from nifti_file import header_of, read_nifti, write_nifti  # noqa: E402
from process import Process, measured  # noqa: E402
from pth_file import description, write_model  # noqa: E402
from random_unet import random_weights  # noqa: E402

CHANNELS = (64, 128, 256, 512, 1024)
OUT_CHANNELS = 114
WINDOW = 256
PLANE = (512, 384)
MIB = 1024**2


@dataclass(frozen=True)
class Measured:
    slices: int
    windows: int
    seconds: float
    infer_seconds: float
    peak_bytes: int
    labels: int


def whole_body_model(folder: Path) -> Path:
    """Made once; the seed is fixed."""
    file = folder / "wholebody_size.pth"
    if not file.exists():
        partial = folder / "partial.pth"
        weights = random_weights(CHANNELS, OUT_CHANNELS)
        write_model(partial, weights, description(CHANNELS, OUT_CHANNELS, WINDOW))
        partial.with_suffix(".json").rename(file.with_suffix(".json"))
        partial.rename(file)
    return file


def volume(folder: Path, slices: int, spacing: tuple[float, ...]) -> Path:
    """A body's outline with smooth texture, noise in its surroundings."""
    random = np.random.default_rng(slices)
    x, y = np.meshgrid(*(np.linspace(-1, 1, size) for size in PLANE), indexing="ij")
    inside = x**2 + y**2 < 0.8
    voxels = np.empty((*PLANE, slices), "<i2")
    for k in range(slices):
        texture = 400 + 150 * np.sin(11 * x + 0.1 * k) * np.cos(9 * y) + random.normal(0, 20, PLANE)
        voxels[..., k] = np.where(inside, texture, random.uniform(1, 30, PLANE))
    # Not compressed: gzip is not what is measured.
    return write_nifti(folder / f"volume_{slices}.nii", voxels, header_of(voxels, spacing))


def measure(options: argparse.Namespace, slices: int) -> Measured:
    folder: Path = options.folder
    image = volume(folder, slices, options.spacing)
    arguments = ["-i", str(image), "-m", str(whole_body_model(folder)), "-s", str(options.overlap)]
    arguments += ["-o", str(folder), "--device", options.device]
    if options.threads:
        arguments += ["--threads", str(options.threads)]
    seconds, peak = measured(Process("mm_segment", [str(options.bin / "mm_segment"), *arguments]))
    sidecar = json.loads((folder / f"volume_{slices}_dseg.json").read_text())
    labels = len(np.unique(read_nifti(folder / f"volume_{slices}_dseg.nii.gz")[1]))
    image.unlink()
    return Measured(slices, sidecar["windows"], seconds, sidecar["stage_seconds"]["infer"], peak, labels)


def print_table(rows: list[Measured]) -> None:
    print(f"{'slices':>6} {'windows':>8} {'wall s':>8} {'windows/s':>10} {'peak MiB':>9} {'labels':>7}")
    for row in rows:
        rate = row.windows / row.infer_seconds if row.infer_seconds > 0 else float("nan")
        peak = row.peak_bytes / MIB
        print(f"{row.slices:>6} {row.windows:>8} {row.seconds:>8.1f} {rate:>10.2f} {peak:>9.0f} {row.labels:>7}")
    first, last = rows[0], rows[-1]
    if first.slices != last.slices:
        grown = (last.peak_bytes - first.peak_bytes) / MIB
        print(
            f"peak {last.slices}:{first.slices} = {last.peak_bytes / first.peak_bytes:.3f}, "
            f"{grown:.0f} MiB more; time {last.seconds / first.seconds:.2f}"
        )


def spacing(text: str) -> tuple[float, ...]:
    values = tuple(float(part) for part in text.split("x"))
    if len(values) not in (1, 3) or not all(value > 0 for value in values):
        raise argparse.ArgumentTypeError(f"'{text}' is not a size such as 0.78x0.78x5 or 1.0")
    return values * 3 if len(values) == 1 else values


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--slices", type=int, nargs="+", default=[40, 160])
    parser.add_argument("--spacing", type=spacing, default=(0.78, 0.78, 5.0), metavar="XxYxZ", help="mm")
    parser.add_argument("-s", "--overlap", type=float, default=0, help="of the windows, percent")
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--bin", type=Path, default=ROOT / "build" / "release" / "bin")
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "bench", help="for what is made")
    parser.add_argument("--quick", action="store_true", help="2 and 6 slices")
    options = parser.parse_args()
    if options.quick:
        options.slices = [2, 6]
    return options


def main() -> int:
    options = parse()
    options.folder.mkdir(parents=True, exist_ok=True)
    size = "x".join(f"{mm:g}" for mm in options.spacing)
    print(f"{PLANE[0]}x{PLANE[1]} voxels of {size} mm, overlap {options.overlap:g} %, {options.device}")
    print_table([measure(options, slices) for slices in options.slices])
    return 0


if __name__ == "__main__":
    sys.exit(main())
