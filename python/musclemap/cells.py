"""Cells in pictures of a microscope, with Cellpose's names for what can be chosen.

    model = mm.cells.CellModel("cyto3")  # keep it for many pictures
    labels = mm.cells.segment(picture, model, diameter=30)
    labels = mm.cells.masks(dP, cellprob)  # of flows that a network gave
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar

from musclemap import _core, _options
from musclemap._cell_pictures import ArrayPictures, FilePictures, Pictures
from musclemap._core import CancelToken
from musclemap.errors import ArgumentError
from musclemap.installation import name_engine

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    from musclemap._cell_labels import CellLabels

__all__ = ["CellModel", "masks", "segment"]

_Number = TypeVar("_Number", bound="np.generic")

# Keys of Cellpose's dictionary `normalize`, and the options they are.
_NORMALIZE = {
    **{key: key for key in ("normalize", "invert", "lowhigh", "percentile", "sharpen_radius", "smooth_radius")},
    **{"tile_norm_blocksize": "tile_norm_blocksize", "tile_norm_smooth3D": "tile_norm_smooth3d", "norm3D": "norm3d"},
}
_OF_STACKS = "do_3D or a stitch_threshold find cells in all of them, or "
_ENGINE = {"engine": "auto", "precision": "exact", "device": "cpu", "torch_threads": 0, "trust": False}


class CellModel:
    """A network of Cellpose 3, loaded. One run at a time: a second thread gets ArgumentError, reason 'busy'.

    model: a file as Cellpose saves it, a TorchScript program, or a name of Cellpose's own models, which is looked for in
    CELLPOSE_LOCAL_MODELS_PATH, or in ~/.cellpose/models where that is not set. engine: 'auto' (the library's own where
    it can, else LibTorch), 'native' or 'torch'. precision: 'exact', or 'fast' where there are such kernels. device:
    'cpu', 'cuda', 'cuda:1' or a torch.device. torch_threads: LibTorch's own thread count, which the whole process
    shares; 0 leaves it alone. trust: LibTorch may run a TorchScript program that is registered nowhere.
    Errors: FileError (with the places that were looked at for a name), FormatError, ModelError, DeviceError, Cancelled.
    """

    def __init__(
        self,
        model: _options.Path,
        *,
        engine: str = "auto",
        precision: str = "exact",
        device: object = "cpu",
        torch_threads: int = 0,
        trust: bool = False,
        threads: int = 0,
        cancel: CancelToken | None = None,
    ) -> None:
        if not isinstance(model, (str, os.PathLike)):
            kind = type(model).__name__
            raise ArgumentError(f"the model is of the type {kind}; a CellModel, a path and a name are allowed")
        name_engine()
        options: dict[str, object] = {
            "engine": engine,
            "precision": precision,
            "device": str(device),
            "torch_threads": torch_threads,
        }
        with _options.running(threads=threads, cancel=cancel) as control:
            self._model = _core.CellModel.open(os.fsdecode(model), {"trust": trust}, control)
            self._core = _core.CellSegmenter(self._model, options, control)

    @staticmethod
    def names() -> list[str]:
        """Names of Cellpose's own models."""
        return _core.CellModel.names()

    @property
    def name(self) -> str:
        """As given."""
        return self._model.name

    @property
    def file(self) -> Path:
        """The weights."""
        return self._model.file

    @property
    def sha256(self) -> str:
        """Of the weights' file, hexadecimal."""
        return self._model.sha256

    @property
    def builtin(self) -> bool:
        """Whether it is one of Cellpose's own models."""
        return self._model.builtin

    @property
    def diam_mean(self) -> float:
        """Pixels that cells are scaled to before the network sees them."""
        return self._model.diam_mean

    @property
    def diam_labels(self) -> float:
        """Mean diameter of the cells that the network was trained on, in pixels."""
        return self._model.diam_labels

    @property
    def estimates_diameter(self) -> bool:
        """Whether there is a size model, which a diameter of 0 needs."""
        return self._model.estimates_diameter

    @property
    def engine(self) -> str:
        """What computes it, such as 'native avx2'."""
        return self._core.engine

    @property
    def engine_reason(self) -> str:
        """Why it is not the native one where the choice was left open; else ''."""
        return self._core.engine_reason


