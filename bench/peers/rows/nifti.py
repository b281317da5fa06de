"""Row 10: NIfTI files in and out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from contestant import alternate, own, peer
from inputs import ct_volume, label_volume
from row import Row, Settings


def _measure(settings: Settings, title: str, file: Path, out: str | None) -> Row:
    outs = [settings.folder / f"{out}_{who}.nii.gz" for who in ("own", "nibabel")] if out else []
    flags = [["--out", each] for each in outs] or [[], []]
    contestants = [
        own("nifti", settings.build, "--file", file, *flags[0], "--threads", settings.threads),
        peer("nibabel", "nifti_nibabel.py", "--file", file, *flags[1]),
    ]
    series = alternate(contestants, 2 if settings.quick else settings.rounds)
    sizes = [each.stat().st_size for each in outs]
    notes = (
        [f"{sizes[0] / 1e6:.2f} MB against {sizes[1] / 1e6:.2f} MB, {sizes[0] / sizes[1]:.3f} times"]
        if sizes
        else []
    )
    return Row(10, title, series[0], series[1:], notes)


def measure(settings: Settings, wanted: set[int]) -> Iterator[Row]:
    ct, labels = ct_volume(settings.folder), label_volume(settings.folder)
    yield _measure(settings, "load a 105 MB int16 CT, .nii.gz", ct, None)
    yield _measure(settings, "save a label map of 7.1 million voxels, int16, .nii.gz", labels, "saved_labels")
    yield _measure(settings, "save a 105 MB int16 CT, .nii.gz", ct, "saved_ct")
