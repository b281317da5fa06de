"""Tissue maps: which files, what voxels, which type, which header; and the picture."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import Run, listing
from labelled_scan import (
    SKEWED,
    THREE_GROUPS,
    TWO_GROUPS,
    Scan,
    one_label,
    png_size,
    write_on_grid,
    write_scan,
)
from nifti_file import header_of, read_nifti, write_nifti
from numpy.typing import NDArray

TABLE = {"scan.nii.gz", "map.nii.gz"}
MUSCLE, FAT, UNDEFINED = 1, 4, 7


def voxels(scan: Scan, name: str) -> NDArray[Any]:
    """Voxels in file order, scaled."""
    header, stored, _ = read_nifti(scan.folder / name)
    values = stored.reshape(-1, order="F")
    scaled = (header.slope, header.inter) != (1.0, 0.0)
    return values * header.slope + header.inter if scaled else values


def divide(run: Run, scan: Scan, method: str, components: int, *arguments: str) -> None:
    command = ["-m", method, "-c", str(components), *scan.inputs, *arguments]
    result = run("mm_extract_metrics", *command)
    assert result.status == 0, result.err


@pytest.mark.parametrize(
    ("method", "components", "choice", "masks", "probabilities"),
    [
        ("kmeans", 2, "none", [], []),
        ("kmeans", 2, "masks", ["muscle", "fat", "combined"], []),
        ("kmeans", 3, "all", ["muscle", "undefined", "fat", "combined"], []),
        ("gmm", 2, "none", [], []),
        ("gmm", 2, "masks", ["muscle", "fat", "combined"], []),
        ("gmm", 2, "all", ["muscle", "fat", "combined"], ["muscle", "fat"]),
        ("gmm", 3, None, ["muscle", "undefined", "fat", "combined"], ["muscle", "undefined", "fat"]),
        ("hu", 2, "all", ["muscle", "undefined", "fat", "combined"], []),
        ("average", 2, "all", [], []),
    ],
)
def test_files(
    method: str,
    components: int,
    choice: str | None,
    masks: list[str],
    probabilities: list[str],
    run: Run,
    tmp_path: Path,
) -> None:
    scan = one_label(tmp_path, SKEWED)
    chosen = ["--maps", choice] if choice else []
    divide(run, scan, method, components, *chosen, "--no-sidecar")
    clusters = method in ("kmeans", "gmm")
    stem = f"scan_{method}_{components}component" if clusters else f"scan_{method}"
    wanted = {f"{stem}_results.csv"} | {f"{stem}_{mask}_seg.nii.gz" for mask in masks}
    wanted |= {f"scan_gmm_{name}_{components}component_softseg.nii.gz" for name in probabilities}
    assert listing(tmp_path) == TABLE | wanted


def test_voxels_of_two_components(run: Run, tmp_path: Path) -> None:
    scan = write_scan(tmp_path, [*TWO_GROUPS, 0, 99], [5] * 10 + [0, 0])
    divide(run, scan, "kmeans", 2)
    stem = "scan_kmeans_2component"
    muscle = [1, 1, 1] + [0] * 9
    fat = [0, 0, 0] + [1] * 7 + [0, 0]
    assert voxels(scan, f"{stem}_muscle_seg.nii.gz").tolist() == muscle
    assert voxels(scan, f"{stem}_fat_seg.nii.gz").tolist() == fat
    combined = [MUSCLE * m + FAT * f for m, f in zip(muscle, fat, strict=True)]
    assert voxels(scan, f"{stem}_combined_seg.nii.gz").tolist() == combined
    divide(run, scan, "kmeans", 2, "--operators", "consistent")
    assert voxels(scan, f"{stem}_muscle_seg.nii.gz").tolist() == [1] * 5 + [0] * 7


@pytest.mark.parametrize(
    ("method", "values", "arguments", "muscle", "undefined", "fat"),
    [
        ("kmeans", THREE_GROUPS, [], 7, 10, 7),
        ("kmeans", THREE_GROUPS, ["--operators", "consistent"], 12, 5, 7),
        ("gmm", SKEWED, [], 64, 64, 32),
        ("hu", [-191, -190, -30, -29, 150, 151], [], 2, 2, 2),
    ],
)
def test_voxels_of_three_tissues(
    method: str,
    values: list[int],
    arguments: list[str],
    muscle: int,
    undefined: int,
    fat: int,
    run: Run,
    tmp_path: Path,
) -> None:
    scan = one_label(tmp_path, values)
    divide(run, scan, method, 3, *arguments)
    stem = "scan_hu" if method == "hu" else f"scan_{method}_3component"
    combined = voxels(scan, f"{stem}_combined_seg.nii.gz")
    counts = [np.count_nonzero(combined == code) for code in (MUSCLE, UNDEFINED, FAT)]
    assert counts == [muscle, undefined, fat]
    for name, code in (("muscle", MUSCLE), ("undefined", UNDEFINED), ("fat", FAT)):
        mask = voxels(scan, f"{stem}_{name}_seg.nii.gz")
        assert np.array_equal(mask == 1, combined == code)
        assert set(np.unique(mask)) <= {0, 1}


@pytest.mark.parametrize("components", [2, 3])
def test_probabilities(components: int, run: Run, tmp_path: Path) -> None:
    scan = write_scan(tmp_path, [*SKEWED, 150, 150], [1] * 160 + [0, 2])
    divide(run, scan, "gmm", components)
    names = ["muscle", "undefined", "fat"] if components == 3 else ["muscle", "fat"]
    maps = {name: voxels(scan, f"scan_gmm_{name}_{components}component_softseg.nii.gz") for name in names}
    total = sum(map_.astype("f8") for map_ in maps.values())
    assert np.abs(total[:160] - 1).max() <= 3 * 2.0**-25
    # Neither the background nor a label that is not divided.
    assert total[160:].tolist() == [0, 0]
    if components == 2:
        fat = dict(zip(SKEWED, maps["fat"], strict=False))
        known = {80: 0.011932982771, 120: 0.18979707208, 130: 0.69555756981, 140: 0.97630025206}
        for value, probability in known.items():
            assert fat[value] == pytest.approx(probability, rel=1e-7)


def test_label_that_is_not_divided_is_in_no_map(run: Run, tmp_path: Path) -> None:
    scan = write_scan(tmp_path, [*TWO_GROUPS, 5], [1] * 10 + [2])
    divide(run, scan, "gmm", 2)
    for file in tmp_path.glob("*seg.nii.gz"):
        assert voxels(scan, file.name)[10] == 0, file


LABEL_TYPES = {"u1": 2, "<i2": 4, "<u2": 512, "<i4": 8, "<f4": 16, "<f8": 64}


@pytest.mark.parametrize("label_dtype", LABEL_TYPES)
def test_types(label_dtype: str, run: Run, tmp_path: Path) -> None:
    scan = write_scan(tmp_path, SKEWED, [1] * 160, label_dtype=label_dtype)
    divide(run, scan, "gmm", 2)
    plain = {file.name: voxels(scan, file.name) for file in tmp_path.glob("*seg.nii.gz")}
    assert len(plain) == 5
    for name in plain:
        header, _, _ = read_nifti(tmp_path / name)
        assert (header.datatype, header.bitpix) == ((16, 32) if "softseg" in name else (2, 8))
        assert (header.slope, header.inter) == (1.0, 0.0)
    divide(run, scan, "gmm", 2, "--compat-types")
    code = LABEL_TYPES[label_dtype]
    for name, before in plain.items():
        header, stored, _ = read_nifti(tmp_path / name)
        assert header.datatype == code
        after = voxels(scan, name)
        if "softseg" not in name or code in (16, 64):
            assert (header.slope, header.inter) == (1.0, 0.0)
            assert np.array_equal(after, before)
            continue
        # Spread over all integers of the type: off by half a step, and single precision of slope and inter.
        assert header.slope == pytest.approx(np.ptp(before) / np.ptp(stored.astype("f8")), rel=1e-6)
        least, most = np.iinfo(label_dtype).min, np.iinfo(label_dtype).max
        assert stored.min() == least
        off = 2.0**-24 * (float(most) - float(least) + abs(header.inter) / header.slope)  # both in single precision
        assert most - int(off + 0.5) <= stored.max() <= most
        step = header.slope / 2 + 2.0**-24 * (abs(header.inter) + header.slope * max(-least, most))
        assert np.abs(after - before).max() <= step


def test_header_is_that_of_the_label_map(run: Run, tmp_path: Path) -> None:
    image = write_on_grid(tmp_path / "scan.nii.gz", TWO_GROUPS, "<i2")
    array = np.ones((10, 1, 1), dtype="<i2")
    header = header_of(array, (10.0, 10.0, 10.0))
    header.qform_code, header.sform_code, header.xyzt_units = 0, 2, 10
    header.descrip = b"from the label map"
    extension = struct.pack("<ii", 32, 6) + b"a comment".ljust(24, b"\0")
    labels = write_nifti(tmp_path / "map.nii.gz", array, header, extension)
    divide(run, Scan(image, labels), "gmm", 2)
    given, _, _ = read_nifti(labels)
    for file in tmp_path.glob("*seg.nii.gz"):
        written, _, kept = read_nifti(file)
        fields = ("dim", "pixdim", "xyzt_units", "qform_code", "sform_code")
        assert written.descrip == b""
        for field in (*fields, "quaternion", "qoffset", "srow"):
            assert getattr(written, field) == getattr(given, field), (file, field)
        assert kept == extension


@pytest.mark.parametrize("method", ["average", "dixon", "kmeans", "gmm", "hu"])
def test_picture(method: str, run: Run, tmp_path: Path) -> None:
    values = np.random.default_rng(2).integers(0, 200, (40, 30, 6))
    labels = np.zeros_like(values)
    labels[5:20, 5:25, 1:5] = 1
    labels[22:35, 5:25, 2:5] = 2
    scan = write_scan(tmp_path / "scan", values, labels, spacing=(1.0, 1.0, 4.0))
    picture = tmp_path / "pictures" / "qc.png"
    inputs = ["-f", scan.image, "-w", scan.image, "-s", scan.labels] if method == "dixon" else scan.inputs
    command = ["-m", method, "-c", "2", *inputs, "--maps", "none", "--qc", picture]
    result = run("mm_extract_metrics", *command)
    assert result.status == 0, result.err
    width, height = png_size(picture)
    assert min(width, height) >= 100
    assert result.out.splitlines()[-1] == str(picture)
    assert listing(picture.parent) == {"qc.png"}
    other = tmp_path / "other.png"
    assert run("mm_extract_metrics", *command[:-1], other).status == 0
    assert other.read_bytes() == picture.read_bytes()


@pytest.mark.parametrize(("one", "other"), [("é", "è"), ("Ω", "Ψ"), ("Ж", "Щ"), ("ế", "ề"), ("筋", "Ж")])
def test_picture_draws_every_letter(one: str, other: str, run: Run, tmp_path: Path) -> None:
    values = np.random.default_rng(2).integers(0, 200, (40, 30, 6))
    labels = np.zeros_like(values)
    labels[5:20, 5:25, 1:5] = 1
    scan = write_scan(tmp_path / "scan", values, labels, spacing=(1.0, 1.0, 4.0))
    for letter in (one, other):
        names = tmp_path / f"{letter}.csv"
        names.write_text(f"value,anatomy\n1,{letter}\n", encoding="utf-8")
        command = ["-m", "average", *scan.inputs, "--labels", names, "--qc", tmp_path / f"{letter}.png"]
        result = run("mm_extract_metrics", *command)
        assert result.status == 0, result.err
    assert (tmp_path / f"{one}.png").read_bytes() != (tmp_path / f"{other}.png").read_bytes()
