"""From an image to a label map."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeVar, Union, cast, overload

from musclemap import _core, _options
from musclemap._core import CancelToken, Label, ModelBundle, Volume
from musclemap._repair import repaired_affine
from musclemap._places import NibabelLike, matrix_of, mm_of_nibabel, scaled
from musclemap._volumes import ImageLike, as_volume, read_image
from musclemap.errors import ArgumentError
from musclemap.installation import name_engine
from musclemap.tasks import Compat, Task, TaskLike, changed, cuda_name, image_of_task, task_of

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

ModelLike = Union[ModelBundle, str, "os.PathLike[str]"]
# An image or the list of its channels; and such cases one after the other.
Case = Union[ImageLike, Sequence[ImageLike]]
Cases = Sequence[Case]
Result = TypeVar("Result")


@dataclass(frozen=True)
class SegmentReport:
    """What the last run of a Segmenter was like.

    engine: such as 'native avx512' or 'torch 2.11.0'; engine_reason: why it is not the native one where the choice was
    left open; engine_check: what the native engine was compared with when it was loaded, '' for LibTorch.
    precision: 'exact' or 'fast', in force. device: 'cpu', 'cuda:0'; device_reason: why it is not a GPU. overlap: in force.
    windows: that the network has seen. prepare_seconds: reading, resampling, statistics; infer_seconds: network,
    blending, the way back to the image's grid; filter_seconds: taking out connected components.
    """

    engine: str
    engine_reason: str
    engine_check: str
    precision: str
    device: str
    device_reason: str
    overlap: float
    windows: int
    prepare_seconds: float
    infer_seconds: float
    filter_seconds: float


class _Running(NamedTuple):
    """How a case is placed and run."""

    affine: ArrayLike | None
    spacing: Sequence[float] | None
    threads: int
    memory_budget: int | str | None
    progress: _options.Progressing
    cancel: CancelToken | None

    def running(self, case: object) -> AbstractContextManager[_core.Control]:
        first = case[0] if isinstance(case, (list, tuple)) else case
        return _options.running(
            self.progress,
            _options.name_of(first),
            threads=self.threads,
            memory_budget=self.memory_budget,
            cancel=self.cancel,
        )


class Segmenter:
    """A model or a task on a device. One run at a time: a second thread gets ArgumentError, reason 'busy'.

    model: a ModelBundle, a path (.pth with its .json beside it, .pt, .ts or a folder), the region of a published
    model, such as 'wholebody', which is looked for in the model folders, or a Task, whose networks are loaded when they
    are first run and kept from then on.
    engine: 'auto' (the library's own where it can run the network on the device, else LibTorch), 'native' or 'torch'.
    precision: 'exact' (32-bit floats), or 'fast': 16-bit floats where an engine has kernels for them (AMX; LibTorch on a GPU).
    device: 'auto', 'cpu', 'cuda', 'cuda:1' or a torch.device. overlap: part of a window shared with the next one, in
    [0, 1); None: 0.9. all_parts: keep every connected component of a label, not its largest alone. chunk_slices: segment slices of the
    last axis in groups, as MuscleMap's `-c N` does (changes the result). windows_per_batch: handed to the network at
    once; 0: one a thread, within the memory budget. torch_threads: LibTorch's own thread count,
    which the whole process shares; 0 leaves it alone. trust: LibTorch may run a TorchScript file that is registered nowhere.
    threads: most that prepare and check the weights. cancel: ends the loading, as Ctrl-C does.
    It pickles as its model's path and these options, to be loaded again where it arrives.
    Errors: DeviceError (no engine, no such device), ModelError, ArgumentError (reason 'forked' in a child of a process
    that has used an engine), and those of ModelBundle.open().
    """

    def __init__(
        self,
        model: ModelLike | Task,
        *,
        device: object = "auto",
        overlap: float | None = None,
        all_parts: bool = False,
        chunk_slices: int = 0,
        windows_per_batch: int = 0,
        torch_threads: int = 0,
        trust: bool = False,
        engine: str = "auto",
        precision: str = "exact",
        threads: int = 0,
        cancel: CancelToken | None = None,
    ) -> None:
        self._task = model if isinstance(model, Task) else None
        opened = model._core if isinstance(model, Task) else open_model(model, trust=trust, cancel=cancel)
        name_engine()
        self._options: dict[str, object] = {
            "device": str(device),
            "overlap": overlap,
            "all_parts": all_parts,
            "chunk_slices": chunk_slices,
            "windows_per_batch": windows_per_batch,
            "torch_threads": torch_threads,
            "engine": engine,
            "precision": precision,
        }
        with _options.running(threads=threads, cancel=cancel) as control:
            self._core = _core.Segmenter(opened, self._options, control)

    def __reduce__(self) -> tuple[object, ...]:
        return _segmenter_of, (self._task or self.bundle, self._options)

    @property
    def bundle(self) -> ModelBundle:
        """The model. Error: ArgumentError where there is a task instead."""
        return self._core.bundle

    @property
    def task(self) -> Task | None:
        """The task; None where there is a model."""
        return self._task

    @property
    def labels(self) -> tuple[Label, ...]:
        """What the values of its label maps mean, ascending by value."""
        return self.bundle.labels if self._task is None else self._task.labels

    @property
    def report(self) -> SegmentReport:
        """Of the last run."""
        return SegmentReport(**self._core.report)

    @overload
    def run(
        self,
        image: ImageLike,
        *,
        affine: ArrayLike | None = None,
        spacing: Sequence[float] | None = None,
        threads: int = 0,
        memory_budget: int | str | None = None,
        progress: _options.Progressing = None,
        cancel: CancelToken | None = None,
    ) -> Volume: ...

    @overload
    def run(
        self,
        image: Cases,
        *,
        affine: ArrayLike | None = None,
        spacing: Sequence[float] | None = None,
        threads: int = 0,
        memory_budget: int | str | None = None,
        progress: _options.Progressing = None,
        cancel: CancelToken | None = None,
    ) -> Volume | list[Volume]: ...

    def run(
        self,
        image: ImageLike | Cases,
        *,
        affine: ArrayLike | None = None,
        spacing: Sequence[float] | None = None,
        threads: int = 0,
        memory_budget: int | str | None = None,
        progress: _options.Progressing = None,
        cancel: CancelToken | None = None,
    ) -> Volume | list[Volume]:
        """Labels of the image on its grid, with their meaning in `.names`: int16, of a task uint8 where they fit.

        image: what as_volume() takes; of several volumes (a fourth axis) a task takes the first. A list of images is
        segmented one after the other by the networks that are loaded, for a list of label maps; the first that fails
        ends the call. Where a task takes several images of one grid (Task.images), a list of so many is one case, and a
        list of such lists several. affine, spacing: of an array, as of as_volume(). threads: most threads of the
        library's own loops; 0: all. memory_budget: bytes, or '4GiB'; neither changes the result. progress: True for a
        bar (where tqdm is installed), or a function that is called with a Progress; when it returns False the run ends
        with Cancelled, and what it raises comes out. cancel: a CancelToken.
        Errors: GeometryError, MemoryLimitError, Cancelled, those of as_volume(); KeyboardInterrupt on Ctrl-C.
        """
        how = _Running(affine, spacing, threads, memory_budget, progress, cancel)
        return self._each(image, lambda case: self._run(case, how))

    def _run(self, case: Case, how: _Running) -> Volume:
        if self._task is None:
            volume, own_affine = _volume_to_segment(_one_image(case), how.affine, how.spacing)
            volumes = [volume]
        else:
            volumes, own_affine = self._volumes_of(case, how), None
        with how.running(case) as control:
            labels = self._core.run(volumes, control)
        if own_affine is not None:
            labels = labels.with_affine(own_affine)
        labels.names = self.labels
        return labels

    def _each(self, image: Case | Cases, run: Callable[[Case], Result]) -> Result | list[Result]:
        """What `run` gives for the one case, or for each case of a list."""
        if not isinstance(image, (list, tuple)):
            return run(cast(ImageLike, image))
        if not image:
            raise ArgumentError("image is an empty list; an image or a list of images is allowed")
        if self._channels > 1 and not any(isinstance(each, (list, tuple)) for each in image):
            return run(image)
        if len(image) > 1 and self._task is not None and self._task.saves_probabilities:
            raise ArgumentError("save_probabilities names the file of one image; several are given")
        return [run(case) for case in image]

    def _volumes_of(self, case: Case, how: _Running) -> list[Volume]:
        images = list(case) if isinstance(case, (list, tuple)) else [case]
        if len(images) != self._channels:
            raise ArgumentError(f"a case is {len(images)} images; the task takes {self._channels} on one grid")
        return [image_of_task(_one_image(image), how.affine, how.spacing) for image in images]

    @property
    def _channels(self) -> int:
        return 1 if self._task is None else self._task.images

    @overload
    def run_with_statistics(
        self,
        image: ImageLike,
        *,
        statistics_exclude_masks_at_border: bool = True,
        stats_aggregation: Literal["mean", "median"] = "mean",
        statistics_normalized_intensities: bool = False,
        statistics_extra: bool = False,
        affine: ArrayLike | None = None,
        spacing: Sequence[float] | None = None,
        threads: int = 0,
        memory_budget: int | str | None = None,
        progress: _options.Progressing = None,
        cancel: CancelToken | None = None,
    ) -> tuple[Volume, Statistics]: ...

    @overload
    def run_with_statistics(
        self,
        image: Cases,
        *,
        statistics_exclude_masks_at_border: bool = True,
        stats_aggregation: Literal["mean", "median"] = "mean",
        statistics_normalized_intensities: bool = False,
        statistics_extra: bool = False,
        affine: ArrayLike | None = None,
        spacing: Sequence[float] | None = None,
        threads: int = 0,
        memory_budget: int | str | None = None,
        progress: _options.Progressing = None,
        cancel: CancelToken | None = None,
    ) -> tuple[Volume, Statistics] | list[tuple[Volume, Statistics]]: ...

    def run_with_statistics(
        self,
        image: ImageLike | Cases,
        *,
        statistics_exclude_masks_at_border: bool = True,
        stats_aggregation: Literal["mean", "median"] = "mean",
        statistics_normalized_intensities: bool = False,
        statistics_extra: bool = False,
        affine: ArrayLike | None = None,
        spacing: Sequence[float] | None = None,
        threads: int = 0,
        memory_budget: int | str | None = None,
        progress: _options.Progressing = None,
        cancel: CancelToken | None = None,
    ) -> tuple[Volume, Statistics] | list[tuple[Volume, Statistics]]:
        """Labels as of run(), and what TotalSegmentator's statistics.json says of each class, by name. Of a task.

        image, affine, spacing: as of run(); a list of cases gives a list of both.
        'volume' in mm3 and 'intensity'; both 0.0 where the class has no voxel, and unless
        statistics_exclude_masks_at_border is False also where it comes within 3 voxels of a border of the image.
        stats_aggregation: of intensities. statistics_normalized_intensities: intensities scaled to 0..1 over the image.
        statistics_extra: also n_voxels, intensity_std, intensity_min, intensity_max, centroid_vox and bbox_vox. With
        the task's option `fast` they are those of its own grid, without the extra ones. Of several images of a case the
        first counts.
        Errors: those of run(); ArgumentError for a model.
        """
        options = self._statistics_options(
            statistics_exclude_masks_at_border, stats_aggregation, statistics_normalized_intensities, statistics_extra
        )
        how = _Running(affine, spacing, threads, memory_budget, progress, cancel)
        return self._each(image, lambda case: self._run_with_statistics(case, options, how))

    def _statistics_options(
        self, exclude_masks_at_border: bool, aggregation: str, normalised: bool, extra: bool
    ) -> dict[str, object]:
        if self._task is None:
            raise ArgumentError("statistics are those of a task; measure() and measure(labels, image) are those of a model")
        if aggregation not in ("mean", "median"):
            raise ArgumentError(f"stats_aggregation is {_options.shown(aggregation)}; 'mean' and 'median' are allowed")
        return {
            "include_incomplete": not exclude_masks_at_border,
            "aggregation": aggregation,
            "normalised": normalised,
            "extra": extra and not self._task.is_fast,
        }

    def _run_with_statistics(
        self, case: Case, options: dict[str, object], how: _Running
    ) -> tuple[Volume, Statistics]:
        volumes = self._volumes_of(case, how)
        with how.running(case) as control:
            on_image: Volume | None = volumes[0]
            if self._task is not None and self._task.is_fast:
                labels, on_image, on_labels = self._core.run_with_grid(volumes, control)
            else:
                labels = on_labels = self._core.run(volumes, control)
            labels.names = self.labels
            if on_image is None or on_labels is None:
                return labels, {}
            text = _core.class_statistics(on_image, on_labels, list(self.labels), options, control)
        return labels, json.loads(text)

    def run_file(
        self,
        image: _options.Path,
        labels: _options.Path,
        *,
        sidecar: bool = True,
        picture: _options.Path | None = None,
        header_text: bool = True,
        threads: int = 0,
        memory_budget: int | str | None = None,
        progress: _options.Progressing = None,
        cancel: CancelToken | None = None,
    ) -> None:
        """As mm_segment does it: file to file by streaming, the image's header kept.

        sidecar: also write the .json of labels, model and settings. picture: also draw the labels over the image into
        this PNG file. header_text: as of write(). Errors: those of run() and of read(), ArgumentError (an output would
        replace an input or another output), FileError.
        """
        running = _options.running(
            progress, _options.name_of(image), threads=threads, memory_budget=memory_budget, cancel=cancel
        )
        with running as control:
            options: dict[str, object] = {"sidecar": sidecar, "picture": picture, "header_text": header_text}
            self._core.run_file(image, labels, options, control)

    def peak_bytes(self, image: ImageLike, *, threads: int = 0, memory_budget: int | str | None = None) -> int:
        """Bytes a run on this image takes at its peak beside what the process holds; an upper estimate."""
        with _options.running(threads=threads, memory_budget=memory_budget) as control:
            return self._core.peak_bytes(as_volume(image), control)


Statistics = dict[str, dict[str, object]]


def segment(
    image: ImageLike | Cases,
    model: ModelLike | Segmenter | None = None,
    *,
    task: TaskLike | None = None,
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
    statistics: bool = False,
    statistics_exclude_masks_at_border: bool = True,
    stats_aggregation: Literal["mean", "median"] = "mean",
    statistics_normalized_intensities: bool = False,
    statistics_extra: bool = False,
    device: object = "auto",
    overlap: float | None = None,
    affine: ArrayLike | None = None,
    spacing: Sequence[float] | None = None,
    threads: int = 0,
    memory_budget: int | str | None = None,
    progress: _options.Progressing = None,
    cancel: CancelToken | None = None,
    trust: bool = False,
) -> Volume | tuple[Volume, Statistics] | list[Volume] | list[tuple[Volume, Statistics]]:
    """Labels of one image, or of a list of images; for more of them make a Segmenter and keep it.

    image, affine, spacing: as for Segmenter.run(), which says what comes back. model, device, overlap, trust: as of
    Segmenter; or task in place of a model. The device may be called 'gpu' or 'gpu:1' too. As of Task: fast, fastest,
    roi_subset, roi_subset_robust, robust_crop, body_seg, force_split, remove_small_blobs, resampling_order,
    higher_order_resampling, higher_order_resampling_LEGACY, v1_order, save_lowres, model_size, compat, use_mirroring,
    save_probabilities. statistics: return (labels, statistics); as of Segmenter.run_with_statistics(): statistics_exclude_masks_at_border, stats_aggregation,
    statistics_normalized_intensities, statistics_extra.
    """
    given: dict[str, object] = {
        "fast": fast,
        "fastest": fastest,
        "roi_subset": roi_subset,
        "roi_subset_robust": roi_subset_robust,
        "robust_crop": robust_crop,
        "body_seg": body_seg,
        "force_split": force_split,
        "remove_small_blobs": remove_small_blobs,
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
    run_by: ModelLike | Task | Segmenter = task_of(task, given, cancel) if model is None else model
    if model is not None and (task is not None or changed(given)):
        raise ArgumentError("a model has no options of tasks; give either a model or a task")
    segmenter = _segmenter(run_by, cuda_name(device), overlap, trust, threads, cancel)
    how = _Running(affine, spacing, threads, memory_budget, progress, cancel)
    if not statistics:
        labels: Volume | list[Volume] = segmenter._each(image, lambda case: segmenter._run(case, how))
        return labels
    options = segmenter._statistics_options(
        statistics_exclude_masks_at_border, stats_aggregation, statistics_normalized_intensities, statistics_extra
    )
    both: tuple[Volume, Statistics] | list[tuple[Volume, Statistics]] = segmenter._each(
        image, lambda case: segmenter._run_with_statistics(case, options, how)
    )
    return both


def segment_file(
    image: _options.Path,
    labels: _options.Path,
    model: ModelLike | Segmenter,
    *,
    device: object = "auto",
    overlap: float | None = None,
    sidecar: bool = True,
    picture: _options.Path | None = None,
    header_text: bool = True,
    threads: int = 0,
    memory_budget: int | str | None = None,
    progress: _options.Progressing = None,
    cancel: CancelToken | None = None,
    trust: bool = False,
) -> None:
    """A file's label map as a file, by streaming.

    image, labels, sidecar, picture, header_text: as of Segmenter.run_file(). model, device, overlap, trust: as of Segmenter.
    """
    _segmenter(model, device, overlap, trust, threads, cancel).run_file(
        image,
        labels,
        sidecar=sidecar,
        picture=picture,
        header_text=header_text,
        threads=threads,
        memory_budget=memory_budget,
        progress=progress,
        cancel=cancel,
    )


def find_model(region: str, version: str = "latest") -> FilePath:
    """Weights file of a published model in the model folders.

    region: such as 'thigh'. version: such as '1.4'; 'latest': the highest by number.
    Errors: ModelError (says what to fetch), ArgumentError.
    """
    return _core.find_model(region, version)


def open_model(model: ModelLike, *, trust: bool = False, cancel: CancelToken | None = None) -> ModelBundle:
    """The model as a ModelBundle. A name of a published region that is no file is looked for in the model folders."""
    if isinstance(model, ModelBundle):
        return model
    if not isinstance(model, (str, os.PathLike)):
        raise ArgumentError(
            f"the model is of the type {type(model).__name__}; a ModelBundle, a path and the name of a region are allowed"
        )
    name = os.fspath(model)
    if name in _core.known_regions() and not os.path.exists(name):
        model = find_model(name)
    return ModelBundle.open(model, trust=trust, cancel=cancel)


def _segmenter(
    model: ModelLike | Task | Segmenter,
    device: object,
    overlap: float | None,
    trust: bool,
    threads: int,
    cancel: CancelToken | None,
) -> Segmenter:
    if isinstance(model, Segmenter):
        return model
    return Segmenter(model, device=device, overlap=overlap, trust=trust, threads=threads, cancel=cancel)


def _segmenter_of(bundle: ModelBundle | Task, options: dict[str, object]) -> Segmenter:
    return Segmenter(bundle, **options)  # type: ignore[arg-type]


def _one_image(image: object) -> ImageLike:
    if isinstance(image, (list, tuple)):
        raise ArgumentError("a case is a list of images, which a task of several channels takes; one image is allowed")
    return image  # type: ignore[return-value]


def _volume_to_segment(
    image: ImageLike, affine: ArrayLike | None, spacing: Sequence[float] | None
) -> tuple[Volume, object]:
    """The image, and the affine of its label map where that is another.

    A file, and an image of nibabel, is segmented with the affine of its header that agrees with the voxel size, as
    mm_segment and MuscleMap do; its label map keeps the image's.
    """
    if isinstance(image, NibabelLike) and image.affine is not None:
        volume = as_volume(image, affine, spacing=spacing)
        repaired_place = scaled(repaired_affine(image, matrix_of(image.affine)), mm_of_nibabel(image))
        same = (repaired_place == volume.affine).all()
        return (volume, None) if same else (volume.with_affine(repaired_place), volume.affine)
    if affine is not None or spacing is not None or not isinstance(image, (str, os.PathLike)):
        return as_volume(image, affine, spacing=spacing), None
    repaired = read_image(image, repaired=True)
    stored = _core.stored_affine(image)
    return repaired, None if (stored == repaired.affine).all() else stored
