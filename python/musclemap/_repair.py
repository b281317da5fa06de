"""The affine that an image of nibabel is segmented with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol, SupportsInt, runtime_checkable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float64]


@runtime_checkable
class NiftiHeader(Protocol):
    """What nibabel's NIfTI headers offer and those of its other formats do not."""

    def __getitem__(self, field: str) -> SupportsInt: ...

    def get_zooms(self) -> Sequence[float]: ...

    def get_sform(self) -> Matrix: ...

    def get_qform(self) -> Matrix: ...

    def set_sform(self, affine: Matrix) -> None: ...

    def set_qform(self, affine: Matrix) -> None: ...

    def get_best_affine(self) -> Matrix: ...

    def copy(self) -> NiftiHeader: ...


def repaired_affine(image: object, affine: Matrix) -> Matrix:
    """`affine`, or that of the header's matrices which agrees with the voxel size, where `affine` does not.

    So MONAI and mm_segment read a file (rectify_header_sform_qform of monai/data/utils.py; src/io/nifti/nifti_repair.cpp). An
    affine that the caller has changed is no more that of the header, and stays.
    """
    import numpy as np

    header = getattr(image, "header", None)
    if not isinstance(header, NiftiHeader) or not np.array_equal(header.get_best_affine(), affine):
        return affine
    sizes = header.get_zooms()
    if len(sizes) > 4 or _agrees(affine, sizes):
        return affine
    sform, qform = header.get_sform(), _qform(header)
    changed = header.copy()
    if int(header["sform_code"]) > 0:
        if qform is not None and _agrees(qform, sizes) and not _agrees(sform, sizes):
            changed.set_sform(qform)
    elif int(header["qform_code"]) > 0 and _agrees(sform, sizes):
        changed.set_qform(sform)
    return changed.get_best_affine()


def _qform(header: NiftiHeader) -> Matrix | None:
    try:
        return header.get_qform()
    except ValueError:  # the quaternion describes no rotation
        return None


def _agrees(matrix: Matrix, sizes: Sequence[float]) -> bool:
    """Whether the columns are as long as voxels are; with four axes the fourth is the translation, as in MONAI."""
    import numpy as np

    rank = len(sizes)
    lengths = np.sqrt((matrix[:rank, :rank] ** 2).sum(axis=0))
    return bool(np.allclose(np.abs(sizes), np.where(lengths == 0, 1, lengths)))
