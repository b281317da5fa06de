"""Errors of the library. The codes and reasons are those of the C++ and C interfaces and of `--json`."""

from __future__ import annotations

import os
import sys
import warnings

_PACKAGE = os.path.dirname(__file__) + os.sep


class Error(Exception):
    """One failure. `str()` gives one line, with the file it is about before it.

    code: argument, memory, io, format, geometry, model, device, cancelled, unsupported or internal.
    reason: the fine cause, such as truncated, bad_header, labels, busy.
    file: what it is about; None where it is about no file.
    message: the line without the file.
    """

    code: str = "internal"
    reason: str = "internal"
    file: str | None = None
    message: str = ""

    def __init__(self, message: str, *, reason: str | None = None, file: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.reason = reason or type(self).reason
        self.file = file

    def __str__(self) -> str:
        return f"{self.file}: {self.message}" if self.file else self.message

    def __reduce__(self) -> tuple[object, ...]:
        return _again, (type(self), self.message, self.reason, self.file)


def _again(kind: type[Error], message: str, reason: str, file: str | None) -> Error:
    return kind(message, reason=reason, file=file)


class ArgumentError(Error, ValueError):
    """The caller passed something that is not allowed."""

    code = "argument"
    reason = "invalid"


class MemoryLimitError(Error, MemoryError):
    """Out of memory, or a stated memory budget does not suffice."""

    code = "memory"
    reason = "nomem"


class FileError(Error, OSError):
    """A file cannot be opened, read, written or replaced. message, reason, file: as of Error."""

    code = "io"
    reason = "io"

    def __init__(self, message: str, *, reason: str | None = None, file: str | None = None) -> None:
        super().__init__(message, reason=reason, file=file)
        self.filename = file


class FormatError(Error, ValueError):
    """A file's content is not what its format says."""

    code = "format"
    reason = "corrupt"


class GeometryError(Error, ValueError):
    """An image's position, spacing or shape cannot be used."""

    code = "geometry"
    reason = "geometry"


class ModelError(Error):
    """A model's weights or description cannot be used."""

    code = "model"
    reason = "model"


class DeviceError(Error):
    """The inference engine or the compute device is not available."""

    code = "device"
    reason = "internal"


class Cancelled(Error):
    """The progress callback said False, or a CancelToken was cancelled."""

    code = "cancelled"
    reason = "cancelled"


class UnsupportedError(Error):
    """Legal input that this library does not handle."""

    code = "unsupported"
    reason = "unsupported"


class InternalError(Error):
    """A promise inside the library was broken."""


class ImageWarning(UserWarning):
    """A remark about doubtful input that does not stop a run.

    text: one line, what str() gives. code: its kind, such as 'no_spacing'; docs/warnings.md lists all.
    """

    def __init__(self, text: str, code: str) -> None:
        super().__init__(text, code)
        self.text = text
        self.code = code

    def __str__(self) -> str:
        return self.text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ImageWarning) and self.args == other.args

    def __hash__(self) -> int:
        return hash(self.args)


class ColumnError(ArgumentError, KeyError):
    """A table has no column of that name."""

    def __str__(self) -> str:
        return self.message


def warn(text: str, code: str) -> None:
    """An ImageWarning that points to the caller's line, however deep in the package it was raised."""
    frame, level = sys._getframe(), 1
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_PACKAGE):
        frame, level = frame.f_back, level + 1
    warnings.warn(ImageWarning(text, code), stacklevel=level)


_KINDS: dict[str, type[Error]] = {
    kind.code: kind
    for kind in (
        ArgumentError,
        MemoryLimitError,
        FileError,
        FormatError,
        GeometryError,
        ModelError,
        DeviceError,
        Cancelled,
        UnsupportedError,
        InternalError,
    )
}


def from_core(code: str, reason: str, message: str, file: str) -> Error:
    """What the extension module raises."""
    return _KINDS.get(code, InternalError)(message, reason=reason, file=file or None)
