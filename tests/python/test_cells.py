"""musclemap.cells."""

from __future__ import annotations

import numpy as np
import pytest

import musclemap as mm


def disc_flows() -> tuple[np.ndarray, np.ndarray]:
    y, x = np.mgrid[:40, :40].astype(float)
    distance = np.hypot(y - 20, x - 18)
    inside = distance <= 9
    flows = np.zeros((2, 40, 40))
    flows[:, inside] = 5 * np.array([20 - y, 18 - x])[:, inside] / np.maximum(distance[inside], 1)
    return flows, np.where(inside, 4.0, -4.0)


def test_a_disc_is_a_cell() -> None:
    flows, logits = disc_flows()
    masks = mm.cells.masks(flows, logits)
    assert masks.dtype == np.uint16
    assert masks.shape == (40, 40)
    assert np.array_equal(masks > 0, logits > 0)
    assert np.array_equal(masks, mm.cells.masks(flows.astype(np.float32).tolist(), logits[::-1][::-1], threads=1))
    assert mm.cells.masks(flows, logits, min_size=1000).max() == 0


def test_wrong_arguments() -> None:
    flows, logits = disc_flows()
    with pytest.raises(mm.ArgumentError, match=r"\(2, 40, 40\) and cellprob \(39, 40\)"):
        mm.cells.masks(flows, logits[1:])
    with pytest.raises(mm.ArgumentError, match="dynamics"):
        mm.cells.masks(flows, logits, dynamics="gpu")  # type: ignore[arg-type]
    with pytest.raises(mm.ArgumentError, match="max_size_fraction"):
        mm.cells.masks(flows, logits, max_size_fraction=-1)
    logits[3, 4] = np.nan
    with pytest.raises(mm.Error, match="y 3, x 4"):
        mm.cells.masks(flows, logits)


def test_volumes() -> None:
    flows, logits = disc_flows()
    volume = np.zeros((3, 5, 40, 40), np.float32)
    volume[1:, :] = flows[:, None]
    logit = np.full((5, 40, 40), -4.0)
    logit[1:4] = logits
    masks = mm.cells.masks(volume, logit)
    assert masks.shape == (5, 40, 40)
    assert masks.max() <= 3
    assert not masks[[0, 4]].any()
