"""Volumes as images of other libraries, which are imported here only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from musclemap._core import Volume
from musclemap._places import lps_to_ras
from musclemap.errors import warn

if TYPE_CHECKING:
    import nibabel
    import SimpleITK


def to_nibabel(volume: Volume) -> nibabel.Nifti1Image:
    """On the volume's own memory; the affine is RAS+ mm, and the header says so."""
    import nibabel
    import numpy as np

    _tell_of_place(volume)
    image = nibabel.Nifti1Image(np.asarray(volume), volume.affine)
    image.header.set_xyzt_units("mm")
    return image


def to_sitk(volume: Volume) -> SimpleITK.Image:
    """A copy, as SimpleITK owns its voxels; spacing, origin and direction in LPS+ mm."""
    import numpy as np
    import SimpleITK

    _tell_of_place(volume)
    place = lps_to_ras(volume.affine)
    image = SimpleITK.GetImageFromArray(np.ascontiguousarray(np.asarray(volume).transpose()))
    image.SetSpacing(volume.spacing)
    image.SetOrigin(place[:3, 3].tolist())
    image.SetDirection((place[:3, :3] / volume.spacing).ravel().tolist())
    return image


def _tell_of_place(volume: Volume) -> None:
    if not volume.spacing_known:
        warn("the volume has no voxel size; the image says that a voxel is a cube of 1 mm", "no_spacing")
