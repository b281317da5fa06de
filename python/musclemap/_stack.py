"""Pixels of a picture that know where they come from."""

from __future__ import annotations

import numpy as np


class PictureArray(np.ndarray[tuple[int, ...], np.dtype[np.generic]]):
    """Pixels (t, c, z, y, x), an array like any other; what is made of it has None in place of these.

    pixel_size_um: along x, y, z, None where it is not known. channel_names: one a channel, or none. comments: texts of
    VLabApp's namespace. format: 'TIFF', 'ImageJ TIFF', 'OME-TIFF' or 'ND2'. file_axes: those of the file, slowest first.
    """

    axes: str | None = None
    pixel_size_um: tuple[float | None, float | None, float | None] | None = None
    channel_names: tuple[str, ...] | None = None
    comments: tuple[str, ...] | None = None
    format: str | None = None
    file_axes: str | None = None

    @property
    def scale(self) -> tuple[float, float, float, float]:
        """Along t, z, y, x, in µm, 1 where it is not known: what napari takes beside channel_axis=1."""
        x, y, z = (size or 1.0 for size in self.pixel_size_um or (None, None, None))
        return 1.0, z, y, x
