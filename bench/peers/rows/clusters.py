"""Row 9: one label's intensities to tissues."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from contestant import alternate, own, peer
from row import Row, Settings

VOXELS = 200_000


def _values(kind: str) -> np.ndarray:
    random = np.random.default_rng(7)
    muscle = random.normal(180, 35, VOXELS * 6 // 10)
    fat = random.normal(620, 80, VOXELS * 3 // 10)
    mixed = random.uniform(180, 620, VOXELS // 10)
    values = np.concatenate([muscle, fat, mixed]).clip(0)
    return values.round().astype(np.int16) if kind == "int16" else values.astype(np.float32)


def measure(settings: Settings, wanted: set[int]) -> Iterator[Row]:
    for method, title in (("kmeans", "k-means"), ("gmm", "Gaussian mixture")):
        for kind in ("int16", "float32"):
            file = settings.folder / f"values.{kind}"
            _values(kind).tofile(file)
            flags = ["--values", file, "--type", kind, "--method", method, "--components", 3]
            flags += ["--threads", settings.threads]
            contestants = [
                own("clusters", settings.build, *flags),
                peer("scikit-learn", "clusters_sklearn.py", *flags),
            ]
            for contestant in contestants:
                contestant.turn(1 if contestant is contestants[1] else 5)
            more = 0 if settings.quick else (settings.rounds - 1 if method == "kmeans" else 2)
            series = alternate(contestants, more)
            yield Row(9, f"{title}, 3 components, {VOXELS} voxels of {kind}", series[0], series[1:])
