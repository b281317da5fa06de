"""Pictures of a microscope in files: read as arrays, written as OME-TIFF."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from musclemap import _core, _options
from musclemap._core import CancelToken
from musclemap.errors import ArgumentError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    from musclemap._stack import PictureArray

__all__ = ["PictureFile", "read_picture", "write_ome_tiff"]

_AXES = "TCZYX"
_USUAL_AXES = {2: "YX", 3: "TYX", 5: _AXES}
_KEPT = ("uint8", "int16", "uint16", "int32", "uint32", "float32", "float64")

_Size = tuple["float | None", "float | None", "float | None"]


class PictureFile:
    """An open file of pictures, whose planes are read when they are asked for.

    path: TIFF, BigTIFF, OME-TIFF, an ImageJ hyperstack or ND2; of several series the first is taken, with a warning, of
    a pyramid the full level. Errors: FileError, FormatError, UnsupportedError, which name what the file has.
    """

    def __init__(self, path: _options.Path) -> None:
        with _options.running() as control:
            self._file = _core.PictureFile(path, control)
        self._path = Path(os.fsdecode(path))

    @property
    def path(self) -> Path:
        """As given."""
        return self._path

    @property
    def format(self) -> str:
        """'TIFF', 'ImageJ TIFF', 'OME-TIFF' or 'ND2'."""
        return self._file.format

    @property
    def file_axes(self) -> str:
        """Axes of the file, slowest first, such as 'TZCYX'."""
        return self._file.axes

    @property
    def axes(self) -> str:
        """'TCZYX': those of shape and of what read() gives."""
        return _AXES

    @property
    def shape(self) -> tuple[int, int, int, int, int]:
        """Elements along T, C, Z, Y, X; 1 for an axis that the file does not have."""
        return self._file.shape

    @property
    def dtype(self) -> np.dtype[np.generic]:
        """Of the pixels; bool is uint8."""
        return self._file.dtype

    @property
    def pixel_size_um(self) -> _Size:
        """Micrometres along x, y, z; None where it is not known."""
        x, y, z = (size or None for size in self._file.pixel_size_um)
        return x, y, z

    @property
    def channel_names(self) -> tuple[str, ...]:
        """One a channel, or none."""
        return self._file.channel_names

    @property
    def comments(self) -> tuple[str, ...]:
        """Texts of VLabApp's namespace."""
        return self._file.comments

    def plane(self, t: int = 0, c: int = 0, z: int = 0) -> NDArray[np.generic]:
        """The pixels (y, x) of time t, channel c and depth z, each from 0.

        Errors: ArgumentError (no such plane), those of opening.
        """
        place = []
        for name, index, count in zip("tcz", (t, c, z), self.shape, strict=False):
            if isinstance(index, bool) or not hasattr(index, "__index__") or not 0 <= index < count:
                raise ArgumentError(f"{name} is {_options.shown(index)}; 0 to {count - 1} are allowed")
            place.append(index.__index__())
        with _options.running() as control:
            return self._file.read(place, (1, 1, 1), control).reshape(self.shape[3:])

    def read(self, *, progress: _options.Progressing = None, cancel: CancelToken | None = None) -> PictureArray:
        """All pixels, as of read_picture()."""
        from musclemap._stack import PictureArray

        with _options.running(progress, self._path.name, cancel=cancel) as control:
            pixels = self._file.read((0, 0, 0), self.shape[:3], control).view(PictureArray)
        pixels.axes = _AXES
        pixels.pixel_size_um = self.pixel_size_um
        pixels.channel_names = self.channel_names
        pixels.comments = self.comments
        pixels.format = self.format
        pixels.file_axes = self.file_axes
        return pixels


def read_picture(
    path: _options.Path, *, progress: _options.Progressing = None, cancel: CancelToken | None = None
) -> PictureArray:
    """Pixels (t, c, z, y, x) of a picture of a microscope; 1 for axes that the file does not have.

    path: as of PictureFile, which reads single planes. Pixels have the file's type (bool is uint8). The array has the
    attributes `axes` ('TCZYX'), `pixel_size_um` (x, y, z; None: unknown), `channel_names`, `comments`, `format`,
    `file_axes`, and `scale` for napari.
    Errors: those of PictureFile, Cancelled; KeyboardInterrupt on Ctrl-C.
    """
    return PictureFile(path).read(progress=progress, cancel=cancel)


