"""Cells in pictures of a microscope by Segment Anything for Microscopy, with micro-sam's names for what can be chosen.

    model = mm.micro_sam.SamModel("vit_b_lm")  # keep it for many pictures
    labels = model.segment(picture)
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from musclemap import _core, _options
from musclemap._cell_pictures import ArrayPictures, FilePictures, Pictures
from musclemap._core import CancelToken
from musclemap.errors import ArgumentError
from musclemap.installation import name_engine

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

__all__ = ["SamModel"]

_Method = Literal["ais", "amg"]


class SamModel:
    """The networks of micro-sam for one method, loaded. One run at a time: a second thread gets ArgumentError, 'busy'.

    model: a checkpoint of segment-anything or micro-sam, one of names(), which is looked for in micro-sam's cache, or a
    folder of TorchScript programs. method: 'ais' (automatic instance segmentation: a decoder of its own, then a
    watershed) or 'amg' (automatic mask generation: masks for a grid of points). decoder: the checkpoint of AIS'
    decoder; None: the model's, or the one beside it. device: 'cpu', 'cuda', 'cuda:1' or a torch.device. torch_threads:
    LibTorch's own thread count, which the whole process shares; 0 leaves it alone. trust: LibTorch may run TorchScript
    programs that are registered nowhere.
    Errors: FileError, FormatError, ModelError, ArgumentError (a method without networks), DeviceError, Cancelled.
    """

    def __init__(
        self,
        model: _options.Path,
        method: _Method = "ais",
        *,
        decoder: _options.Path | None = None,
        device: object = "cpu",
        torch_threads: int = 0,
        trust: bool = False,
        threads: int = 0,
        cancel: CancelToken | None = None,
    ) -> None:
        name_engine()
        with _options.running(threads=threads, cancel=cancel) as control:
            self._model = _core.SamModel.open(model, {"decoder": decoder, "trust": trust}, control)
        self._core = _core.SamSegmenter(self._model, method, {"device": str(device), "torch_threads": torch_threads})

    @staticmethod
    def names() -> list[str]:
        """Names of published models."""
        return _core.SamModel.names()

    @property
    def name(self) -> str:
        """Of the file or folder, such as 'vit_b_lm'."""
        return self._model.name

    @property
    def file(self) -> Path:
        """What was opened."""
        return self._model.file

    @property
    def sha256(self) -> str:
        """Of the encoder's file, hexadecimal."""
        return self._model.sha256

    @property
    def engine(self) -> str:
        """What computes it, such as 'torch 2.11.0'."""
        return self._core.engine

    def has(self, method: _Method) -> bool:
        """Whether the model has the networks for this method."""
        return self._model.has(method)

    def segment(
        self,
        image: ArrayLike | _options.Path,
        *,
        channel_axis: int | None = None,
        time_axis: int | None = None,
        channel: int | None = None,
        center_distance_threshold: float = 0.5,
        boundary_distance_threshold: float = 0.5,
        foreground_threshold: float = 0.5,
        foreground_smoothing: float = 1.0,
        distance_smoothing: float = 1.6,
        min_size: int = 0,
        pred_iou_thresh: float = 0.88,
        stability_score_thresh: float = 0.95,
        box_nms_thresh: float = 0.7,
        drop_largest: bool = False,
        tile_shape: Sequence[int] = (0, 0),
        halo: Sequence[int] = (0, 0),
        compat: Literal["current", "1.6.1"] = "current",
        threads: int = 0,
        progress: _options.Progressing = None,
        cancel: CancelToken | None = None,
    ) -> NDArray[np.uint16] | NDArray[np.uint32]:
        """Labels of the cells in a picture, or in each frame of a series.

        image: an array (y, x), with channel_axis and time_axis one of more axes, or a file of pictures (TIFF in its
        forms, ND2), whose frames are read one by one. channel: the only one that is taken, counted from 0; None: of a
        file the first, of an array up to three as colours. Of AIS: seeds lie below center_distance_threshold and
        boundary_distance_threshold, cells above foreground_threshold; foreground_smoothing and distance_smoothing are
        sigmas of Gaussians in pixels; cells of fewer than min_size pixels go; tile_shape: pixels of a tile along y and
        x, (0, 0) is the whole picture; halo: pixels that a tile is seen with beyond its border. Of AMG: masks have a
        predicted IoU above pred_iou_thresh and a stability of stability_score_thresh; of two whose boxes overlap by
        more than box_nms_thresh one goes; drop_largest: the largest region goes, as in micro-sam. compat: how pictures
        become 8 bits, as micro-sam 1.7 and later or as until '1.6.1'.

        Returns labels (y, x), of a series (t, y, x): 0 is background, cells of each frame count from 1; uint16, uint32
        above 65,535 cells. Errors: ArgumentError (axes; an option; a file of several planes of depth; numbers that are
        not finite), Cancelled, those of reading.
        """
        import numpy as np

        options: dict[str, object] = {
            "ais": {
                "center_distance_threshold": center_distance_threshold,
                "boundary_distance_threshold": boundary_distance_threshold,
                "foreground_threshold": foreground_threshold,
                "foreground_smoothing": foreground_smoothing,
                "distance_smoothing": distance_smoothing,
                "min_size": min_size,
            },
            "amg": {
                "pred_iou_thresh": pred_iou_thresh,
                "stability_score_thresh": stability_score_thresh,
                "box_nms_thresh": box_nms_thresh,
                "drop_largest": drop_largest,
            },
            "tile_shape": tile_shape,
            "halo": halo,
            "compat": compat,
        }
        with _options.running(progress, _options.name_of(image), threads=threads, cancel=cancel) as control:
            pictures: Pictures
            if isinstance(image, (str, os.PathLike)):
                if not (channel_axis is time_axis is None):
                    raise ArgumentError("a file says itself which axes it has; channel_axis, time_axis are of arrays")
                pictures = FilePictures(image, 0 if channel is None else channel, False, control)
            else:
                pictures = ArrayPictures(image, channel_axis, time_axis, None, channel)
            found = [self._core.run(pictures.frame(t), options, control) for t in range(pictures.count)]
        return np.stack(found) if pictures.is_series else found[0]  # type: ignore[return-value]
