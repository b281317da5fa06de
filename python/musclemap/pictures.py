"""Pictures of volumes and of what was found in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from musclemap import _core, _options
from musclemap._core import TissueMap, Volume
from musclemap._volumes import ImageLike, as_volume
from musclemap.errors import ArgumentError

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.figure import Figure
    from numpy.typing import NDArray


def montage(
    image: ImageLike,
    labels: ImageLike | TissueMap,
    path: _options.Path | None = None,
    *,
    names: _options.Names | None = None,
    title: str = "",
) -> bytes:
    """The quality-control picture as the bytes of a PNG file, which is also written to `path`. Needs no matplotlib.

    image: of any type; not used with a TissueMap, which holds its own. labels: a label map (slices, names and volumes),
    or a TissueMap (a card per muscle with its histogram). names: labels, or {value: anatomy}; else those of the label
    map. title: drawn at the top.
    Errors: ArgumentError, GeometryError, FileError.
    """
    if isinstance(labels, TissueMap):
        known = _options.label_list(names) if names is not None else list(labels.labels.names)
        data = _core.tissue_montage_png(labels, known, title)
    else:
        volume = as_volume(labels)
        known = _options.label_list(names) if names is not None else list(volume.names)
        data = _core.qc_montage_png(as_volume(image), volume, known, title)
    if path is not None:
        _core.write_file(path, data)
    return data


def show(
    volume: ImageLike,
    labels: ImageLike | None = None,
    tissue: TissueMap | None = None,
    *,
    slice_index: int | None = None,
    alpha: float = 0.4,
) -> Figure:
    """One axial slice of volume with labels or tissue classes over it, as a matplotlib figure (which needs matplotlib).

    The patient's right is on the left, seen from the feet. slice_index: along the axis from feet to head, counted from
    the feet; else the slice with the largest labelled area, or the middle one. alpha: how opaque labels and classes are,
    0 to 1.
    Errors: GeometryError, ArgumentError; ImportError without matplotlib.
    """
    import numpy as np
    from matplotlib import pyplot

    image = as_volume(volume)
    grey = _upright(image)
    over = None if labels is None else _overlay(image, as_volume(labels))
    classes = None if tissue is None else _overlay(image, tissue.tissue)
    index = _slice_of(grey.shape[2], over if over is not None else classes, slice_index)
    sizes = _upright_spacing(image)
    figure, axes = pyplot.subplots()
    lit = grey[grey != 0]
    low, high = np.percentile(lit, (1, 99)) if lit.size else (0.0, 1.0)
    axes.imshow(grey[:, :, index].T, cmap="gray", vmin=low, vmax=high, aspect=sizes[1] / sizes[0])
    for layer, colours in ((over, _label_colours), (classes, _tissue_colours)):
        if layer is not None:
            axes.imshow(colours(layer[:, :, index].T, alpha), aspect=sizes[1] / sizes[0])
    axes.set_axis_off()
    axes.set_title(f"slice {index} of {grey.shape[2]}")
    return figure


def _overlay(image: Volume, other: Volume) -> NDArray[np.generic]:
    if not _core.same_grid(image, other):
        from musclemap.errors import GeometryError

        raise GeometryError("the image and its labels do not lie on one grid")
    return _upright(other)


def _axes(volume: Volume) -> tuple[list[int], list[bool]]:
    """Stored axis of x, y and z, and whether it runs to the left, back and feet."""
    import numpy as np

    order, negative = _core.orientation(volume)
    return list(np.asarray(order)), list(negative)


def _upright(volume: Volume) -> NDArray[np.generic]:
    """Columns from the patient's right, rows from the front, slices from the feet; not a copy."""
    import numpy as np

    order, negative = _axes(volume)
    voxels = np.asarray(volume).transpose(order)
    x, y, z = (slice(None, None, -1) if flip else slice(None) for flip in negative)
    return voxels[x, y, z][::-1, ::-1]


def _upright_spacing(volume: Volume) -> list[float]:
    order, _ = _axes(volume)
    return [volume.spacing[axis] for axis in order]


def _slice_of(count: int, layer: NDArray[np.generic] | None, index: int | None) -> int:
    if index is not None:
        if not 0 <= index < count:
            raise ArgumentError(f"slice_index is {index}; 0 to {count - 1} are allowed")
        return index
    if layer is None or not layer.any():
        return count // 2
    return int((layer != 0).sum(axis=(0, 1)).argmax())


def _label_colours(values: NDArray[np.generic], alpha: float) -> NDArray[np.float64]:
    import numpy as np

    picture = np.zeros((*values.shape, 4))
    for value in np.unique(values[values != 0]):
        colour = _core.label_colour(int(value))
        picture[values == value] = (*(part / 255 for part in colour), alpha)
    return picture


def _tissue_colours(values: NDArray[np.generic], alpha: float) -> NDArray[np.float64]:
    import numpy as np

    picture = np.zeros((*values.shape, 4))
    for value, colour in ((1, (0.84, 0.15, 0.16)), (4, (0.98, 0.85, 0.2)), (7, (0.2, 0.45, 0.85))):
        picture[values == value] = (*colour, alpha)
    return picture
