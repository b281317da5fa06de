"""Writes and reads NIfTI-1 files with nothing but numpy, every header field open to change."""

from __future__ import annotations

import gzip
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_FORMAT = "<i10s18sihcB8h3f4h8f3fhBB4fii80s24shh3f3f12f16s4s"
_HEADER_BYTES = 348
_DATA_OFFSET = 352
_SPATIAL_AXES = 3
_TYPE_CODE = {"u1": 2, "i2": 4, "i4": 8, "f4": 16, "f8": 64, "u2": 512}


@dataclass
class Header:
    """The fields that tests look at or change; the others are zero."""

    dim: tuple[int, ...]
    datatype: int
    bitpix: int
    pixdim: tuple[float, ...]
    vox_offset: float = float(_DATA_OFFSET)
    slope: float = 1.0
    inter: float = 0.0
    xyzt_units: int = 2
    descrip: bytes = b""
    qform_code: int = 0
    sform_code: int = 1
    quaternion: tuple[float, ...] = (0.0, 0.0, 0.0)
    qoffset: tuple[float, ...] = (0.0, 0.0, 0.0)
    srow: tuple[float, ...] = (0.0,) * 12

    def pack(self) -> bytes:
        dim = (len(self.dim), *self.dim) + (1,) * (7 - len(self.dim))
        fields: list[Any] = [348, b"", b"", 0, 0, b"r", 0, *dim, 0, 0, 0, 0, self.datatype, self.bitpix, 0]
        fields += [*self.pixdim, self.vox_offset, self.slope, self.inter, 0, 0, self.xyzt_units]
        fields += [0, 0, 0, 0, 0, 0, self.descrip, b"", self.qform_code, self.sform_code]
        fields += [*self.quaternion, *self.qoffset, *self.srow, b"", b"n+1\0"]
        return struct.pack(_FORMAT, *fields)


def _unpack(data: bytes) -> Header:
    f = struct.unpack(_FORMAT, data[:_HEADER_BYTES])
    return Header(
        dim=f[8 : 8 + f[7]],
        datatype=f[19],
        bitpix=f[20],
        pixdim=f[22:30],
        vox_offset=f[30],
        slope=f[31],
        inter=f[32],
        xyzt_units=f[35],
        descrip=f[42].rstrip(b"\0"),
        qform_code=f[44],
        sform_code=f[45],
        quaternion=f[46:49],
        qoffset=f[49:52],
        srow=f[52:64],
    )


def header_of(voxels: NDArray[Any], spacing: tuple[float, ...] = (1.0, 1.0, 1.0)) -> Header:
    """Axes along x, y, z, the first voxel at (-10, -20, 5) mm, with both forms set."""
    steps = (*spacing, *(1.0,) * (7 - len(spacing)))
    srow = (spacing[0], 0, 0, -10.0, 0, spacing[1], 0, -20.0, 0, 0, spacing[2], 5.0)
    return Header(
        dim=voxels.shape,
        datatype=_TYPE_CODE[voxels.dtype.str[1:]],
        bitpix=8 * voxels.dtype.itemsize,
        pixdim=(1.0, *steps),
        descrip=b"made for a test",
        qform_code=1,
        qoffset=(-10.0, -20.0, 5.0),
        srow=srow,
    )


def file_bytes(voxels: NDArray[Any], header: Header | None = None, extensions: bytes = b"") -> bytes:
    """The uncompressed file; `extensions` are whole ones, sizes included."""
    header = header or header_of(voxels)
    header.vox_offset = float(_DATA_OFFSET + len(extensions))
    flag = b"\1\0\0\0" if extensions else b"\0\0\0\0"
    return header.pack() + flag + extensions + voxels.tobytes(order="F")


def write_nifti(
    file: Path, voxels: NDArray[Any], header: Header | None = None, extensions: bytes = b""
) -> Path:
    data = file_bytes(voxels, header, extensions)
    packed = file.name.lower().endswith(".gz")
    file.write_bytes(gzip.compress(data, compresslevel=1, mtime=0) if packed else data)
    return file


def read_nifti(file: Path) -> tuple[Header, NDArray[Any], bytes]:
    """Header, stored voxels and extensions of a little-endian file."""
    data = file.read_bytes()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    header = _unpack(data)
    code = {number: name for name, number in _TYPE_CODE.items()}[header.datatype]
    offset = int(header.vox_offset)
    count = int(np.prod(header.dim))
    voxels = np.frombuffer(data, "<" + code, count, offset).reshape(header.dim, order="F")
    return header, voxels, data[_DATA_OFFSET:offset]
