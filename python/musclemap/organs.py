"""What label maps of TotalSegmentator's classes tell: contrast phase, modality, unions of classes, radiomics."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import Literal, Union

from musclemap import _core, _options
from musclemap._core import CancelToken, Label, Volume
from musclemap._volumes import ImageLike, as_volume, on_one_grid
from musclemap.errors import ArgumentError, ModelError
from musclemap.segmentation import Segmenter
from musclemap.tasks import Task, cuda_name, image_of_task

Phase = Literal["native", "arterial_early", "arterial_late", "portal_venous"]
Features = dict[str, dict[str, float]]
LabelsOrSegmenter = Union[ImageLike, Segmenter]


@dataclass(frozen=True)
class ContrastPhase:
    """When after the injection of contrast medium a CT was taken, as totalseg_get_phase estimates it.

    pi_time: seconds after the injection, the mean of five estimates; pi_time_min, pi_time_max, stddev: of the five.
    phase: that time in words. probability: that the original gives to a time of this range: 1.0, 0.7 or 0.3.
    head_neck_missing: there is a brain, and nothing has looked for the vessels of the neck, which count as 0 HU.
    """

    pi_time: float
    phase: str
    probability: float
    pi_time_min: float
    pi_time_max: float
    stddev: float
    head_neck_missing: bool


@dataclass(frozen=True)
class Modality:
    """CT or MR, as totalseg_get_modality tells them. modality: 'ct' or 'mr'. probability: share of five votes."""

    modality: str
    probability: float


def contrast_phase(
    image: ImageLike,
    labels: LabelsOrSegmenter | None = None,
    head_neck: LabelsOrSegmenter | None = None,
    *,
    names: _options.Names | None = None,
    head_neck_names: _options.Names | None = None,
    device: object = "auto",
    threads: int = 0,
    memory_budget: int | str | None = None,
    progress: _options.Progressing = None,
    cancel: CancelToken | None = None,
) -> ContrastPhase:
    """The contrast phase of a CT in HU from the medians of its organs.

    image: the CT. labels: a label map of the task 'total'; or a Segmenter of Task('total', fast=True), whose networks
    stay loaded for the next image; None: one is made. head_neck: the same of the task 'headneck_bones_vessels', which
    counts where there is a brain; None: with a label map there is none, else a Segmenter is made where it is needed,
    if its weights are there. names, head_neck_names: what the values of the label maps mean, as labels, {value: anatomy} or
    a file; else what the maps say of themselves, else the classes of their tasks. device: where networks run that are
    loaded here. threads, memory_budget, progress, cancel: as of Segmenter.run().
    Errors: ArgumentError (a class without a name), GeometryError, ModelError (weights that are not there), Cancelled.
    """
    running = _options.running(
        progress, _options.name_of(image), threads=threads, memory_budget=memory_budget, cancel=cancel
    )
    if labels is None or isinstance(labels, Segmenter):
        if head_neck is not None and not isinstance(head_neck, Segmenter):
            raise ArgumentError("head_neck is a label map and labels is none; both are label maps or Segmenters")
        if head_neck is not None and head_neck is labels:
            raise ArgumentError("head_neck and labels are one Segmenter; two tasks are needed")
        total = labels if labels is not None else _segmenter("total", True, device, threads, cancel)
        volume = image_of_task(image, None, None)

        def find_neck() -> _core.Segmenter | None:
            if isinstance(head_neck, Segmenter):
                return head_neck._core
            try:
                return _segmenter("headneck_bones_vessels", False, device, threads, cancel)._core
            except ModelError as error:
                if error.file is not None:
                    raise
                return None

        with running as control:
            return _phase(total._core.contrast_phase(volume, find_neck, control))
    if isinstance(head_neck, Segmenter):
        raise ArgumentError("head_neck is a Segmenter and labels a label map; both are label maps or Segmenters")
    with running as control:
        volume, first = on_one_grid(image, labels)
        maps = [(first, _names_of(labels, first, names, "total", control))]
        if head_neck is not None:
            volume, second = on_one_grid(volume, head_neck)
            maps.append((second, _names_of(head_neck, second, head_neck_names, "headneck_bones_vessels", control)))
        return _phase(_core.phase_of_labels(volume, maps, control))


def modality(
    image: ImageLike,
    labels: LabelsOrSegmenter | None = None,
    *,
    normalised: bool = False,
    names: _options.Names | None = None,
    device: object = "auto",
    threads: int = 0,
    memory_budget: int | str | None = None,
    progress: _options.Progressing = None,
    cancel: CancelToken | None = None,
) -> Modality:
    """CT or MR: from the values of the whole image, or from the medians of organs.

    image: with the values that the scanner gave, for the whole image: in effect one with negative values is a CT.
    labels: a label map of the task 'total_mr', or a Segmenter of Task('total_mr', fast=True), for images whose values
    were normalised. normalised: the same with a Segmenter that is made here. names: what the values of the label map
    mean, as of contrast_phase(). device: where networks run that are loaded here. threads, memory_budget, progress,
    cancel: as of Segmenter.run(). Errors: those of contrast_phase().
    """
    running = _options.running(
        progress, _options.name_of(image), threads=threads, memory_budget=memory_budget, cancel=cancel
    )
    if labels is None and not _options.flag(normalised, "normalised"):
        with running as control:
            found = _core.modality_of_image(as_volume(image), control)
        return Modality(found.modality, found.probability)
    if labels is None or isinstance(labels, Segmenter):
        total_mr = labels if labels is not None else _segmenter("total_mr", True, device, threads, cancel)
        volume = image_of_task(image, None, None)
        with running as control:
            found = total_mr._core.normalised_modality(volume, control)
        return Modality(found.modality, found.probability)
    with running as control:
        volume, label_map = on_one_grid(image, labels)
        known = _names_of(labels, label_map, names, "total_mr", control)
        found = _core.modality_of_labels(volume, label_map, known, control)
    return Modality(found.modality, found.probability)


def combine_masks(labels: ImageLike, mask: str, *, names: _options.Names | None = None) -> Volume:
    """Classes joined to one mask: uint8, 1 where one of them is.

    labels: a label map. mask: 'lung', 'lung_left', 'lung_right', 'vertebrae', 'ribs', 'vertebrae_ribs', 'heart',
    'pelvis' or 'body'. names: what the values mean, as of contrast_phase().
    Error: ArgumentError (a union that there is not, a class without a name).
    """
    label_map = as_volume(labels)
    with _options.running() as control:
        known = _names_of(labels, label_map, names, "total", control)
    return _core.mask_of_union(label_map, known, mask)


def radiomics(
    image: ImageLike,
    labels: ImageLike,
    *,
    names: _options.Names | None = None,
    threads: int = 0,
    progress: _options.Progressing = None,
    cancel: CancelToken | None = None,
) -> Features:
    """Shape and first-order features of each named class as pyradiomics gives them at 3 mm, by class and feature.

    They are those of TotalSegmentator's statistics_radiomics.json: 32, or 107 zeros for a class that has none (no voxels,
    one voxel, a line, the whole image). image: of any type. labels: a label map on its grid. names: of the classes that
    are wanted, as of contrast_phase(). threads, progress, cancel: as of Segmenter.run().
    Errors: ArgumentError, GeometryError, Cancelled.
    """
    with _options.running(progress, _options.name_of(image), threads=threads, cancel=cancel) as control:
        volume, label_map = on_one_grid(image, labels)
        known = _names_of(labels, label_map, names, "total", control)
        features: Features = json.loads(_core.radiomics_json(volume, label_map, known, control))
    return features


def _segmenter(task: str, fast: bool, device: object, threads: int, cancel: CancelToken | None) -> Segmenter:
    return Segmenter(Task(task, fast=fast, cancel=cancel), device=cuda_name(device), threads=threads, cancel=cancel)


def _names_of(
    labels: object, label_map: Volume, names: _options.Names | None, task: str, control: _core.Control
) -> list[Label]:
    if names is not None:
        return _options.label_list(names)
    if label_map.names:
        return list(label_map.names)
    if isinstance(labels, (str, os.PathLike)):
        return _core.names_of_label_map(labels, task, control)
    return _core.labels_of_known_task(task)


def _phase(found: _core.ContrastPhase) -> ContrastPhase:
    return ContrastPhase(
        pi_time=found.pi_time_s,
        phase=found.phase,
        probability=found.probability,
        pi_time_min=found.pi_time_min_s,
        pi_time_max=found.pi_time_max_s,
        stddev=found.stddev_s,
        head_neck_missing=found.head_neck_missing,
    )
