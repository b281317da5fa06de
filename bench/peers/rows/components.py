"""Row 8: the largest part of every label."""

from __future__ import annotations

from collections.abc import Iterator

import nibabel
import numpy as np
from contestant import alternate, own, peer
from inputs import label_volume
from row import Row, Settings


def measure(settings: Settings, wanted: set[int]) -> Iterator[Row]:
    labels = label_volume(settings.folder)
    out = [settings.folder / f"parts_{name}.nii" for name in ("own", "scipy", "cc3d")]
    contestants = [
        own("components", settings.build, "--labels", labels, "--out", out[0]),
        peer("SciPy, label by label", "components_scipy.py", "--labels", labels, "--out", out[1]),
        peer("connected-components-3d", "components_cc3d.py", "--labels", labels, "--out", out[2]),
    ]
    series = alternate(contestants, 2 if settings.quick else settings.rounds)
    maps = [np.asarray(nibabel.load(file).dataobj) for file in out]
    differing = [int((maps[0] != other).sum()) for other in maps[1:]]
    work = f"largest part of each of {maps[0].max()} labels, {maps[0].size / 1e6:.1f} million voxels, 6-connected"
    yield Row(
        8,
        work,
        series[0],
        series[1:],
        [f"voxels that differ: {differing[0]} from SciPy, {differing[1]} from cc3d"],
    )
