"""Muscle and fat inside labels, and the tables of them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from musclemap import _core, _options
from musclemap._core import CancelToken, Label, TissueMap, Volume
from musclemap._volumes import ImageLike, on_one_grid
from musclemap.errors import ArgumentError
from musclemap.tables import Metrics

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

Operators = Literal["upstream", "consistent"]
Stop = Literal["compat", "converged"]


class TissueClassifier:
    """Divides each label of an image into muscle and fat. Immutable; thread-safe.

    method: 'gmm' (Gaussian mixture), 'kmeans', or 'hu' (fixed windows of CT numbers). components: 2 (muscle, fat) or 3
    (muscle, undefined, fat). operators: 'upstream' counts voxels at a threshold as MuscleMap does, 'consistent' the same
    way everywhere. stop: when the mixture's steps end, 'compat' as MuscleMap's or 'converged' at its maximum. collapse_guard: pass over
    mixtures with a component on a single grey value. muscle_range, fat_range: Hounsfield units, both ends included.
    divide_bones: True: bones get muscle and fat in tables and pictures too, not volumes alone.
    geometry_tolerance: most that corners of image, labels and mask may lie apart, in voxels; above 1e-3 with a warning.
    It pickles. Error: ArgumentError.
    """

    def __init__(
        self,
        method: Literal["gmm", "kmeans", "hu"] = "gmm",
        *,
        components: int = 2,
        operators: Operators = "upstream",
        stop: Stop = "compat",
        collapse_guard: bool = True,
        muscle_range: tuple[float, float] = (-29.0, 150.0),
        fat_range: tuple[float, float] = (-190.0, -30.0),
        divide_bones: bool | None = None,
        geometry_tolerance: float = 0.05,
    ) -> None:
        self._options: dict[str, object] = {
            "method": method,
            "components": components,
            "operators": operators,
            "stop": stop,
            "collapse_guard": collapse_guard,
            "muscle_range": muscle_range,
            "fat_range": fat_range,
            "divide_bones": divide_bones,
            "geometry_tolerance": geometry_tolerance,
        }
        self._core = _core.TissueClassifier(self._options)

    def classify(
        self,
        image: ImageLike,
        labels: ImageLike,
        *,
        affine: ArrayLike | None = None,
        spacing: Sequence[float] | None = None,
        threads: int = 0,
        progress: _options.Progressing = None,
        cancel: CancelToken | None = None,
    ) -> TissueMap:
        """The division of `image` inside `labels` (any dtype whose values are integers; 0 is background).

        Both lie on one grid; labels stored along other axes are reordered, with a warning. affine, spacing: of what has no place, as of as_volume(); without them it has the place of
        the other. The result does not depend on threads.
        Errors: GeometryError, FormatError (reason 'labels'), Cancelled, those of as_volume().
        """
        image_volume, label_volume = on_one_grid(image, labels, affine, spacing)
        with _options.running(progress, "tissue", threads=threads, cancel=cancel) as control:
            return self._core.classify(image_volume, label_volume, control)

    def __repr__(self) -> str:
        return f"TissueClassifier({', '.join(f'{name}={value!r}' for name, value in self._options.items())})"

    def __reduce__(self) -> tuple[object, ...]:
        return _classifier, (self._options,)


def _classifier(options: dict[str, object]) -> TissueClassifier:
    return TissueClassifier(**options)  # type: ignore[arg-type]


def fat_fraction(
    fat: ImageLike,
    water: ImageLike,
    *,
    affine: ArrayLike | None = None,
    spacing: Sequence[float] | None = None,
    geometry_tolerance: float = 0.05,
    threads: int = 0,
    progress: _options.Progressing = None,
    cancel: CancelToken | None = None,
) -> Volume:
    """Dixon fat fraction F / (F + W): float32 Volume on the images' grid, 0 where F + W is 0, not clipped.

    fat, water: images of any type on one grid. affine, spacing, geometry_tolerance: as of TissueClassifier.
    Errors: GeometryError where the grids differ, Cancelled, those of as_volume().
    """
    fat_volume, water_volume = on_one_grid(fat, water, affine, spacing)
    with _options.running(progress, "fat fraction", threads=threads, cancel=cancel) as control:
        return _core.fat_fraction(fat_volume, water_volume, geometry_tolerance, control)


def measure(
    labels: ImageLike,
    tissue: TissueMap | ImageLike,
    names: _options.Names | None = None,
    *,
    kind: Literal["intensity", "fat_fraction"] = "intensity",
    affine: ArrayLike | None = None,
    spacing: Sequence[float] | None = None,
    section_axis: _options.SectionAxis = "superior",
    geometry_tolerance: float = 0.05,
    threads: int = 0,
    progress: _options.Progressing = None,
    cancel: CancelToken | None = None,
) -> Metrics:
    """A row per label, ascending by value; `.per_slice` has a row per label and slice, `.warnings` the remarks.

    tissue: a TissueMap of these labels for volumes and composition, or an image on their grid for the mean of its values:
    with kind='fat_fraction' the values are fractions and the table has fat_percent.
    names: labels, {value: anatomy}, or a file that read_labels() takes; else those that the label map carries, or the
    .json beside its file.
    affine, spacing: of what has no place, as of TissueClassifier.classify(); a TissueMap has that of its own labels.
    section_axis: along which stored axis areas and slices are taken: the one nearest to 'superior', the one of the
    largest spacing ('stored'), or 'i', 'j', 'k'. geometry_tolerance: as of TissueClassifier, which has that of a
    TissueMap. Labels that are stored along other axes than the image are reordered, with a warning; slices are counted
    along the axes of the image.
    Volumes in ml, areas in mm2, shares in percent (0 to 100); where nobody stated a voxel size, a voxel counts as 1 mm3
    and a warning ('no_spacing') says so.
    Errors: ArgumentError (the map is of other labels), GeometryError, FormatError (reason 'labels'), Cancelled.
    """
    if isinstance(tissue, TissueMap):
        if affine is not None or spacing is not None:
            raise ArgumentError("affine and spacing go with classify(); a TissueMap has a place")
        known = _names(names, labels, tissue.labels)
        _check_same_labels(labels, tissue)
        with _options.running(progress, "measure", threads=threads, cancel=cancel) as control:
            return Metrics(*_core.measure_tissue(tissue, known, {"section_axis": section_axis}, control))
    label_volume, values = on_one_grid(labels, tissue, affine, spacing)
    known = _names(names, labels, label_volume)
    with _options.running(progress, "measure", threads=threads, cancel=cancel) as control:
        options: dict[str, object] = {"section_axis": section_axis, "geometry_tolerance": geometry_tolerance}
        return Metrics(*_core.measure_values(label_volume, values, kind, known, options, control))


def _names(names: _options.Names | None, labels: ImageLike, volume: Volume) -> list[Label]:
    if names is not None:
        return _options.label_list(names)
    if isinstance(labels, (str, os.PathLike)):
        return _core.labels_beside(labels)
    return list(volume.names)


def _check_same_labels(labels: ImageLike, tissue: TissueMap) -> None:
    if labels is tissue.labels:
        return
    import numpy as np

    own = tissue.labels
    _, given = on_one_grid(own, labels)
    if _core.same_grid(given, own) and np.array_equal(np.asarray(given), np.asarray(own)):
        return
    raise ArgumentError("the tissue map was made from another label map than the one that is to be measured")
