"""Tasks: what is done to an image, with which networks, until it is a label map."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Literal, Union

from musclemap import _core, _options
from musclemap._core import CancelToken, Label, Volume
from musclemap._places import NibabelLike, matrix_of, mm_of_nibabel, scaled
from musclemap._volumes import ImageLike, as_volume
from musclemap.errors import ArgumentError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

Compat = Literal["2.16", "2.5"]
SPATIAL_AXES = 3
SMALL_BLOBS_MM3 = 200.0


class Task:
    """A task that is ready to be handed to a Segmenter. Immutable; pickles as what it was opened from.

    name_or_path: a task of TotalSegmentator, such as 'total', whose weights lie in its own folder; a folder of a network
    that nnU-Net has trained, with plans.json; or a task's JSON file with its networks beside it. The rest are options of
    TotalSegmentator's tasks, by the names of its arguments. fast, fastest: the networks of 3 and 6 mm. roi_subset: names
    of the classes that are wanted; roi_subset_robust: the same, found at 3 mm. robust_crop: find what the image is
    cropped to at 3 mm. body_seg: crop to the body first. force_split: run three slabs one after the other.
    remove_small_blobs: drop connected components of at most so many mm3; True: 200. resampling_order: degree of the
    splines that the image is resampled with. higher_order_resampling: take scores, not labels, to the image's grid;
    higher_order_resampling_LEGACY: take labels there class by class, with smooth borders.
    v1_order: values of TotalSegmentator 1. save_lowres: labels on the network's grid. model_size: 'big' or 'small', of
    total_v3. compat: '2.16', or '2.5': the version whose results are wanted. use_mirroring: of a folder of nnU-Net, mirror
    windows along the axes that it was trained with, as nnU-Net does unless told not to.
    save_probabilities: a run writes probabilities of all classes into this .npz and a .pkl beside it, as nnU-Net does; of a
    task with several networks each into files of its own, 'p_organs.npz'. cancel: ends the opening, as Ctrl-C does.
    Errors: ArgumentError (an unknown name or class; options that do not go together), ModelError (weights that are not
    there: says where they were looked for, where they come from and what licence they need), FileError, FormatError.
    """

    def __init__(
        self,
        name_or_path: _options.Path,
        *,
        fast: bool = False,
        fastest: bool = False,
        roi_subset: Sequence[str] | None = None,
        roi_subset_robust: Sequence[str] | None = None,
        robust_crop: bool = False,
        body_seg: bool = False,
        force_split: bool = False,
        remove_small_blobs: bool | float = 0.0,
        resampling_order: int | None = None,
        higher_order_resampling: bool = False,
        higher_order_resampling_LEGACY: bool = False,
        v1_order: bool = False,
        save_lowres: bool = False,
        model_size: Literal["big", "small"] = "big",
        compat: Compat = "2.16",
        use_mirroring: bool = False,
        save_probabilities: _options.Path | None = None,
        cancel: CancelToken | None = None,
    ) -> None:
        self._path = os.fspath(name_or_path)
        self._options: dict[str, object] = {
            "fast": fast,
            "fastest": fastest,
            "roi_subset": _names(roi_subset, "roi_subset"),
            "roi_subset_robust": _names(roi_subset_robust, "roi_subset_robust"),
            "robust_crop": robust_crop,
            "body_seg": body_seg,
            "force_split": force_split,
            "remove_small_blobs": SMALL_BLOBS_MM3 if remove_small_blobs is True else float(remove_small_blobs),
            "resampling_order": resampling_order,
            "higher_order_resampling": higher_order_resampling,
            "higher_order_resampling_LEGACY": higher_order_resampling_LEGACY,
            "v1_order": v1_order,
            "save_lowres": save_lowres,
            "model_size": model_size,
            "compat": compat,
            "use_mirroring": use_mirroring,
            "save_probabilities": save_probabilities,
        }
        with _options.running(cancel=cancel) as control:
            self._core = _core.Task.open(self._path, self._options, control)

    def __reduce__(self) -> tuple[object, ...]:
        return _task_of, (self._path, self._options)

    def __repr__(self) -> str:
        return f"Task({self.name!r}, {len(self.labels)} labels, {len(self.networks)} networks)"

    @property
    def is_fast(self) -> bool:
        """Whether it was opened with `fast`, so that its statistics are those of its own grid."""
        return self._options["fast"] is True

    @property
    def saves_probabilities(self) -> bool:
        """Whether it was opened with `save_probabilities`, so that a run writes a file of one name."""
        return self._options["save_probabilities"] is not None

    @property
    def name(self) -> str:
        """Such as 'total'."""
        return self._core.name

    @property
    def version(self) -> str:
        """Of the task; may be empty."""
        return self._core.version

    @property
    def labels(self) -> tuple[Label, ...]:
        """Those that a run may give, ascending by value."""
        return self._core.labels

    @property
    def networks(self) -> tuple[FilePath, ...]:
        """Files of the networks that run, in their order, below the folder of weights or beside the task's file."""
        return tuple(FilePath(file) for file, _ in self._core.networks)

    @property
    def images(self) -> int:
        """Images of one grid that a run takes: the channels of its networks."""
        return self._core.images

    @property
    def json(self) -> str:
        """The task as JSON, indented."""
        return self._core.json

    @property
    def sha256(self) -> str:
        """Of its canonical JSON, hex."""
        return self._core.sha256