def segment(
    image: ArrayLike | _options.Path,
    model: _options.Path | CellModel,
    diameter: float | None = None,
    channels: Sequence[int] = (0, 0),
    *,
    channel_axis: int | None = None,
    time_axis: int | None = None,
    z_axis: int | None = None,
    channel: int | None = None,
    normalize: bool | Mapping[str, object] = True,
    invert: bool = False,
    resample: bool = True,
    augment: bool = False,
    batch_size: int = 8,
    bsize: int = 224,
    tile_overlap: float = 0.1,
    niter: float | None = None,
    do_3D: bool = False,  # noqa: N803 as Cellpose names it
    stitch_threshold: float = 0.0,
    anisotropy: float | None = None,
    flow3D_smooth: float = 0.0,  # noqa: N803
    flow3D_mean: bool = False,  # noqa: N803
    cellprob_threshold: float = 0.0,
    flow_threshold: float = 0.4,
    min_size: int = 15,
    max_size_fraction: float = 0.4,
    interp: bool = True,
    dynamics: Literal["cpu", "grid_sample"] = "cpu",
    compat: Literal["fixed", "3.1.1.2"] = "fixed",
    largest_part_only: bool = False,
    return_flows: bool = False,
    engine: str = "auto",
    precision: str = "exact",
    device: object = "cpu",
    torch_threads: int = 0,
    trust: bool = False,
    threads: int = 0,
    memory_budget: int | str | None = None,
    progress: _options.Progressing = None,
    cancel: CancelToken | None = None,
) -> CellLabels:
    """Labels of the cells in a picture, or in each frame of a series, as Cellpose 3 finds them.

    image: an array (y, x), with channel_axis, time_axis and z_axis one of more axes, or a file of pictures (TIFF in its
    forms, ND2), whose frames are read one by one. It is not copied where the library has its dtype. model: of
    CellModel, or one that is open already. diameter: of the cells in pixels; None: that of the model's training; 0:
    estimated with the model's size model. channels: channel to segment and nuclear channel, counted from 1; (0, 0): the
    mean of all channels, and none. channel: the only one that is taken, counted from 0; None: of a file the first one
    where channels is (0, 0), else all. normalize: False, or a dict with lowhigh, percentile, sharpen_radius,
    smooth_radius, tile_norm_blocksize, tile_norm_smooth3D, norm3D, invert, normalize. invert: cells are dark; with
    compat '3.1.1.2' a dict's own invert alone counts, as in Cellpose. resample: flows are followed at the picture's
    size, not at the network's. augment: tiles overlap by half and every second one is flipped. batch_size: tiles in one
    call of LibTorch. bsize: pixels of a tile along y and x, a multiple of 16. tile_overlap: part of a tile that its
    neighbours share. niter: steps along the flows; None or 0: by the diameter. do_3D: cells of a stack are volumes, and
    the network sees it from three sides. stitch_threshold: the planes of a stack one by one, and cells of neighbouring
    planes are one whose overlap (intersection over union) is at least this; 0, without do_3D: each plane counts its own
    cells. anisotropy: with do_3D, distance of planes over size of a pixel. flow3D_smooth: with do_3D, sigma in voxels
    of a Gaussian over the flows. flow3D_mean: with do_3D, flows are the mean of those from the sides, not their sum as
    in Cellpose. cellprob_threshold, flow_threshold, min_size, max_size_fraction, interp, dynamics, compat,
    largest_part_only: as of masks(). return_flows: keep the network's output. engine, precision, device, torch_threads,
    trust: as of CellModel, not with one that is open.

    Returns labels (y, x), of a stack (z, y, x), of a time_axis or a file of several frames with t in front: 0 is
    background, cells of each frame count from 1; uint16, uint32 above 65,535 cells. It is an array with the attributes
    `diameters` (of each frame, as used), `styles`, and with return_flows `flows` and `cellprob`. It does not depend on
    threads and memory_budget. Errors: ArgumentError (axes; an option; a file of several planes of depth, without do_3D
    and stitch_threshold; numbers that are not finite), MemoryLimitError, Cancelled, those of CellModel and of reading.
    """
    import numpy as np

    from musclemap._cell_labels import CellLabels

    options: dict[str, object] = {
        "diameter": diameter,
        "channels": (0, 0) if channels is None else channels,
        "normalize": _normalisation(normalize, invert, compat),
        "resample": resample,
        "augment": augment,
        "batch_size": batch_size,
        "bsize": bsize,
        "tile_overlap": tile_overlap,
        "niter": niter,
        "keep_flows": return_flows,
        "do_3d": do_3D,
        "stitch_threshold": stitch_threshold,
        "anisotropy": 1.0 if anisotropy is None else anisotropy,
        "flow3d_smooth": flow3D_smooth,
        "flow3d_mean": flow3D_mean,
        "masks": {
            "cellprob_threshold": cellprob_threshold,
            "flow_threshold": flow_threshold,
            "min_size": min_size,
            "max_size_fraction": max_size_fraction,
            "interp": interp,
            "dynamics": dynamics,
            "compat": compat,
            "largest_part_only": largest_part_only,
        },
    }
    how = {"engine": engine, "precision": precision, "device": str(device), "torch_threads": torch_threads, "trust": trust}
    with _options.running(
        progress, _options.name_of(image), threads=threads, memory_budget=memory_budget, cancel=cancel
    ) as control:
        pictures: Pictures
        if isinstance(image, (str, os.PathLike)):
            if not (channel_axis is time_axis is z_axis is None):
                raise ArgumentError("a file says itself which axes it has; channel_axis, time_axis, z_axis are of arrays")
            first_alone = channel is None and not any(np.atleast_1d(np.asarray(options["channels"])))
            stack = bool(do_3D or stitch_threshold)
            pictures = FilePictures(image, 0 if first_alone else channel, stack, control, _OF_STACKS)
        else:
            pictures = ArrayPictures(image, channel_axis, time_axis, z_axis, channel)
            if do_3D and z_axis is None:
                raise ArgumentError("do_3D is about a stack; z_axis says which axis of the array its planes lie along")
        network = _opened(model, how, threads, cancel)
        found = [network._core.run(pictures.frame(t), options, control) for t in range(pictures.count)]

    def joined(arrays: Sequence[NDArray[_Number]]) -> NDArray[_Number]:
        return np.stack(arrays) if pictures.is_series else arrays[0]

    masks_found, flows, cellprob, styles, diameters = zip(*found, strict=True)
    labels = joined(masks_found).view(CellLabels)
    labels.styles = joined(styles)
    labels.diameters = diameters
    if return_flows:
        labels.flows = joined(flows)
        labels.cellprob = joined(cellprob)
    return labels


