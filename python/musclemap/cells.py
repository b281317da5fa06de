"""Cells in pictures of a microscope, with Cellpose's names for what can be chosen.

    masks = mm.cells.masks(dP, cellprob)  # of flows that a network gave
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from musclemap import _core, _options
from musclemap._core import CancelToken

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

__all__ = ["masks"]


def masks(
    dP: ArrayLike,  # noqa: N803 as Cellpose names it
    cellprob: ArrayLike,
    *,
    cellprob_threshold: float = 0.0,
    flow_threshold: float = 0.4,
    min_size: int = 15,
    max_size_fraction: float = 0.4,
    niter: float = 200,
    interp: bool = True,
    dynamics: Literal["cpu", "grid_sample"] = "cpu",
    compat: Literal["fixed", "3.1.1.2"] = "fixed",
    largest_part_only: bool = False,
    threads: int = 0,
    progress: _options.Progressing = None,
    cancel: CancelToken | None = None,
) -> NDArray[np.uint16] | NDArray[np.uint32]:
    """The masks of the cells in flows that a network gave; no network runs.

    dP: flows as Cellpose's network gives them, five times unit length: (2, y, x) with y first, of a volume (3, z, y, x).
    cellprob: logits, (y, x) or (z, y, x). Both are taken as float32. cellprob_threshold: pixels above it belong to cells.
    flow_threshold: cells whose flows differ more from the network's go; 0 or less: none do. min_size: cells of fewer
    pixels go; 0 or less: none do. max_size_fraction: cells of more than this part of the picture go. niter: steps along
    the flows, cut to a whole number. interp: flows are read between pixels. dynamics: 'cpu' as Cellpose 3 on a CPU,
    'grid_sample' as Cellpose 3 on a GPU and Cellpose 4; volumes are always 'grid_sample'. compat: '3.1.1.2' for the
    defects of that version. largest_part_only: of each cell its largest connected part alone.

    Returns labels of cellprob's shape: 0 is background, cells count from 1; uint16, uint32 above 65,535 cells. The result
    does not depend on threads. Errors: ArgumentError (shapes; an option; numbers that are not finite), Cancelled.
    """
    options: dict[str, object] = {
        "cellprob_threshold": cellprob_threshold,
        "flow_threshold": flow_threshold,
        "min_size": min_size,
        "max_size_fraction": max_size_fraction,
        "niter": niter,
        "interp": interp,
        "dynamics": dynamics,
        "compat": compat,
        "largest_part_only": largest_part_only,
    }
    with _options.running(progress, "masks", threads=threads, cancel=cancel) as control:
        return _core.cell_masks(dP, cellprob, options, control)
