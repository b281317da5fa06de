"""Memory and time of `musclemap cells` on a large picture from file to file, and whether its masks are right.

A field of round cells (uint16, one TIFF) is segmented with one network; masks of random crops are compared with those of
the test "large picture", which computes the tiles of each crop by themselves. With a network of Cellpose's own widths
20,000 x 20,000 pixels take a quarter of an hour; any model of cells will do.
"""

from __future__ import annotations

import argparse
import json
import os
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[1]
sys.path += [str(ROOT / "bench" / "peers"), str(ROOT / "tests" / "support")]

from process import Process, measured  # noqa: E402
from pth_file import write_pth  # noqa: E402
from random_cpnet import random_cpnet  # noqa: E402

BLOCK = 1000
STRIP_ROWS = 50


def block(seed: int) -> NDArray[np.uint16]:
    """Cells of different size and brightness on a noisy background."""
    random = np.random.default_rng(seed)
    values = random.normal(600, 25, (BLOCK, BLOCK)).astype(np.float32)
    for _ in range(700):
        radius = random.integers(8, 17)
        y, x = random.integers(0, BLOCK - 2 * radius, 2)
        grid = np.arange(2 * radius) - radius + 0.5
        disc = 1 - (grid[:, None] ** 2 + grid**2) / radius**2
        values[y : y + 2 * radius, x : x + 2 * radius] += random.uniform(800, 2500) * np.sqrt(np.clip(disc, 0, 1))
    return np.clip(values, 0, 65535).astype(np.uint16)


def write_field(file: Path, side: int) -> None:
    """A plain little-endian TIFF of side x side pixels, row of blocks after row of blocks."""
    strips = side // STRIP_ROWS
    strip_bytes = STRIP_ROWS * side * 2
    pixels_end = 8 + strips * strip_bytes
    entries = [
        *((256, 4, 1, side), (257, 4, 1, side), (258, 3, 1, 16), (259, 3, 1, 1), (262, 3, 1, 1)),
        *((273, 4, strips, pixels_end), (277, 3, 1, 1), (278, 4, 1, STRIP_ROWS)),
        (279, 4, strips, pixels_end + 4 * strips),
    ]
    with file.open("wb") as out:
        out.write(struct.pack("<2sHI", b"II", 42, pixels_end + 8 * strips))
        for row in range(side // BLOCK):
            out.write(np.hstack([block(1000 * row + n) for n in range(side // BLOCK)]).tobytes())
        out.write(struct.pack(f"<{strips}I", *(8 + n * strip_bytes for n in range(strips))))
        out.write(struct.pack(f"<{strips}I", *([strip_bytes] * strips)))
        out.write(struct.pack("<H", len(entries)))
        for entry in entries:
            out.write(struct.pack("<HHII", *entry))
        out.write(struct.pack("<I", 0))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=Path, default=ROOT / "build" / "release")
    parser.add_argument("--model", type=Path, help="of cells (default: a small one with random weights)")
    parser.add_argument("--side", type=int, default=20000, help=f"pixels, a multiple of {BLOCK}")
    parser.add_argument("--crops", type=int, default=20)
    parser.add_argument("--memory", default="4GB", help="limit of the run")
    parser.add_argument("--folder", type=Path, help="that keeps picture and masks (default: none)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.folder or Path(temporary)
        picture = folder / f"field_{arguments.side}_BF.tif"
        if not picture.exists():
            write_field(picture, arguments.side)
        model = arguments.model or write_pth(folder / "random", random_cpnet((8, 16), diameter=30))
        masks = folder / f"field_{arguments.side}_BF_vSM.ome.tif"
        if not masks.exists():
            command = [str(arguments.build / "bin" / "musclemap"), "cells", str(picture), "-m", str(model)]
            seconds, peak = measured(Process("cells", [*command, "--memory", arguments.memory, "-o", str(folder)]))
            print(json.dumps({"side": arguments.side, "seconds": round(seconds, 1), "peak_mb": peak // 10**6}))
        judged = {"PICTURE": str(picture), "MASKS": str(masks), "MODEL": str(model), "CROPS": str(arguments.crops)}
        told = {f"MUSCLEMAP_LARGE_{name}": value for name, value in judged.items()}
        subprocess.run(
            [arguments.build / "bin" / "musclemap_tests", "large picture*"], check=True, env={**os.environ, **told}
        )


if __name__ == "__main__":
    main()