def _normalisation(normalize: bool | Mapping[str, object], invert: bool, compat: str) -> dict[str, object]:
    """Options of normalize, a bool or Cellpose's dictionary, beside which Cellpose 3.1.1.2 does not see `invert`."""
    if isinstance(normalize, bool):
        return {"normalize": normalize, "invert": invert}
    if not isinstance(normalize, Mapping):
        raise ArgumentError(f"normalize is {_options.shown(normalize)}; True, False and a dict are allowed")
    unknown = [key for key in normalize if key not in _NORMALIZE]
    if unknown:
        raise ArgumentError(f"normalize has the key {_options.shown(unknown[0])}; {', '.join(_NORMALIZE)} are allowed")
    given = {_NORMALIZE[key]: value for key, value in normalize.items()}
    if given.get("percentile", 0) is None:
        del given["percentile"]
    if given.get("lowhigh", 0) is None:
        del given["lowhigh"]
    elif _is_pair(given.get("lowhigh")):
        given["lowhigh"] = [given["lowhigh"]]
    return {"invert": invert and compat != "3.1.1.2", **given}


def _is_pair(value: object) -> bool:
    import numpy as np

    return isinstance(value, (Sequence, np.ndarray)) and len(value) == 2 and np.shape(value[0]) == ()


def _opened(
    model: _options.Path | CellModel, how: dict[str, object], threads: int, cancel: CancelToken | None
) -> CellModel:
    if not isinstance(model, CellModel):
        return CellModel(model, threads=threads, cancel=cancel, **how)  # type: ignore[arg-type]
    changed = [name for name, value in how.items() if value != _ENGINE[name]]
    if changed:
        raise ArgumentError(f"{changed[0]} is said of a model that is open already; CellModel({changed[0]}=) takes it")
    return model


def masks(
    dP: ArrayLike,  # noqa: N803 as Cellpose names it
    cellprob: ArrayLike,
    *,
    cellprob_threshold: float = 0.0,
    flow_threshold: float = 0.4,
    min_size: int = 15,
    max_size_fraction: float = 0.4,
    niter: float = 200,
    interp: bool = True,
    dynamics: Literal["cpu", "grid_sample"] = "cpu",
    compat: Literal["fixed", "3.1.1.2"] = "fixed",
    largest_part_only: bool = False,
    threads: int = 0,
    progress: _options.Progressing = None,
    cancel: CancelToken | None = None,
) -> NDArray[np.uint16] | NDArray[np.uint32]:
    """The masks of the cells in flows that a network gave; no network runs.

    dP: flows as Cellpose's network gives them, five times unit length: (2, y, x) with y first, of a volume (3, z, y, x).
    cellprob: logits, (y, x) or (z, y, x). Both are taken as float32. cellprob_threshold: pixels above it belong to cells.
    flow_threshold: cells whose flows differ more from the network's go; 0 or less: none do. min_size: cells of fewer
    pixels go; 0 or less: none do. max_size_fraction: cells of more than this part of the picture go. niter: steps along
    the flows, cut to a whole number. interp: flows are read between pixels. dynamics: 'cpu' as Cellpose 3 on a CPU,
    'grid_sample' as Cellpose 3 on a GPU and Cellpose 4; volumes are always 'grid_sample'. compat: '3.1.1.2' for the
    defects of that version. largest_part_only: of each cell its largest connected part alone.

    Returns labels of cellprob's shape: 0 is background, cells count from 1; uint16, uint32 above 65,535 cells. The result
    does not depend on threads. Errors: ArgumentError (shapes; an option; numbers that are not finite), Cancelled.
    """
    options: dict[str, object] = {
        "cellprob_threshold": cellprob_threshold,
        "flow_threshold": flow_threshold,
        "min_size": min_size,
        "max_size_fraction": max_size_fraction,
        "niter": niter,
        "interp": interp,
        "dynamics": dynamics,
        "compat": compat,
        "largest_part_only": largest_part_only,
    }
    with _options.running(progress, "masks", threads=threads, cancel=cancel) as control:
        return _core.cell_masks(dP, cellprob, options, control)
