"""Segments muscles, bones and organs in MRI and CT volumes and measures them.

    import musclemap as mm

    vol = mm.read("scan.nii.gz")
    labels = mm.segment(vol, "model.pth")
    tissue = mm.TissueClassifier("gmm", components=2).classify(vol, labels)
    table = mm.measure(labels, tissue)
    mm.write(labels, "scan_dseg.nii.gz")

Volumes have axes i, j, k and an affine to RAS+ mm. Failures are `musclemap.Error`. Everything that runs for long lets
other Python threads work and ends on Ctrl-C. It takes `progress=` (True for a bar of tqdm, or a function that is called
with a Progress; False from it ends the run), `cancel=` (a CancelToken, which any thread may cancel), `threads=` (0: as
many as the process may use) and `memory_budget=` (bytes, or '4GiB'), which change no result.

Only NumPy is needed; segmentation needs LibTorch, which comes with `pip install torch` and is opened on first use.
"""

from __future__ import annotations

from musclemap import _core, cells, micro_sam
from musclemap._core import (
    CancelToken,
    Column,
    Label,
    ModelBundle,
    Progress,
    TissueComponent,
    TissueFit,
    TissueMap,
    Volume,
    available_threads,
)
from musclemap._places import NibabelLike, SimpleITKLike
from musclemap._volumes import ImageLike, as_volume
from musclemap._voxels import SupportsDLPack
from musclemap.errors import (
    ArgumentError,
    Cancelled,
    ColumnError,
    DeviceError,
    Error,
    FileError,
    FormatError,
    GeometryError,
    ImageWarning,
    InternalError,
    MemoryLimitError,
    ModelError,
    UnsupportedError,
)
from musclemap.files import MetricsFiles, extract_metrics, info, read, write
from musclemap.installation import doctor
from musclemap.labels import builtin_label_tables, builtin_labels, export_labels, labels_beside, read_labels
from musclemap.measurement import TissueClassifier, fat_fraction, measure
from musclemap.microscopy import PictureFile, read_picture, write_ome_tiff
from musclemap.organs import ContrastPhase, Modality, combine_masks, contrast_phase, modality, radiomics
from musclemap.pictures import montage, organ_preview, show
from musclemap.segmentation import Segmenter, SegmentReport, find_model, segment, segment_file
from musclemap.tables import Metrics, MetricsTable
from musclemap.tasks import Task, nnunet

__version__: str = _core.__version__

__all__ = [
    "ArgumentError",
    "CancelToken",
    "Cancelled",
    "Column",
    "ColumnError",
    "ContrastPhase",
    "DeviceError",
    "Error",
    "FileError",
    "FormatError",
    "GeometryError",
    "ImageLike",
    "ImageWarning",
    "InternalError",
    "Label",
    "MemoryLimitError",
    "Metrics",
    "MetricsFiles",
    "MetricsTable",
    "Modality",
    "ModelBundle",
    "ModelError",
    "NibabelLike",
    "PictureFile",
    "Progress",
    "SegmentReport",
    "Segmenter",
    "SimpleITKLike",
    "SupportsDLPack",
    "Task",
    "TissueClassifier",
    "TissueComponent",
    "TissueFit",
    "TissueMap",
    "UnsupportedError",
    "Volume",
    "__version__",
    "as_volume",
    "available_threads",
    "builtin_label_tables",
    "builtin_labels",
    "cells",
    "combine_masks",
    "contrast_phase",
    "doctor",
    "export_labels",
    "extract_metrics",
    "fat_fraction",
    "find_model",
    "info",
    "labels_beside",
    "measure",
    "micro_sam",
    "modality",
    "montage",
    "nnunet",
    "organ_preview",
    "radiomics",
    "read",
    "read_labels",
    "read_picture",
    "segment",
    "segment_file",
    "show",
    "write",
    "write_ome_tiff",
]
