"""Small cases of the ways back to an image's grid, by TotalSegmentator's own functions (near_classes.json, smooth_back.json).

    python tests/golden/totalsegmentator/make_way_back.py

Needs TotalSegmentator 2.18.0 and nnunetv2 2.8.1 with NumPy 2 in the Python that runs it. Axes are z, y, x.
"""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import numpy as np
from nnunetv2.preprocessing.resampling.default_resampling import resample_data_or_seg_to_shape
from scipy.ndimage import gaussian_filter
from totalsegmentator.nnunet_runtime_patches import _convert_logits_to_segmentation_with_cropped_resampling as by_classes
from totalsegmentator.resampling import resample_one_hot_crop

FOLDER = Path(__file__).resolve().parent
RESAMPLING = partial(resample_data_or_seg_to_shape, is_seg=False, order=1, order_z=0, force_separate_z=None)


def near_classes(
    seed: int, shape: tuple[int, ...], to: tuple[int, ...], spacing: tuple[float, ...], to_spacing: tuple[float, ...]
) -> dict[str, object]:
    """Scores of four classes, of which the last leads nowhere, and the labels that they become."""
    random = np.random.default_rng(seed)
    scores = np.stack([gaussian_filter(random.normal(size=shape), 1.0) * 8 for _ in range(4)])
    scores[0] += 1
    scores[-1] -= 60
    halves = scores.astype(np.float16)
    manager = SimpleNamespace(has_regions=False, foreground_labels=[1, 2, 3])
    labels = by_classes(halves, manager, to, spacing, to_spacing, RESAMPLING)
    return {
        "classes": len(halves),
        "shape": shape,
        "to": to,
        "spacing": spacing,
        "to_spacing": to_spacing,
        "halves": halves.view(np.uint16).ravel().tolist(),
        "labels": labels.ravel().tolist(),
    }


def smooth_back(seed: int, shape: tuple[int, ...], to: tuple[int, ...]) -> dict[str, object]:
    random = np.random.default_rng(seed)
    labels = np.stack([gaussian_filter(random.normal(size=shape), 1.1) for _ in range(6)]).argmax(0).astype(float)
    found = resample_one_hot_crop(labels.transpose(2, 1, 0), to[::-1], order=1).transpose(2, 1, 0)
    return {
        "shape": shape,
        "to": to,
        "labels": labels.astype(int).ravel().tolist(),
        "found": found.astype(int).ravel().tolist(),
    }


def main() -> None:
    near = [
        near_classes(1, (5, 7, 12), (9, 10, 26), (3.0, 3.0, 3.0), (1.6, 2.1, 1.4)),
        near_classes(2, (12, 5, 6), (8, 8, 5), (2.0, 3.0, 2.0), (3.1, 1.9, 2.4)),
        near_classes(3, (4, 9, 10), (7, 14, 16), (6.0, 1.5, 1.5), (3.5, 0.95, 0.9)),  # a separate axis
    ]
    smooth = [
        smooth_back(1, (8, 7, 9), (13, 16, 17)),
        smooth_back(2, (6, 9, 12), (11, 9, 7)),
        smooth_back(3, (6, 6, 6), (6, 13, 6)),
    ]
    for name, cases in (("near_classes", near), ("smooth_back", smooth)):
        (FOLDER / f"{name}.json").write_text(json.dumps(cases, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
