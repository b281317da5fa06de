"""Largest part of every label, one label at a time over the whole volume: the reference's way, with SciPy."""

from __future__ import annotations

import argparse
from pathlib import Path

import nibabel
import numpy as np
import scipy
from scipy import ndimage
from serve import serve

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--labels", type=Path, required=True)
parser.add_argument("--out", type=Path)
options = parser.parse_args()

labels = np.asarray(nibabel.load(options.labels).dataobj)
structure = ndimage.generate_binary_structure(3, 1)


def largest(volume: np.ndarray) -> np.ndarray:
    mask, parts = np.empty(volume.shape, bool), np.empty(volume.shape, np.int32)
    for value in np.unique(volume)[1:]:
        np.equal(volume, value, out=mask)
        if ndimage.label(mask, structure, parts) > 1:
            keep = np.bincount(parts.ravel())[1:].argmax() + 1
            volume[mask & (parts != keep)] = 0
    return volume


if options.out:
    nibabel.save(nibabel.Nifti1Image(largest(labels.copy()), np.eye(4)), options.out)
serve({"name": f"scipy {scipy.__version__}", "threads": 1}, largest, labels.copy)
