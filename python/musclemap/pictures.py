"""Pictures of volumes and of what was found in them."""

from __future__ import annotations

import numbers
from typing import TYPE_CHECKING

from musclemap import _core, _options
from musclemap._annotations import TISSUES, Entry, Shades, add_legend, annotate
from musclemap._core import TissueMap, Volume
from musclemap._volumes import ImageLike, as_volume, on_one_grid
from musclemap.errors import ArgumentError, warn

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
    subtitle: str = "",
    width_px: int = 1800,
    max_slices: int = 8,
    max_groups: int = 48,
    section_axis: _options.SectionAxis = "superior",
    geometry_tolerance: float = 0.05,
) -> bytes:
    """The quality-control picture as the bytes of a PNG file, which is also written to `path`. Needs no matplotlib.

    image: of any type; not used with a TissueMap, which holds its own. labels: a label map (slices, names and volumes),
    or a TissueMap (a card per muscle with its histogram). names: labels, or {value: anatomy}; else those of the label
    map. title, subtitle: drawn at the top. width_px: 800 to 8000. max_slices: small sections of a label map, 0 to 64;
    max_groups: muscles of a TissueMap, 1 to 200. section_axis, geometry_tolerance: as of measure().
    Errors: ArgumentError, GeometryError, FileError.
    """
    if path is not None:
        _options.keep_inputs(path, image, labels, names)
    options: dict[str, object] = {
        "title": title,
        "subtitle": subtitle,
        "width_px": width_px,
        "max_slices": max_slices,
        "max_groups": max_groups,
        "section_axis": section_axis,
        "geometry_tolerance": geometry_tolerance,
    }
    if isinstance(labels, TissueMap):
        volume = labels.labels
        known = _options.label_list(names) if names is not None else list(volume.names)
        data = _core.tissue_montage_png(labels, known, options)
    else:
        image_volume, volume = on_one_grid(image, labels)
        known = _options.label_list(names) if names is not None else list(volume.names)
        data = _core.qc_montage_png(image_volume, volume, known, options)
    return _finished(data, volume, path)


def organ_preview(
    image: ImageLike,
    labels: ImageLike,
    path: _options.Path | None = None,
    *,
    names: _options.Names | None = None,
    title: str = "",
    subtitle: str = "",
    width_px: int = 1800,
    geometry_tolerance: float = 0.05,
) -> bytes:
    """The structures of a label map as shaded surfaces by body system, and one slice, as the bytes of a PNG file.

    It is also written to `path`. Needs no matplotlib and no display. image: of any type. labels: a label map. names:
    labels, or {value: anatomy}, which decide systems and colours; else those of the label map. title, subtitle: drawn
    at the top. width_px: 800 to 8000. geometry_tolerance: as of measure().
    Errors: ArgumentError, GeometryError, FileError.
    """
    if path is not None:
        _options.keep_inputs(path, image, labels, names)
    image_volume, volume = on_one_grid(image, labels)
    known = _options.label_list(names) if names is not None else list(volume.names)
    options: dict[str, object] = {
        "title": title,
        "subtitle": subtitle,
        "width_px": width_px,
        "geometry_tolerance": geometry_tolerance,
    }
    return _finished(_core.organ_preview_png(image_volume, volume, known, options), volume, path)


def _finished(data: bytes, labels: Volume, path: _options.Path | None) -> bytes:
    if not labels.spacing_known:
        warn("the label map has no voxel size; a voxel counts as a cube of 1 mm in the picture", "no_spacing")
    if path is not None:
        _core.write_file(path, data)
    return data


def show(
    volume: ImageLike,
    labels: ImageLike | None = None,
    tissue: TissueMap | None = None,
    *,
    names: _options.Names | None = None,
    slice_index: int | None = None,
    alpha: float = 0.4,
) -> Figure:
    """One axial slice of volume with labels or tissue classes over it, as a matplotlib figure (which needs matplotlib).

    The patient's right is on the left, seen from the feet, as the letters say; a bar shows millimetres, a legend what is
    seen. names: labels, or {value: anatomy}; else those of the label map. slice_index: along the axis from feet to head,
    from 0 at the feet; else the slice with the largest labelled area, or the middle one. The title counts from 1. alpha:
    how opaque labels and classes are, 0 to 1.
    Errors: GeometryError, ArgumentError; ImportError without matplotlib.
    """
    import numpy as np
    from matplotlib import pyplot

    if not isinstance(alpha, (int, float)) or not 0 <= alpha <= 1:
        raise ArgumentError(f"alpha is {_options.shown(alpha)}; 0 to 1 is allowed")
    if tissue is not None and not isinstance(tissue, TissueMap):
        raise ArgumentError(f"tissue is of the type {type(tissue).__name__}; a TissueMap is allowed")
    image, label_map = (as_volume(volume), None) if labels is None else on_one_grid(volume, labels)
    grey = _upright(image)
    over = None if label_map is None else _overlay(image, label_map)
    classes = None if tissue is None else _overlay(image, tissue.tissue)
    index = _slice_of(grey.shape[2], over if over is not None else classes, slice_index)
    lit = grey[grey != 0]
    low, high = np.percentile(lit, (1, 99)) if lit.size else (0.0, 1.0)
    width, height = _upright_spacing(image)[:2]
    figure, axes = pyplot.subplots(layout="constrained")
    axes.imshow(grey[:, :, index].T, cmap="gray", vmin=low, vmax=high, aspect=height / width)
    entries: list[Entry] = []
    for layer, shades in ((over, _label_shades(label_map, names)), (classes, TISSUES)):
        if layer is None:
            continue
        seen = layer[:, :, index].T
        entries += [(shades.name(int(value)), shades.colour(int(value))) for value in np.unique(seen[seen != 0])]
        axes.imshow(_coloured(seen, shades, alpha), aspect=height / width)
    annotate(axes, width, "mm" if image.spacing_known else "voxels")
    add_legend(figure, entries)
    axes.set_axis_off()
    axes.set_title(f"slice {index + 1} of {grey.shape[2]}")
    return figure


def _overlay(image: Volume, other: Volume) -> NDArray[np.generic]:
    return _upright(_core.on_grid_of(image, other, "label map", 0.05))


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
        if not isinstance(index, numbers.Integral) or not 0 <= index < count:
            raise ArgumentError(f"slice_index is {_options.shown(index)}; 0 to {count - 1} are allowed")
        return int(index)
    if layer is None or not layer.any():
        return count // 2
    return int((layer != 0).sum(axis=(0, 1)).argmax())


def _label_shades(labels: Volume | None, names: _options.Names | None) -> Shades:
    known = _options.label_list(names) if names is not None else list(labels.names) if labels is not None else []
    called = {label.value: label.name for label in known}
    return Shades(lambda value: called.get(value, f"label {value}"), _core.label_colour)


def _coloured(values: NDArray[np.generic], shades: Shades, alpha: float) -> NDArray[np.float64]:
    import numpy as np

    picture = np.zeros((*values.shape, 4))
    for value in np.unique(values[values != 0]):
        picture[values == value] = (*(part / 255 for part in shades.colour(int(value))), alpha)
    return picture
