"""Arrays of every kind as voxels of a type that a Volume has, with the values that they had."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from musclemap.errors import ArgumentError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Voxels = NDArray[np.generic]

# As files are read. What is not listed and no Volume has, has no place here.
_WIDER = {
    "bool": "uint8",
    "int8": "int16",
    "uint32": "float64",
    "int64": "float64",
    "uint64": "float64",
    "float16": "float32",
    "longdouble": "float64",
}
_OWN = ("uint8", "int16", "uint16", "int32", "float32", "float64")


class SupportsDLPack(Protocol):
    """Memory that another library shares."""

    def __dlpack__(self, *, stream: None = None) -> object: ...

    def __dlpack_device__(self) -> tuple[int, int]: ...


def supported(voxels: Voxels) -> Voxels:
    """The voxels themselves where a Volume has their type and byte order, else in the type that a file of them is read in.

    Error: ArgumentError where values would change, or are no real numbers.
    """
    import numpy as np

    if not isinstance(voxels, np.ma.MaskedArray):
        voxels = np.asarray(voxels)
    kind = voxels.dtype.newbyteorder("=")
    name = "longdouble" if kind == np.dtype("longdouble") else kind.name
    if name in _OWN and kind == np.dtype(name):
        return voxels if voxels.dtype == kind else voxels.astype(kind)
    if name not in _WIDER:
        raise ArgumentError(
            f"the voxels are of the type {voxels.dtype}; real numbers are allowed. {_cure(voxels.dtype)}"
        )
    taken = voxels.astype(_WIDER[name])
    if name in ("int64", "uint64", "longdouble") and not _equal(taken, voxels):
        raise ArgumentError(
            f"the {voxels.dtype} array holds values that {_WIDER[name]} cannot hold; array.astype() says that they may "
            "change"
        )
    return taken


def _cure(dtype: np.dtype[np.generic]) -> str:
    if dtype.names is not None:
        return f"array['{dtype.names[0]}'] takes one channel of a colour image"
    if dtype.kind == "c":
        return "abs(array) or array.real makes them so"
    return "array.astype('float32') makes numbers of numbers in objects or text"


def _equal(taken: Voxels, given: Voxels) -> bool:
    import numpy as np

    with np.errstate(invalid="ignore"):
        back = taken.astype(given.dtype)
    return bool(np.array_equal(back, given, equal_nan=given.dtype.kind == "f")) and _in_range(taken, given)


def _in_range(taken: Voxels, given: Voxels) -> bool:
    """2**63 - 1 becomes 2.0**63, which comes back as it was on some machines."""
    if given.dtype.kind == "f" or given.size == 0:
        return True
    return int(taken.max()) == int(given.max()) and int(taken.min()) == int(given.min())


def three_axes(voxels: Voxels) -> Voxels:
    """Two axes are one slice; trailing axes of length 1 go, as files are read."""
    while voxels.ndim > 3 and voxels.shape[-1] == 1:
        voxels = voxels[..., 0]
    return voxels[:, :, None] if voxels.ndim == 2 else voxels


def without_channel(voxels: Voxels) -> Voxels:
    """The voxels of a tensor (channel, i, j, k), as networks take them, that has one channel."""
    if voxels.ndim == 4 and voxels.shape[0] > 1 and voxels.shape[-1] != 1:
        raise ArgumentError(f"the image has {voxels.shape[0]} channels; one is allowed: image[:1]")
    return voxels[0] if voxels.ndim == 4 and voxels.shape[0] == 1 else voxels


def from_dlpack(source: object) -> Voxels:
    """The memory of the tensor as an array; without its gradient, which is none of its values.

    Error: ArgumentError for memory that the CPU cannot read, and for types that NumPy has not.
    """
    import numpy as np

    detach = getattr(source, "detach", None)
    memory = detach() if callable(detach) else source
    try:
        return np.asarray(np.from_dlpack(memory))  # type: ignore[arg-type]
    except (BufferError, RuntimeError, TypeError, AttributeError, ValueError) as error:
        raise ArgumentError(
            f"the memory of the {type(source).__name__} cannot be shared ({error}); tensor.cpu() copies it from another "
            "device, tensor.float() into a type that NumPy has"
        ) from error
