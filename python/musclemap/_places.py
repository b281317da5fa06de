"""Where images of other libraries lie: affines, voxel (i, j, k, 1) to RAS+ mm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from musclemap.errors import ArgumentError, warn

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float64]

_MM_OF_UNIT = {"meter": 1e3, "micron": 1e-3}


@runtime_checkable
class NibabelLike(Protocol):
    """An image of nibabel, or anything with its two attributes."""

    @property
    def dataobj(self) -> object:
        """Voxels (i, j, k), readable by numpy.asanyarray()."""

    @property
    def affine(self) -> object:
        """4x4, voxel to RAS+, in the unit that the header states; mm where there is no header."""


@runtime_checkable
class SimpleITKLike(Protocol):
    """An image of SimpleITK (or ITK's Python), positions in LPS+ mm."""

    def GetSpacing(self) -> Sequence[float]:
        """mm along i, j, k."""

    def GetOrigin(self) -> Sequence[float]:
        """Position of voxel (0, 0, 0), LPS+ mm."""

    def GetDirection(self) -> object:
        """Directions of the axes, as columns of a 3x3 matrix."""


def mm_of_nibabel(image: NibabelLike) -> float:
    """Millimetres in the unit of the image's affine; 1 where the header states none, as nibabel's new ones."""
    units = getattr(getattr(image, "header", None), "get_xyzt_units", None)
    return _MM_OF_UNIT.get(str(units()[0]), 1.0) if callable(units) else 1.0


def of_nibabel(image: NibabelLike) -> Matrix | None:
    """With the remark that a file of that unit gets; None where the image has no affine."""
    if image.affine is None:
        return None
    mm = mm_of_nibabel(image)
    if mm != 1.0:
        unit = "metre" if mm > 1 else "micron"
        warn(f"the unit of space is the {unit}; positions are converted to millimetres", "unit")
    return scaled(matrix_of(image.affine), mm)


def scaled(affine: Matrix, mm: float) -> Matrix:
    """The affine in millimetres, of one in units of `mm`."""
    taken = affine.copy()
    taken[:3] *= mm
    return taken


def of_itk(image: SimpleITKLike) -> Matrix:
    """Of an image of two axes, too, which is one slice of 1 mm."""
    import numpy as np

    spacing, origin = (np.array(list(of()), dtype=float) for of in (image.GetSpacing, image.GetOrigin))
    axes = spacing.size
    direction = np.asarray(image.GetDirection(), dtype=float).reshape(-1)
    if axes not in (2, 3) or origin.size != axes or direction.size != axes * axes:
        raise ArgumentError(
            f"the image has {axes} axes; 3 are allowed, or 2 for one slice. image[:, :, :, 0] takes one volume of 4"
        )
    if axes == 2:
        warn("the image of two axes has no thickness; it counts as a slice of 1 mm", "no_spacing")
    affine = np.eye(4)
    affine[:axes, :axes] = direction.reshape(axes, axes) * spacing
    affine[:axes, 3] = origin
    return lps_to_ras(affine)


def of_tensor(image: object) -> Matrix | None:
    """That of a MONAI MetaTensor or a TorchIO image; None where there is none."""
    meta = getattr(image, "meta", None)
    stated = meta if isinstance(meta, Mapping) else {}
    affine = getattr(image, "affine", None)
    if affine is None:
        affine = stated.get("affine")
    if affine is None:
        return None
    matrix = matrix_of(affine)
    return lps_to_ras(matrix) if str(stated.get("space", "RAS")).upper().endswith("LPS") else matrix


def matrix_of(affine: object) -> Matrix:
    """4x4; of an array, or a tensor on any device. What it holds is checked where a Volume is made of it."""
    import numpy as np

    for step in ("detach", "cpu"):
        of_tensor = getattr(affine, step, None)
        affine = of_tensor() if callable(of_tensor) else affine
    try:
        return np.array(affine, dtype=float)
    except (TypeError, ValueError):
        raise ArgumentError("the affine is no matrix of numbers; 4x4 is allowed") from None


def lps_to_ras(affine: Matrix) -> Matrix:
    """And back."""
    turned = affine.copy()
    turned[:2] *= -1
    return turned
