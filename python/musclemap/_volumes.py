"""Images of other libraries as volumes."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Union

from musclemap import _core, _options, _places
from musclemap._core import Volume
from musclemap._places import NibabelLike, SimpleITKLike
from musclemap._voxels import SupportsDLPack, from_dlpack, supported, three_axes, without_channel
from musclemap.errors import ArgumentError, FormatError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    Voxels = NDArray[np.generic]

ImageLike = Union[Volume, str, "os.PathLike[str]", "Voxels", NibabelLike, SimpleITKLike, SupportsDLPack]


def as_volume(
    image: ImageLike,
    affine: ArrayLike | None = None,
    *,
    spacing: Sequence[float] | None = None,
) -> Volume:
    """The image as a Volume, without a copy of its voxels where their type allows.

    image: a Volume (returned as it is), the path of a NIfTI file (read), an array (i, j, k), an image of nibabel
    (`dataobj`, `affine` in the unit of its header), SimpleITK or ITK (`GetSpacing()`, `GetOrigin()`, `GetDirection()`;
    LPS becomes RAS), a tensor with an affine (MONAI's MetaTensor, an image of TorchIO), anything with `__dlpack__`.
    affine: 4x4, voxel to RAS+ mm, and spacing: mm along i, j, k; for what has no place alone: arrays, tensors, and
    Volumes of them.

    What no Volume has is converted as files are, with its values or not at all: bool to uint8, int8 to int16, float16
    to float32, uint32, int64, uint64 and long double to float64. Two axes are one slice; trailing axes of length 1 and
    the one channel of a tensor go.
    Errors: ArgumentError, and those of read() for a path.
    """
    if isinstance(image, Volume):
        if image.spacing_known:
            _refuse_place(image, affine, spacing)
        return placed(image, affine, spacing)
    if isinstance(image, (str, os.PathLike)):
        _refuse_place(image, affine, spacing)
        return read_image(image)
    voxels, place, owner = _parts(image)
    if place is not None:
        _refuse_place(image, affine, spacing)
    return Volume.from_array(voxels, affine if place is None else place, three_numbers(spacing), owner=owner)


def read_image(path: _options.Path, *, repaired: bool = False) -> Volume:
    """The file; repaired: with the affine of its header that agrees with the voxel size."""
    with _options.running() as control:
        return _core.read(path, control, repaired=repaired)


def _parts(image: object) -> tuple[Voxels, object, object]:
    """Voxels (i, j, k), the affine or None, and what keeps the memory."""
    import numpy as np

    if isinstance(image, np.ndarray):
        return three_axes(supported(image)), None, None
    if isinstance(image, NibabelLike):
        return three_axes(supported(_nibabel_voxels(image))), _places.of_nibabel(image), None
    if isinstance(image, SimpleITKLike):
        # The view that the library gives does not keep its image.
        return three_axes(supported(_itk_voxels(image))), _places.of_itk(image), image
    tensor = getattr(image, "data", None) if hasattr(image, "affine") and not _is_tensor(image) else image
    if _is_tensor(tensor):
        place = _places.of_tensor(image)
        voxels = supported(from_dlpack(tensor))
        return three_axes(voxels if place is None else without_channel(voxels)), place, None
    cure = "; numpy.asarray() makes an array of it, which affine= or spacing= give a place"
    raise ArgumentError(
        f"{type(image).__name__} is no image: a Volume, a path, an array (i, j, k), a tensor, or an image of nibabel, "
        f"SimpleITK or ITK is needed{cure if hasattr(image, '__array__') else ''}"
    )


def _is_tensor(image: object) -> bool:
    return hasattr(image, "__dlpack__") and hasattr(image, "__dlpack_device__")


def _refuse_place(image: object, affine: object, spacing: object) -> None:
    if affine is None and spacing is None:
        return
    cure = "; a Volume has with_affine()" if isinstance(image, Volume) else ""
    raise ArgumentError(
        f"affine and spacing go with an array that has no place; {type(image).__name__} has one{cure}"
    )


def three_numbers(spacing: object) -> tuple[float, float, float] | None:
    """mm along i, j, k. Error: ArgumentError."""
    if spacing is None:
        return None
    try:
        i, j, k = (float(mm) for mm in spacing)  # type: ignore[attr-defined]
    except (TypeError, ValueError):
        raise ArgumentError(f"spacing is {_options.shown(spacing)}; 3 numbers are allowed: mm along i, j, k") from None
    return i, j, k


def on_one_grid(
    first: ImageLike,
    second: ImageLike,
    affine: ArrayLike | None = None,
    spacing: Sequence[float] | None = None,
) -> tuple[Volume, Volume]:
    """Both as volumes. What knows no place has that of `affine` and `spacing`, else that of the other."""
    one, other = as_volume(first), as_volume(second)
    if affine is not None or spacing is not None:
        if one.spacing_known and other.spacing_known:
            _refuse_place(first, affine, spacing)
        one, other = (placed(volume, affine, spacing) for volume in (one, other))
    if one.spacing_known == other.spacing_known:
        return one, other
    return (one, _at_place_of(one, other)) if one.spacing_known else (_at_place_of(other, one), other)


def placed(volume: Volume, affine: ArrayLike | None, spacing: Sequence[float] | None) -> Volume:
    """The volume where `affine` and `spacing` say, unless it knows its place."""
    import numpy as np

    if volume.spacing_known or (affine is None and spacing is None):
        return volume
    moved = Volume.from_array(np.asarray(volume), affine, three_numbers(spacing))
    moved.names = volume.names
    return moved


def mask_for(mask: ImageLike, labels: Volume) -> Volume:
    """uint8 on the labels' grid: 1 where the mask is not 0."""
    import numpy as np

    volume = as_volume(mask)
    if volume.dtype != np.uint8:
        flags = Volume.from_array((np.asarray(volume) != 0).view(np.uint8))
        volume = _at_place_of(volume, flags)
    return volume if volume.spacing_known else _at_place_of(labels, volume)


def _at_place_of(known: Volume, volume: Volume) -> Volume:
    moved = volume._at_place_of(known)
    moved.names = volume.names
    return moved


def _nibabel_voxels(image: NibabelLike) -> Voxels:
    import numpy as np

    try:
        return np.asanyarray(image.dataobj)
    except (OSError, EOFError, ValueError, TypeError) as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise FormatError(f"the voxels of the {type(image).__name__} cannot be read: {reason}") from error


def _itk_voxels(image: object) -> Voxels:
    """Axes i, j, k: what SimpleITK shows as an array has them the other way round."""
    import numpy as np

    channels = getattr(image, "GetNumberOfComponentsPerPixel", lambda: 1)()
    if channels != 1:
        raise ArgumentError(
            f"the image has {channels} components per voxel; 1 is allowed. VectorIndexSelectionCast(image, 0) takes one"
        )
    if "label of" in getattr(image, "GetPixelIDTypeAsString", str)():
        raise ArgumentError("the image is a label map of SimpleITK; Cast(image, sitkUInt8) gives it voxels")
    view = None
    for name in ("SimpleITK", "itk"):
        if type(image).__module__.split(".")[0] == name:
            library = __import__(name)
            of = getattr(library, "GetArrayViewFromImage", None) or getattr(library, "array_view_from_image")
            view = np.asarray(of(image))
    if view is None:
        view = np.asarray(image)
    return view.transpose()
