"""Muscle and fat inside labels, and the tables of them."""

from __future__ import annotations

import os
from typing import Literal

from musclemap import _core, _options
from musclemap._core import Label, TissueMap, Volume
from musclemap._volumes import ImageLike, as_volume
from musclemap.errors import ArgumentError
from musclemap.tables import Metrics


class TissueClassifier:
    """Divides each label of an image into muscle and fat. Immutable; thread-safe.

    method: 'gmm' (Gaussian mixture), 'kmeans', or 'hu' (fixed windows of CT numbers). components: 2 (muscle, fat) or 3
    (muscle, undefined, fat). operators: 'upstream' counts voxels at a threshold as MuscleMap does, 'consistent' the same
    way everywhere. converge: run the mixture to its maximum instead of MuscleMap's stop. collapse_guard: pass over
    mixtures with a component on a single grey value. muscle_range, fat_range: Hounsfield units, both ends included.
    Error: ArgumentError.
    """

    def __init__(
        self,
        method: Literal["gmm", "kmeans", "hu"] = "gmm",
        *,
        components: int = 2,
        operators: Literal["upstream", "consistent"] = "upstream",
        converge: bool = False,
        collapse_guard: bool = True,
        muscle_range: tuple[float, float] = (-29.0, 150.0),
        fat_range: tuple[float, float] = (-190.0, -30.0),
    ) -> None:
        self._core = _core.TissueClassifier(
            method, components, operators, converge, collapse_guard, muscle_range, fat_range
        )

    def classify(
        self,
        image: ImageLike,
        labels: ImageLike,
        *,
        threads: int = 0,
        progress: _options.Progressing = None,
    ) -> TissueMap:
        """The division of `image` inside `labels` (any dtype whose values are integers; 0 is background).

        Both lie on one grid; an array without an affine takes the other's. The result does not depend on threads.
        Errors: GeometryError, FormatError (reason 'labels'), Cancelled.
        """
        image_volume, label_volume = _on_one_grid(image, labels)
        with _options.reporting(progress, "tissue") as tell:
            return self._core.classify(image_volume, label_volume, tell, threads)


def fat_fraction(
    fat: ImageLike, water: ImageLike, *, threads: int = 0, progress: _options.Progressing = None
) -> Volume:
    """Dixon fat fraction F / (F + W): float32 Volume on the images' grid, 0 where F + W is 0, not clipped.

    fat, water: images of any type on one grid.
    Error: GeometryError where the grids differ.
    """
    fat_volume, water_volume = _on_one_grid(fat, water)
    with _options.reporting(progress, "fat fraction") as tell:
        return _core.fat_fraction(fat_volume, water_volume, tell, threads)


def measure(
    labels: ImageLike,
    tissue: TissueMap | ImageLike,
    names: _options.Names | None = None,
    *,
    kind: Literal["intensity", "fat_fraction"] = "intensity",
    threads: int = 0,
    progress: _options.Progressing = None,
) -> Metrics:
    """A row per label, ascending by value; `.per_slice` has a row per label and slice, `.warnings` the remarks.

    tissue: a TissueMap of these labels for volumes and composition, or an image on their grid for the mean of its values:
    with kind='fat_fraction' the values are fractions and the table has fat_percent.
    names: labels, or {value: anatomy}; else those that the label map carries, or the .json beside its file.
    Volumes in ml, areas in mm2, shares in percent (0 to 100).
    Errors: ArgumentError (the map is of other labels), GeometryError, FormatError (reason 'labels').
    """
    if isinstance(tissue, TissueMap):
        known = _names(names, labels, tissue.labels)
        _check_same_labels(labels, tissue)
        with _options.reporting(progress, "measure") as tell:
            return Metrics(*_core.measure_tissue(tissue, known, tell, threads))
    label_volume, values = _on_one_grid(labels, tissue)
    known = _names(names, labels, label_volume)
    with _options.reporting(progress, "measure") as tell:
        return Metrics(*_core.measure_values(label_volume, values, kind, known, tell, threads))


def _names(names: _options.Names | None, labels: ImageLike, volume: Volume) -> list[Label]:
    if names is not None:
        return _options.label_list(names)
    if isinstance(labels, (str, os.PathLike)):
        return _core.labels_beside(labels)
    return list(labels.names if isinstance(labels, Volume) else volume.names)


def _on_one_grid(first: ImageLike, second: ImageLike) -> tuple[Volume, Volume]:
    """Both as volumes; a bare array, which knows no place, takes that of the other."""
    import numpy as np

    if isinstance(first, np.ndarray) and not isinstance(second, np.ndarray):
        other = as_volume(second)
        return as_volume(first, other.affine), other
    volume = as_volume(first)
    if isinstance(second, np.ndarray):
        return volume, as_volume(second, volume.affine)
    return volume, as_volume(second)


def _check_same_labels(labels: ImageLike, tissue: TissueMap) -> None:
    if labels is tissue.labels:
        return
    import numpy as np

    own = tissue.labels
    given = as_volume(labels, own.affine) if isinstance(labels, np.ndarray) else as_volume(labels)
    if _core.same_grid(given, own) and np.array_equal(np.asarray(given), np.asarray(own)):
        return
    raise ArgumentError("the tissue map was made from another label map than the one that is to be measured")