def write_ome_tiff(
    pixels: ArrayLike,
    path: _options.Path,
    *,
    axes: str | None = None,
    pixel_size_um: Sequence[float | None] | None = None,
    channel_names: Sequence[str] | None = None,
    comments: Sequence[str] | None = None,
    compression: Literal["deflate", "none"] = "deflate",
    progress: _options.Progressing = None,
    cancel: CancelToken | None = None,
) -> None:
    """Writes intensities or labels as OME-TIFF, whole or not at all, a page a plane.

    pixels: an array of any strides, which is not copied: uint8, int16, uint16, int32, uint32, float32, float64, or bool,
    which becomes uint8. path: .tif or .tiff; .ome.tif tells other programs what it is. axes: of the array, some of T, C,
    Z, Y, X in any order; None: YX, TYX or TCZYX by their number. pixel_size_um: micrometres along x, y, or x, y, z; None
    is unknown. channel_names: one a channel. comments: texts of VLabApp's namespace. All three are those of pixels where
    they are not given and read_picture() gave the array. compression: 'deflate' or 'none'.
    Errors: ArgumentError, FileError, Cancelled; KeyboardInterrupt on Ctrl-C.
    """
    import numpy as np

    array = np.asarray(pixels)
    if isinstance(pixels, np.ma.MaskedArray) and np.any(pixels.mask):
        raise ArgumentError("the picture has masked pixels; picture.filled(value) says what stands there")

    def known(given: object, name: str) -> object:
        return getattr(pixels, name, None) if given is None else given

    def texts(given: object, name: str) -> list[str]:
        told = known(given, name)
        return [] if told is None else _options.text_list(told, name)

    options: dict[str, object] = {"compression": compression, "comments": texts(comments, "comments")}
    sizes = _sizes(known(pixel_size_um, "pixel_size_um"))
    names = texts(channel_names, "channel_names")
    with _options.running(progress, _options.name_of(path), cancel=cancel) as control:
        _core.write_ome_tiff(_writable(_stacked(array, axes)), path, sizes, names, options, control)


def _sizes(given: object) -> list[float]:
    """Along x, y, z; 0 where it is not known."""
    if given is None:
        return [0.0, 0.0, 0.0]
    try:
        sizes = [0.0 if size is None else float(size) for size in given]  # type: ignore[attr-defined]
    except (TypeError, ValueError):
        sizes = []
    if len(sizes) not in (2, 3):
        raise ArgumentError(f"pixel_size_um is {_options.shown(given)}; micrometres along x, y, or x, y, z are allowed")
    return [*sizes, 0.0][:3]


def _stacked(array: NDArray[np.generic], axes: str | None) -> NDArray[np.generic]:
    """Axes T, C, Z, Y, X on the same memory."""
    import numpy as np

    named = _USUAL_AXES.get(array.ndim) if axes is None else axes
    if named is None:
        raise ArgumentError(f"the picture has {array.ndim} axes; axes= says which of T, C, Z, Y, X they are")
    right = isinstance(named, str) and len(set(named)) == len(named) and set("YX") <= set(named) <= set(_AXES)
    if not right or len(named) != array.ndim or array.size == 0:
        raise ArgumentError(
            f"axes is {_options.shown(named)} for the shape {array.shape}; each of the array's axes is one of"
            " T, C, Z, Y, X, with Y and X among them, and at least 1 long"
        )
    ordered = array.transpose([named.index(axis) for axis in _AXES if axis in named])
    return np.expand_dims(ordered, [place for place, axis in enumerate(_AXES) if axis not in named])


def _writable(array: NDArray[np.generic]) -> NDArray[np.generic]:
    """The same numbers as the library writes them; a copy where their memory cannot be read in place."""
    import numpy as np

    if array.dtype == np.bool_:
        return array.view(np.uint8)
    native = array.dtype.newbyteorder("=")
    if native.name not in _KEPT:
        raise ArgumentError(f"the picture's dtype is {array.dtype}; {', '.join(_KEPT)} and bool are allowed: astype()")
    in_place = array.flags.aligned and all(stride % array.itemsize == 0 for stride in array.strides)
    return array if in_place and array.dtype.isnative else array.astype(native)
