"""From an image to a label map."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Union

from musclemap import _core, _options
from musclemap._core import CancelToken, ModelBundle, Volume
from musclemap._repair import repaired_affine
from musclemap._places import NibabelLike, matrix_of, mm_of_nibabel, scaled
from musclemap._volumes import ImageLike, as_volume, read_image
from musclemap.errors import ArgumentError
from musclemap.installation import name_engine

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

ModelLike = Union[ModelBundle, str, "os.PathLike[str]"]


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


class Segmenter:
    """A model on a device. One run at a time: a second thread gets ArgumentError, reason 'busy'.

    model: a ModelBundle, a path (.pth with its .json beside it, .pt, .ts or a folder), or the region of a published
    model, such as 'wholebody', which is looked for in the model folders.
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
        model: ModelLike,
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
        bundle = open_model(model, trust=trust, cancel=cancel)
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
            self._core = _core.Segmenter(bundle, self._options, control)

    def __reduce__(self) -> tuple[object, ...]:
        return _segmenter_of, (self.bundle, self._options)

    @property
    def bundle(self) -> ModelBundle:
        """The model."""
        return self._core.bundle

    @property
    def report(self) -> SegmentReport:
        """Of the last run."""
        return SegmentReport(**self._core.report)

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
    ) -> Volume:
        """Labels of the image: int16 on its grid, with the labels' meaning in `.names`.

        image: what as_volume() takes. affine, spacing: of an array, as of as_volume(). threads: most threads of the
        library's own loops; 0: all. memory_budget: bytes, or '4GiB'; neither changes the result. progress: True for a
        bar (where tqdm is installed), or a function that is called with a Progress; when it returns False the run ends
        with Cancelled, and what it raises comes out. cancel: a CancelToken.
        Errors: GeometryError, MemoryLimitError, Cancelled, those of as_volume(); KeyboardInterrupt on Ctrl-C.
        """
        volume, own_affine = _volume_to_segment(image, affine, spacing)
        running = _options.running(
            progress, _options.name_of(image), threads=threads, memory_budget=memory_budget, cancel=cancel
        )
        with running as control:
            labels = self._core.run(volume, control)
        if own_affine is not None:
            labels = labels.with_affine(own_affine)
        labels.names = self.bundle.labels
        return labels

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


def segment(
    image: ImageLike,
    model: ModelLike | Segmenter,
    *,
    device: object = "auto",
    overlap: float | None = None,
    affine: ArrayLike | None = None,
    spacing: Sequence[float] | None = None,
    threads: int = 0,
    memory_budget: int | str | None = None,
    progress: _options.Progressing = None,
    cancel: CancelToken | None = None,
    trust: bool = False,
) -> Volume:
    """Labels of one image; for many images make a Segmenter and keep it.

    image, affine, spacing: as for Segmenter.run(), which says what comes back. model, device, overlap, trust: as of
    Segmenter.
    """
    segmenter = _segmenter(model, device, overlap, trust, threads, cancel)
    return segmenter.run(
        image,
        affine=affine,
        spacing=spacing,
        threads=threads,
        memory_budget=memory_budget,
        progress=progress,
        cancel=cancel,
    )


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
    model: ModelLike | Segmenter,
    device: object,
    overlap: float | None,
    trust: bool,
    threads: int,
    cancel: CancelToken | None,
) -> Segmenter:
    if isinstance(model, Segmenter):
        return model
    return Segmenter(model, device=device, overlap=overlap, trust=trust, threads=threads, cancel=cancel)


def _segmenter_of(bundle: ModelBundle, options: dict[str, object]) -> Segmenter:
    return Segmenter(bundle, **options)  # type: ignore[arg-type]


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
