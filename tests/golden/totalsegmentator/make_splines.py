"""An image resampled with splines of degree 2, 4 and 5 by SciPy's and scikit-image's own functions (splines.json).

    python tests/golden/totalsegmentator/make_splines.py

Needs SciPy and scikit-image in the Python that runs it. Numbers are single precision, [z][y][x].
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from scipy.ndimage import zoom
from skimage.transform import resize

SHAPE = (5, 4, 6)  # along x, y, z
TARGET = (8, 6, 4)


def listed(values: np.ndarray) -> list[float]:
    return values.transpose(2, 1, 0).ravel().astype(np.float32).tolist()


def main() -> None:
    image = np.round(np.random.default_rng(5).normal(size=SHAPE) * 100)
    cases = []
    for order in (2, 4, 5):
        corner = zoom(image, [to / n for to, n in zip(TARGET, SHAPE)], order=order, mode="nearest")
        half_pixel = resize(image, TARGET, order, mode="edge", anti_aliasing=False)
        cases.append({"order": order, "corner": listed(corner), "half_pixel": listed(half_pixel)})
    splines = {"shape": SHAPE, "target": TARGET, "image": listed(image), "cases": cases}
    (Path(__file__).resolve().parent / "splines.json").write_text(json.dumps(splines, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
