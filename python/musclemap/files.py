"""Files in, files out."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path as FilePath
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, Union

from musclemap import _core, _options
from musclemap._core import CancelToken, Volume
from musclemap._volumes import ImageLike, as_volume
from musclemap.measurement import Operators, Stop
from musclemap.tables import Metrics

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

Json = Union[None, bool, int, float, str, list["Json"], dict[str, "Json"]]


def read(
    path: _options.Path, *, progress: _options.Progressing = None, cancel: CancelToken | None = None
) -> Volume:
    """Reads a NIfTI file of one volume.

    path: .nii, .nii.gz, .hdr or .img.
    Unscaled voxels keep their type where a Volume has it; int8 becomes int16, uint32, int64 and uint64 become float64,
    and every scaled voxel becomes float64 (raw * slope + inter). Peak memory: the volume.
    progress: True, or a function, as for segment(). Errors: FileError, FormatError, GeometryError, UnsupportedError,
    Cancelled; KeyboardInterrupt on Ctrl-C.
    """
    with _options.running(progress, _options.name_of(path), cancel=cancel) as control:
        return _core.read(path, control)


def write(
    volume: ImageLike,
    path: _options.Path,
    *,
    like: _options.Path | None = None,
    header_text: bool = True,
    affine: ArrayLike | None = None,
    spacing: Sequence[float] | None = None,
    threads: int = 0,
    progress: _options.Progressing = None,
    cancel: CancelToken | None = None,
) -> None:
    """Writes a NIfTI file, whole or not at all.

    volume: what as_volume() takes; one with names is written as a label map (intent code 1002, no description of another
    file). path: .nii or .nii.gz.
    like: a NIfTI file on the volume's grid whose header is kept: codes, matrices, units, descriptions and extensions;
    what has no place of its own, such as an array, takes that of like. header_text: False leaves out free text and
    extensions, in which names and dates travel.
    affine, spacing: of an array, as of as_volume(). threads: that compress; the file does not depend on them.
    Errors: ArgumentError (path is the file of volume or like), GeometryError (like lies on another grid), FileError,
    Cancelled; KeyboardInterrupt on Ctrl-C.
    """
    _options.keep_inputs(path, volume)
    with _options.running(progress, _options.name_of(path), threads=threads, cancel=cancel) as control:
        written = as_volume(volume, affine, spacing=spacing)
        _core.write(written, path, like, bool(written.names), header_text, control)


def info(
    path: _options.Path,
    verify: bool = False,
    *,
    max_voxel_bytes: int | str | None = None,
    threads: int = 0,
    progress: _options.Progressing = None,
    cancel: CancelToken | None = None,
) -> dict[str, Json]:
    """What the header of the file path says: the dictionary of `musclemap info --json`.

    verify: every voxel is read and checked too, which progress, cancel and Ctrl-C reach; one thread does it.

    max_voxel_bytes: most bytes of voxels that the header may declare, or '8GiB'; else 500 times the size of the file, at
    least 64 MiB.
    Errors: FileError, FormatError (reason 'limit': the header declares more), GeometryError, UnsupportedError.
    """
    most = _options.byte_count(max_voxel_bytes, "max_voxel_bytes")
    with _options.running(progress, _options.name_of(path), threads=threads, cancel=cancel) as control:
        found: dict[str, Json] = json.loads(_core.info(path, verify, most, control))
    return found


@dataclass(frozen=True)
class MetricsFiles:
    """What extract_metrics() wrote. table: its file; files: every one, the table first; metrics: the tables."""

    table: FilePath
    files: tuple[FilePath, ...]
    metrics: Metrics


def extract_metrics(
    labels: _options.Path,
    *,
    method: Literal["average", "dixon", "kmeans", "gmm", "hu"],
    image: _options.Path | None = None,
    fat: _options.Path | None = None,
    water: _options.Path | None = None,
    names: _options.Names | None = None,
    region: str | None = None,
    model_version: str = "latest",
    components: int = 2,
    operators: Operators = "upstream",
    stop: Stop = "compat",
    collapse_guard: bool = True,
    muscle_range: tuple[float, float] = (-29.0, 150.0),
    fat_range: tuple[float, float] = (-190.0, -30.0),
    divide_bones: bool | None = None,
    edits: _options.Path | None = None,
    output_folder: _options.Path | None = None,
    format: Literal["csv", "tsv", "json"] = "csv",
    columns: Sequence[str] = (),
    all_columns: bool = False,
    raw_cells: bool = False,
    per_slice: bool = False,
    section_axis: _options.SectionAxis = "superior",
    geometry_tolerance: float = 0.05,
    maps: Literal["none", "masks", "all"] = "all",
    compat_types: bool = False,
    sidecar: bool = True,
    header_text: bool = True,
    picture: _options.Path | None = None,
    threads: int = 0,
    memory_budget: int | str | None = None,
    progress: _options.Progressing = None,
    cancel: CancelToken | None = None,
) -> MetricsFiles:
    """mm_extract_metrics as a function: measures files by streaming and writes its files.

    labels: the label map. method: mean intensity ('average'), mean fat fraction ('dixon'), or how TissueClassifier
    divides. image: for average, kmeans, gmm and hu; fat and water: for dixon. names: labels, {value: anatomy}, or a file
    that read_labels() takes; else the built-in table of `region` and `model_version`; else those of the .json beside the
    label map.
    components, operators, stop, collapse_guard, muscle_range, fat_range: as of TissueClassifier.
    divide_bones: bones get muscle and fat too; None: where MuscleMap's own columns are written, which have its rows.
    edits: a JSON file of moved thresholds and erased voxels. output_folder: that of the image where it is not given.
    format: of the tables; columns, all_columns, raw_cells: as of MetricsTable.to_csv(). per_slice: write the
    table by slices too. section_axis: as of measure(), of the picture too; geometry_tolerance: the same.
    maps: which maps of the tissues are written; compat_types: in the types that MuscleMap writes. sidecar: settings,
    fits and the data dictionary as JSON beside the table. header_text: as of write(), for maps. picture: a PNG file to
    draw. No output replaces an input, nor the results of another label map: those get the label map's name in theirs,
    with a warning.
    Errors: those of read() and read_labels(), ArgumentError, GeometryError, Cancelled.
    """
    names_file = names if isinstance(names, (str, os.PathLike)) else None
    settings: dict[str, object] = {
        "method": method,
        "image": image,
        "fat": fat,
        "water": water,
        "labels": labels,
        "names": [] if names_file is not None else _options.label_list(names),
        "names_file": names_file,
        "region": "" if region is None else region,
        "model_version": model_version,
        "tissue": {
            "components": components,
            "operators": operators,
            "stop": stop,
            "collapse_guard": collapse_guard,
            "muscle_range": muscle_range,
            "fat_range": fat_range,
            "divide_bones": divide_bones,
        },
        "edits_file": edits,
        "output_folder": output_folder,
        "table": {
            "format": format,
            "columns": _options.text_list(columns, "columns"),
            "all_columns": all_columns,
            "raw_cells": raw_cells,
        },
        "per_slice": per_slice,
        "section_axis": section_axis,
        "geometry_tolerance": geometry_tolerance,
        "maps": maps,
        "compat_types": compat_types,
        "sidecar": sidecar,
        "header_text": header_text,
        "picture": picture,
    }
    running = _options.running(
        progress, _options.name_of(labels), threads=threads, memory_budget=memory_budget, cancel=cancel
    )
    with running as control:
        table, files, tables = _core.extract_metrics(settings, control)
    return MetricsFiles(FilePath(table), tuple(FilePath(file) for file in files), Metrics(*tables))
