"""Areas and slices follow the patient, by files, in memory and on the command line."""

from __future__ import annotations

import csv
import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import musclemap as mm
import numpy as np
import pytest
from conftest import BIN
from nifti_file import header_of, write_nifti
from numpy.typing import NDArray

Affine = NDArray[np.float64]
# Largest and mean area in mm2, number of sections, axis.
Figures = tuple[float, float, int, str]


def axes(*columns: tuple[float, float, float]) -> Affine:
    affine = np.eye(4)
    affine[:3, :3] = np.array(columns).T
    return affine


def tilted(degrees: float, spacing: tuple[float, float, float]) -> Affine:
    """Turned about the left-right axis."""
    c, s = np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))
    return axes((spacing[0], 0, 0), (0, spacing[1] * c, spacing[1] * s), (0, -spacing[2] * s, spacing[2] * c))


# A box of 3 x 4 x 5 voxels along i, j, k; what a section has in voxels, and how many there are.
ACROSS = {"i": (20, 3), "j": (15, 4), "k": (12, 5)}
CASES: dict[str, tuple[Affine, str, float]] = {
    "axial, wide voxels": (axes((5, 0, 0), (0, 1, 0), (0, 0, 1)), "k", 5.0),
    "axial, feet first": (axes((-1, 0, 0), (0, -1, 0), (0, 0, -8)), "k", 1.0),
    "coronal": (axes((1.5, 0, 0), (0, 0, -1.5), (0, 6, 0)), "j", 9.0),
    "sagittal": (axes((0, 1, 0), (0, 0, 1.2), (5, 0, 0)), "j", 5.0),
    "head along i": (axes((0, 0, 0.9), (2, 0, 0), (0, 3, 0)), "i", 6.0),
    "tilted by 20 degrees": (tilted(20, (1, 2, 0.5)), "k", 2.0),
    "tilted by 70 degrees": (tilted(70, (1, 2, 4)), "j", 4.0),
    "gantry tilt: sections across the stored axis": (axes((1, 0, 0), (0, 2, 0), (0, 1, 3)), "k", 2.0),
    "sheared sections": (axes((2, 0, 0), (1, 1, 0), (0, 0, 4)), "k", 2.0),
}


def box(folder: Path, affine: Affine) -> tuple[Path, Path]:
    labels = np.zeros((6, 7, 8), np.int16)
    labels[1:4, 2:6, 1:6] = 1
    files = (folder / "scan.nii.gz", folder / "map.nii.gz")
    for file, voxels in zip(files, (labels * 100 + 7, labels)):
        header = header_of(voxels, tuple(np.linalg.norm(affine[:3, :3], axis=0)))
        header.qform_code = 0
        header.srow = tuple(affine[:3].ravel())
        write_nifti(file, voxels.astype("<i2"), header)
    return files


def from_rows(labels: list[dict[str, str]], slices: list[dict[str, str]]) -> Figures:
    assert {row["section_axis"] for row in slices} == {labels[0]["section_axis"]}
    areas = (float(labels[0]["largest_area_mm2"]), float(labels[0]["mean_area_mm2"]))
    assert max(float(row["area_mm2"]) for row in slices) == areas[0]
    return (*areas, len(slices), labels[0]["section_axis"])


def by_program(image: Path, labels: Path, axis: str) -> Figures:
    command = [BIN / "mm_extract_metrics", "-m", "average", "-i", image, "-s", labels, "--format", "tsv"]
    command += ["--table", "full", "--per-slice", "--section-axis", axis]
    subprocess.run(command, check=True, capture_output=True)
    tables = []
    for table in ("results", "slices"):
        with (image.parent / f"scan_average_{table}.tsv").open(newline="", encoding="utf-8") as file:
            tables.append(list(csv.DictReader(file, delimiter="\t")))
    figures = from_rows(tables[0], tables[1])
    settings = json.loads((image.parent / "scan_average_results.json").read_text())["musclemap"]["settings"]
    assert (settings["section_axis"], settings["section_axis_rule"]) == (figures[3], axis)
    return figures


def from_metrics(metrics: mm.Metrics) -> Figures:
    slices = metrics.per_slice
    assert metrics["largest_area_mm2"][0] == max(slices["area_mm2"])
    return (
        float(metrics["largest_area_mm2"][0]),
        float(metrics["mean_area_mm2"][0]),
        len(slices),
        metrics["section_axis"][0],
    )


def by_files(image: Path, labels: Path, axis: str) -> Figures:
    return from_metrics(mm.extract_metrics(labels, method="average", image=image, section_axis=axis).metrics)


def in_memory(image: Path, labels: Path, axis: str) -> Figures:
    return from_metrics(mm.measure(mm.read(labels), mm.read(image), section_axis=axis))


def divided(image: Path, labels: Path, axis: str) -> Figures:
    volume = mm.read(labels)
    tissue = mm.TissueClassifier("hu").classify(mm.read(image), volume)
    return from_metrics(mm.measure(volume, tissue, section_axis=axis))


DOORS: list[Callable[[Path, Path, str], Figures]] = [by_program, by_files, in_memory, divided]


@pytest.mark.parametrize("name", CASES)
def test_sections_are_those_of_the_patient(name: str, tmp_path: Path) -> None:
    affine, axis, area = CASES[name]
    files = box(tmp_path, affine)
    voxels, count = ACROSS[axis]
    for door in DOORS:
        figures = door(*files, "superior")
        assert figures[:2] == pytest.approx((voxels * area, voxels * area), abs=0.006), door.__name__
        assert figures[2:] == (count, axis), door.__name__


@pytest.mark.parametrize("asked", ["stored", "i", "j", "k"])
def test_another_axis_can_be_named(asked: str, tmp_path: Path) -> None:
    files = box(tmp_path, axes((1.5, 0, 0), (0, 0, -1.5), (0, 6, 0)))
    axis = "k" if asked == "stored" else asked
    for door in DOORS:
        figures = door(*files, asked)
        assert figures[2:] == (ACROSS[axis][1], axis), door.__name__


def test_musclemaps_count_of_slices_keeps_its_rule(tmp_path: Path) -> None:
    image, labels = box(tmp_path, axes((1.5, 0, 0), (0, 0, -1.5), (0, 6, 0)))
    metrics = mm.measure(mm.read(labels), mm.read(image))
    assert (metrics["slices"][0], len(metrics.per_slice)) == (5, 4)


def test_an_unknown_axis_is_refused(tmp_path: Path) -> None:
    image, labels = box(tmp_path, np.eye(4))
    with pytest.raises(mm.ArgumentError, match="superior, stored, i, j and k"):
        mm.measure(mm.read(labels), mm.read(image), section_axis="axial")
    with pytest.raises(mm.ArgumentError, match="superior, stored, i, j and k"):
        mm.montage(mm.read(image), mm.read(labels), section_axis="axial")


@pytest.mark.parametrize("axis", ["superior", "stored", "i", "j", "k"])
def test_pictures_take_every_axis(axis: str, tmp_path: Path) -> None:
    image, labels = box(tmp_path, axes((1.5, 0, 0), (0, 0, -1.5), (0, 6, 0)))
    assert mm.montage(mm.read(image), mm.read(labels), section_axis=axis).startswith(b"\x89PNG")
