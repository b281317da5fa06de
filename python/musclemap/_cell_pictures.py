"""Pictures of cells, frame by frame, as the library takes them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Union

from musclemap import _core, _options
from musclemap.errors import ArgumentError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray


class ArrayPictures:
    """Frames (channel, y, x) or (channel, z, y, x) of an array, on its memory where the library has its dtype."""

    def __init__(
        self,
        image: ArrayLike,
        channel_axis: int | None,
        time_axis: int | None,
        z_axis: int | None,
        channel: int | None,
    ) -> None:
        import numpy as np

        if isinstance(image, np.ma.MaskedArray) and np.any(image.mask):
            raise ArgumentError("the picture has masked pixels; picture.filled(value) says what stands there")
        pixels = np.asarray(image)
        named = [axis for axis in (time_axis, channel_axis, z_axis) if axis is not None]
        if pixels.ndim != 2 + len(named) or pixels.size == 0:
            raise ArgumentError(
                f"the picture has the shape {pixels.shape}; (y, x) is allowed, and one axis more for each of"
                " channel_axis, time_axis and z_axis"
            )
        try:
            pixels = np.moveaxis(pixels, named, range(len(named)))
        except (TypeError, ValueError):
            raise ArgumentError(
                f"time_axis is {time_axis}, channel_axis {channel_axis} and z_axis {z_axis}; axes of the shape"
                f" {pixels.shape} are allowed"
            ) from None
        self.is_series = time_axis is not None
        pixels = pixels if self.is_series else pixels[None]
        pixels = pixels if channel_axis is not None else pixels[:, None]
        begin, count = chosen(channel, pixels.shape[1])
        self._pixels = pixels[:, begin : begin + count]
        self.count = len(pixels)

    def frame(self, time: int) -> NDArray[np.generic]:
        return readable(self._pixels[time])


class FilePictures:
    """Frames (channel, y, x) or (channel, z, y, x) that are read from a file when they are asked for."""

    def __init__(
        self, file: _options.Path, channel: int | None, stack: bool, control: _core.Control, other_ways: str = ""
    ) -> None:
        self._file = _core.PictureFile(file, control)
        self.count, channels, planes = self._file.shape[:3]
        if planes > 1 and not stack:
            raise ArgumentError(
                f"{os.fsdecode(file)} has {planes} planes of depth (Z); {other_ways}read the picture and project or"
                " choose planes first"
            )
        self._planes = planes
        self.is_series = self.count > 1
        self._channels = chosen(channel, channels)

    def frame(self, time: int) -> NDArray[np.generic]:
        begin, count = self._channels
        with _options.running() as control:
            pixels: NDArray[np.generic] = self._file.read((time, begin, 0), (1, count, self._planes), control)[0]
        return pixels if self._planes > 1 else pixels[:, 0]


Pictures = Union[ArrayPictures, FilePictures]


def chosen(channel: int | None, channels: int) -> tuple[int, int]:
    """First channel, and how many of them."""
    if channel is None:
        return 0, channels
    if isinstance(channel, bool) or not isinstance(channel, int) or not 0 <= channel < channels:
        raise ArgumentError(f"channel is {_options.shown(channel)}; 0 to {channels - 1} are allowed")
    return channel, 1


def readable(pixels: NDArray[np.generic]) -> NDArray[np.generic]:
    """The same where the library reads such pixels in place, else a copy; other numbers become float32."""
    import numpy as np

    if pixels.dtype.kind not in "biuf":
        raise ArgumentError(f"the picture's dtype is {pixels.dtype}; real numbers are allowed")
    kept = ("uint8", "int16", "uint16", "int32", "uint32", "float32", "float64")
    if pixels.dtype.newbyteorder("=").name not in kept:
        return pixels.astype(np.float32)
    if not pixels.dtype.isnative:
        return pixels.astype(pixels.dtype.newbyteorder("="))
    in_place = pixels.flags.aligned and all(stride % pixels.itemsize == 0 for stride in pixels.strides)
    return pixels if in_place else pixels.copy()
