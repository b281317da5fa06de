"""Files in, files out."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Literal, Union

from musclemap import _core, _options
from musclemap._core import Volume
from musclemap._volumes import ImageLike, as_volume
from musclemap.tables import Metrics

Json = Union[None, bool, int, float, str, list["Json"], dict[str, "Json"]]


def read(path: _options.Path, *, progress: _options.Progressing = None) -> Volume:
    """Reads a NIfTI file of one volume.

    path: .nii, .nii.gz, .hdr or .img.
    Unscaled voxels keep their type where a Volume has it; int8 becomes int16, uint32, int64 and uint64 become float64,
    and every scaled voxel becomes float64 (raw * slope + inter). Peak memory: the volume.
    progress: True, or a function, as for segment(). Errors: FileError, FormatError, GeometryError, UnsupportedError,
    Cancelled; KeyboardInterrupt on Ctrl-C.
    """
    with _options.reporting(progress, os.path.basename(os.fspath(path))) as tell:
        return _core.read(path, progress=tell)


def write(volume: ImageLike, path: _options.Path, *, like: _options.Path | None = None) -> None:
    """Writes a NIfTI file, whole or not at all.

    volume: what as_volume() takes. path: .nii or .nii.gz.
    like: a NIfTI file whose header is kept: codes, matrices, units, descriptions and extensions.
    Errors: ArgumentError, FileError.
    """
    _core.write(as_volume(volume), path, like)


def info(
    path: _options.Path, verify: bool = False, *, max_voxel_bytes: int | str | None = None
) -> dict[str, Json]:
    """What the header of the file path says: the dictionary of `musclemap info --json`.

    verify: every voxel is read and checked too.

    max_voxel_bytes: most bytes of voxels that the header may declare, or '8GiB'; else 500 times the size of the file, at
    least 64 MiB.
    Errors: FileError, FormatError (reason 'limit': the header declares more), GeometryError, UnsupportedError.
    """
    most = _options.byte_count(max_voxel_bytes, "max_voxel_bytes")
    found: dict[str, Json] = json.loads(_core.info(path, verify, most))
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
    components: int = 2,
    operators: Literal["upstream", "consistent"] = "upstream",
    edits: _options.Path | None = None,
    output_folder: _options.Path | None = None,
    format: Literal["csv", "tsv", "json"] = "csv",
    all_columns: bool = False,
    per_slice: bool = False,
    maps: Literal["none", "masks", "all"] = "all",
    sidecar: bool = True,
    picture: _options.Path | None = None,
    threads: int = 0,
    memory_budget: int | str | None = None,
    progress: _options.Progressing = None,
) -> MetricsFiles:
    """mm_extract_metrics as a function: measures files by streaming and writes its files.

    labels: the label map. method: mean intensity ('average'), mean fat fraction ('dixon'), or how TissueClassifier
    divides. image: for average, kmeans, gmm and hu; fat and water: for dixon. names: labels, or {value: anatomy}; else
    those of the .json beside the label map. components, operators: as of TissueClassifier. edits: a JSON file of moved
    thresholds and erased voxels. output_folder: that of the image where it is not given. format, all_columns: of the
    table; per_slice: write the table by slices too. maps: which maps of the tissues are written. sidecar: settings,
    fits and the data dictionary as JSON beside the table. picture: a PNG file to draw.
    Errors: those of read(), ArgumentError, GeometryError, Cancelled.
    """
    known = _options.label_list(names) if names is not None else _core.labels_beside(labels)
    settings: dict[str, object] = {
        "method": method,
        "image": image,
        "fat": fat,
        "water": water,
        "labels": labels,
        "names": known,
        "components": components,
        "operators": operators,
        "edits": edits,
        "output_folder": output_folder,
        "format": format,
        "all_columns": all_columns,
        "per_slice": per_slice,
        "maps": maps,
        "sidecar": sidecar,
        "picture": picture,
    }
    with _options.reporting(progress, os.path.basename(os.fspath(labels))) as tell:
        table, files, tables = _core.extract_metrics(settings, tell, threads, _options.byte_count(memory_budget))
    return MetricsFiles(FilePath(table), tuple(FilePath(file) for file in files), Metrics(*tables))
