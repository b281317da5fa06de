"""Row 11: how long a user waits before anything happens."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import numpy as np
from contestant import ROOT
from inputs import header_of, write_nifti
from process import Process, alternate
from row import Row, Settings

SAMPLE = ROOT / "examples" / "demo" / "model"


def measure(settings: Settings, wanted: set[int]) -> Iterator[Row]:
    program = str(settings.build / "bin" / "mm_segment")
    reference = settings.reference_program()
    peers = [Process("MuscleMap mm_segment", [sys.executable, str(reference), "--help"])] if reference else []
    series = alternate([Process("musclemap", [program, "--help"]), *peers], settings.rounds)
    yield Row(11, "mm_segment --help", series[0], series[1:])

    model = next(iter(sorted(SAMPLE.rglob("*.pth"))), None)
    if model is None:
        return
    slice_ = np.random.default_rng(1).integers(1, 1000, (64, 64, 1)).astype("<i2")
    image = write_nifti(settings.folder / "one_slice.nii", slice_, header_of(slice_, (1.0, 1.0, 5.0)))
    flags = ["-i", str(image), "-m", str(model), "-o", str(settings.folder), "-s", "0"]
    own = Process("musclemap", [program, *flags, "--device", "cpu"])
    others = (
        [Process("MuscleMap mm_segment", [sys.executable, str(reference), *flags, "-g", "N"])]
        if reference
        else []
    )
    series = alternate([own, *others], settings.rounds)
    yield Row(
        11,
        "mm_segment of one slice with the sample model: a whole process that runs the fewest windows",
        series[0],
        series[1:],
    )
