"""Images of other libraries as volumes."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol, Union, runtime_checkable

from musclemap import _core
from musclemap._core import Volume
from musclemap.errors import ArgumentError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    Voxels = NDArray[np.generic]


@runtime_checkable
class NibabelLike(Protocol):
    """An image of nibabel, or anything with its two attributes."""

    @property
    def dataobj(self) -> object:
        """Voxels (i, j, k), readable by numpy.asanyarray()."""

    @property
    def affine(self) -> object:
        """4x4, voxel to RAS+ mm."""


@runtime_checkable
class SimpleITKLike(Protocol):
    """An image of SimpleITK (or ITK's Python), positions in LPS+ mm."""

    def GetSpacing(self) -> Sequence[float]:
        """mm along i, j, k."""

    def GetOrigin(self) -> Sequence[float]:
        """Position of voxel (0, 0, 0), LPS+ mm."""

    def GetDirection(self) -> object:
        """Directions of the axes, as columns of a 3x3 matrix."""


@runtime_checkable
class SupportsDLPack(Protocol):
    """Memory that another library shares."""

    def __dlpack__(self, *, stream: None = None) -> object: ...

    def __dlpack_device__(self) -> tuple[int, int]: ...


ImageLike = Union[Volume, str, "os.PathLike[str]", "Voxels", NibabelLike, SimpleITKLike, SupportsDLPack]


def as_volume(
    image: ImageLike,
    affine: ArrayLike | None = None,
    *,
    spacing: Sequence[float] | None = None,
) -> Volume:
    """The image as a Volume, without a copy of its voxels where their type allows.

    image: a Volume (returned as it is), the path of a NIfTI file (read), an array (i, j, k), an image of nibabel
    (`dataobj`, `affine`) or SimpleITK (`GetSpacing()`, `GetOrigin()`, `GetDirection()`; LPS becomes RAS), anything
    with `__dlpack__`.
    affine: 4x4, voxel to RAS+ mm, and spacing: mm along i, j, k; for arrays alone.

    Arrays and DLPack keep their type or are refused. Images of nibabel and SimpleITK whose type no Volume has are
    converted as files are: int8 to int16, uint32, int64 and uint64 to float64.
    Errors: ArgumentError, and those of read() for a path.
    """
    import numpy as np

    placed = affine is not None or spacing is not None
    if isinstance(image, np.ndarray):
        return Volume.from_array(image, affine, _three(spacing))
    if placed and not isinstance(image, SupportsDLPack):
        raise ArgumentError(f"affine and spacing go with an array, not with {type(image).__name__}")
    if isinstance(image, Volume):
        if placed:
            raise ArgumentError("affine and spacing go with an array; a Volume has with_affine()")
        return image
    if isinstance(image, (str, os.PathLike)):
        return _core.read(image)
    if isinstance(image, NibabelLike):
        return Volume.from_array(_three_axes(_supported(np.asanyarray(image.dataobj))), image.affine)
    if isinstance(image, SimpleITKLike):
        return _from_itk(image)
    if isinstance(image, SupportsDLPack):
        return Volume.from_dlpack(image, affine, _three(spacing))
    raise ArgumentError(
        f"{type(image).__name__} is no image: a Volume, a path, an array (i, j, k) or an image of nibabel or "
        "SimpleITK is needed"
    )


def _three(spacing: Sequence[float] | None) -> tuple[float, float, float] | None:
    if spacing is None:
        return None
    if len(spacing) != 3:
        raise ArgumentError(f"spacing has {len(spacing)} values; 3 are allowed: mm along i, j, k")
    return float(spacing[0]), float(spacing[1]), float(spacing[2])


def _three_axes(voxels: Voxels) -> Voxels:
    """Without trailing axes of length 1, as files are read."""
    while voxels.ndim > 3 and voxels.shape[-1] == 1:
        voxels = voxels[..., 0]
    return voxels


def _supported(voxels: Voxels) -> Voxels:
    """The voxels in the type that a file of them would be read in."""
    import numpy as np

    native = voxels.dtype.newbyteorder("=")
    wider = {"int8": "int16", "uint32": "float64", "int64": "float64", "uint64": "float64", "bool": "uint8"}
    wanted = np.dtype(wider.get(native.name, native.name))
    return voxels if voxels.dtype == wanted else voxels.astype(wanted)


def _from_itk(image: SimpleITKLike) -> Volume:
    import numpy as np

    spacing = np.array(image.GetSpacing(), dtype=float)
    origin = np.array(image.GetOrigin(), dtype=float)
    direction = np.array(image.GetDirection(), dtype=float).reshape(-1)
    if spacing.size != 3 or origin.size != 3 or direction.size != 9:
        raise ArgumentError(f"the image has {spacing.size} axes; 3 are allowed")
    affine = np.eye(4)
    affine[:3, :3] = direction.reshape(3, 3) * spacing
    affine[:3, 3] = origin
    affine[:2] *= -1  # LPS to RAS
    # The view that the library gives does not keep its image.
    return Volume.from_array(_supported(_itk_voxels(image)), affine, owner=image)


def _itk_voxels(image: object) -> Voxels:
    """Axes i, j, k: what SimpleITK shows as an array has them the other way round."""
    import numpy as np

    view = None
    for name in ("SimpleITK", "itk"):
        if type(image).__module__.split(".")[0] == name:
            library = __import__(name)
            of = getattr(library, "GetArrayViewFromImage", None) or getattr(library, "array_view_from_image")
            view = np.asarray(of(image))
    if view is None:
        view = np.asarray(image)
    return view.transpose(2, 1, 0)
