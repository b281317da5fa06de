"""Names of the values of a label map."""

from __future__ import annotations

from typing import Literal, overload

from musclemap import _core, _options
from musclemap._core import Label

Viewer = Literal["itksnap", "slicer", "fsleyes", "freesurfer", "bids"]


def read_labels(path: _options.Path) -> list[Label]:
    """Labels in ascending order of value.

    path: a model, a segmentation's .json, JSON {"labels": {"1": "psoas"}}, a table with a heading (commas, semicolons or
    tabs; BIDS dseg.tsv), or a colour table of ITK-SNAP, Slicer, FreeSurfer or FSLeyes; told by content, not by name.
    Errors: FileError, FormatError (names line and field), ModelError.
    """
    return _core.read_labels(path)


def labels_beside(label_map: _options.Path) -> list[Label]:
    """Those of the .json that segment_file() writes beside the file label_map; empty where there is none.

    A .json that is no table of names is passed over with an ImageWarning, code 'names_ignored'.
    """
    return _core.labels_beside(label_map)


def builtin_labels(region: str, version: str = "latest") -> list[Label]:
    """The labels of one of MuscleMap's models, which the library holds; the meaning of a value depends on the version.

    region: such as 'thigh', any case. version: such as '1.4'; 'latest': the highest by number.
    Error: ArgumentError, which lists what there is.
    """
    return _core.builtin_labels(region, version)


def builtin_label_tables() -> list[tuple[str, str]]:
    """Region and version of every table that the library holds."""
    return _core.builtin_label_tables()


@overload
def export_labels(labels: _options.Names, viewer: Viewer, path: None = None) -> str: ...


@overload
def export_labels(labels: _options.Names, viewer: Viewer, path: _options.Path) -> None: ...


def export_labels(labels: _options.Names, viewer: Viewer, path: _options.Path | None = None) -> str | None:
    """A colour and name table in the viewer's own format: to the file path, whole or not at all, or as text.

    No two rows have one name. labels: Label objects, or {value: anatomy}; values of 1 to 65535 for ITK-SNAP, to
    1000000 for Slicer, else any positive. Errors: ArgumentError (names the value and the range), FileError.
    """
    if path is not None:
        _options.keep_inputs(path, labels)
    data = _core.label_table_text(_options.label_list(labels), viewer)
    if path is None:
        return data.decode("utf-8", "replace")
    _core.write_file(path, data)
    return None
