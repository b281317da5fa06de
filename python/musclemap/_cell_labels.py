"""Labels of cells that know what they were made with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


class CellLabels(np.ndarray[tuple[int, ...], np.dtype[np.uint16 | np.uint32]]):
    """Labels (y, x), (z, y, x) or (t, …), an array like any other; what is made of it has None in place of these.

    diameters: of the cells in pixels as they were used, one a frame. styles: (256,) of Cellpose's own models, of a
    stack (planes, 256), or (t, …). flows, cellprob: (2, y, x) and (y, x), of a stack (2, z, y, x), with do_3D (3, z, y,
    x), and (z, y, x), or (t, …); None unless they were asked for.
    """

    diameters: tuple[float, ...] | None = None
    styles: NDArray[np.float32] | None = None
    flows: NDArray[np.float32] | None = None
    cellprob: NDArray[np.float32] | None = None
