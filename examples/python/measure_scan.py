#!/usr/bin/env python3
"""From an image and a model to a label map, a table of muscle and fat, and a picture.

    python measure_scan.py scan.nii.gz model.pth results/

Ctrl-C ends it at any moment, and no file is left half written.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Literal

import musclemap as mm


Method = Literal["kmeans", "gmm"]


def measure_scan(image: Path, model: Path, folder: Path, method: Method, overlap: float | None) -> mm.Metrics:
    folder.mkdir(parents=True, exist_ok=True)
    stem = image.name.removesuffix(".gz").removesuffix(".nii")

    vol = mm.read(image)
    labels = mm.segment(vol, model, overlap=overlap, progress=True)
    mm.write(labels, folder / f"{stem}_dseg.nii.gz", like=image)

    tissue = mm.TissueClassifier(method, components=2).classify(vol, labels)
    mm.montage(vol, tissue, folder / f"{stem}_qc.png", title=stem)

    table = mm.measure(labels, tissue)
    table.to_csv(folder / f"{stem}_{method}.csv")
    return table


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("image", type=Path, help=".nii or .nii.gz")
    parser.add_argument("model", type=Path, help=".pth with its .json beside it")
    parser.add_argument("folder", type=Path, help="for the results")
    parser.add_argument("--method", choices=["kmeans", "gmm"], default="gmm")
    parser.add_argument("--overlap", type=float, help="of neighbouring windows, 0 to less than 1; 0.9 without it")
    chosen = parser.parse_args()
    try:
        table = measure_scan(chosen.image, chosen.model, chosen.folder, chosen.method, chosen.overlap)
    except mm.Error as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    for name, ml, fat in zip(table["anatomy"], table["total_volume_ml"], table["fat_percent"]):
        print(f"{name:40} {ml:9.1f} ml {fat:6.1f} % fat")
    return 0


if __name__ == "__main__":
    sys.exit(main())
