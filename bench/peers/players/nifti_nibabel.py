"""NIfTI files in and out with nibabel."""

from __future__ import annotations

import argparse
from pathlib import Path

import nibabel
import numpy as np
from serve import serve

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--file", type=Path, required=True)
parser.add_argument("--out", type=Path, help="given: saving is what is timed")
options = parser.parse_args()


def load() -> np.ndarray:
    return np.asanyarray(nibabel.load(options.file).dataobj)


image = nibabel.load(options.file)
volume, affine, header = load(), image.affine, image.header


def save() -> None:
    nibabel.save(nibabel.Nifti1Image(volume, affine, header), options.out)


if options.out:
    save()
serve({"name": f"nibabel {nibabel.__version__}", "threads": 1}, save if options.out else load)