TaskLike = Union[Task, str, "os.PathLike[str]"]


def nnunet(
    folder: _options.Path, *, use_mirroring: bool = False, save_probabilities: _options.Path | None = None
) -> Task:
    """The task of a network that nnU-Net has trained. use_mirroring, save_probabilities: as of Task.

    folder: nnU-Net's, with plans.json, dataset.json and the folds: `<Dataset>/<trainer>__<plans>__<configuration>`.
    Errors as those of Task.
    """
    return Task(FilePath(folder), use_mirroring=use_mirroring, save_probabilities=save_probabilities)


def task_of(task: TaskLike | None, options: dict[str, object], cancel: CancelToken | None) -> Task:
    """The task, or that of this name with these options. Error: ArgumentError."""
    if isinstance(task, Task):
        if changed(options):
            raise ArgumentError("a Task has its options already; they go with its name")
        return task
    if task is None:
        raise ArgumentError("neither a model nor a task is given; task='total' is one")
    return Task(task, **options, cancel=cancel)  # type: ignore[arg-type]


def changed(options: dict[str, object]) -> bool:
    """Whether one of the options is not its default."""
    plain = {"resampling_order": None, "model_size": "big", "compat": "2.16"}
    return any(value != plain.get(name) if name in plain else bool(value) for name, value in options.items())


def cuda_name(device: object) -> object:
    """TotalSegmentator's names of devices, 'gpu' and 'gpu:1', as others; the rest as it is."""
    if not isinstance(device, str) or device.split(":")[0] != "gpu":
        return device
    return "auto" if device == "gpu" else f"cuda{device[3:]}"


def image_of_task(image: ImageLike, affine: ArrayLike | None, spacing: Sequence[float] | None) -> Volume:
    """The image as its header places it; of a file or an image of nibabel of several volumes the first."""
    if isinstance(image, (str, os.PathLike)) and affine is None and spacing is None:
        with _options.running() as control:
            return _core.read(image, control, first_volume=True)
    if isinstance(image, NibabelLike) and len(getattr(image, "shape", ())) > SPATIAL_AXES and image.affine is not None:
        import numpy as np

        voxels = np.asanyarray(image.dataobj)
        first = voxels.reshape((*voxels.shape[:SPATIAL_AXES], -1), order="F")[..., 0]
        return Volume.from_array(first, scaled(matrix_of(image.affine), mm_of_nibabel(image)))
    return as_volume(image, affine, spacing=spacing)


def _names(names: Sequence[str] | None, what: str) -> list[str]:
    return [] if names is None else _options.text_list(names, what)


def _task_of(path: str, options: dict[str, object]) -> Task:
    return Task(path, **options)  # type: ignore[arg-type]
