"""Rows 1 to 3: mm_segment as a whole process beside the reference program, and its peak memory."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import nibabel
import numpy as np
from contestant import Series
from inputs import volume, whole_body_model
from process import Process, alternate
from row import Row, Settings

SPACING = (0.78, 0.78, 5.0)


def _own(settings: Settings, image: Path, model: Path, overlap: int, out: Path) -> Process:
    program = str(settings.build / "bin" / "mm_segment")
    flags = [
        "-i",
        str(image),
        "-m",
        str(model),
        "-s",
        str(overlap),
        "-o",
        str(out),
        "--device",
        "cpu",
        "--threads",
        str(settings.threads),
    ]
    return Process("musclemap", [program, *flags])


def _reference(settings: Settings, image: Path, model: Path, overlap: int, out: Path, runs: int) -> Process:
    flags = ["-i", str(image), "-m", str(model), "-s", str(overlap), "-o", str(out), "-g", "N"]
    threads = {"OMP_NUM_THREADS": str(settings.threads)}
    return Process(
        "MuscleMap mm_segment", [sys.executable, str(settings.reference_program()), *flags], threads, runs
    )


def _labels(folder: Path, image: Path) -> np.ndarray:
    return np.asarray(nibabel.load(folder / f"{image.stem}_dseg.nii.gz").dataobj)


def _pair(
    settings: Settings, slices: int, overlap: int, runs: int, rounds: int
) -> tuple[Series, list[Series], list[str]]:
    model = whole_body_model(settings.folder)
    image = volume(settings.folder, slices, SPACING)
    own_out, reference_out = settings.folder / "own", settings.folder / "reference"
    for folder in (own_out, reference_out):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
    processes = [_own(settings, image, model, overlap, own_out)]
    if settings.reference_program():
        processes.append(_reference(settings, image, model, overlap, reference_out, runs))
    own, *peers = alternate(processes, rounds)
    notes = ["no reference: --reference-folder names no mm_segment.py"]
    if peers:
        differing = int((_labels(own_out, image) != _labels(reference_out, image)).sum())
        notes = [f"{differing} of {_labels(own_out, image).size} voxels differ"]
    return own, peers, notes


def measure(settings: Settings, wanted: set[int]) -> Iterator[Row]:
    if 1 in wanted:
        own, peers, notes = _pair(settings, 4, 90, 1 if settings.quick else 0, settings.rounds)
        yield Row(
            1, "mm_segment 512x384x4, 114 classes, -s 90 (84 windows), whole process", own, peers, notes
        )
    if wanted & {2, 3}:
        own, peers, notes = _pair(settings, 40, 50, 1, 1 if settings.quick else 3)
        if 2 in wanted:
            yield Row(
                2, "mm_segment 512x384x40, 114 classes, -s 50 (240 windows), whole process", own, peers, notes
            )
        if 3 in wanted and not settings.quick:
            image = volume(settings.folder, 400, SPACING)
            out = settings.folder / "own"
            (long,) = alternate([_own(settings, image, whole_body_model(settings.folder), 50, out)], 1)
            image.unlink()
            grown = f"peak {long.peak_bytes / 1e6:.0f} MB against {own.peak_bytes / 1e6:.0f} MB of 40 slices"
            yield Row(3, "the same with 400 slices: peak memory", long, [], [grown])
