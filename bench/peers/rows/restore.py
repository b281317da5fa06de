"""Row 7: scores of the resampled grid to labels of the image."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from contestant import alternate, own, peer
from inputs import OUT_CHANNELS, PLANE, full_volume
from row import Row, Settings

SPACING = (0.78, 0.78, 5.0)
SLICES = 4


def measure(settings: Settings, wanted: set[int]) -> Iterator[Row]:
    folder = settings.folder
    scores, of_peer, of_own = folder / "scores.f32", folder / "restore_monai.i16", folder / "restore_own.i16"
    image = full_volume(folder, SLICES, SPACING)
    common = ["--classes", OUT_CHANNELS, "--scores", scores, "--threads", settings.threads]
    monai = peer("MONAI", "restore_monai.py", "--image", image, *common, "--labels", of_peer)
    shape = ",".join(map(str, (*PLANE, SLICES)))
    spacing = ",".join(map(str, SPACING))
    mine = own("restore", settings.build, "--shape", shape, "--spacing", spacing, *common, "--labels", of_own)
    series = alternate([mine, monai], settings.rounds)
    a, b = np.fromfile(of_own, np.int16), np.fromfile(of_peer, np.int16)
    scores.unlink()
    grid = "x".join(map(str, series[1].about["shape"]))
    work = f"{OUT_CHANNELS} scores on {grid} to labels on {'x'.join(map(str, PLANE))}x{SLICES}: inverse, arg-max, remap"
    yield Row(7, work, series[0], series[1:], [f"{int((a != b).sum())} of {a.size} voxels differ"])
