"""Largest part of every label with connected-components-3d: all labels in one pass, then sizes with NumPy."""

from __future__ import annotations

import argparse
from importlib.metadata import version
from pathlib import Path

import cc3d
import nibabel
import numpy as np
from serve import serve

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--labels", type=Path, required=True)
parser.add_argument("--out", type=Path)
options = parser.parse_args()

labels = np.asfortranarray(nibabel.load(options.labels).dataobj)


def largest(volume: np.ndarray) -> np.ndarray:
    parts, count = cc3d.connected_components(volume, connectivity=6, return_N=True)
    flat, values = parts.ravel(order="K"), volume.ravel(order="K")
    sizes = np.bincount(flat, minlength=count + 1)
    value_of = np.zeros(count + 1, volume.dtype)
    value_of[flat] = values
    order = np.lexsort((-np.arange(count + 1), sizes, value_of))  # a label's largest part comes last
    last = np.append(value_of[order][1:] != value_of[order][:-1], True)
    kept = np.zeros(count + 1, volume.dtype)
    kept[order[last]] = value_of[order[last]]
    return kept[parts]


if options.out:
    nibabel.save(nibabel.Nifti1Image(largest(labels), np.eye(4)), options.out)
serve(
    {"name": f"connected-components-3d {version('connected-components-3d')}", "threads": 1},
    lambda: largest(labels),
)
